"""The words that dates are said with, in small letters."""

from __future__ import annotations

import re

from shoebox.search.dates import MONTHS as MONTH_NAMES
from shoebox.search.dates import WEEKDAYS as WEEKDAY_NAMES
from shoebox.search.dates import Easter, Occasion, Yearly

# The first photograph that is left was taken in 1826 or 1827; a number below 1900 by itself is rarely a year.
FIRST_YEAR, FIRST_YEAR_ALONE, LAST_YEAR = 1826, 1900, 2099

MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, 1)}
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
# Months whose names are words of everyday English.
AMBIGUOUS_MONTHS = {"may", "march"}
WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAY_NAMES)}
_SPRING = Yearly("spring", "in", (3, 1), (6, 1))
_SUMMER = Yearly("summer", "in", (6, 1), (9, 1))
_AUTUMN = Yearly("autumn", "in", (9, 1), (12, 1))
_WINTER = Yearly("winter", "in", (12, 1), (3, 1))
SEASONS = {"spring": _SPRING, "summer": _SUMMER, "autumn": _AUTUMN, "fall": _AUTUMN, "winter": _WINTER}
_NEW_YEAR = Yearly("New Year", "at", (12, 31), (1, 2))
FEASTS: dict[tuple[str, ...], Occasion] = {
    ("christmas", "eve"): Yearly("Christmas Eve", "on", (12, 24)),
    ("christmas", "day"): Yearly("Christmas Day", "on", (12, 25)),
    ("christmas",): Yearly("Christmas", "at", (12, 24), (12, 27)),
    ("xmas",): Yearly("Christmas", "at", (12, 24), (12, 27)),
    ("boxing", "day"): Yearly("Boxing Day", "on", (12, 26)),
    ("new", "year's", "eve"): Yearly("New Year's Eve", "on", (12, 31)),
    ("new", "year's", "day"): Yearly("New Year's Day", "on", (1, 1)),
    ("new", "year's"): _NEW_YEAR,
    ("new", "year"): _NEW_YEAR,
    ("halloween",): Yearly("Halloween", "on", (10, 31)),
    ("valentine's", "day"): Yearly("Valentine's Day", "on", (2, 14)),
    ("easter",): Easter(),
}
NUMBERS = {
    name: number
    for number, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"a": 1, "an": 1}
UNITS = {"day": "day", "days": "day", "week": "week", "weeks": "week"} | {
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
}
# A number before one of these is an amount.
AMOUNTS = {"m", "km", "metres", "meters", "feet", "ft", "miles", "people", "photos", "pieces", "euros", "dollars", "pounds"}

DURING = frozenset({"in", "during", "from", "throughout"})
OPEN = frozenset({"since", "after", "before", "until", "till"})
EACH = frozenset({"every", "each"})
ON = frozenset({"on"}) | EACH
AT = frozenset({"at", "on", "over", "during", "for", "from"}) | EACH | OPEN
IN = DURING | EACH | OPEN
BEFORE = DURING | OPEN | AT | ON

DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
DECADE = re.compile(r"'?((?:19|20)?)([0-9]0)'?s")
YEARS = re.compile(r"([0-9]{4})[-–]([0-9]{4})")
