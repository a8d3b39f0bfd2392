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
from PIL import Image
from torch import Tensor, nn

from models.evaluation.recall import text_to_image_recall
from models.training.backbone import EMBEDDING, ImageEncoder, load_start, normalise


@dataclass(frozen=True)
class Settings:
    """What the shipped pack was trained with; see the table of experiments in models/README.md."""

    epochs: int = 9
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


def train(
    start_weights: Path,
    pixels: np.ndarray,
    captions: Captions,
    galleries: dict[str, tuple[np.ndarray, Tensor, np.ndarray]],
    work: Path,
    settings: Settings | None = None,
) -> Path:
    """Train and return the checkpoint: encoder (averaged), text head, history.

    Parameters: pixels (n, 224, 224, 3) uint8; galleries by name: pixels, teacher caption vectors,
    owner of each caption. Resumes from ``image-last.pt`` in `work` after a stop.
    """
    settings = settings or Settings()
    done = work / "image.pt"
    if done.exists():
        return done
    torch.manual_seed(settings.seed)
    encoder = ImageEncoder().to(memory_format=torch.channels_last)
    load_start(encoder, start_weights)
    head = TextHead()
    start_file = work / "start.pt"
    if not start_file.exists():
        features, _, logits = run(encoder, pixels, pixels.shape[1])
        torch.save({"features": features.half(), "logits": logits.half()}, start_file)
    start = torch.load(start_file)
    soft = start["logits"]
    groups = [
        {"params": list(encoder.backbone.parameters()), "rate": settings.backbone_rate},
        {"params": [*encoder.predictions.parameters()], "rate": settings.backbone_rate},
        {"params": [*encoder.embed.parameters(), *head.parameters()], "rate": settings.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.98), weight_decay=settings.weight_decay)
    per_epoch = len(pixels) // settings.batch
    total = settings.epochs * per_epoch
    history: list[dict[str, object]] = []
    last = work / "image-last.pt"
    first_epoch = 0
    averaged = ImageEncoder()
    averaged_head = TextHead()
    if last.exists():
        state = torch.load(last)
        encoder.load_state_dict(state["encoder"])
        head.load_state_dict(state["head"])
        averaged.load_state_dict(state["averaged"])
        averaged_head.load_state_dict(state["averaged_head"])
        optimiser.load_state_dict(state["optimiser"])
        first_epoch, history = state["epoch"], state["history"]
    else:
        warm_heads(encoder, head, start["features"].float(), captions, settings)
        averaged.load_state_dict(encoder.state_dict())
        averaged_head.load_state_dict(head.state_dict())
        history.append({"epoch": 0, **measure(encoder, head, galleries, settings)})
        print(json.dumps(history[-1]), flush=True)
    for epoch in range(first_epoch, settings.epochs):
        random = np.random.default_rng((settings.seed, epoch))
        side = settings.large_side if epoch >= settings.epochs - settings.large_epochs else settings.small_side
        order, began, losses = random.permutation(len(pixels)), time.perf_counter(), []
        encoder.train()
        for index in range(per_epoch):
            step = epoch * per_epoch + index
            share = min(1, (step + 1) / (0.08 * total)) * 0.5 * (1 + math.cos(math.pi * step / total))
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * share
            photos = order[index * settings.batch : (index + 1) * settings.batch]
            tensor = augment(pixels[np.sort(photos)], side, settings.smallest_crop, random)
            photos = np.sort(photos)
            teacher, owner = captions.draw(photos, settings.negatives, random)
            with torch.autocast("cpu", torch.bfloat16):
                features = encoder.backbone(tensor).float()
            features = F.dropout(features, settings.dropout)
            images = F.normalize(encoder.embed(features), dim=-1)
            mask = alike_mask(teacher, len(photos), settings.alike)
            loss = contrastive_loss(images, head(teacher), owner, head.log_scale.exp().clamp(max=100), mask)
            target = F.softmax(soft[photos].float(), dim=-1)
            kept = F.cross_entropy(encoder.predictions(features), target) * settings.distil
            optimiser.zero_grad()
            (loss + kept).backward()
            nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], 2.0)
            optimiser.step()
            losses.append((loss.item(), kept.item()))
            rate = min(settings.average, (step + 1) / (step + 20))
            blend(averaged, encoder, rate)
            blend(averaged_head, head, rate)
            if index % 10 == 0:
                print(f"epoch {epoch} step {index}/{per_epoch} loss {np.mean(losses[-10:], 0).round(3)}", flush=True)
        history.append(
            {
                "epoch": epoch + 1,
                "loss": [round(float(value), 4) for value in np.mean(losses, 0)],
                "seconds": round(time.perf_counter() - began),
                **measure(averaged, averaged_head, galleries, settings),
            }
        )
        print(json.dumps(history[-1]), flush=True)
        state = {
            "encoder": encoder.state_dict(),
            "head": head.state_dict(),
            "epoch": epoch + 1,
            "history": history,
            "averaged": averaged.state_dict(),
            "averaged_head": averaged_head.state_dict(),
            "optimiser": optimiser.state_dict(),
        }
        torch.save(state, last.with_suffix(".tmp"))
        last.with_suffix(".tmp").replace(last)
    result = {
        "encoder": averaged.state_dict(),
        "head": averaged_head.state_dict(),
        "history": history,
        "settings": asdict(settings),
    }
    torch.save(result, done)
    return done


@torch.no_grad()
def blend(average: nn.Module, current: nn.Module, rate: float) -> None:
    """Exponential moving average of the weights, in place."""
    for kept, new in zip(average.parameters(), current.parameters(), strict=True):
        kept.lerp_(new, 1 - rate)


@torch.inference_mode()
def measure(
    encoder: ImageEncoder,
    head: TextHead,
    galleries: dict[str, tuple[np.ndarray, Tensor, np.ndarray]],
    settings: Settings,
) -> dict[str, list[float]]:
    """Recall@1/5/10 of every gallery, with the teacher's text side."""
    out = {}
    for name, (pixels, teacher, owner) in galleries.items():
        _, images, _ = run(encoder.to(memory_format=torch.channels_last), pixels, settings.large_side)
        recall = text_to_image_recall(head(teacher).numpy(), images.numpy(), owner)
        out[name] = [round(recall[k], 4) for k in sorted(recall)]
    return out
