"""Distil MiniLM into a text encoder of three layers that lives in the shared space.

Two signals at once: the vector that the trained text head gives the teacher's sentence vector
(for every text), and the photo that a caption describes (for captions of training photos).
Pattern: "teacher, distilled student", Sanh et al., DistilBERT (2019).
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoModel

from models.evaluation.recall import text_to_image_recall
from models.training import teacher
from models.training.backbone import EMBEDDING

WIDTH, HEADS, INNER = 384, 12, 1536
KEPT_LAYERS = (0, 2, 5)
MAX_TOKENS = 32


class Layer(nn.Module):
    """A BERT layer: attention and feed-forward, each followed by layer norm."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        n, t, _ = x.shape

        def split(y: Tensor) -> Tensor:
            return y.reshape(n, t, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = (query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + bias).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(n, t, WIDTH)
        x = self.norm1(x + self.output(mixed))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class TextEncoder(nn.Module):
    """ids, mask int64 (n, t <= 32) to unit vectors (n, 384) of the shared space."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.positions = nn.Parameter(torch.zeros(MAX_TOKENS, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in KEPT_LAYERS)
        self.project = nn.Linear(WIDTH, EMBEDDING)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        bias = (1 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return F.normalize(self.project(teacher.mean_pool(x, mask)), dim=-1)


def start_from_teacher(encoder: TextEncoder, pieces: list[str]) -> None:
    """Copy the word vectors of the kept pieces and every second layer of MiniLM."""
    model = AutoModel.from_pretrained(teacher.FOLDER)
    state = model.state_dict()
    vocab = teacher.tokenizer().get_vocab()
    rows = torch.tensor([vocab[piece] for piece in pieces])
    with torch.no_grad():
        encoder.words.weight.copy_(state["embeddings.word_embeddings.weight"][rows])
        kind = state["embeddings.token_type_embeddings.weight"][0]
        encoder.positions.copy_(state["embeddings.position_embeddings.weight"][:MAX_TOKENS] + kind)
    encoder.norm.load_state_dict(model.embeddings.LayerNorm.state_dict())
    for layer, number in zip(encoder.layers, KEPT_LAYERS, strict=True):
        source = model.encoder.layer[number]
        layer.query.load_state_dict(source.attention.self.query.state_dict())
        layer.key.load_state_dict(source.attention.self.key.state_dict())
        layer.value.load_state_dict(source.attention.self.value.state_dict())
        layer.output.load_state_dict(source.attention.output.dense.state_dict())
        layer.norm1.load_state_dict(source.attention.output.LayerNorm.state_dict())
        layer.up.load_state_dict(source.intermediate.dense.state_dict())
        layer.down.load_state_dict(source.output.dense.state_dict())
        layer.norm2.load_state_dict(source.output.LayerNorm.state_dict())


@dataclass(frozen=True)
class Settings:
    """See the table of experiments in models/README.md."""

    epochs: int = 2
    batch: int = 256
    rate: float = 4e-4
    weight_decay: float = 0.01
    contrast: float = 0.1  # weight of the photo signal beside the teacher's
    seed: int = 1


@dataclass
class Corpus:
    """Texts as token rows, their target vectors (n, 384), and the photo of each or -1."""

    rows: list[list[int]]
    targets: Tensor
    owner: np.ndarray


@torch.inference_mode()
def encode(encoder: TextEncoder, rows: list[list[int]], batch: int = 512) -> Tensor:
    """Return unit vectors (n, 384) in the order of `rows`."""
    encoder.eval()
    order = np.argsort([len(row) for row in rows], kind="stable")
    out = torch.empty(len(rows), EMBEDDING)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        out[torch.from_numpy(chosen)] = encoder(*teacher.pad([rows[i] for i in chosen]))
    return out


def batches(lengths: np.ndarray, size: int, random: np.random.Generator) -> list[np.ndarray]:
    """Random batches whose texts are about equally long, so that little is padded."""
    order = np.argsort(lengths + random.random(len(lengths)) * 2, kind="stable")
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    random.shuffle(groups)
    return groups


def train(
    encoder: TextEncoder,
    corpus: Corpus,
    photos: Tensor,
    scale: float,
    galleries: dict[str, tuple[list[list[int]], np.ndarray, Tensor]],
    work: Path,
    settings: Settings | None = None,
) -> Path:
    """Train and return the checkpoint.

    Parameters: photos (p, 384) unit vectors of the training photos; scale of the contrastive
    logits; galleries by name: caption rows, owners, photo vectors.
    """
    settings = settings or Settings()
    done = work / "text.pt"
    if done.exists():
        return done
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    lengths = np.array([len(row) for row in corpus.rows])
    total = settings.epochs * math.ceil(len(lengths) / settings.batch)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=settings.rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=total, pct_start=0.05)
    history: list[dict[str, object]] = []
    for epoch in range(settings.epochs):
        encoder.train()
        began = time.perf_counter()
        for step, chosen in enumerate(batches(lengths, settings.batch, random)):
            with torch.autocast("cpu", torch.bfloat16):
                vectors = encoder(*teacher.pad([corpus.rows[i] for i in chosen])).float()
            loss = (1 - (vectors * corpus.targets[chosen]).sum(1)).mean()
            owner = torch.from_numpy(corpus.owner[chosen])
            if settings.contrast and bool((owner >= 0).any()):
                logits = scale * vectors[owner >= 0] @ photos.T
                loss = loss + settings.contrast * F.cross_entropy(logits, owner[owner >= 0])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            if step % 50 == 0:
                print(f"text epoch {epoch} step {step} loss {loss.item():.4f}", flush=True)
        history.append({"epoch": epoch + 1, "seconds": round(time.perf_counter() - began), **measure(encoder, galleries)})
        print(json.dumps(history[-1]), flush=True)
        torch.save({"encoder": encoder.state_dict(), "history": history}, work / "text-last.pt")
    (work / "text-last.pt").replace(done)
    return done


def measure(encoder: TextEncoder, galleries: dict[str, tuple[list[list[int]], np.ndarray, Tensor]]) -> dict[str, list[float]]:
    """Recall@1/5/10 of every gallery with the student's text side."""
    out = {}
    for name, (rows, owner, images) in galleries.items():
        recall = text_to_image_recall(encode(encoder, rows).numpy(), images.numpy(), owner)
        out[name] = [round(recall[k], 4) for k in sorted(recall)]
    return out
