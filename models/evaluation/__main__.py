"""Print what a pack is worth: ``python build.py models eval [--pack FOLDER]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import relevance
from models.evaluation.galleries import Gallery, labelled_photos, read_galleries
from models.evaluation.native import NativePack
from models.evaluation.recall import text_to_image_recall
from shoebox.model.preprocess import Shape, square
from shoebox.photo.decode import decode_photo

ROOT = Path(__file__).parents[2]
PACK = ROOT / "models/default"


def percent(shares: dict[int, float]) -> str:
    """Recall at 1, 5 and 10 as one cell."""
    return " / ".join(f"{shares[k]:.3f}" for k in sorted(shares))


def tag_rows(pack: NativePack, photos: Path) -> list[tuple[str, str]]:
    """Top-1 and top-5 on one photo per class: squashed to a square as the app does, and the middle alone, as is the custom."""
    files, classes = labelled_photos(photos)
    side = pack.pack.image.side
    cut = Shape(side, "crop", pack.pack.image.shape.resampling)
    middles = np.stack([square(decode_photo(file.read_bytes()).pixels, cut) for file in files])
    rows = []
    for how, squares in {"squashed to": pack.squares(files), "the middle, at": middles}.items():
        best = np.argsort(-pack.photos(squares).logits, axis=1)[:, :5]
        first, five = (best[:, 0] == classes).mean(), (best == classes[:, None]).any(1).mean()
        rows.append((f"tags, top-1 / top-5, one photo per ImageNet class, {how} {side} x {side}", f"{first:.3f} / {five:.3f}"))
    return rows


def native_rows(pack: NativePack, galleries: list[Gallery]) -> list[tuple[str, str]]:
    """Recall of every gallery, and milliseconds a photo."""
    squares = {gallery.name: pack.squares(gallery.photos) for gallery in galleries[:2]}
    vectors = {name: pack.photos(batch).vectors for name, batch in squares.items()}
    vectors[galleries[2].name] = np.concatenate([vectors[gallery.name] for gallery in galleries[:2]])
    rows = []
    for gallery in galleries:
        texts = pack.texts(gallery.captions)
        recall = text_to_image_recall(texts, vectors[gallery.name], gallery.owner)
        size = f"{len(gallery.photos):,} photos, {len(gallery.captions):,} captions"
        rows.append((f"R@1/5/10 {gallery.name} ({size})", percent(recall)))
        if gallery is galleries[1]:
            rows += source_rows(gallery, texts, vectors[gallery.name])
    for threads in (1, 2):
        speed = NativePack(PACK, threads).milliseconds(squares["dev"])
        rows.append((f"native, ms a photo, {threads} thread{'s' if threads > 1 else ''}, batches of 8", f"{speed:.1f}"))
    return rows


def source_rows(gallery: Gallery, texts: NDArray[np.float32], vectors: NDArray[np.float32]) -> list[tuple[str, str]]:
    """Recall of the captions of each collection, among all photos of the gallery."""
    sources = np.array(gallery.sources)[gallery.owner]
    rows = []
    for source in sorted(set(gallery.sources)):
        chosen = sources == source
        recall = text_to_image_recall(texts[chosen], vectors, gallery.owner[chosen])
        rows.append((f"R@1/5/10 {gallery.name}, those of {source} ({chosen.sum():,} captions)", percent(recall)))
    return rows


def browser_rows(gallery: Gallery, captions: int | None) -> list[tuple[str, str]]:
    """The same gallery through the page in Chromium."""
    from models.evaluation.browser import evaluate

    found = evaluate(gallery, ROOT / "dist", captions)
    return [
        (f"in Chromium ({found.backend}, {found.threads} threads): R@1/5/10 {gallery.name}", percent(found.recall)),
        ("in Chromium: ms a photo for the network, batches of 8", f"{found.inference_ms:.1f}"),
        ("in Chromium: photos a second, all of indexing (small photos)", f"{found.photos_per_second:.1f}"),
        ("in Chromium: ms a query, all of searching, gallery of 1,000", f"{found.query_ms:.1f}"),
    ]


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--native-only", action="store_true", help="leave the browser out")
    parser.add_argument("--pack", type=Path, default=PACK, help="folder of another pack; it is measured natively only")
    parser.add_argument("--captions", type=int, help="search only so many captions in the browser")
    arguments = parser.parse_args()
    photos: Path = arguments.shared / "photos"
    if not photos.exists():
        raise SystemExit(f"The galleries are not here: {photos} does not exist. Name the folder with --shared.")
    pack = NativePack(arguments.pack)
    galleries = read_galleries(photos)
    rows = [(f"bytes of {file.name}", f"{file.size:,}") for file in (pack.pack.image.file, pack.pack.text.file)]
    rows += native_rows(pack, galleries)
    if pack.pack.concepts.classes:
        rows += tag_rows(pack, photos)
    if len(pack.pack.concepts):
        rows += relevance.rows(relevance.prepare(pack, photos))
    if not arguments.native_only and arguments.pack == PACK:
        rows += browser_rows(galleries[0], arguments.captions)
    width = max(len(name) for name, _ in rows)
    print(f"| {'measured':<{width}} | value |\n|{'-' * (width + 2)}|---|")
    for name, value in rows:
        print(f"| {name:<{width}} | {value} |")


if __name__ == "__main__":
    main()
