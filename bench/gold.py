"""The fields of gold records, and when a value of ours says what gold says; README.md beside this has the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kg.model.evidence import Found
from kg.model.records import Author, Named, Report

#: Typographic quotes, each with its typewriter form.
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f", '"') | dict.fromkeys("\u2018\u2019\u201a\u201b", "'"))
_NUMBER_TAIL = re.compile(r"\s*\([^()]*\bNo\.?\s*\d+,\s*\d{4}\)$")
_WITH_ACRONYM = re.compile(r"(?P<name>.+) \((?P<acronym>[^()]+)\)")

#: The ways in which one value may be written; two values agree where they share one.
Item = frozenset[str]
#: Gold's value or ours → its items; a field with one value has none or one.
Items = Callable[[Any], Iterable[Item]]


@dataclass(frozen=True)
class Field:
    """A field of the gold records: how its items are taken from gold and from a report of ours."""

    name: str
    gold: Items
    ours: Items
    is_header: bool = True


def plain(words: str) -> str:
    """The words with typographic quotes as typewriter ones and every run of spaces as one: all that is evened out."""
    return " ".join(words.translate(_QUOTES).split())


def _item(*ways: str | None) -> Item:
    return frozenset(plain(way) for way in ways if way)


def one(value: str | None) -> list[Item]:
    """A value that may be written in one way, where there is one."""
    return [_item(value)] if value else []


def _each(values: Iterable[str] | None) -> list[Item]:
    return [_item(value) for value in values or ()]


def _exact(name: str, ours: Callable[[Report], str | None]) -> Field:
    return Field(name, one, lambda report: one(ours(report)))


def _gold_title(value: str | None) -> list[Item]:
    """Without the number that report pages print behind the title: `(No 75, 2015)`, `(Special Issue No.15, 2017)`."""
    return one(_NUMBER_TAIL.sub("", value)) if value else []


def _gold_series(value: str | None) -> list[Item]:
    """`Research Report, Special Issue` is Special Issue too; a journal's volume may be part of its name or not."""
    if not value:
        return []
    name = value.removesuffix(" (journal)")
    return [_item(name, name.removeprefix("Research Report, "), re.sub(r" Vol\.\s*\d+$", "", name))]


def gold_name(value: str | None) -> list[Item]:
    """`Name (ACR)` may be written as the name, the acronym, or both."""
    both = _WITH_ACRONYM.fullmatch(value) if value else None
    return [_item(value, *(both.groups() if both else ()))] if value else []


def named_item(named: Named) -> Item:
    """A thing by its name, its acronym, or both."""
    acronym = named.acronym.value if named.acronym else None
    return _item(named.name, acronym, f"{named.name} ({acronym})" if acronym else None)


def _person(author: Author) -> Item:
    """As printed, or its known parts in either order: `Guo, Li` is Li Guo."""
    parts = (author.given, author.family)
    return _item(author.name, *(" ".join(each) for each in (parts, parts[::-1]) if all(parts)))  # type: ignore[arg-type] # both halves are there


def _affiliations(report: Report) -> list[Item]:
    return [
        frozenset(f"{name}: {plain(author.value.affiliation.value)}" for name in _person(author.value))
        for author in report.authors
        if author.value.affiliation
    ]


def _value(found: Found[Any] | None) -> str | None:
    return str(found.value) if found else None


FIELDS = (
    Field("title", _gold_title, lambda report: one(_value(report.title))),
    _exact("subtitle", lambda report: _value(report.subtitle)),
    Field("series", _gold_series, lambda report: one(report.series.value.name if report.series else None)),
    _exact("report_number", lambda report: _value(report.number)),
    _exact("series_year", lambda report: _value(report.series_year)),
    _exact("total_number", lambda report: _value(report.cumulative_number)),
    _exact("report_date", lambda report: report.issued.value.iso if report.issued else None),
    _exact("web_date", lambda report: report.available.value.iso if report.available else None),
    _exact("team", lambda report: _value(report.team)),
    Field(
        "institution", gold_name, lambda report: [named_item(report.institution.value)] if report.institution else []
    ),
    Field("abstract_start", one, lambda report: one(_value(report.abstract))),
    Field("authors", _each, lambda report: [_person(author.value) for author in report.authors]),
    Field(
        "author_affiliations",
        lambda gold: [_item(f"{name}: {words}") for name, words in (gold or {}).items()],
        _affiliations,
    ),
    Field("departments", _each, lambda report: _each(found.value for found in report.departments)),
    Field("keywords", _each, lambda report: _each(found.value for found in report.keywords), is_header=False),
    Field(
        "bodies",
        lambda gold: _each(body["name"] for body in gold or ()),
        lambda report: _each(found.value.name for found in report.bodies),
        is_header=False,
    ),
    Field(
        "programmes_plans_laws",
        _each,
        lambda report: _each(found.value.name for found in report.documents),
        is_header=False,
    ),
)
