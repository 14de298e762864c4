"""SPARQL's operators and functions of values (SPARQL 1.1 §17.4)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, Final

from kg.check.shacl.comparison import ordered
from kg.check.shacl.literals import is_blank, is_iri, is_literal, literal, words
from kg.check.shacl.patterns import compiled_pattern, pattern_search
from kg.check.shacl.query.values import TypeFault, Value, Words, equal, like, number, order, term, text_of, truth
from kg.check.shacl.values import language_matches
from kg.rdf.vocab import XSD

_CALCULATED: Final[Mapping[str, Callable[[Any, Any], int | Decimal | float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _calculation(sign: str) -> Callable[[Value, Value], Value]:
    operation, is_whole = _CALCULATED[sign], sign != "/"

    def calculated(left: Value, right: Value) -> Value:
        first, second = number(left), number(right)
        if is_whole and type(first) is int and type(second) is int:  # nearly always, and it cannot fail
            return operation(first, second)
        try:
            if isinstance(first, float) or isinstance(second, float):
                return operation(float(first), float(second))
            return operation(Decimal(first), Decimal(second))
        except (ZeroDivisionError, DivisionByZero, InvalidOperation):
            raise TypeFault from None

    return calculated


def _str(value: Value) -> Value:
    if isinstance(value, Words):
        return value
    made = term(value)
    if is_blank(made):
        raise TypeFault
    return Words(words(made))


def _length(value: Value) -> Value:
    if type(value) is str and value[0] == value[-1] == '"' and "\\" not in value:  # its words as they are
        return len(value) - 2
    return len(text_of(value))


def _lang(value: Value) -> Value:
    made = term(value)
    if not is_literal(made):
        raise TypeFault
    return Words(literal(made).language)


def _datatype(value: Value) -> Value:
    made = term(value)
    if not is_literal(made):
        raise TypeFault
    return f"<{literal(made).datatype}>"


def _substring(value: Value, start: Value, length: Value | None = None) -> Value:
    text, first = text_of(value), round(number(start))
    last = len(text) if length is None else first + round(number(length)) - 1
    return like(value, text[max(first - 1, 0) : max(last, 0)])


_NO_FLAGS: Final = Words("")


def _regex(value: Value, pattern: Value, flags: Value = _NO_FLAGS) -> Value:
    try:
        return bool(pattern_search(text_of(pattern), text_of(flags))(text_of(value)))
    except ValueError:
        raise TypeFault from None


def _replace(value: Value, pattern: Value, by: Value, flags: Value = _NO_FLAGS) -> Value:
    try:
        compiled = compiled_pattern(text_of(pattern), text_of(flags))
        written = re.sub(r"\$(\d)", r"\\g<\1>", text_of(by).replace("\\", "\\\\"))
        return like(value, compiled.sub(written, text_of(value)))
    except (ValueError, re.error):
        raise TypeFault from None


def _before(value: Value, mark: Value) -> Value:
    text, found, _ = text_of(value).partition(text_of(mark)) if text_of(mark) else ("", "x", "")
    return like(value, text) if found else Words("")


def _after(value: Value, mark: Value) -> Value:
    if not text_of(mark):
        return value
    _, found, text = text_of(value).partition(text_of(mark))
    return like(value, text) if found else Words("")


def _is(kind: Callable[[str], bool]) -> Callable[..., Value]:
    return lambda value: kind(term(value))


def _is_numeric(value: Value) -> Value:
    made = term(value)
    return is_literal(made) and ordered(made)[0] == "number"


def _in(value: Value, *members: Value) -> Value:
    fault = False
    for member in members:
        try:
            if equal(value, member):
                return True
        except TypeFault:
            fault = True
    if fault:
        raise TypeFault
    return False


def _absolute(value: Value) -> Value:
    known = number(value)
    return -known if known < 0 else known


def _iri(value: Value) -> Value:
    made = term(value)
    if is_iri(made):
        return made
    return f"<{text_of(value)}>"


def _integer(value: Value) -> Value:
    made = _str(value)
    try:
        return int(float(str(made))) if not isinstance(value, bool) else int(value)
    except ValueError:
        raise TypeFault from None


def _decimal(value: Value) -> Value:
    try:
        return Decimal(str(_str(value)))
    except InvalidOperation:
        raise TypeFault from None


def _double(value: Value) -> Value:
    try:
        return float(str(_str(value)))
    except ValueError:
        raise TypeFault from None


CASTS: Final = {f"<{XSD.iri}{name}>": name for name in ("string", "integer", "decimal", "double", "float")}
FUNCTIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": lambda left, right: order(left, right) < 0,
    ">": lambda left, right: order(left, right) > 0,
    "<=": lambda left, right: order(left, right) <= 0,
    ">=": lambda left, right: order(left, right) >= 0,
    "!": lambda value: not truth(value),
    "+": _calculation("+"),
    "-": _calculation("-"),
    "*": _calculation("*"),
    "/": _calculation("/"),
    "unary -": lambda value: -number(value),
    "unary +": number,
    "IN": _in,
    "STR": _str,
    "LANG": _lang,
    "LANGMATCHES": lambda value, wanted: language_matches(text_of(value), text_of(wanted)),
    "DATATYPE": _datatype,
    "ISIRI": _is(is_iri),
    "ISURI": _is(is_iri),
    "ISBLANK": _is(is_blank),
    "ISLITERAL": _is(is_literal),
    "ISNUMERIC": _is_numeric,
    "SAMETERM": lambda left, right: term(left) == term(right),
    "STRLEN": _length,
    "SUBSTR": _substring,
    "UCASE": lambda value: like(value, text_of(value).upper()),
    "LCASE": lambda value: like(value, text_of(value).lower()),
    "STRSTARTS": lambda value, start: text_of(value).startswith(text_of(start)),
    "STRENDS": lambda value, end: text_of(value).endswith(text_of(end)),
    "CONTAINS": lambda value, part: text_of(part) in text_of(value),
    "STRBEFORE": _before,
    "STRAFTER": _after,
    "CONCAT": lambda *values: Words("".join(map(text_of, values))),
    "REGEX": _regex,
    "REPLACE": _replace,
    "ABS": _absolute,
    "IRI": _iri,
    "URI": _iri,
    "string": _str,
    "integer": _integer,
    "decimal": _decimal,
    "double": _double,
    "float": _double,
}
