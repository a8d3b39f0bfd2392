"""Fit the shared head of the image encoder once more, to the text encoder that ships.

The head was trained against the teacher's sentences; the text encoder, taught with photos as well, has moved since. The layers
below stay as they are, so features are computed once and twenty epochs take minutes. A weak pull back to the head's own weights
keeps it from learning the training photos by heart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.training.backbone import EMBEDDING, FEATURES
from models.training.image import Captions, alike_mask, contrastive_loss


@dataclass(frozen=True)
class Settings:
    """What the shipped pack was made with; see the table of experiments in models/README.md."""

    epochs: int = 20
    batch: int = 512
    rate: float = 1e-3
    dropout: float = 0.5
    pull: float = 0.003
    negatives: int = 4096
    alike: float = 0.9
    first_scale: float = 20.0
    seed: int = 0


def fit(head: nn.Linear, features: Tensor, captions: Captions, settings: Settings | None = None) -> nn.Linear:
    """Return the fitted head.

    Parameters
    ----------
    head : nn.Linear
        The trained head; it is left as it is.
    features : (n, 1280) float32
        Of the training photos, whole.
    captions : Captions
        What the text encoder makes of their captions.
    """
    settings = settings or Settings()
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    fitted = nn.Linear(FEATURES, EMBEDDING)
    fitted.load_state_dict(head.state_dict())
    first = [weights.detach().clone() for weights in fitted.parameters()]
    log_scale = nn.Parameter(torch.tensor(math.log(settings.first_scale)))
    optimiser = torch.optim.AdamW([*fitted.parameters(), log_scale], lr=settings.rate, weight_decay=0)
    steps = len(features) // settings.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=settings.epochs * steps)
    for _ in range(settings.epochs):
        order = random.permutation(len(features))
        for step in range(steps):
            photos = order[step * settings.batch : (step + 1) * settings.batch]
            texts, owner = captions.draw(photos, settings.negatives, random)
            images = F.normalize(fitted(F.dropout(features[photos], settings.dropout)), dim=-1)
            mask = alike_mask(texts, len(photos), settings.alike)
            loss = contrastive_loss(images, texts, owner, log_scale.exp().clamp(max=100), mask)
            pairs = zip(fitted.parameters(), first, strict=True)
            moved = torch.stack([((now - then) ** 2).sum() for now, then in pairs]).sum()
            optimiser.zero_grad()
            (loss + settings.pull * moved).backward()
            optimiser.step()
            schedule.step()
    return fitted
