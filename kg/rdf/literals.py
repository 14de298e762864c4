"""Literals as the graph holds them."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import Literal

from kg.model.dates import PartialDate
from kg.rdf.vocab import XSD

_INTEGER, _DECIMAL = XSD("integer"), XSD("decimal")
_DATES = {4: XSD("gYear"), 7: XSD("gYearMonth"), 10: XSD("date")}


def text(words: str, language: str) -> Literal:
    """Words of a language (BCP 47)."""
    return Literal(words, language=language)


def plain(words: str) -> Literal:
    """An xsd:string."""
    return Literal(words)


def integer(number: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(number), datatype=_INTEGER)


def decimal(number: Decimal) -> Literal:
    """An xsd:decimal in canonical form (XML Schema 1.1 part 2, 3.3.3.1), which is also what the store makes of it."""
    plain = f"{number:f}"
    return Literal(plain.rstrip("0").rstrip(".") if "." in plain else plain, datatype=_DECIMAL)


def year(number: int) -> Literal:
    """An xsd:gYear."""
    return Literal(f"{number:04d}", datatype=_DATES[4])


def date(value: PartialDate) -> Literal:
    """An xsd:gYear, xsd:gYearMonth or xsd:date, as precise as the source."""
    return Literal(value.iso, datatype=_DATES[len(value.iso)])
