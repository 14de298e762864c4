"""Which of two literals is less, as SPARQL's `<` has it (SPARQL 1.1 §17.3), dates and times by XML Schema's order."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kg.check.shacl.datatypes import INTEGERS, well_typed
from kg.check.shacl.literals import STRING, literal
from kg.rdf.vocab import XSD

_MOMENT = re.compile(
    r"(?P<year>-?\d{4,})?(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?"
    r"(?:T?(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
)
_MOMENTS: Final = frozenset({"dateTime", "dateTimeStamp", "date", "time", "gYear", "gYearMonth"})
_FRACTIONS: Final = {"decimal": Decimal, "float": float, "double": float}
_HOUR, _DAY = 3600, 86_400
#: Times without a zone may be anywhere from 14 hours before UTC to 14 hours after it.
_UNKNOWN_ZONE = 14 * _HOUR

Value = float | Decimal | int | str | tuple[object, ...]


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1 as the left term is less than the right one, equal, or greater; None where they have no order."""
    if left[0] != '"' or right[0] != '"':
        return None
    (kind, first, zoned), (other, second, also_zoned) = ordered(left), ordered(right)
    if kind != other or kind is None:
        return None
    if zoned != also_zoned:
        return _apart(first, second, _UNKNOWN_ZONE)  # type: ignore[arg-type] # both are seconds
    if first < second:  # type: ignore[operator] # one kind, so both are numbers or both are texts
        return -1
    if first > second:  # type: ignore[operator] # as above
        return 1
    return 0 if first == second else None


@lru_cache(maxsize=4096)
def ordered(term: str) -> tuple[str | None, Value, bool]:
    """What a literal is ordered by: its kind, its value, and whether it says its time zone.

    The kind is None for literals that SPARQL does not order: with a language, ill-typed or of another datatype.
    """
    parts = literal(term)
    if parts.language:
        return None, "", False
    if parts.datatype == STRING:
        return "string", parts.lexical, False
    local = parts.datatype.removeprefix(XSD.iri)
    if not parts.datatype.startswith(XSD.iri) or not well_typed(term):
        return None, "", False
    return _typed(local, parts.lexical)


def _typed(local: str, lexical: str) -> tuple[str | None, Value, bool]:
    if local in INTEGERS:
        return "number", int(lexical), False
    if local in _FRACTIONS:
        return "number", _FRACTIONS[local](lexical), False
    if local == "boolean":
        return "boolean", int(lexical in ("true", "1")), False
    if local in _MOMENTS:
        seconds, zoned = _seconds(lexical)
        return ("dateTime" if local == "dateTimeStamp" else local), seconds, zoned
    if local in ("dayTimeDuration", "yearMonthDuration"):
        return local, _duration(lexical), False
    return None, "", False


def _seconds(lexical: str) -> tuple[Decimal, bool]:
    """Seconds since the year 1, in UTC where the zone is known."""
    match = _MOMENT.fullmatch(lexical)
    if match is None:
        return Decimal(0), False
    part = match.groupdict()
    days = _days(int(part["year"] or 1), int(part["month"] or 1), int(part["day"] or 1))
    clock = int(part["hour"] or 0) * _HOUR + int(part["minute"] or 0) * 60 + Decimal(part["second"] or 0)
    zone = part["zone"]
    offset = 0
    if zone and zone != "Z":
        offset = int(zone[1:3]) * _HOUR + int(zone[4:6]) * 60
        offset = -offset if zone[0] == "-" else offset
    return days * _DAY + clock - offset, bool(zone)


def _days(year: int, month: int, day: int) -> int:
    """Days since 1 March of the year 0 of the proleptic Gregorian calendar."""
    if month < 3:  # noqa: PLR2004 # January and February count to the year before, so that leap days come last
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 1


def _duration(lexical: str) -> Decimal:
    """Months of a duration in years and months, else seconds; its datatype says which."""
    match = _DURATION.fullmatch(lexical)
    if match is None:
        return Decimal(0)
    sign, years, months, days, hours, minutes, seconds = match.groups()
    whole = int(years or 0) * 12 + int(months or 0)
    rest = int(days or 0) * _DAY + int(hours or 0) * _HOUR + int(minutes or 0) * 60 + Decimal(seconds or 0)
    return -(whole + rest) if sign else Decimal(whole + rest)


def _apart(first: Decimal, second: Decimal, margin: int) -> int | None:
    """The order of two times of which one has no zone: known only when they are far enough apart."""
    if first + margin < second:
        return -1
    return 1 if first - margin > second else None
