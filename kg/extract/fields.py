"""The imprint of a report: series, numbers, dates and keywords, from the words of its header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extract.dates import parse_date
from kg.extract.grammar import KEYWORD_SEPARATORS
from kg.extract.header import Header
from kg.extract.widths import narrow
from kg.model.dates import PartialDate
from kg.model.evidence import Found
from kg.model.records import Gap, Series

_KEYWORD = re.compile(rf"[^{KEYWORD_SEPARATORS}]+")


@dataclass(slots=True, kw_only=True)
class Imprint:
    """What identifies a report among its publisher's."""

    series: Found[Series] | None = None
    number: Found[str] | None = None
    series_year: Found[int] | None = None
    cumulative_number: Found[int] | None = None
    issued: Found[PartialDate] | None = None
    available: Found[PartialDate] | None = None
    keywords: tuple[Found[str], ...] = ()
    gaps: list[Gap] = field(default_factory=list)


def imprint(header: Header) -> Imprint:
    """The imprint as the header prints it; words that cannot be understood become gaps."""
    read = Imprint(
        series=_series(header),
        number=_number(header),
        series_year=_integer(header, "series_year"),
        cumulative_number=_integer(header, "cumulative_number"),
        keywords=tuple(_keywords(header)),
    )
    read.issued = _date(header, "issued", read.gaps)
    read.available = _date(header, "available", read.gaps)
    return read


def _series(header: Header) -> Found[Series] | None:
    """The series; a special one is a series of its own, since its numbers run apart."""
    name = "special" if header.has("special") else "series"
    if not header.has(name):
        return None
    printed = header.words(name)
    code = "".join(word[0] for word in printed.casefold().split()) if name == "special" else ""
    if header.has("volume"):
        code = f"vol{header.words('volume')}-"
    return header.meaning(name, Series(name=printed, code=code))


def _number(header: Header) -> Found[str] | None:
    """The number, in plain digits where it is printed in full-width ones."""
    if not header.has("number"):
        return None
    return header.meaning("number", unicodedata.normalize("NFKC", header.words("number")))


def _integer(header: Header, name: str) -> Found[int] | None:
    if not header.has(name):
        return None
    return header.meaning(name, int(narrow(header.words(name)).replace(",", "")))


def _date(header: Header, name: str, gaps: list[Gap]) -> Found[PartialDate] | None:
    if not header.has(name):
        return None
    date = parse_date(header.words(name))
    if date is None:
        gaps.append(header.gap(name, f"“{header.words(name)}” is no date of the calendar"))
        return None
    return header.meaning(name, date)


def _keywords(header: Header) -> Iterator[Found[str]]:
    for span in (each.span for each in header.all("keywords")):
        for match in _KEYWORD.finditer(header.text.content, span.start, span.end):
            words = match.group().strip().rstrip(".")
            if words:
                start = match.start() + match.group().index(words)
                evidence = header.text.quote(start, start + len(words))
                yield Found(value=words, evidence=evidence, method=header.method("keywords"))
