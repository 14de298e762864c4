"""A reading as JSON values: every value with its words, its place, its rule and how sure it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from kg.model.dates import PartialDate
from kg.model.evidence import Evidence, Found, Span
from kg.model.page import Text
from kg.model.records import Gap, OtherPage, Reading, Report


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a field; a field may have several."""

    field: str
    found: Found[Any]


def told(reading: Reading) -> Report | None:
    """What a page tells, be it a report or not."""
    return reading.told if isinstance(reading, OtherPage) else reading


def entries(report: Report) -> Iterator[Entry]:
    """The values of a report, in the order of its fields; a mechanism's are its labels."""
    for field in dataclasses.fields(report):
        yield from _entries(field.name, getattr(report, field.name))


def _entries(name: str, value: object) -> Iterator[Entry]:
    if isinstance(value, Found):
        yield Entry(name, value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _entries(name, each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, Gap):
        for field in dataclasses.fields(value):
            yield from _entries(f"{name}.{field.name}", getattr(value, field.name))


def record(text: Text, reading: Reading) -> dict[str, Any]:
    """The whole reading as JSON values."""
    page = {"source": text.page.source, "media_type": text.page.media_type, "sha256": text.page.id}
    faults = [{"reason": fault.reason, **_place(text, fault.at)} for fault in text.faults]
    kind = "other" if isinstance(reading, OtherPage) else "report"
    return {"page": page, "faults": faults, "kind": kind, **_json(text, reading)}


def _json(text: Text, value: object) -> Any:  # noqa: ANN401 - JSON is of any type
    for kind, written in _WRITERS.items():
        if isinstance(value, kind):
            return written(text, value)
    if dataclasses.is_dataclass(value):
        return {field.name: _json(text, getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def _found(text: Text, found: Found[object]) -> dict[str, Any]:
    return {
        "value": _json(text, found.value),
        "evidence": _evidence(text, found.evidence),
        "method": found.method,
        "confidence": float(found.confidence),
        "polarity": found.polarity.value,
    }


def _evidence(text: Text, evidence: Evidence) -> dict[str, Any]:
    return {"quote": evidence.quote, **_place(text, evidence.span)}


def _place(text: Text, span: Span) -> dict[str, Any]:
    place = text.place(span)
    return {
        "start": span.start, "end": span.end, "source": place.source, "line": place.line, "column": place.column,
    }  # fmt: skip


_WRITERS: Final[Mapping[type, Callable[[Text, Any], Any]]] = {
    Found: _found,
    Span: _place,
    PartialDate: lambda _text, date: date.iso,
    Enum: lambda _text, member: member.value,
    Decimal: lambda _text, number: float(number),
    tuple: lambda text, items: [_json(text, each) for each in items],
}
