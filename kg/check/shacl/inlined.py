"""The commonest judge, written as Python source and compiled: the tests of each value, in one expression.

A call costs Python more than most of these tests do, so their conditions are put into one loop. What the loop does not
accept at once is handed to the tests themselves, which alone decide: a condition here can be too strict, never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.results import Accepts, AtMost, Check, ClassTest, Result, ValueTest

_SOURCE = """
def check(graph, focus, values, found):
    {bound}
    {nodes}
    for value in values:
        if not ({accepted}):
            decide(graph, focus, value, found)
"""
#: Where it takes a call to judge a value by itself, short values that passed are remembered: pages use the same
#: numbers, dates and names of rules again and again. Of words that a pattern is searched for in, fewer are: most of
#: them are a page's own (the names of rules, 74 a page, are judged in half the time).
_REMEMBERED = """
def check(graph, focus, values, found):
    {bound}
    for value in values:
        if value not in passed:
            if not ({accepted}):
                decide(graph, focus, value, found)
            elif len(value) <= {longest} and len(passed) < {most}:
                passed.add(value)
"""
_LONGEST, _MOST, _MOST_WORDS = 80, 4096, 512


def inlined(tests: Sequence[ValueTest | ClassTest], bound: AtMost | None) -> Check:
    """The judge of these tests of each value, and of a greatest number of values."""
    names: dict[str, Any] = {"decide": _decision(tests), "nothing": {}, "type": TYPE_TERM, "passed": set()}
    every = list(map(_accepts, tests))
    for number, each in enumerate(every):
        names[f"known{number}"] = each.known
    if bound is not None:
        names["blame"] = bound.blame
    in_graph = any(isinstance(each, ClassTest) for each in tests)
    is_remembered = not in_graph and any("{known}(" in each.source for each in every)
    is_of_numbers = any(isinstance(each, ValueTest) and each.accepts is None for each in tests)
    source = (_REMEMBERED if is_remembered else _SOURCE).format(
        longest=_LONGEST,
        most=_MOST if is_of_numbers else _MOST_WORDS,
        bound=f"if len(values) > {bound.most}: found.append(blame.result(focus))" if bound else "",
        nodes="nodes = graph.nodes" if in_graph else "",
        accepted=" and ".join(each.source.replace("{known}", f"known{at}") for at, each in enumerate(every)),
    )
    exec(_code(source), names)  # noqa: S102 # our own text; what shapes say enters by name alone
    check: Check = names["check"]
    return check


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    return compile(source, "<shape>", "exec")


def _accepts(test: ValueTest | ClassTest) -> Accepts:
    if isinstance(test, ClassTest):
        return Accepts("{known} in nodes.get(value, nothing).get(type, ())", test.of_class)
    return test.accepts or Accepts("{known}(value)", test.test)


def _decision(tests: Sequence[ValueTest | ClassTest]) -> Any:  # noqa: ANN401 # called from source that has no types
    """What decides on a value that was not accepted at once."""

    def decide(graph: Graph, focus: str, value: str, found: list[Result]) -> None:
        for each in tests:
            passes = each.test(graph, value) if isinstance(each, ClassTest) else each.test(value)
            if not passes:
                found.append(each.blame.result(focus, value))

    return decide
