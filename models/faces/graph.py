"""A thin hand on ``onnx.helper``: graphs in which a node is a call, and weights stay in one byte until a session opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.faces.shards import ShardProblem, Weight

OPSET, IR_VERSION = 18, 10
# How far from a whole number the byte that stands for zero may be.
MOST_OFF_ZERO = 1e-6


class Graph:
    """A graph under construction. Every method that adds a node returns the name of its output.

    Parameters
    ----------
    name : str
    outer : Graph, optional
        The graph in which this one is a branch: it sees what is there by then, and its weights stand there.
    """

    def __init__(self, name: str, outer: Graph | None = None) -> None:
        self._name = name
        self._outer = outer
        self._nodes: list[Any] = []
        self._initialisers: list[Any] = [] if outer is None else outer._initialisers
        self._numbers: Iterator[int] = count() if outer is None else outer._numbers
        # By what they were made of: a weight that several branches want stands there once.
        self._known: dict[tuple[Any, ...], str] = {} if outer is None else outer._known

    def constant(self, values: Any, kind: Any = np.float32) -> str:
        """An initialiser."""
        name = f"c{len(self._initialisers)}"
        self._initialisers.append(numpy_helper.from_array(np.asarray(values, dtype=kind, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """A node with one output."""
        name = f"{operator.lower()}{next(self._numbers)}"
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
        if self._outer is not None:
            # Sessions compute constants once in the graph itself, but not in each of its branches.
            return self._outer.weight(weight, axes, factor)
        key = ("weight", id(weight), axes, None if factor is None else factor.tobytes())
        if key not in self._known:
            self._known[key] = self._weight(weight, axes, factor)
        return self._known[key]

    def _weight(self, weight: Weight, axes: Sequence[int] | None, factor: NDArray[np.float64] | None) -> str:
        values = weight.values if axes is None else weight.values.transpose(axes)
        shape = (-1, *[1] * (values.ndim - 1))
        if values.dtype != np.uint8:
            return self.constant(values if factor is None else values * factor.reshape(shape))
        wide = self.add("Cast", self._bytes(weight, axes), to=TensorProto.FLOAT)
        scale: Any = weight.scale if factor is None else weight.scale * factor.reshape(shape)
        # The zero point first: it is a whole number as a rule, so that small weights stay exact.
        centred = self.add("Sub", wide, self.constant(-weight.minimum / weight.scale))
        return self.add("Mul", centred, self.constant(scale))

    def _bytes(self, weight: Weight, axes: Sequence[int] | None) -> str:
        """The bytes of a tensor."""
        key = ("bytes", id(weight), axes)
        if key not in self._known:
            values = weight.values if axes is None else weight.values.transpose(axes)
            self._known[key] = self.constant(values, np.uint8)
        return self._known[key]

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

    def byte_convolution(self, source: str, filters: Weight, bias: NDArray[np.float64], step: float) -> str:
        """A convolution of 1 x 1 on bytes, on both sides of which numbers are cut off at 0 and at 255 steps.

        Parameters
        ----------
        source : str
            NCHW, float32.
        filters : Weight
            1, 1, in, out, in bytes, with a whole number for zero.
        bias : (out,) float64
        step : float
            What one stands for in the bytes that go in, and in those that come out.

        Raises
        ------
        ShardProblem
            If zero is not a whole number among the filters' bytes.
        """
        zero = -filters.minimum / filters.scale
        if filters.values.dtype != np.uint8 or abs(zero - round(zero)) > MOST_OFF_ZERO or not 0 <= round(zero) <= 255:
            raise ShardProblem("Filters that should be computed in bytes do not have zero among them.")
        measure = self.constant(step), self.constant(0, np.uint8)
        made = self.add(
            "QLinearConv",
            self.add("QuantizeLinear", source, *measure),
            *measure,
            self._bytes(filters, (3, 2, 0, 1)),
            self.constant(filters.scale),
            self.constant(round(zero), np.uint8),
            *measure,
            self.constant(np.round(bias / (step * filters.scale)), np.int32),
            kernel_shape=[1, 1],
        )
        return self.add("DequantizeLinear", made, *measure)

    def either(self, condition: str, yes: Graph, yes_outputs: Sequence[str], no: Graph, no_outputs: Sequence[str]) -> list[str]:
        """What one of two branches gives, and the other is not computed; as many outputs from both."""
        outputs = [f"either{next(self._numbers)}" for _ in yes_outputs]
        branches = {"then_branch": yes._branch(yes_outputs), "else_branch": no._branch(no_outputs)}
        self._nodes.append(helper.make_node("If", [condition], outputs, **branches))
        return outputs

    def _branch(self, outputs: Sequence[str]) -> Any:
        return helper.make_graph(
            self._nodes, self._name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
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
