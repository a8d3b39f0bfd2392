"""Second stage of the image encoder: larger photos, and the ImageNet classes taught on every view.

The first stage (`image`) moves all layers towards the captions and forgets part of the classes. Here the network starts again
from a point between its own weights and the starting network's (Wortsman et al., "Robust fine-tuning of zero-shot
models", 2022), sees photos at the size that the app uses, and is taught by the starting network's answer to the very view that
it sees, not to the whole photo (Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", 2022).

What comes out is settled: a little way back to the starting network, under that network's own class head. The head had been
trained along, on photos that show few of the 1,000 classes, and had grown worse than the one it came from.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.training import image
from models.training.augment import augment
from models.training.backbone import ImageEncoder, load_start

# Pixels on a side of what the app shows the network.
SIDE = 224


@dataclass(frozen=True)
class Settings:
    """What the shipped pack was trained with; see the table of experiments in models/README.md."""

    start: float = 0.65  # share of the first stage's weights where this one starts
    epochs: int = 5
    distil: float = 2.0
    rates: tuple[float, float] = (1.2e-4, 3e-4)  # backbone and class head, other heads
    smallest_crop: float = 0.35
    settled: float = 0.85  # share of the trained backbone in what comes out; the rest is the starting network
    seed: int = 2


@torch.no_grad()
def between(own: ImageEncoder, start: ImageEncoder, share: float) -> ImageEncoder:
    """The network whose backbone and class head lie `share` of the way from `start` to `own`; other heads are `own`'s."""
    mixed, ours, theirs = ImageEncoder(), own.state_dict(), start.state_dict()
    mixed.load_state_dict({k: w if k.startswith("embed.") else torch.lerp(theirs[k], w, share) for k, w in ours.items()})
    return mixed


@torch.no_grad()
def settle(trained: ImageEncoder, start: ImageEncoder, share: float) -> ImageEncoder:
    """`between`, under the class head of `start`."""
    settled = between(trained, start, share)
    settled.predictions.load_state_dict(start.predictions.state_dict())
    return settled


@torch.no_grad()
def answers(network: ImageEncoder, photos: Tensor) -> Tensor:
    """Class probabilities (n, 1000) of a batch of views."""
    with torch.autocast("cpu", torch.bfloat16):
        features = network.backbone(photos).float()
    return F.softmax(network.predictions(features), dim=-1)


def train(
    start_weights: Path,
    first: Path,
    pixels: np.ndarray,
    captions: image.Captions,
    galleries: dict[str, image.Gallery],
    work: Path,
    settings: Settings | None = None,
) -> Path:
    """Train and return the checkpoint: encoder (averaged and settled), text head, history; `first` is the first stage's.

    Resumes from ``refined-last.pt`` in `work` after a stop.
    """
    settings = settings or Settings()
    done, last = work / "refined.pt", work / "refined-last.pt"
    if done.exists():
        return done
    schedule = image.Settings(
        epochs=settings.epochs, large_epochs=settings.epochs, large_side=SIDE, smallest_crop=settings.smallest_crop
    )
    training = image.Training(start_weights, schedule)
    training.rates = settings.rates
    teacher = ImageEncoder().to(memory_format=torch.channels_last).eval()
    load_start(teacher, start_weights)
    checkpoint = torch.load(first)
    if last.exists():
        training.load(last)
    else:
        own = ImageEncoder()
        own.load_state_dict(checkpoint["encoder"])
        training.encoder.load_state_dict(between(own, teacher, settings.start).state_dict())
        training.head.load_state_dict(checkpoint["head"])
        training.begin_averages()
    while training.epoch < settings.epochs:
        began = time.perf_counter()
        losses = train_epoch(training, teacher, pixels, captions, settings)
        training.epoch += 1
        measured = image.measure(training.averaged, training.averaged_head, galleries, schedule)
        seconds = round(time.perf_counter() - began)
        training.history.append({"epoch": training.epoch, "loss": losses, "seconds": seconds, **measured})
        print(json.dumps(training.history[-1]), flush=True)
        training.save(last)
    settled = settle(training.averaged, teacher, settings.settled)
    result = {"encoder": settled.state_dict(), "head": training.averaged_head.state_dict()}
    torch.save({**result, "history": training.history, "settings": asdict(settings)}, done)
    return done


def train_epoch(
    training: image.Training, teacher: ImageEncoder, pixels: np.ndarray, captions: image.Captions, settings: Settings
) -> list[float]:
    """All photos once; returns the mean contrastive and distillation losses."""
    random = np.random.default_rng((settings.seed, training.epoch))
    size = training.settings.batch
    per_epoch = len(pixels) // size
    order = random.permutation(len(pixels))
    losses: list[tuple[float, float]] = []
    training.encoder.train()
    for index in range(per_epoch):
        number = training.epoch * per_epoch + index
        training.set_rate(number, settings.epochs * per_epoch)
        photos = np.sort(order[index * size : (index + 1) * size])
        views = augment(pixels[photos], SIDE, settings.smallest_crop, random)
        texts, owner = captions.draw(photos, training.settings.negatives, random)
        contrast, kept = training.losses(views, texts, owner, answers(teacher, views))
        training.step(contrast + settings.distil * kept, number)
        losses.append((contrast.item(), kept.item()))
        if index % 10 == 0:
            print(f"refine {training.epoch} step {index}/{per_epoch} loss {np.mean(losses[-10:], 0).round(3)}", flush=True)
    return [round(float(value), 4) for value in np.mean(losses, 0)]
