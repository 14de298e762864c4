"""Constraints on all values together: how many, which, in which languages, and beside another property's values.

SHACL §4.2, §4.4.5, §4.5 and §4.8.2.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from kg.check.shacl.comparison import compare
from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_literal, literal
from kg.check.shacl.results import Accepts, AtMost, Blame, Check, Result, SetCheck, Together
from kg.check.shacl.shapes_graph import Shape
from kg.rdf.vocab import XSD

#: The very term: the W3C's test uniqueLang-002 has "1"^^xsd:boolean mean nothing.
_TRUE: Final = f'"true"^^{XSD("boolean")}'
_ORDERS: Final = {
    "lessThan": ("LessThanConstraintComponent", frozenset({-1}), "not less than"),
    "lessThanOrEquals": ("LessThanOrEqualsConstraintComponent", frozenset({-1, 0}), "greater than"),
}


def set_checks(shape: Shape) -> Iterator[Together]:
    """The constraints of a shape that judge its values together.

    Raises:
        IllFormed: a parameter's value makes no sense.
    """
    yield from _counts(shape)
    for value in shape.values("hasValue"):
        blame = Blame.of(shape, "HasValueConstraintComponent", "The value demanded is missing.")
        yield SetCheck(_has_value(blame, value), idle=False, single=Accepts("{value} == {known}", value))
    if shape.one("uniqueLang") == _TRUE:
        blame = Blame.of(shape, "UniqueLangConstraintComponent", "Two values are in one language.")
        yield SetCheck(_unique_lang(blame), idle=True, single=Accepts("True"))
    yield from _pairs(shape)


def _counts(shape: Shape) -> Iterator[Together]:
    least, most = shape.number("minCount"), shape.number("maxCount")
    if least is not None and least > 0:
        blame = Blame.of(shape, "MinCountConstraintComponent", f"There are fewer than {least} values.")
        yield SetCheck(_at_least(blame, least), idle=False, content=least == 1)
    if most is not None:
        blame = Blame.of(shape, "MaxCountConstraintComponent", f"There are more than {most} values.")
        yield AtMost(blame, most)


def _at_least(blame: Blame, least: int) -> Check:
    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if len(values) < least:
            found.append(blame.result(focus))

    return check


def _has_value(blame: Blame, wanted: str) -> Check:
    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if wanted not in values:
            found.append(blame.result(focus))

    return check


def _unique_lang(blame: Blame) -> Check:
    def check(_graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        if len(values) < 2:  # noqa: PLR2004 # it takes two to share a language
            return
        seen: set[str] = set()
        twice: set[str] = set()
        for value in values:
            language = literal(value).language.lower() if is_literal(value) else ""
            if language in seen:
                twice.add(language)
            elif language:
                seen.add(language)
        found.extend(blame.result(focus) for _ in twice)

    return check


def _pairs(shape: Shape) -> Iterator[SetCheck]:
    for other in shape.values("equals"):
        blame = Blame.of(shape, "EqualsConstraintComponent", f"The values are not those of {other}.")
        yield SetCheck(_equals(blame, other), idle=False)
    for other in shape.values("disjoint"):
        blame = Blame.of(shape, "DisjointConstraintComponent", f"The value is one of {other} too.")
        yield SetCheck(_disjoint(blame, other), idle=True)
    for local, (component, passing, said) in _ORDERS.items():
        for other in shape.values(local):
            blame = Blame.of(shape, component, f"The value is {said} one of {other}.")
            single = Accepts("{known}({value}, {beside})", _ordering(passing), beside=other)
            yield SetCheck(_in_order(blame, other, passing), idle=True, single=single)


def _equals(blame: Blame, other: str) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        theirs = graph.objects(focus, other)
        found.extend(blame.result(focus, value) for value in values if value not in theirs)
        found.extend(blame.result(focus, value) for value in theirs if value not in values)

    return check


def _disjoint(blame: Blame, other: str) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        theirs = graph.objects(focus, other)
        found.extend(blame.result(focus, value) for value in values if value in theirs)

    return check


def _ordering(passing: frozenset[int]) -> Callable[[str, str], bool]:
    return lambda value, other: compare(value, other) in passing


def _in_order(blame: Blame, other: str, passing: frozenset[int]) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        theirs = graph.objects(focus, other)
        for value in values:  # a generator would cost as much again as the comparison
            for their in theirs:
                if compare(value, their) not in passing:
                    found.append(blame.result(focus, value))  # noqa: PERF401 # as above

    return check
