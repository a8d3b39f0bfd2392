"""EfficientNetV2-B0 with batch norm folded, in PyTorch, and the image encoder built on it.

Architecture: Tan and Le, "EfficientNetV2: Smaller Models and Faster Training" (2021), the B0
variant of Keras Applications, whose layer names the weight file carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
FEATURES = 1280
CLASSES = 1000
EMBEDDING = 384


@dataclass(frozen=True)
class Stage:
    """One row of the network's table: `repeats` blocks of the same shape."""

    repeats: int
    inputs: int
    outputs: int
    expansion: int
    squeeze: float
    stride: int
    fused: bool


STAGES = (
    Stage(1, 32, 16, 1, 0.0, 1, True),
    Stage(2, 16, 32, 4, 0.0, 2, True),
    Stage(2, 32, 48, 4, 0.0, 2, True),
    Stage(3, 48, 96, 4, 0.25, 2, False),
    Stage(5, 96, 112, 6, 0.25, 1, False),
    Stage(8, 112, 192, 6, 0.25, 2, False),
)


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding for even inputs (extra row and column last)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1):
        super().__init__(inputs, outputs, kernel, stride, 0 if stride == 2 else kernel // 2, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] == 2:
            x = F.pad(x, (0, 1, 0, 1))
        return super().forward(x)


class Block(nn.Module):
    """A fused or plain inverted residual block."""

    def __init__(self, stage: Stage, first: bool):
        super().__init__()
        inputs = stage.inputs if first else stage.outputs
        stride = stage.stride if first else 1
        wide = inputs * stage.expansion
        self.fused, self.expands = stage.fused, stage.expansion > 1
        self.residual = stride == 1 and inputs == stage.outputs
        if stage.fused and self.expands:
            self.expand_conv = SameConv(inputs, wide, 3, stride)
            self.project_conv = SameConv(wide, stage.outputs, 1)
        elif stage.fused:
            self.project_conv = SameConv(inputs, stage.outputs, 3, stride)
        else:
            narrow = max(1, int(inputs * stage.squeeze))
            self.expand_conv = SameConv(inputs, wide, 1)
            self.dwconv2 = SameConv(wide, wide, 3, stride, groups=wide)
            self.se_reduce = SameConv(wide, narrow, 1)
            self.se_expand = SameConv(narrow, wide, 1)
            self.project_conv = SameConv(wide, stage.outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.expands:
            y = F.silu(self.expand_conv(y))
        if not self.fused:
            y = F.silu(self.dwconv2(y))
            squeezed = F.silu(self.se_reduce(y.mean((2, 3), keepdim=True)))
            y = y * torch.sigmoid(self.se_expand(squeezed))
        y = self.project_conv(y)
        if not self.expands:
            y = F.silu(y)
        return x + y if self.residual else y


class Backbone(nn.Module):
    """(n, 3, h, w) normalised RGB, h and w multiples of 32, to (n, 1280) pooled features."""

    def __init__(self) -> None:
        super().__init__()
        self.stem_conv = SameConv(3, 32, 3, 2)
        blocks = {}
        for number, stage in enumerate(STAGES, start=1):
            for index in range(stage.repeats):
                blocks[f"block{number}{'abcdefgh'[index]}"] = Block(stage, index == 0)
        self.blocks = nn.ModuleDict(blocks)
        self.top_conv = SameConv(STAGES[-1].outputs, FEATURES, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.silu(self.stem_conv(x))
        for block in self.blocks.values():
            x = block(x)
        return F.silu(self.top_conv(x)).mean((2, 3))


class ImageEncoder(nn.Module):
    """Backbone with two heads: the shared text-image space and the ImageNet classes."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.predictions = nn.Linear(FEATURES, CLASSES)
        # The last step (`align`) puts a `SharedHead` here.
        self.embed: nn.Module = nn.Linear(FEATURES, EMBEDDING)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit embeddings (n, 384) and class logits (n, 1000)."""
        features = self.backbone(x)
        return F.normalize(self.embed(features), dim=-1), self.predictions(features)


def load_start(encoder: ImageEncoder, path: Path) -> None:
    """Fill the backbone and the class head from the ImageNet weights; every array must fit."""
    arrays = np.load(path)
    state = {}
    for key in arrays.files:
        layer, part = key.rsplit(".", 1)
        if layer == "predictions":
            name = f"predictions.{part}"
        elif layer.startswith("block"):
            block, conv = layer.split("_", 1)
            name = f"backbone.blocks.{block}.{conv}.{part}"
        else:
            name = f"backbone.{layer}.{part}"
        state[name] = torch.from_numpy(arrays[key].astype(np.float32))
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    if unexpected or any(not name.startswith("embed.") for name in missing):
        raise ValueError(f"{path} does not fit EfficientNetV2-B0: {missing} missing, {unexpected} unknown")


def normalise(pixels: Tensor) -> Tensor:
    """uint8 (n, 3, h, w) RGB to float, ImageNet mean and deviation."""
    mean = torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1) * 255
    std = torch.tensor(IMAGENET_STD).view(1, 3, 1, 1) * 255
    return ((pixels.float() - mean) / std).contiguous(memory_format=torch.channels_last)
