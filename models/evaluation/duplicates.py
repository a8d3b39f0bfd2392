"""How rightly duplicates are found: `../shared/photos/duplicates` among the captioned photos, and copies made of other photos.

    python -m models.evaluation.duplicates [--shared ../shared] [--cache folder] [--copied 120]

Everything goes the app's own way: decoded, embedded, thumbnails, neighbours, the check, groups. Pairs are what is counted. The
copies are made of every so-manieth photo of `captions-more`, which no threshold was chosen on. `--cache` keeps vectors and
thumbnails, which take a few minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from models.evaluation.native import NativePack
from shoebox.duplicates import calibration
from shoebox.duplicates.bursts import likeness_of
from shoebox.duplicates.comparing import Comparing
from shoebox.duplicates.groups import groups
from shoebox.duplicates.matching import match
from shoebox.duplicates.moments import near_in_time
from shoebox.duplicates.overview import BURST, SAME_PICTURE, Overview
from shoebox.duplicates.prints import grey_of, print_of
from shoebox.duplicates.verdict import Matches
from shoebox.errors import UnreadablePhoto
from shoebox.faces.gallery import Gallery
from shoebox.library.arrivals import Arrival, File
from shoebox.library.intake import Taken, make_rows
from shoebox.library.library import Library
from shoebox.model.preprocess import squash
from shoebox.photo.decode import decode_photo
from shoebox.photo.inspection import inspect_head
from shoebox.sessions.native import NativeSessions
from shoebox.store.rows import SCHEMA
from shoebox.tasks.tags import TagsFound

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "models/default"
# Pairs of captioned photos that agree at least so well were looked at: they are copies, such as a canoeist who is there twice.
KNOWN_COPIES_LEAST_AGREEMENT = 0.985
SIDE = 224
# Duplicates do not ask how good a photo is.
NO_LOOKS = np.zeros(SCHEMA["looks"][1], np.uint8)


def _crop(kept: float, across: float, down: float) -> Callable[[Image.Image], Image.Image]:
    def crop(photo: Image.Image) -> Image.Image:
        width, height = photo.size
        left, top = across * (1 - kept) * width, down * (1 - kept) * height
        return photo.crop((round(left), round(top), round(left + kept * width), round(top + kept * height)))

    return crop


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again": lambda photo: photo,
    "half the size": lambda photo: photo.resize((max(1, photo.width // 2), max(1, photo.height // 2))),
    "brighter by 30 %": lambda photo: ImageEnhance.Brightness(photo).enhance(1.3),
    "darker by 30 %": lambda photo: ImageEnhance.Brightness(photo).enhance(0.7),
    "contrast up by 40 %": lambda photo: ImageEnhance.Contrast(photo).enhance(1.4),
    "colour up by 70 %": lambda photo: ImageEnhance.Color(photo).enhance(1.7),
    "grey": lambda photo: ImageOps.grayscale(photo).convert("RGB"),
    "cropped to 95 %": _crop(0.95, 0.5, 0.5),
    "cropped to 90 %": _crop(0.9, 0.5, 0.5),
    "cropped to 90 %, corner": _crop(0.9, 0.0, 0.0),
    "cropped to 80 %": _crop(0.8, 1.0, 0.3),
    "mirrored": ImageOps.mirror,
    "turned by 3 degrees and cropped": lambda photo: _crop(0.9, 0.5, 0.5)(photo.rotate(3, Image.Resampling.BICUBIC)),
    "turned by 180 degrees": lambda photo: photo.transpose(Image.Transpose.ROTATE_180),
}


@dataclass(frozen=True)
class Item:
    """A file with what is known of it.

    Attributes
    ----------
    name : str
    source : str
        "captions", "variants", "burst" or "made".
    truth : str
        Photos of one picture share it.
    change : str
        What was done to a made copy.
    """

    name: str
    source: str
    truth: str
    data: bytes
    change: str = ""


def items(photos: Path, copied: int) -> Iterator[Item]:
    """All files, each bytes once."""
    for row in json.loads((photos / "captions/captions.json").read_text()):
        name = row["file"]
        yield Item(f"captions/{name}", "captions", f"captions {name}", (photos / "captions/images" / name).read_bytes())
    for path in sorted((photos / "duplicates/burst-monstree").iterdir()):
        yield Item(f"burst/{path.name}", "burst", f"burst {path.name}", path.read_bytes())
    for path in sorted((photos / "duplicates/variants").rglob("*.*")):
        yield Item(f"variants/{path.parent.name}/{path.name}", "variants", path.stem.partition("_")[0], path.read_bytes())
    chosen = sorted((photos / "captions-more/images").iterdir())
    for path in chosen[:: max(1, len(chosen) // copied)]:
        with Image.open(path) as image:
            photo = image.convert("RGB")
        yield Item(f"made/{path.name}", "made", path.name, path.read_bytes(), "original")
        for change, make in COPIES.items():
            buffer = io.BytesIO()
            make(photo).save(buffer, "JPEG", quality=30 if change == "saved again" else 85)
            yield Item(f"made/{path.stem}, {change}.jpg", "made", path.name, buffer.getvalue(), change)


@dataclass
class Filled:
    """A library with its photos' thumbnails and origins, by id."""

    library: Library
    thumbnails: dict[int, bytes]
    items: dict[int, Item]


def fill(found: Iterable[Item], cache: Path | None) -> Filled:
    """Index files as the app does; bytes that were seen already are left out, as is what is no photo."""
    pack = NativePack(PACK, 1)
    library = Library(pack.pack.model, pack.pack.dimension)
    filled = Filled(library, {}, {})
    taken: list[Taken] = []
    squares: list[NDArray[np.uint8]] = []
    kept = _Kept(cache, pack.pack.id + pack.pack.version)
    vectors: list[NDArray[np.float32]] = []

    def flush() -> None:
        if squares:
            fresh = pack.photos(np.stack(squares)).vectors
            for place, row in zip([place for place, each in enumerate(vectors) if not len(each)], fresh, strict=True):
                vectors[place] = row
                kept.put(taken[place].arrival.file.digest, row)
            squares.clear()

    for item in found:
        digest = hashlib.sha256(item.data).digest()
        file = File(item.name, len(item.data), 0.0, digest)
        if file.number in filled.items:
            continue
        try:
            decoded = decode_photo(item.data, item.name)
        except UnreadablePhoto:
            continue
        facts = inspect_head(item.name, item.data, True).facts
        assert facts is not None
        filled.items[file.number], filled.thumbnails[file.number] = item, decoded.thumbnail
        size = decoded.photo_width, decoded.photo_height
        taken.append(Taken(Arrival(len(taken), file, facts), [(item.name, 0.0)], *size, NO_LOOKS))
        vectors.append(kept.get(digest))
        if not len(vectors[-1]):
            squares.append(squash(decoded.pixels, SIDE))
        if len(squares) == pack.pack.image.batch:
            flush()
    flush()
    kept.save()
    rows = make_rows(taken, library.model, np.stack(vectors), TagsFound.none(len(taken)), 0.0)
    library.enter(rows, 1)
    return filled


class _Kept:
    """Vectors by the hash of their file, kept between runs."""

    def __init__(self, folder: Path | None, pack: str) -> None:
        self._path = None if folder is None else folder / f"duplicates-{zlib.crc32(pack.encode()):08x}.npz"
        self._vectors: dict[str, NDArray[np.float32]] = {}
        if self._path is not None and self._path.exists():
            with np.load(self._path) as stored:
                self._vectors = dict(zip(stored["names"].tolist(), stored["vectors"], strict=True))

    def get(self, digest: bytes) -> NDArray[np.float32]:
        return self._vectors.get(digest.hex(), np.zeros(0, np.float32))

    def put(self, digest: bytes, vector: NDArray[np.float32]) -> None:
        self._vectors[digest.hex()] = vector

    def save(self) -> None:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._path, names=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))


def compare(filled: Filled) -> Comparing:
    """All steps, as the page takes them; pairs that nearly are the same picture are kept too."""
    pack = NativePack(PACK, 1).pack
    comparing = Comparing(filled.library, NativeSessions(PACK, pack, 1), list)

    async def run() -> None:
        while (step := await comparing.step()).phase != "done":
            if step.take:
                comparing.take({photo: grey_of(filled.thumbnails[photo]) for photo in step.wanted})

    asyncio.run(run())
    return comparing


def judged(filled: Filled, pairs: list[tuple[int, int]]) -> Matches:
    """How well pairs agree."""
    photos = sorted({photo for pair in pairs for photo in pair})
    place = {photo: number for number, photo in enumerate(photos)}
    prints, shapes = [], []
    for photo in photos:
        grey, row = grey_of(filled.thumbnails[photo]), filled.library.row_of(photo)
        assert grey is not None and row is not None
        prints.append(print_of(grey))
        shapes.append(float(filled.library.table["width"][row] / filled.library.table["height"][row]))
    left, right = (np.array([place[pair[side]] for pair in pairs], np.intp) for side in (0, 1))
    return match(np.stack(prints), np.array(shapes), left, right)


def is_right(filled: Filled, pair: tuple[int, int], agreement: float) -> bool:
    """Whether two photos are copies of one picture."""
    one, other = (filled.items[photo] for photo in pair)
    if one.source == other.source == "captions":
        return agreement >= KNOWN_COPIES_LEAST_AGREEMENT
    return one.truth == other.truth


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as a table in Markdown, the first as its head."""
    head, *rest = rows
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ("---",) * len(head), *rest])


def same_picture(filled: Filled, comparing: Comparing) -> None:
    """Print precision and recall of pairs, over thresholds and by what was done."""
    # All pairs that hang together in a group count as found: that is what a person sees.
    made = groups(comparing.compared.same)
    found = {pair for group in made for pair in itertools.combinations(group, 2)}
    direct = comparing.compared.same
    wrong = [pair for pair in found if not is_right(filled, pair, direct.get(pair, 1.0))]
    by_truth: dict[str, list[int]] = {}
    for photo, item in filled.items.items():
        by_truth.setdefault(item.truth, []).append(photo)
    true = {
        (min(pair), max(pair)): filled.items[pair[0]].source
        for photos in by_truth.values()
        for pair in itertools.combinations(photos, 2)
    }
    print(f"{len(filled.library):,} photos. Pairs found: {len(found)}, of these wrong: {len(wrong)}.\n")
    for pair in wrong[:20]:
        print(f"wrong: {[filled.items[photo].name for photo in pair]} {direct.get(pair)}")
    rows = [("pairs of", "true", "found", "recall")]
    for source in ("variants", "made"):
        mine = [pair for pair, where in true.items() if where == source]
        hits = sum(pair in found for pair in mine)
        rows.append((source, str(len(mine)), str(hits), f"{hits / max(1, len(mine)):.3f}"))
    print(f"Precision {1 - len(wrong) / max(1, len(found)):.4f}.\n\n{table(rows)}\n")
    rows = [("copies", "of", "found with the original", "cosine, least and median")]
    for change in COPIES:
        pairs, cosines = [], []
        for photos in by_truth.values():
            named = {filled.items[photo].change: photo for photo in photos}
            if change in named and "original" in named:
                pairs.append((min(named[change], named["original"]), max(named[change], named["original"])))
        places = [[filled.library.row_of(photo) for photo in pair] for pair in pairs]
        cosines = likeness_of(filled.library, *(np.array(side, np.intp) for side in zip(*places, strict=True))).tolist()
        hits = sum(pair in found for pair in pairs)
        rows.append((change, str(len(pairs)), f"{hits / len(pairs):.3f}", f"{min(cosines):.2f}, {np.median(cosines):.2f}"))
    print(table(rows))
    sweep(filled, true)


def sweep(filled: Filled, true: dict[tuple[int, int], str]) -> None:
    """Print what other thresholds of the check would bring, on true pairs and on the most alike of different photos."""
    random = np.random.default_rng(0)
    same = list(true)
    same = [same[place] for place in random.permutation(len(same))[:2000].tolist()]
    captions = np.array([filled.library.row_of(photo) for photo, item in filled.items.items() if item.source == "captions"])
    vectors = filled.library.vectors.vectors(captions)
    likeness = np.triu(vectors @ vectors.T, 1)
    alike = np.argpartition(likeness.ravel(), -3000)[-3000:]
    number = filled.library.number_at
    other = [(number(captions[place // len(captions)]), number(captions[place % len(captions)])) for place in alike.tolist()]
    burst = [photo for photo, item in filled.items.items() if item.source == "burst"]
    other += list(itertools.combinations(burst, 2))
    near, far = judged(filled, same), judged(filled, other)
    different = far.whole < KNOWN_COPIES_LEAST_AGREEMENT
    rows = [("whole at least", "worst part at least", "detail at least", "of true pairs pass", "of different pairs pass")]
    for least, part, fine in itertools.product((0.96, 0.97, 0.98, 0.985), (0.84, 0.87, 0.9), (0.0, 0.8, 0.83, 0.86)):
        passed = (near.whole >= least) & (near.worst >= part) & (near.detail >= fine)
        false = (far.whole >= least) & (far.worst >= part) & (far.detail >= fine) & different
        rows.append((str(least), str(part), str(fine), f"{passed.mean():.3f}", f"{false.sum()} of {different.sum()}"))
    chosen = calibration.SAME_WHOLE, calibration.SAME_WORST, calibration.SAME_DETAIL
    print(f"\nThe check alone, on pairs whether they are neighbours or not (as shipped: {chosen}):\n\n{table(rows)}")


def bursts(filled: Filled, comparing: Comparing) -> None:
    """Print how the burst falls into groups, over thresholds, and whether anything else is in them."""
    found = Overview(filled.library, Gallery(), comparing).groups()
    made = [group["photos"] for group in found if group["kind"] == BURST]
    sources = [[filled.items[int(photo, 16)].source for photo in photos] for photos in made]
    strange = sum(source != "burst" for group in sources for source in group)
    count = sum(item.source == "burst" for item in filled.items.values())
    print(f"\nBursts: {count} photos in groups of {sorted(map(len, made), reverse=True)}; of other photos in them: {strange}.")
    print(f"Groups of the same picture: {sum(group['kind'] == SAME_PICTURE for group in found)}.")
    rows = [("seconds", "cosine", "groups of")]
    left, right = near_in_time(comparing.moments, 64)
    seconds = comparing.moments.apart(left, right)
    likeness = likeness_of(filled.library, left, right)
    for most in (10, 15, 20, 30):
        for least in (0.7, 0.75, 0.8, 0.85):
            chosen = np.flatnonzero((seconds <= most) & (likeness >= least)).tolist()
            sizes = sorted(map(len, groups((int(left[each]), int(right[each])) for each in chosen)), reverse=True)
            rows.append((str(most), str(least), str(sizes)))
    print(f"\nAs shipped: {calibration.BURST_SECONDS} s and {calibration.BURST_LIKENESS}.\n\n{table(rows)}")


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description="How rightly duplicates are found.")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--copied", type=int, default=120, help="copies are made of so many photos")
    arguments = parser.parse_args()
    photos = arguments.shared / "photos"
    if not photos.exists():
        raise SystemExit(f"The photos are not here: {photos} does not exist. Name the folder with --shared.")
    filled = fill(items(photos, arguments.copied), arguments.cache)
    comparing = compare(filled)
    same_picture(filled, comparing)
    bursts(filled, comparing)


if __name__ == "__main__":
    main()
