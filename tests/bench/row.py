"""A row of the benchmark table, and the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One measured value.

    Attributes
    ----------
    name : str
    value : float
        What was measured, in `unit`.
    unit : str
    reference : float or None
        What it is compared with, measured in the same run, or a target; None where there is nothing to compare with.
    against : str
        What the reference is.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    against: str = ""

    @property
    def ratio(self) -> float | None:
        """Value over reference."""
        return self.value / self.reference if self.reference else None

    def as_json(self) -> dict[str, object]:
        """The row as `--json` writes it."""
        return {**asdict(self), "ratio": self.ratio}


def number(value: float | None) -> str:
    """A number with three digits that matter."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """Rows as a table in Markdown, which is also readable as it is."""
    cells = [("what", "value", "unit", "reference", "ratio", "the reference is")]
    cells += [(row.name, number(row.value), row.unit, number(row.reference), number(row.ratio), row.against) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in range(6)]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True)) + " |" for cell in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
