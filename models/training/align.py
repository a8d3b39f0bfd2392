"""The last step of the image encoder: nearer to the starting network again, under a larger shared head.

Between the refined network and the starting one, tags are bought with recall. What the backbone gives up for its classes a
larger head wins back: beside the linear map a small network, for what is not linear. It is fitted to the text encoder that
ships, which has moved since it was taught with photos as well. The layers below stay as they are, so features are computed
once and twenty epochs take minutes. A weak pull back to the linear map's own weights, much dropout and decay keep it from
learning the training photos by heart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.training import refine
from models.training.backbone import EMBEDDING, FEATURES, ImageEncoder
from models.training.image import Captions, alike_mask, contrastive_loss

# Added to the deviation of every feature: some are nearly always 0.
LEAST_DEVIATION = 0.05


@dataclass(frozen=True)
class Settings:
    """What the shipped pack was made with; see the table of experiments in models/README.md."""

    kept: float = 0.55  # share of the refined backbone, of which `refine` had left 0.85
    hidden: int = 512
    epochs: int = 20
    batch: int = 512
    rate: float = 1e-3
    decay: float = 0.3  # of the small network alone
    dropout: float = 0.7
    hidden_dropout: float = 0.2
    pull: float = 0.003
    negatives: int = 4096
    alike: float = 0.9
    first_scale: float = 20.0
    seed: int = 0


class SharedHead(nn.Module):
    """Features (n, 1280) to the shared space (n, 384): a linear map, and beside it a network with one hidden layer.

    Parameters
    ----------
    hidden : int
    dropout, hidden_dropout : float
        Shares of the features, and of the hidden layer, that training does without each time.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, hidden: int = Settings.hidden, dropout: float = 0.0, hidden_dropout: float = 0.0) -> None:
        super().__init__()
        self.linear = nn.Linear(FEATURES, EMBEDDING)
        self.widen, self.narrow = nn.Linear(FEATURES, hidden), nn.Linear(hidden, EMBEDDING)
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("deviation", torch.ones(FEATURES))
        self.dropout, self.hidden_dropout = nn.Dropout(dropout), nn.Dropout(hidden_dropout)

    def forward(self, features: Tensor) -> Tensor:
        even = self.dropout((features - self.mean) / self.deviation)
        return self.linear(self.dropout(features)) + self.narrow(self.hidden_dropout(F.gelu(self.widen(even))))

    @torch.no_grad()
    def begin(self, linear: nn.Linear, features: Tensor) -> None:
        """Start as the linear map, for features like these."""
        self.linear.load_state_dict(linear.state_dict())
        self.mean.copy_(features.mean(0))
        self.deviation.copy_(features.std(0) + LEAST_DEVIATION)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)


def load(path: Path) -> ImageEncoder:
    """The image encoder as this step left it."""
    encoder = ImageEncoder()
    encoder.embed = SharedHead()
    encoder.load_state_dict(torch.load(path))
    return encoder.eval()


def nearer(refined: ImageEncoder, start: ImageEncoder, settings: Settings | None = None) -> ImageEncoder:
    """The refined network with less of what it learned in its backbone, under the same heads."""
    kept = (settings or Settings()).kept / refine.Settings().settled
    return refine.settle(refined, start, kept)


def fit(linear: nn.Linear, features: Tensor, captions: Captions, settings: Settings | None = None) -> SharedHead:
    """Return the fitted head.

    Parameters
    ----------
    linear : nn.Linear
        The trained head; it is left as it is.
    features : (n, 1280) float32
        Of the training photos, whole.
    captions : Captions
        What the text encoder makes of their captions.
    """
    settings = settings or Settings()
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    head = SharedHead(settings.hidden, settings.dropout, settings.hidden_dropout)
    head.begin(linear, features)
    first = [weights.detach().clone() for weights in head.linear.parameters()]
    log_scale = nn.Parameter(torch.tensor(math.log(settings.first_scale)))
    groups = [
        {"params": [*head.linear.parameters(), log_scale], "weight_decay": 0},
        {"params": [*head.widen.parameters(), *head.narrow.parameters()], "weight_decay": settings.decay},
    ]
    optimiser = torch.optim.AdamW(groups, lr=settings.rate)
    steps = len(features) // settings.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=settings.epochs * steps)
    for _ in range(settings.epochs):
        order = random.permutation(len(features))
        for step in range(steps):
            photos = order[step * settings.batch : (step + 1) * settings.batch]
            texts, owner = captions.draw(photos, settings.negatives, random)
            images = F.normalize(head(features[photos]), dim=-1)
            mask = alike_mask(texts, len(photos), settings.alike)
            loss = contrastive_loss(images, texts, owner, log_scale.exp().clamp(max=100), mask)
            pairs = zip(head.linear.parameters(), first, strict=True)
            moved = torch.stack([((now - then) ** 2).sum() for now, then in pairs]).sum()
            optimiser.zero_grad()
            (loss + settings.pull * moved).backward()
            optimiser.step()
            schedule.step()
    return head.eval()
