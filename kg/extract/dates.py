# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Dates as pages print them. Nothing is completed: a month stays a month, an ambiguous date is none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.extract.widths import narrow
from kg.model.dates import PartialDate

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_SPELT = sorted((form for name in _MONTHS for form in (name.capitalize(), name.upper())), key=len, reverse=True)
_MONTH = "(?:" + "|".join(_SPELT) + r")\b\.?"
_COMMA = r"(?:\s*[,，.])?"
_DASH = "[-‐‑–/.]"

# ISO 8601 and its unpadded kin; month names before or after the day; Chinese and Japanese; a month alone.
_FORMS = (
    rf"(?P<y>\d{{4}})\s?{_DASH}\s?(?P<m>\d{{1,2}})\s?{_DASH}\s?(?P<d>\d{{1,2}})",
    r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日)?",
    rf"(?P<n>{_MONTH})\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_COMMA}\s*(?P<y>\d{{4}})",
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+(?:of\s+)?|-)(?P<n>{_MONTH})-?{_COMMA}\s*(?P<y>\d{{4}})",
    rf"(?P<n>{_MONTH})(?:\s*[/,，])?\s*(?P<y>\d{{4}})",
    r"(?P<y>\d{4})[-‐‑–/](?P<m>\d{2})",
)
_COMPILED = tuple(re.compile(form) for form in _FORMS)


def _any(forms: Iterable[str]) -> str:
    """Matches any of the forms, and does not say which."""
    return r"(?<!\d)(?:" + "|".join(re.sub(r"\(\?P<\w>", "(?:", form) for form in forms) + r")(?!\d)"


#: The grammar of all forms, for use inside layout patterns as `(?&date)`.
DATE = _any(_FORMS)
#: The same of a month alone, `(?&month)`.
MONTH_OF_YEAR = _any(_FORMS[-2:])


def parse_date(text: str) -> PartialDate | None:
    """The date a text is, or None where it is none or has no one meaning.

    >>> parse_date("Nov 11,2021").iso, parse_date("2021-9-15").iso, parse_date("Jun. /2024").iso
    ('2021-11-11', '2021-09-15', '2024-06')
    >>> parse_date("31 February 2020") is None
    True
    """
    plain = narrow(text).strip()
    for form in _COMPILED:
        match = form.fullmatch(plain)
        if match:
            return _date(match)
    return None


def _date(match: re.Match[str]) -> PartialDate | None:
    parts = match.groupdict()
    name, month, day = parts.get("n"), parts.get("m"), parts.get("d")
    number = _MONTHS[name.rstrip(".").casefold()] if name else int(month) if month else None
    try:
        return PartialDate(int(parts["y"]), number, int(day) if day else None)
    except ValueError:
        return None
