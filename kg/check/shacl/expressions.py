"""SPARQL's expressions as functions of one solution (SPARQL 1.1 §17).

A value is a term, or while it is being computed a Python number, a boolean, or a `Words` for an xsd:string.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, Final

from kg.check.shacl.comparison import compare, ordered
from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import (
    LANG_STRING,
    STRING,
    is_blank,
    is_iri,
    is_literal,
    literal,
    plain,
    tagged,
    typed,
    words,
)
from kg.check.shacl.patterns import compiled_pattern, pattern_search
from kg.check.shacl.query_syntax import Beyond, Call, Exists, Expression, Group
from kg.check.shacl.values import language_matches
from kg.rdf.vocab import XSD


class Words(str):
    """The words of an xsd:string that was computed and is not yet a term."""

    __slots__ = ()


Value = str | Words | bool | int | Decimal | float
Row = dict[str, str]
Evaluate = Callable[[Graph, Row], Value]
#: Whether a group has a solution that agrees with this row.
Matches = Callable[[Graph, Row], bool]


class TypeFault(Exception):  # noqa: N818 - SPARQL's type error: a value, of a kind, that a filter takes for false
    """An expression has no value: something is unbound, or of the wrong type."""


class Expressions:
    """Compiles expressions.

    Args:
        exists: compiles the group of an EXISTS.
    """

    def __init__(self, exists: Callable[[Group], Matches]) -> None:
        self._exists = exists

    def function(self, expression: Expression) -> Evaluate:
        """The function from a solution to the expression's value.

        Raises:
            Beyond: it calls what is not computed here.
        """
        if isinstance(expression, str):
            return _variable(expression) if expression[0] == "?" else _constant(expression)
        if isinstance(expression, Exists):
            return self._exists(expression.group)
        special = _SPECIAL.get(expression.name)
        if expression.name == "BOUND" and isinstance(expression.args[0], str):
            name = expression.args[0]
            return lambda _graph, row: name in row
        args = [self.function(each) for each in expression.args]
        if special is not None:
            return special(args)
        return _call(expression, args)


def test(evaluate: Evaluate) -> Matches:
    """A filter: whether the expression is true, an error being false."""

    def passes(graph: Graph, row: Row) -> bool:
        try:
            return truth(evaluate(graph, row))
        except TypeFault:
            return False

    return passes


def term(value: Value) -> str:
    """A value as a term."""
    if isinstance(value, bool):
        return typed("true" if value else "false", XSD("boolean").value)
    if isinstance(value, Words):
        return plain(str(value))
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return typed(str(value), XSD("integer").value)
    return typed(str(value), XSD("decimal" if isinstance(value, Decimal) else "double").value)


def truth(value: Value) -> bool:
    """The effective boolean value (SPARQL 1.1 §17.2.2)."""
    if isinstance(value, Words) or not isinstance(value, str):
        return bool(value)
    if not is_literal(value):
        raise TypeFault
    parts = literal(value)
    if parts.datatype in (STRING, LANG_STRING):
        return bool(parts.lexical)
    kind, known, _ = ordered(value)
    if kind not in ("number", "boolean"):
        raise TypeFault
    return bool(known) and known == known  # noqa: PLR0124 # NaN is false


def _variable(name: str) -> Evaluate:
    def value(_graph: Graph, row: Row) -> Value:
        try:
            return row[name]
        except KeyError:
            raise TypeFault from None

    return value


def _constant(known: str) -> Evaluate:
    return lambda _graph, _row: known


def _call(call: Call, args: list[Evaluate]) -> Evaluate:
    name = _CASTS.get(call.name, call.name)
    function = _FUNCTIONS.get(name)
    if function is None:
        raise Beyond(call.name)
    if len(args) == 1:
        (only,) = args
        return lambda graph, row: function(only(graph, row))
    if len(args) == 2:  # noqa: PLR2004 # the commonest number of arguments
        left, right = args
        return lambda graph, row: function(left(graph, row), right(graph, row))
    return lambda graph, row: function(*[each(graph, row) for each in args])


def _and(args: list[Evaluate]) -> Evaluate:
    return _junction(args, decisive=False)


def _or(args: list[Evaluate]) -> Evaluate:
    return _junction(args, decisive=True)


def _junction(args: list[Evaluate], *, decisive: bool) -> Evaluate:
    """`&&` and `||`: one decisive argument settles it, even when the other is an error."""
    left, right = args

    def value(graph: Graph, row: Row) -> Value:
        try:
            if truth(left(graph, row)) is decisive:
                return decisive
        except TypeFault:
            if truth(right(graph, row)) is decisive:
                return decisive
            raise
        return truth(right(graph, row))

    return value


def _if(args: list[Evaluate]) -> Evaluate:
    condition, yes, no = args
    return lambda graph, row: yes(graph, row) if truth(condition(graph, row)) else no(graph, row)


def _coalesce(args: list[Evaluate]) -> Evaluate:
    def value(graph: Graph, row: Row) -> Value:
        for each in args:
            try:
                return each(graph, row)
            except TypeFault:
                continue
        raise TypeFault

    return value


_SPECIAL: Final[Mapping[str, Callable[[list[Evaluate]], Evaluate]]] = {
    "&&": _and,
    "||": _or,
    "IF": _if,
    "COALESCE": _coalesce,
}


def equal(left: Value, right: Value) -> bool:
    """SPARQL's `=`."""
    if type(left) is type(right) and left == right:
        return left == left  # noqa: PLR0124 # NaN is not itself
    if isinstance(left, Words) and isinstance(right, Words):
        return False
    first, second = term(left), term(right)
    if first == second:
        kind, known, _ = ordered(first) if is_literal(first) else (None, "", False)
        return kind is None or known == known  # noqa: PLR0124 # as above
    if not (is_literal(first) and is_literal(second)):
        return False
    kinds = ordered(first)[0], ordered(second)[0]
    if kinds[0] is None or kinds[1] is None:
        if literal(first).language or literal(second).language:
            return False
        raise TypeFault
    return compare(first, second) == 0


def _less(left: Value, right: Value) -> int:
    if isinstance(left, Words) and isinstance(right, Words):
        return (str(left) > str(right)) - (str(left) < str(right))
    order = compare(term(left), term(right))
    if order is None:
        raise TypeFault
    return order


def _number(value: Value) -> int | Decimal | float:
    if isinstance(value, bool):
        raise TypeFault
    if isinstance(value, (int, Decimal, float)):
        return value
    if isinstance(value, Words) or not is_literal(value):
        raise TypeFault
    kind, known, _ = ordered(value)
    if kind != "number":
        raise TypeFault
    return known  # type: ignore[return-value] # of this kind there are numbers alone


def _calculate(sign: str, left: Value, right: Value) -> Value:
    first, second = _number(left), _number(right)
    try:
        if isinstance(first, float) or isinstance(second, float):
            return _CALCULATED[sign](float(first), float(second))
        exact = isinstance(first, int) and isinstance(second, int) and sign != "/"
        return _CALCULATED[sign](first, second) if exact else _CALCULATED[sign](Decimal(first), Decimal(second))
    except (ZeroDivisionError, DivisionByZero, InvalidOperation):
        raise TypeFault from None


_CALCULATED: Final[Mapping[str, Callable[[Any, Any], int | Decimal | float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _text(value: Value) -> str:
    """The words of a string, with a language or without."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, str) and is_literal(value):
        parts = literal(value)
        if parts.datatype in (STRING, LANG_STRING):
            return parts.lexical
    raise TypeFault


def _like(model: Value, text: str) -> Value:
    """The text, in the language of the string that it was made from."""
    if isinstance(model, Words) or not isinstance(model, str):
        return Words(text)
    language = literal(model).language
    return tagged(text, language) if language else Words(text)


def _str(value: Value) -> Value:
    if isinstance(value, Words):
        return value
    made = term(value)
    if is_blank(made):
        raise TypeFault
    return Words(words(made))


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
    text, first = _text(value), round(_number(start))
    last = len(text) if length is None else first + round(_number(length)) - 1
    return _like(value, text[max(first - 1, 0) : max(last, 0)])


_NO_FLAGS: Final = Words("")


def _regex(value: Value, pattern: Value, flags: Value = _NO_FLAGS) -> Value:
    try:
        return bool(pattern_search(_text(pattern), _text(flags))(_text(value)))
    except ValueError:
        raise TypeFault from None


def _replace(value: Value, pattern: Value, by: Value, flags: Value = _NO_FLAGS) -> Value:
    try:
        compiled = compiled_pattern(_text(pattern), _text(flags))
        written = re.sub(r"\$(\d)", r"\\g<\1>", _text(by).replace("\\", "\\\\"))
        return _like(value, compiled.sub(written, _text(value)))
    except (ValueError, re.error):
        raise TypeFault from None


def _before(value: Value, mark: Value) -> Value:
    text, found, _ = _text(value).partition(_text(mark)) if _text(mark) else ("", "x", "")
    return _like(value, text) if found else Words("")


def _after(value: Value, mark: Value) -> Value:
    if not _text(mark):
        return value
    _, found, text = _text(value).partition(_text(mark))
    return _like(value, text) if found else Words("")


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
    number = _number(value)
    return -number if number < 0 else number


def _iri(value: Value) -> Value:
    made = term(value)
    if is_iri(made):
        return made
    return f"<{_text(value)}>"


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


_CASTS: Final = {f"<{XSD.iri}{name}>": name for name in ("string", "integer", "decimal", "double", "float")}
_FUNCTIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": lambda left, right: _less(left, right) < 0,
    ">": lambda left, right: _less(left, right) > 0,
    "<=": lambda left, right: _less(left, right) <= 0,
    ">=": lambda left, right: _less(left, right) >= 0,
    "!": lambda value: not truth(value),
    "+": lambda left, right: _calculate("+", left, right),
    "-": lambda left, right: _calculate("-", left, right),
    "*": lambda left, right: _calculate("*", left, right),
    "/": lambda left, right: _calculate("/", left, right),
    "unary -": lambda value: -_number(value),
    "unary +": _number,
    "IN": _in,
    "STR": _str,
    "LANG": _lang,
    "LANGMATCHES": lambda value, wanted: language_matches(_text(value), _text(wanted)),
    "DATATYPE": _datatype,
    "ISIRI": _is(is_iri),
    "ISURI": _is(is_iri),
    "ISBLANK": _is(is_blank),
    "ISLITERAL": _is(is_literal),
    "ISNUMERIC": _is_numeric,
    "SAMETERM": lambda left, right: term(left) == term(right),
    "STRLEN": lambda value: len(_text(value)),
    "SUBSTR": _substring,
    "UCASE": lambda value: _like(value, _text(value).upper()),
    "LCASE": lambda value: _like(value, _text(value).lower()),
    "STRSTARTS": lambda value, start: _text(value).startswith(_text(start)),
    "STRENDS": lambda value, end: _text(value).endswith(_text(end)),
    "CONTAINS": lambda value, part: _text(part) in _text(value),
    "STRBEFORE": _before,
    "STRAFTER": _after,
    "CONCAT": lambda *values: Words("".join(map(_text, values))),
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
