"""Answers as people read them on a terminal: lines of plain text; programs get the answers themselves, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

Answer = Mapping[str, Any]

# So many names of files that could not be read, for each reason.
_MOST_NAMES: Final = 20
_KINDS: Final = {
    "identical": "the same file",
    "same-picture": "the same picture",
    "burst": "one burst",
    "trip": "trip",
    "event": "event",
    "thing": "things",
    "utility": "papers and screens",
    "own": "yours",
}
_MARGIN: Final = "    "


def counted(count: int, one: str, many: str = "") -> str:
    """How many of what: 1 photo, 2,345 photos."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as columns of text, the last one as long as it likes."""
    if not rows:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    return ["  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]) for row in rows]


def amount(size: float) -> str:
    """Bytes as people count them."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def failures(failed: Sequence[Answer]) -> list[str]:
    """Files that could not be read, by reason."""
    reasons: dict[str, list[str]] = {}
    for each in failed:
        reasons.setdefault(each["reason"], []).append(each["name"])
    lines = []
    for reason, names in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"{counted(len(names), 'file')}: {reason}")
        lines += [f"{_MARGIN}{name}" for name in names[:_MOST_NAMES]]
        if len(names) > _MOST_NAMES:
            lines.append(f"{_MARGIN}and {len(names) - _MOST_NAMES:,} more (--json lists all)")
    return lines


def added(answer: Answer) -> list[str]:
    """What came of indexing."""
    lines = failures(answer["failed"])
    parts = [f"{counted(answer['added'], 'photo')} added", f"{answer['unchanged']:,} unchanged"]
    if answer["renamed"]:
        parts[-1] += f" (of these {answer['renamed']:,} renamed)"
    if answer["duplicates"]:
        parts.append(counted(answer["duplicates"], "further copy", "further copies"))
    if answer["removed"]:
        parts.append(f"{answer['removed']:,} removed")
    if answer["failed"]:
        parts.append(f"{len(answer['failed']):,} left out")
    pace = f", {answer['photosPerSecond']:.1f} photos/s" if answer["photosPerSecond"] else ""
    lines.append(f"{', '.join(parts)} in {answer['seconds']:.1f} s{pace}.")
    for root, count in answer["missing"].items():
        lines.append(
            f"{counted(count, 'file')} of an earlier {root} {'was' if count == 1 else 'were'} not found. That is most of them, "
            "so this may be another folder, and nothing was let go; --forget-missing lets them go."
        )
    faces = answer["faces"]
    if faces is not None:
        lines.append(
            f"{counted(faces['faces'], 'face')} found on {counted(faces['photos'], 'photo')} that nobody had looked at."
        )
        if faces["waiting"]:
            lines.append(f"{counted(faces['waiting'], 'photo')} could not be looked at for faces: index their folders too.")
    text = answer["text"]
    if text is not None:
        lines.append(f"{counted(text['lines'], 'line')} read in {counted(text['photos'], 'photo')} that nobody had looked at.")
        if text["waiting"]:
            lines.append(f"{counted(text['waiting'], 'photo')} could not be read: index their folders too.")
    if answer["stopped"]:
        lines.append("Stopped. What was done is kept; the same command goes on from there.")
    return lines


def hits(results: Sequence[Answer]) -> list[str]:
    """What a search found."""
    return columns([(f"{hit['score']:.3f}", hit["id"], hit["name"]) for hit in results])


def found(answer: Answer, shown: Sequence[Answer]) -> list[str]:
    """The answer of a search, of which these are shown."""
    lines = hits(shown)
    if answer["explanation"]:
        lines.append(answer["explanation"])
    more = answer["relevant"] - len(shown)
    if more > 0:
        lines.append(f"{more:,} more; --limit shows them.")
    elif not answer["total"]:
        lines.append("Nothing was found.")
    return lines


def photo(answer: Answer) -> list[str]:
    """All that is known about a photo."""
    rows = [("id", answer["id"]), ("name", answer["name"])]
    rows += [("also", name) for name in answer["copies"]]
    rows.append(("size", f"{answer['width']} x {answer['height']}, {answer['format']}, {amount(answer['bytes'])}"))
    if answer["taken"]:
        rows.append(("taken", answer["taken"]))
    if answer["camera"]:
        camera = answer["camera"]
        rows.append(("camera", ", ".join(filter(None, (camera["name"], camera["lens"])))))
    exposure = answer["exposure"]
    if exposure:
        seconds, aperture, speed, focal = (exposure[key] for key in ("seconds", "aperture", "iso", "focal"))
        parts = [
            _seconds(seconds) if seconds else "",
            f"f/{aperture:g}" if aperture else "",
            f"ISO {speed}" if speed else "",
            f"{focal:g} mm" if focal else "",
        ]
        rows.append(("exposure", ", ".join(filter(None, parts))))
    place = answer["place"]
    if place:
        names = ", ".join(filter(None, (place["town"], place["region"], place["country"])))
        rows.append(("place", f"{names or 'unknown'} ({place['latitude']:.6f}, {place['longitude']:.6f})"))
    if answer["tags"]:
        rows.append(("tags", ", ".join(f"{each['tag']} {each['score']:.2f}" for each in answer["tags"])))
    if answer["facesSought"]:
        names = ", ".join(face["name"] or "somebody" for face in answer["faces"])
        rows.append(("faces", names or "none"))
    rows += [("" if place else "text", line) for place, line in enumerate(answer["text"])]
    flags = [word for word in ("favourite", "screenshot") if answer[word]]
    if flags:
        rows.append(("", ", ".join(flags)))
    rows += [("quality", f"{answer['quality']:.2f}"), ("model", answer["models"]["pack"]), ("sha256", answer["hash"])]
    return columns(rows)


def numbers(stats: Answer) -> list[str]:
    """A library in numbers."""
    rows = [("photos", f"{stats['photos']:,}"), ("further copies", f"{stats['copies']:,}"), ("faces", f"{stats['faces']:,}")]
    if stats["texts"]:
        rows.append(("photos with text", f"{stats['texts']:,}"))
    if stats["outdated"]:
        rows.append(("of another model", f"{stats['outdated']:,}; index their folders again"))
    return columns([*rows, ("model", ", ".join(stats["packs"]))])


def people(answer: Sequence[Answer]) -> list[str]:
    """Who is on the photos."""
    if not answer:
        return ["Nobody yet: index with --faces."]
    hidden = {True: " (hidden)", False: ""}
    return columns(
        [
            (each["id"], counted(each["count"], "photo"), (each["name"] or "no name yet") + hidden[each["hidden"]])
            for each in answer
        ]
    )


def suggestions(answer: Sequence[Answer]) -> list[str]:
    """Who may be the same person."""
    if not answer:
        return ["There is nobody to ask about."]
    rows = []
    for each in answer:
        who = [f"{person} {name}".strip() for person, name in zip(each["people"], each["names"], strict=True)]
        rows.append((f"{each['score']:.2f}", *who))
    return columns(rows)


def duplicates(groups: Sequence[Answer]) -> list[str]:
    """What is there more than once."""
    if not groups:
        return ["Nothing is there more than once."]
    lines: list[str] = []
    for group in groups:
        lines.append(f"{_KINDS[group['kind']]}; keep the first: {group['why']}")
        rows = [(f"{file['width']} x {file['height']}", amount(file["bytes"]), file["name"]) for file in group["files"]]
        lines += [f"{_MARGIN}{line}" for line in columns(rows)]
    room = sum(file["bytes"] for group in groups for file in group["files"][1:])
    lines.append(f"{counted(len(groups), 'group')}; the others take {amount(room)}.")
    return lines


def albums(answer: Sequence[Answer]) -> list[str]:
    """Trips, events, things."""
    if not answer:
        return ["There are no albums yet: they make themselves of more photos with dates."]
    return columns([(each["id"], _KINDS[each["kind"]], counted(each["count"], "photo"), each["title"]) for each in answer])


def tags(answer: Sequence[Answer]) -> list[str]:
    """What the photos show."""
    return columns([(f"{each['count']:,}", each["tag"]) for each in answer])


def _seconds(seconds: float) -> str:
    return f"1/{1 / seconds:.0f} s" if seconds < 0.5 else f"{seconds:g} s"
