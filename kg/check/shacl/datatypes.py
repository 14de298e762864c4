"""Which lexical forms XSD's datatypes have, as regular expressions over whole literals in N-Triples.

SHACL §4.1.2: a value must have the very datatype and, for the datatypes SPARQL 1.1 supports, must not be ill-typed.
To SPARQL's (§17.1) we add dates and times, as pySHACL does. The forms are those of XML Schema 1.1 Part 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from kg.check.shacl.literals import LANG_STRING, STRING, literal
from kg.check.shacl.results import Accepts, Test
from kg.rdf.vocab import RDF, XSD

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_TIMES = r"T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?"
_MONTH_DAY = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))"

_FORMS: Final[Mapping[str, str]] = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "float": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN",
    "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN",
    "dateTime": f"{_YEAR}-{_MONTH_DAY}T{_CLOCK}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH_DAY}T{_CLOCK}{_ZONE[:-1]}",
    "date": f"{_YEAR}-{_MONTH_DAY}{_ZONE}",
    "time": _CLOCK + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "dayTimeDuration": rf"-?P(?=[0-9T])(?:\d+D)?(?:{_TIMES})?",
    "yearMonthDuration": r"-?P(?=[0-9T])(?:\d+Y)?(?:\d+M)?",
}
#: The whole numbers with their bounds, each None where there is none.
INTEGERS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
#: Compared by their forms, but as datatypes left alone: SPARQL does not support them.
_UNSUPPORTED = frozenset({"gYear", "gYearMonth", "dayTimeDuration", "yearMonthDuration"})
_WITH_DAYS = frozenset({"dateTime", "dateTimeStamp", "date"})
_LEAP_DAY = re.compile(r'"(-?\d+)-02-29')
_CENTURY, _LEAP, _LEAP_CENTURY = 100, 4, 400


def datatype_test(datatype: str) -> Test:
    """Whether a term is a literal of this datatype, an IRI without brackets, and well-formed where SPARQL can tell."""
    if datatype.removeprefix(XSD.iri) in _UNSUPPORTED:
        return _any_form(datatype)
    return _form_test(datatype)


def well_typed(term: str) -> bool:
    """Whether a literal's lexical form is one of its datatype's."""
    return bool(_form_test(literal(term).datatype)(term))


def datatype_accepts(datatype: str) -> Accepts | None:
    """The quick condition for most literals of a datatype; None where there is none quicker than the test."""
    if datatype == STRING:
        return Accepts("{value}[-1] == '\"'")
    if datatype == LANG_STRING:
        return Accepts("{value}[-1] not in '\">' and {value}[0] == '\"' and '--' not in {value}")
    return None


def _any_form(datatype: str) -> Test:
    tail = f'"^^<{datatype}>'
    return lambda term: term.endswith(tail) and term[0] == '"'


@lru_cache(maxsize=256)
def _form_test(datatype: str) -> Test:
    if datatype == STRING:
        return lambda term: term[-1] == '"'
    if datatype in (LANG_STRING, RDF("dirLangString").value):
        return _language_test(directed=datatype != LANG_STRING)
    local = datatype.removeprefix(XSD.iri)
    tail = f'"^^<{datatype}>'
    if local in INTEGERS:
        return _integer_test(local, tail)
    if local not in _FORMS:
        return _any_form(datatype)
    form = re.compile(f'"(?:{_FORMS[local]}){re.escape(tail)}', re.ASCII).fullmatch
    return _with_leap_days(form) if local in _WITH_DAYS else form


def _language_test(*, directed: bool) -> Test:
    def test(term: str) -> bool:
        if term[-1] in '">' or term[0] != '"':
            return False
        return ("--" in term and "--" in term[term.rindex('"') :]) is directed

    return test


def _integer_test(local: str, tail: str) -> Test:
    form = re.compile(rf'"([+-]?[0-9]+){re.escape(tail)}').fullmatch
    least, most = INTEGERS[local]
    if least is None and most is None:
        return form

    def test(term: str) -> bool:
        match = form(term)
        if match is None:
            return False
        number = int(match[1])
        return (least is None or number >= least) and (most is None or number <= most)

    return test


def _with_leap_days(form: Callable[[str], object]) -> Test:
    def test(term: str) -> object:
        match = form(term)
        if match and "-02-29" in term and (leap := _LEAP_DAY.match(term)):
            year = int(leap[1])
            return year % _LEAP == 0 and (year % _CENTURY != 0 or year % _LEAP_CENTURY == 0)
        return match

    return test
