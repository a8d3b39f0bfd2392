"""Train the image encoder, all layers, against the teacher's caption embeddings.

Symmetric contrastive loss with two captions a photo and extra captions as negatives; the
ImageNet head is kept by distilling the starting network's own answers on the whole photo.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.evaluation.recall import text_to_image_recall
from models.training.augment import augment
from models.training.backbone import EMBEDDING, ImageEncoder, load_start, normalise

# pixels (n, 224, 224, 3), teacher vectors of all captions, owner of each caption
Gallery = tuple[np.ndarray, Tensor, np.ndarray]


@dataclass(frozen=True)
class Settings:
    """What the shipped pack was trained with; see the table of experiments in models/README.md."""

    epochs: int = 7
    large_epochs: int = 2  # the last ones, at the size the app uses
    small_side: int = 160
    large_side: int = 192
    batch: int = 256
    backbone_rate: float = 2e-4
    head_rate: float = 6e-4
    weight_decay: float = 0.1
    dropout: float = 0.3
    negatives: int = 4096
    alike: float = 0.9  # captions whose teacher cosine is above this are not negatives
    distil: float = 1.0
    average: float = 0.998
    smallest_crop: float = 0.45
    warm_epochs: int = 40
    seed: int = 1


class TextHead(nn.Module):
    """Linear map from the teacher's space to the shared one."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(EMBEDDING, EMBEDDING)
        self.log_scale = nn.Parameter(torch.tensor(math.log(20.0)))

    def forward(self, teacher: Tensor) -> Tensor:
        return F.normalize(self.project(teacher), dim=-1)


def contrastive_loss(images: Tensor, texts: Tensor, owner: Tensor, scale: Tensor, alike: Tensor) -> Tensor:
    """Multi-positive InfoNCE both ways.

    Parameters: images (b, d), texts (t, d) unit rows; owner (t,) the image of each text or -1
    for a pure negative; alike (b, t) bool, pairs that are neither positive nor negative.
    """
    logits = scale * images @ texts.T
    positive = owner.unsqueeze(0) == torch.arange(len(images)).unsqueeze(1)
    logits = logits.masked_fill(alike & ~positive, -1e4)
    to_text = logits.logsumexp(1) - logits.masked_fill(~positive, -1e4).logsumexp(1)
    owned = owner >= 0
    to_image = F.cross_entropy(logits[:, owned].T, owner[owned])
    return (to_text.mean() + to_image) / 2


@torch.inference_mode()
def run(encoder: ImageEncoder, pixels: np.ndarray, side: int, batch: int = 64) -> tuple[Tensor, Tensor, Tensor]:
    """Return pooled features, unit embeddings and logits of whole photos, float32."""
    encoder.eval()
    parts = []
    for start in range(0, len(pixels), batch):
        chunk = torch.from_numpy(np.array(pixels[start : start + batch])).permute(0, 3, 1, 2)
        tensor = normalise(chunk)
        if side != tensor.shape[-1]:
            tensor = F.interpolate(tensor, size=(side, side), mode="bicubic", antialias=True)
        with torch.autocast("cpu", torch.bfloat16):
            features = encoder.backbone(tensor.contiguous(memory_format=torch.channels_last)).float()
        parts.append((features, F.normalize(encoder.embed(features), dim=-1), encoder.predictions(features)))
    columns = [torch.cat(column) for column in zip(*parts, strict=True)]
    return columns[0], columns[1], columns[2]


@dataclass
class Captions:
    """Teacher vectors (captions, 384) and, per photo, the slice that is its own."""

    vectors: Tensor
    starts: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, vectors: Tensor, counts: list[int]) -> Captions:
        numbers = np.asarray(counts)
        return cls(vectors, np.cumsum(numbers) - numbers, numbers)

    def draw(self, photos: np.ndarray, extra: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Two captions of every photo, then `extra` of any: teacher rows and their owners."""
        first = random.integers(0, self.counts[photos])
        second = (first + random.integers(1, np.maximum(self.counts[photos], 2))) % self.counts[photos]
        own = np.concatenate([self.starts[photos] + first, self.starts[photos] + second])
        owner = np.concatenate([np.tile(np.arange(len(photos)), 2), np.full(extra, -1)])
        rows = np.concatenate([own, random.integers(0, len(self.vectors), extra)])
        return self.vectors[rows], torch.from_numpy(owner)


def alike_mask(teacher: Tensor, photos: int, threshold: float) -> Tensor:
    """(photos, texts): is the text nearly the first caption of the photo?"""
    return (teacher[:photos] @ teacher.T) > threshold


def warm_heads(encoder: ImageEncoder, head: TextHead, features: Tensor, captions: Captions, settings: Settings) -> None:
    """Fit both heads on the starting network's features, before any layer below them moves."""
    random = np.random.default_rng(settings.seed)
    optimiser = torch.optim.AdamW([*encoder.embed.parameters(), *head.parameters()], lr=1e-3, weight_decay=0.3)
    steps = settings.warm_epochs * (len(features) // 512)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps)
    for _ in range(settings.warm_epochs):
        order = random.permutation(len(features))
        for start in range(0, len(order) - 511, 512):
            photos = order[start : start + 512]
            teacher, owner = captions.draw(photos, settings.negatives, random)
            images = F.normalize(encoder.embed(F.dropout(features[photos], 0.5)), dim=-1)
            mask = alike_mask(teacher, len(photos), settings.alike)
            loss = contrastive_loss(images, head(teacher), owner, head.log_scale.exp(), mask)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


class Training:
    """The networks that are trained, their averages, the optimiser, and what a stop must not lose."""

    def __init__(self, start_weights: Path, settings: Settings) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.encoder = ImageEncoder().to(memory_format=torch.channels_last)
        load_start(self.encoder, start_weights)
        self.head = TextHead()
        self.averaged, self.averaged_head = ImageEncoder(), TextHead()
        backbone = [*self.encoder.backbone.parameters(), *self.encoder.predictions.parameters()]
        heads = [*self.encoder.embed.parameters(), *self.head.parameters()]
        self.parameters = [*backbone, *heads]
        self.rates = (settings.backbone_rate, settings.head_rate)
        groups = [{"params": backbone}, {"params": heads}]
        self.optimiser = torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.98), weight_decay=settings.weight_decay)
        self.epoch = 0
        self.history: list[dict[str, object]] = []

    def _parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "encoder": self.encoder,
            "head": self.head,
            "averaged": self.averaged,
            "averaged_head": self.averaged_head,
            "optimiser": self.optimiser,
        }

    def save(self, path: Path) -> None:
        """Write everything at once or not at all."""
        state = {name: part.state_dict() for name, part in self._parts().items()}
        torch.save({**state, "epoch": self.epoch, "history": self.history}, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def load(self, path: Path) -> None:
        """Go on where `save` was called."""
        state = torch.load(path)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.epoch, self.history = state["epoch"], state["history"]

    def begin_averages(self) -> None:
        """The averages begin where the networks stand."""
        self.averaged.load_state_dict(self.encoder.state_dict())
        self.averaged_head.load_state_dict(self.head.state_dict())

    def set_rate(self, step: int, total: int) -> None:
        """One warm-up, then a cosine down to nothing."""
        share = min(1, (step + 1) / (0.08 * total)) * 0.5 * (1 + math.cos(math.pi * step / total))
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * share

    def losses(self, photos: Tensor, teacher: Tensor, owner: Tensor, soft: Tensor) -> tuple[Tensor, Tensor]:
        """Contrastive loss of a batch of augmented photos, and their class loss against probabilities `soft` (b, 1000)."""
        with torch.autocast("cpu", torch.bfloat16):
            features = self.encoder.backbone(photos).float()
        features = F.dropout(features, self.settings.dropout)
        images = F.normalize(self.encoder.embed(features), dim=-1)
        mask = alike_mask(teacher, len(photos), self.settings.alike)
        scale = self.head.log_scale.exp().clamp(max=100)
        contrast = contrastive_loss(images, self.head(teacher), owner, scale, mask)
        kept = F.cross_entropy(self.encoder.predictions(features), soft)
        return contrast, kept * self.settings.distil

    def step(self, loss: Tensor, number: int) -> None:
        """One step of the optimiser and of the averages, which at first follow closely."""
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 2.0)
        self.optimiser.step()
        rate = min(self.settings.average, (number + 1) / (number + 20))
        blend(self.averaged, self.encoder, rate)
        blend(self.averaged_head, self.head, rate)


def start_outputs(encoder: ImageEncoder, pixels: np.ndarray, path: Path) -> tuple[Tensor, Tensor]:
    """Features and logits of the starting network on whole photos, kept at `path` in half precision."""
    if not path.exists():
        features, _, logits = run(encoder, pixels, pixels.shape[1])
        torch.save({"features": features.half(), "logits": logits.half()}, path)
    kept = torch.load(path)
    return kept["features"], kept["logits"]


def train(
    start_weights: Path,
    pixels: np.ndarray,
    captions: Captions,
    galleries: dict[str, Gallery],
    work: Path,
    settings: Settings | None = None,
) -> Path:
    """Train and return the checkpoint: encoder (averaged), text head, history.

    Parameters: pixels (n, 224, 224, 3) uint8; galleries by name: pixels, teacher caption vectors,
    owner of each caption. Resumes from ``image-last.pt`` in `work` after a stop.
    """
    settings = settings or Settings()
    done, last = work / "image.pt", work / "image-last.pt"
    if done.exists():
        return done
    training = Training(start_weights, settings)
    features, soft = start_outputs(training.encoder, pixels, work / "start.pt")
    if last.exists():
        training.load(last)
    else:
        warm_heads(training.encoder, training.head, features.float(), captions, settings)
        training.begin_averages()
    del features
    while training.epoch < settings.epochs:
        began = time.perf_counter()
        mean = train_epoch(training, pixels, captions, soft)
        training.epoch += 1
        measured = measure(training.averaged, training.averaged_head, galleries, settings)
        seconds = round(time.perf_counter() - began)
        training.history.append({"epoch": training.epoch, "loss": mean, "seconds": seconds, **measured})
        print(json.dumps(training.history[-1]), flush=True)
        training.save(last)
    result = {"encoder": training.averaged.state_dict(), "head": training.averaged_head.state_dict()}
    torch.save({**result, "history": training.history, "settings": asdict(settings)}, done)
    return done


def train_epoch(training: Training, pixels: np.ndarray, captions: Captions, soft: Tensor) -> list[float]:
    """All photos once; returns the mean contrastive and distillation losses."""
    settings, epoch = training.settings, training.epoch
    random = np.random.default_rng((settings.seed, epoch))
    side = settings.large_side if epoch >= settings.epochs - settings.large_epochs else settings.small_side
    per_epoch = len(pixels) // settings.batch
    order = random.permutation(len(pixels))
    losses: list[tuple[float, float]] = []
    training.encoder.train()
    for index in range(per_epoch):
        number = epoch * per_epoch + index
        training.set_rate(number, settings.epochs * per_epoch)
        photos = np.sort(order[index * settings.batch : (index + 1) * settings.batch])
        views = augment(pixels[photos], side, settings.smallest_crop, random)
        teacher, owner = captions.draw(photos, settings.negatives, random)
        contrast, kept = training.losses(views, teacher, owner, F.softmax(soft[photos].float(), dim=-1))
        training.step(contrast + kept, number)
        losses.append((contrast.item(), kept.item()))
        if index % 10 == 0:
            print(f"epoch {epoch} step {index}/{per_epoch} loss {np.mean(losses[-10:], 0).round(3)}", flush=True)
    return [round(float(value), 4) for value in np.mean(losses, 0)]


@torch.no_grad()
def blend(average: nn.Module, current: nn.Module, rate: float) -> None:
    """Exponential moving average of the weights, in place."""
    for kept, new in zip(average.parameters(), current.parameters(), strict=True):
        kept.lerp_(new, 1 - rate)


@torch.inference_mode()
def measure(
    encoder: ImageEncoder,
    head: TextHead,
    galleries: dict[str, Gallery],
    settings: Settings,
) -> dict[str, list[float]]:
    """Recall@1/5/10 of every gallery, with the teacher's text side."""
    out = {}
    for name, (pixels, teacher, owner) in galleries.items():
        _, images, _ = run(encoder.to(memory_format=torch.channels_last), pixels, settings.large_side)
        recall = text_to_image_recall(head(teacher).numpy(), images.numpy(), owner)
        out[name] = [round(recall[k], 4) for k in sorted(recall)]
    return out
