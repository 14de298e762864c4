"""SPARQL's expressions as functions of one solution (SPARQL 1.1 §17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.query.functions import CASTS, FUNCTIONS
from kg.check.shacl.query.syntax import Beyond, Call, Exists, Expression, Group
from kg.check.shacl.query.values import TypeFault, Value, truth

_NUMBERS: Final = frozenset({"+", "-", "*", "STRLEN", "ABS", "unary -", "unary +"})
Row = dict[str, str]
Evaluate = Callable[[Graph, Row], Value]
#: Whether a group has a solution that agrees with this row.
Matches = Callable[[Graph, Row], bool]


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


def plain_function(expression: Call | Exists) -> tuple[Callable[..., Value], tuple[Expression, ...]]:
    """The function that a call is of, and its arguments.

    Raises:
        Beyond: it is no function of values alone.
    """
    function = FUNCTIONS.get(CASTS.get(expression.name, expression.name)) if isinstance(expression, Call) else None
    if function is None or isinstance(expression, Exists):
        raise Beyond("no function of values alone")
    return function, expression.args


def is_number(expression: Expression) -> bool:
    """Whether an expression is a number, or has no value, whatever its variables are."""
    return isinstance(expression, Call) and expression.name in _NUMBERS


def is_plain(expression: Expression, known: AbstractSet[str]) -> bool:
    """Whether an expression is made of functions of values alone, and its variables are bound."""
    if isinstance(expression, str):
        return expression[0] != "?" or expression in known
    try:
        _, arguments = plain_function(expression)
    except Beyond:
        return False
    return all(is_plain(each, known) for each in arguments)


def test(evaluate: Evaluate) -> Matches:
    """A filter: whether the expression is true, an error being false."""

    def passes(graph: Graph, row: Row) -> bool:
        try:
            return truth(evaluate(graph, row))
        except TypeFault:
            return False

    return passes


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
    name = CASTS.get(call.name, call.name)
    function = FUNCTIONS.get(name)
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
