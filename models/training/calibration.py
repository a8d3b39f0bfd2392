"""How sure is sure enough: ``python -m models.training.calibration``, the last step of the recipe; again for every new network.

For every concept that captions describe, the chance that a photo shows it becomes a logistic function of how far the photo's
vector lies above the concept's background; and every concept gets the least chance at which it is shown: where enough of the
photos shown are known to be right. A concept that is never right often enough is not shown at all. What is chosen on one half
of the photos is reported on the other, which no network was trained on either.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training import concepts as compiler
from models.training.concepts import Networks
from models.training.nearness import least_cosine
from models.training.taxonomy import CLASSES, Entry, read_taxonomy
from models.training.truth import Known, Truth, Witnesses, known_photos
from shoebox.model.concepts import Calibration, Concepts
from shoebox.model.pack import Space
from shoebox.tasks.tags import best_tags, chances

ROOT = Path(__file__).parents[2]
PACK = ROOT / "models/default"
# Of the photos shown for a concept, so many must be right where the threshold is chosen: of all, with the wrong one below, and
# of those that the networks were not trained on.
PRECISION = 0.8
# To take somebody for a child or a woman who is not, or to see one in gravel, is worse than to say nothing.
PRECISION_OF_PEOPLE = 0.9
# What classes alone tell is judged on photos of one thing each, which are easier than those of everyday life.
PRECISION_OF_CLASSES = 0.9
CLASS_THRESHOLDS = np.arange(0.3, 0.75, 0.05)
# One wrong photo more than were seen: few photos prove little.
UNSEEN_WRONG = 1.0
# A threshold must show so many photos that are right, and a concept must have so many to be fitted.
FEWEST_RIGHT, FEWEST_TRUE = 4, 8
# Whatever the precision, less than this is no chance to show.
LEAST_THRESHOLD = 0.4
# Chance that nothing reaches.
UNSHOWN = 0.999
# A concept that too few photos show is shown from so many deviations above the photo that comes nearest and is known not to.
BEYOND = 0.75
# What is assumed of slope (chance per deviation) and offset before photos are seen: mean and deviation. With the slope of all
# concepts known, that of a single one is assumed to be near it.
SLOPE, OFFSET, NEAR = (1.5, 1.0), (-5.0, 3.0), 0.3
WELL_KNOWN = 30


@dataclass(frozen=True, eq=False)
class Seen:
    """What the networks say of n photos, and what is true of them.

    Attributes
    ----------
    known : Known
    vectors : (n, d) float32
    logits : (n, classes) float32
    truth : dict of int to Truth
        By the numbers of the concepts that are judged.
    """

    known: Known
    vectors: NDArray[np.float32]
    logits: NDArray[np.float32]
    truth: dict[int, Truth]


@dataclass(frozen=True)
class Curve:
    """Chance of a photo that lies z deviations above a concept's background: logistic of `slope` x z + `offset`."""

    slope: float
    offset: float

    def of(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Chances (n,) of z (n,)."""
        return 1 / (1 + np.exp(-np.clip(self.slope * z.astype(np.float64) + self.offset, -50, 50)))


def fit(
    z: NDArray[np.float64],
    true: NDArray[np.bool_],
    weights: NDArray[np.float64],
    slope: tuple[float, float],
    offset: tuple[float, float] = OFFSET,
) -> Curve:
    """The likeliest curve, by Newton's method.

    Parameters
    ----------
    z, true, weights : (n,)
    slope, offset : (float, float)
        Mean and deviation of what is assumed of each beforehand.
    """
    mean = np.array([slope[0], offset[0]])
    precision = np.array([slope[1], offset[1]]) ** -2.0
    columns = np.stack([z, np.ones_like(z)], axis=1)
    found = mean.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(columns @ found, -50, 50)))
        gradient = columns.T @ (weights * (true - chance)) - precision * (found - mean)
        curvature = (columns * (weights * chance * (1 - chance))[:, None]).T @ columns + np.diag(precision)
        step = np.clip(np.linalg.solve(curvature, gradient), -1, 1)
        found += step
        if np.abs(step).max() < 1e-6:
            break
    return Curve(max(float(found[0]), 0.0), float(found[1]))


def threshold(
    chance: NDArray[np.floating],
    true: NDArray[np.bool_],
    weights: NDArray[np.float64],
    precision: float = PRECISION,
    unseen_wrong: float = UNSEEN_WRONG,
) -> float | None:
    """The least chance from which enough of what is shown is right, or None if there is none.

    Parameters
    ----------
    chance, true, weights : (n,)
        Of the photos that are counted.
    precision : float
        The share that must be right.
    unseen_wrong : float
        So many wrong photos are assumed beside those that are seen.
    """
    order = np.argsort(-chance, kind="stable")
    right = np.cumsum((weights * true)[order])
    share = right / (np.cumsum(weights[order]) + unseen_wrong)
    sorted_chance = chance[order].astype(np.float64)
    good = (share >= precision) & (np.cumsum(true[order]) >= FEWEST_RIGHT) & (sorted_chance >= LEAST_THRESHOLD)
    # Photos of one chance are shown together.
    good &= np.append(sorted_chance[1:] < sorted_chance[:-1], True)
    if not good.any():
        return None
    last = int(np.flatnonzero(good)[-1])
    below = sorted_chance[last + 1] if last + 1 < len(order) else 0.0
    return float(np.clip((sorted_chance[last] + below) / 2, LEAST_THRESHOLD, 0.99))


def standard(vectors: NDArray[np.float32], concept: NDArray[np.float32], space: Space) -> NDArray[np.float64]:
    """How many deviations photos (n, d) lie above the background of a concept (d,)."""
    mean, deviation = space.background(concept)
    return (vectors.astype(np.float64) @ concept - mean) / deviation


def flattery(z: dict[int, NDArray[np.float64]], seen: Seen) -> float:
    """By how many deviations photos that the networks were trained on lie too high where they show something."""
    known, gaps = seen.known, []
    for number, truth in seen.truth.items():
        if number not in z:
            continue
        taught, others = (truth.true & known.taught, truth.true & ~known.taught & ~known.reported)
        if min(taught.sum(), others.sum()) >= FEWEST_TRUE:
            gaps.append(float(z[number][taught].mean() - z[number][others].mean()))
    return float(np.median(gaps)) if gaps else 0.0


def curves(z: dict[int, NDArray[np.float64]], seen: Seen) -> dict[int, Curve]:
    """A curve for every concept that enough photos show; for the others, one that begins beyond all that do not show it."""
    known, counted = seen.known, {}
    flattered = flattery(z, seen)
    for number, each in z.items():
        truth = seen.truth[number]
        rows = (truth.true | truth.false) & ~known.reported
        counted[number] = (
            each[rows] - flattered * (truth.true & known.taught)[rows],
            truth.true[rows],
            known.weights[rows],
        )
    fitted = {n: rows for n, rows in counted.items() if rows[1].sum() >= FEWEST_TRUE and not rows[1].all()}
    slopes = [fit(*rows, SLOPE).slope for rows in fitted.values() if rows[1].sum() >= WELL_KNOWN]
    common = float(np.median(slopes)) if slopes else SLOPE[0]
    found = {number: fit(*rows, (common, NEAR)) for number, rows in fitted.items()}
    for number, (values, true, _) in counted.items():
        if number not in found and not true.all():
            edge = float(values[~true].max()) + BEYOND
            found[number] = Curve(common, float(np.log(PRECISION / (1 - PRECISION))) - common * edge)
    return found


def class_thresholds(concepts: Concepts, seen: Seen, judged: Sequence[int]) -> tuple[float, float]:
    """The thresholds of concepts of which classes alone tell: of the narrowest ones, and of those above them."""
    known, hierarchy = seen.known, concepts.hierarchy
    rows = np.flatnonzero([photo.label >= 0 for photo in known.photos] & ~known.reported)
    owner = {own: concept.number for concept in concepts for own in concept.classes}
    true = np.zeros((len(rows), len(concepts) + 1), bool)
    true[np.arange(len(rows))[:, None], hierarchy.above[[owner[known.photos[row].label] for row in rows.tolist()]]] = True
    chance = chances(concepts, seen.vectors[rows], seen.logits[rows])
    alone = concepts.by_classes.copy()
    alone[list(judged)] = False
    found = []
    for kind in (alone & hierarchy.leaves, alone & ~hierarchy.leaves):
        for least in CLASS_THRESHOLDS:
            shown = hierarchy.deepest((chance >= least) & concepts.by_classes) & kind
            if (true[:, :-1][shown].sum() + 1) / (shown.sum() + 2) >= PRECISION_OF_CLASSES:
                break
        found.append(float(least))
    return found[0], found[1]


def calibrate(
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    space: Space,
    seen: Seen,
    classes: int,
    people: Collection[int] = (),
) -> Calibration:
    """Slopes, offsets and thresholds for the vectors (n, d) of all concepts; nothing yet is read as any.

    `people` are the concepts that say what somebody is.
    """
    count = len(entries)
    described = [entry.concept.number for entry in entries if entry.prompts]
    z = {number: standard(seen.vectors, vectors[number], space) for number in described}
    found = curves(z, seen)
    slope, offset = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for number, curve in found.items():
        mean, deviation = space.background(vectors[number])
        slope[number] = curve.slope / deviation
        offset[number] = curve.offset - curve.slope * mean / deviation
    made = Calibration(vectors, slope, offset, np.full(count, UNSHOWN, np.float32), 1.0)
    known, names = seen.known, [entry.concept for entry in entries]
    concepts = Concepts(names, classes, made)
    leaves, inner = class_thresholds(concepts, seen, list(seen.truth))
    made.thresholds[concepts.by_classes] = np.where(concepts.hierarchy.leaves, leaves, inner)[concepts.by_classes]
    chance = chances(concepts, seen.vectors, seen.logits)
    by_class = chances(Concepts(names, classes, replace(made, slope=np.zeros_like(slope))), seen.vectors, seen.logits)
    hierarchy = concepts.hierarchy
    # The narrowest first: where one of them is shown, those above it are implied, and must be right for what is left.
    for number in reversed(range(count)):
        if number not in seen.truth:
            continue
        truth, under = seen.truth[number], hierarchy.under(number)
        if truth.true[~known.reported].sum() < FEWEST_TRUE and number in found:
            made.thresholds[number] = PRECISION
            continue
        under[number] = False
        implied = (chance[:, under] >= made.thresholds[under]).any(axis=1)
        rows = (truth.true | truth.false) & ~known.reported & ~implied
        precision = PRECISION_OF_PEOPLE if number in people else PRECISION
        least = _sure(chance[:, number], truth.true, rows, known, precision)
        if least is None and hierarchy.covered[number]:
            # The words are no help: what is left is what classes say.
            slope[number] = offset[number] = 0
            chance[:, number] = by_class[:, number]
            least = max(inner, _sure(by_class[:, number], truth.true, rows, known, precision) or inner)
        if least is None:
            slope[number] = offset[number] = 0
        made.thresholds[number] = UNSHOWN if least is None else least
    return made


def _sure(
    chance: NDArray[np.float32], true: NDArray[np.bool_], rows: NDArray[np.bool_], known: Known, precision: float
) -> float | None:
    """The threshold for some rows; where it can be told, also for those of them that the networks were not trained on."""
    least = threshold(chance[rows], true[rows], known.weights[rows], precision)
    untaught = rows & ~known.taught
    if least is None or true[untaught].sum() < FEWEST_TRUE:
        return least
    among = threshold(chance[untaught], true[untaught], known.weights[untaught], precision, 0.0)
    return None if among is None else max(least, among)


@dataclass(frozen=True)
class Line:
    """How well one concept, or a kind of them, is shown on the reporting half.

    Attributes
    ----------
    name : str
    shown, right : int
        Photos that are shown it and whose truth is known; those of them that show it.
    true, found : int
        Photos that show it; those of them that are shown it or something under it.
    """

    name: str
    shown: int
    right: int
    true: int
    found: int

    def __str__(self) -> str:
        precision = f"{self.right / self.shown:.2f}" if self.shown else "-"
        recall = f"{self.found / self.true:.2f}" if self.true else "-"
        return f"| {self.name} | {precision} of {self.shown} | {recall} of {self.true} |"


def report(entries: Sequence[Entry], concepts: Concepts, seen: Seen, witnesses: Witnesses) -> list[Line]:
    """Precision and recall of the tags that are shown, by kind and by concept, on the reporting half."""
    known = seen.known
    rows = np.flatnonzero(known.reported)
    stored = best_tags(concepts, chances(concepts, seen.vectors[rows], seen.logits[rows]))
    tags = np.where(concepts.shown(stored.tags, stored.scores), stored.tags, len(concepts)).astype(np.intp)
    shown, meant = (np.zeros((len(rows), len(concepts) + 1), bool) for _ in range(2))
    shown[np.arange(len(rows))[:, None], tags] = True
    np.put_along_axis(meant, concepts.hierarchy.above[tags].reshape(len(rows), -1).astype(np.intp), True, axis=1)
    lines: dict[str, list[Line]] = {}
    for number, truth in seen.truth.items():
        true, counted = truth.true[rows], (truth.true | truth.false)[rows]
        numbers = ((shown[:, number] & counted), (shown[:, number] & true), true, (meant[:, number] & true))
        line = Line(entries[number].concept.name, *(int(each.sum()) for each in numbers))
        kind = witnesses.kind(number) if entries[number].prompts else "told by classes, seen by captions"
        lines.setdefault(kind, []).append(line)
    lines["classes"] = [_classes(concepts, seen, rows, shown, meant)]
    found = []
    for kind, each in lines.items():
        total = np.sum([(line.shown, line.right, line.true, line.found) for line in each], axis=0).tolist()
        found.append(Line(f"**{kind}**, {len(each)} concepts" if kind != "classes" else each[0].name, *total))
        found += sorted(each, key=lambda line: -line.true) if kind != "classes" else []
    return found


def _classes(
    concepts: Concepts, seen: Seen, rows: NDArray[np.intp], shown: NDArray[np.bool_], meant: NDArray[np.bool_]
) -> Line:
    owner = {own: concept.number for concept in concepts for own in concept.classes}
    pairs = [(place, seen.known.photos[row].label) for place, row in enumerate(rows.tolist())]
    labelled = [(place, owner[label]) for place, label in pairs if label >= 0]
    places, numbers = np.array([place for place, _ in labelled]), np.array([number for _, number in labelled])
    true = np.zeros((len(places), len(concepts) + 1), bool)
    true[np.arange(len(places))[:, None], concepts.hierarchy.above[numbers]] = True
    of_class = shown[places][:, :-1] & concepts.by_classes
    right = int((of_class & true[:, :-1]).sum())
    return Line("**classes**, on ImageNet", int(of_class.sum()), right, len(places), int(meant[places, numbers].sum()))


def look(folder: Path, known: Known, work: Path, say: Callable[[str], None]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Vectors and logits of all photos, kept in the work folder for these networks."""
    files = [photo.path for photo in known.photos]
    image = Networks(folder).toml["image"]
    names = hashlib.sha256("\n".join("/".join(file.parts[-3:]) for file in files).encode()).hexdigest()
    kept = work / f"calibration-{image['sha256'][:12]}-{names[:12]}.npz"
    if not kept.exists():
        networks = Networks(folder)
        parts = []
        step = 64 * image["batch"]
        for low in range(0, len(files), step):
            say(f"photos {low:,} of {len(files):,}")
            parts.append(networks.photos(files[low : low + step]))
        work.mkdir(parents=True, exist_ok=True)
        np.savez(kept, vectors=np.concatenate([each[0] for each in parts]), logits=np.concatenate([each[1] for each in parts]))
    with np.load(kept) as arrays:
        return arrays["vectors"], arrays["logits"]


def read_space(folder: Path, networks: Networks) -> Space:
    """The background of a pack whose concepts need not be there yet."""
    told = networks.toml["space"]
    with np.load(folder / told["file"]) as arrays:
        return Space(arrays["mean"], arrays["factor"], float(arrays["rest"]), told["z"])


def calibrate_pack(folder: Path, shared: Path, work: Path, say: Callable[[str], None] = print) -> None:
    """Compile the taxonomy into the pack in a folder, calibrated, and tell how well it does."""
    entries, networks = read_taxonomy(), Networks(folder)
    steps = compiler.concept_steps(entries, networks)
    witnesses = Witnesses(entries)
    known = known_photos(shared / "photos", witnesses, work / "drawn")
    vectors, logits = look(folder, known, work, say)
    seen = Seen(known, vectors, logits, {number: witnesses.truth(number, known.photos) for number in witnesses.judged})
    space = read_space(folder, networks)
    of_names = compiler.unit(steps.astype(np.float32))
    people = [number for number in witnesses.judged if entries[number].prompts and witnesses.kind(number) == "people"]
    made = calibrate(entries, of_names, space, seen, CLASSES, people)
    made = replace(made, least_cosine=least_cosine(entries, of_names, networks.texts, say))
    compiler.write(folder, entries, steps, made)
    concepts = Concepts([entry.concept for entry in entries], CLASSES, made)
    say("| shown on the reporting half | precision | recall |\n|---|---|---|")
    for line in report(entries, concepts, seen, witnesses):
        say(str(line))
    hidden = [entry.concept.name for entry in entries if made.thresholds[entry.concept.number] >= np.float32(UNSHOWN)]
    few = [entries[n].concept.name for n, truth in seen.truth.items() if truth.true[~known.reported].sum() < FEWEST_TRUE]
    say(f"Never shown: {', '.join(hidden)}.\nShown beyond all photos that do not show it, for want of truth: {', '.join(few)}.")


def main() -> None:
    """Calibrate the default pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--work", type=Path, default=ROOT / "models/work")
    arguments = parser.parse_args()
    calibrate_pack(arguments.pack, arguments.shared, arguments.work)


if __name__ == "__main__":
    main()
