"""Random views of photos: crop, mirror, light and colour."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.training.backbone import normalise


def augment(pixels: np.ndarray, side: int, smallest: float, random: np.random.Generator) -> Tensor:
    """Random crop, mirror, brightness, contrast and colour: (n, 224, 224, 3) to (n, 3, side, side)."""
    out = np.empty((len(pixels), side, side, 3), np.uint8)
    whole = pixels.shape[1]
    for row, photo in enumerate(pixels):
        area, ratio = random.uniform(smallest, 1), math.exp(random.uniform(-0.22, 0.22))
        width, height = (min(whole, whole * math.sqrt(area * r)) for r in (ratio, 1 / ratio))
        left, top = random.uniform(0, whole - width), random.uniform(0, whole - height)
        box = (left, top, left + width, top + height)
        view = np.asarray(Image.fromarray(photo).resize((side, side), Image.Resampling.BICUBIC, box))
        out[row] = view[:, ::-1] if random.random() < 0.5 else view
    tensor = normalise(torch.from_numpy(out).permute(0, 3, 1, 2))
    shape = (len(pixels), 1, 1, 1)
    grey = tensor.mean(1, keepdim=True)
    colour = torch.from_numpy(random.uniform(0.6, 1.4, shape).astype(np.float32))
    tensor = grey + (tensor - grey) * colour
    middle = tensor.mean((2, 3), keepdim=True).mean(1, keepdim=True)
    contrast = torch.from_numpy(random.uniform(0.75, 1.25, shape).astype(np.float32))
    shift = torch.from_numpy(random.uniform(-0.3, 0.3, shape).astype(np.float32))
    return (middle + (tensor - middle) * contrast + shift).contiguous(memory_format=torch.channels_last)
