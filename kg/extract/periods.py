"""Dates in prose: when something was founded or ended, and how long a plan holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.dates import parse_date
from kg.model.dates import PartialDate
from kg.model.evidence import Span

_YEAR = re.compile(r"\d{4}")
_CENTURY = 100


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, and where it stands."""

    date: PartialDate
    span: Span


def dated(text: str, span: Span) -> Dated | None:
    """The date, month or year that a span of text is; None where the calendar has none such."""
    words = " ".join(text[span.start : span.end].split())
    date = PartialDate(int(words)) if _YEAR.fullmatch(words) else parse_date(words)
    return Dated(date, span) if date else None


def fronted(text: str, pattern: re.Pattern[str], span: Span) -> Dated | None:
    """The date with which a sentence begins: "In June 2021, …"."""
    match = pattern.match(text, span.start, span.end)
    return dated(text, Span(*match.span("date"))) if match else None


def period(text: str, match: re.Match[str]) -> tuple[Dated, Dated] | None:
    """The years from which and to which a plan holds; the second may be printed in two digits."""
    names = ("from", "to") if match["from"] else ("from2", "to2")
    start, end = (Span(*match.span(name)) for name in names)
    first, printed = int(text[start.start : start.end]), text[end.start : end.end]
    last = int(printed) if _YEAR.fullmatch(printed) else first - first % _CENTURY + int(printed)
    return (Dated(PartialDate(first), start), Dated(PartialDate(last), end)) if first <= last else None
