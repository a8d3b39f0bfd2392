"""A thin hand on ``onnx.helper``: graphs in which a node is a call, and weights stay in one byte until a session opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.faces.shards import Weight

OPSET, IR_VERSION = 18, 10


class Graph:
    """A graph under construction. Every method that adds a node returns the name of its output."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[Any] = []
        self._initialisers: list[Any] = []

    def constant(self, values: Any, kind: Any = np.float32) -> str:
        """An initialiser."""
        name = f"c{len(self._initialisers)}"
        self._initialisers.append(numpy_helper.from_array(np.asarray(values, dtype=kind, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """A node with one output."""
        name = f"{operator.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def weight(self, weight: Weight, axes: Sequence[int] | None = None, factor: NDArray[np.float64] | None = None) -> str:
        """A tensor out of its bytes: Cast, Sub, Mul, which sessions compute once, when they open.

        Parameters
        ----------
        weight : Weight
        axes : sequence of int, optional
            The order in which its axes are wanted; as stored if left out.
        factor : (first axis,) float64, optional
            What the tensor is multiplied with, by its first axis: a batch normalisation, folded in.
        """
        values = weight.values if axes is None else weight.values.transpose(axes)
        shape = (-1, *[1] * (values.ndim - 1))
        if values.dtype != np.uint8:
            return self.constant(values if factor is None else values * factor.reshape(shape))
        wide = self.add("Cast", self.constant(values, np.uint8), to=TensorProto.FLOAT)
        scale: Any = weight.scale if factor is None else weight.scale * factor.reshape(shape)
        # The zero point first: it is a whole number as a rule, so that small weights stay exact.
        centred = self.add("Sub", wide, self.constant(-weight.minimum / weight.scale))
        return self.add("Mul", centred, self.constant(scale))

    def convolution(
        self,
        source: str,
        filters: Weight,
        bias: NDArray[np.float64],
        stride: int = 1,
        *,
        depthwise: bool = False,
        padded: bool = True,
        factor: NDArray[np.float64] | None = None,
    ) -> str:
        """A convolution with TensorFlow's padding (more at the bottom and right), or none.

        Parameters
        ----------
        source : str
            NCHW.
        filters : Weight
            Height, width, in, out; for a depthwise convolution height, width, channels, 1.
        bias : (out,) float64
        stride : int
        depthwise, padded : bool
        factor : (out,) float64, optional
            Multiplies what the filters give, not the bias.
        """
        weights = self.weight(filters, (2, 3, 0, 1) if depthwise else (3, 2, 0, 1), factor)
        return self.add(
            "Conv",
            source,
            weights,
            self.constant(bias),
            strides=[stride, stride],
            kernel_shape=list(filters.values.shape[:2]),
            group=filters.values.shape[2] if depthwise else 1,
            auto_pad="SAME_UPPER" if padded else "VALID",
        )

    def pixels(self, source: str, mean: Sequence[float], scale: float) -> str:
        """Pixels uint8 NHWC as numbers NCHW: ``(pixel - mean) * scale``."""
        planes = self.add("Cast", self.add("Transpose", source, perm=[0, 3, 1, 2]), to=TensorProto.FLOAT)
        centred = self.add("Sub", planes, self.constant(np.reshape(mean, (1, -1, 1, 1))))
        return self.add("Mul", centred, self.constant(scale))

    def model(self, inputs: Mapping[str, Sequence[Any]], outputs: Mapping[str, tuple[str, Sequence[Any]]]) -> bytes:
        """The finished network, checked.

        Parameters
        ----------
        inputs : mapping of str to shape
            Inputs of bytes; letters in shapes stand for lengths that may change.
        outputs : mapping of str to (str, shape)
            Name of the output to name of the node that gives it; float32.
        """
        named = [helper.make_node("Identity", [node], [name]) for name, (node, _) in outputs.items()]
        graph = helper.make_graph(
            [*self._nodes, *named],
            self._name,
            [helper.make_tensor_value_info(name, TensorProto.UINT8, shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, (_, shape) in outputs.items()],
            self._initialisers,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="shoebox"
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
