"""The commonest judge, written as Python source and compiled: the tests of each value, in one expression.

A call costs Python more than most of these tests do, so their conditions are put into one loop. What the loop does not
accept at once is handed to the tests themselves, which alone decide: a condition here can be too strict, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.results import Accepts, AtMost, Check, ClassTest, Result, ValueTest

_SOURCE = """
def check(graph, focus, values, found):
    {bound}
    nodes = graph.nodes
    for value in values:
        if not ({accepted}):
            decide(graph, focus, value, found)
"""
_IN_CLASS = "{known} in nodes.get({value}, nothing).get(type, ())"
#: Where it takes a call to judge a value by itself, short values that passed are remembered: pages use the same
#: numbers, dates and names of rules again and again. Of words that a pattern is searched for in, fewer are: most of
#: them are a page's own (the names of rules, 74 a page, are judged in half the time).
_REMEMBERED = "({value} in {passed} or {accepted} and {keep}({value}))"
_LONGEST, _MOST, _MOST_WORDS = 80, 4096, 512


def inlined(tests: Sequence[ValueTest | ClassTest], bound: AtMost | None) -> Check:
    """The judge of these tests of each value, and of a greatest number of values."""
    names = Names(decide=_decision(tests))
    if bound is not None:
        names["blame"] = bound.blame
    source = _SOURCE.format(
        bound=f"if len(values) > {bound.most}: found.append(blame.result(focus))" if bound else "",
        accepted=names.accepted(tests, "value"),
    )
    check: Check = names.function(source, "check")
    return check


class Names(dict[str, Any]):
    """What the source of a judge refers to by name; what shapes say enters it in no other way."""

    def __init__(self, **names: object) -> None:
        super().__init__(names, nothing={}, type=TYPE_TERM)

    def name(self, known: object) -> str:
        """A name for a constant."""
        name = f"known{len(self)}"
        self[name] = known
        return name

    def condition(self, accepts: Accepts, value: str, beside: str = "") -> str:
        """The source of a quick condition.

        Args:
            accepts: the condition.
            value: the name of the value.
            beside: the name of the other value that the condition looks at.
        """
        return accepts.source.format(value=value, beside=beside, known=self.name(accepts.known))

    def accepted(self, tests: Iterable[ValueTest | ClassTest], value: str) -> str:
        """The source of a condition under which the value of this name passes all tests; it looks at `nodes`."""
        alone = [each for each in tests if isinstance(each, ValueTest)]
        classes = [Accepts(_IN_CLASS, each.of_class) for each in tests if isinstance(each, ClassTest)]
        conditions = [self.condition(each, value) for each in classes]
        if alone:
            conditions.insert(0, self._alone(alone, value))
        return " and ".join(conditions) or "True"

    def function(self, source: str, name: str) -> Any:  # noqa: ANN401 # whatever the source defines
        """The function of this name that the source defines."""
        names = dict(self)  # Python looks up names in its own dictionaries quicker than in others
        exec(_code(source), names)  # noqa: S102 # our own text
        return names[name]

    def _alone(self, tests: Sequence[ValueTest], value: str) -> str:
        """The condition of tests of the value by itself."""
        accepts = [each.accepts or Accepts("{known}({value})", each.test) for each in tests]
        accepted = " and ".join(self.condition(each, value) for each in accepts)
        if not any("{known}(" in each.source for each in accepts):
            return accepted
        passed: set[str] = set()
        is_of_numbers = any(each.accepts is None for each in tests)
        keep = _keeper(passed, _MOST if is_of_numbers else _MOST_WORDS)
        return _REMEMBERED.format(value=value, accepted=accepted, passed=self.name(passed), keep=self.name(keep))


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    return compile(source, "<shape>", "exec")


def _keeper(passed: set[str], most: int) -> Callable[[str], bool]:
    """What remembers a value that passed, and says so."""

    def keep(value: str) -> bool:
        if len(value) <= _LONGEST and len(passed) < most:
            passed.add(value)
        return True

    return keep


def _decision(tests: Sequence[ValueTest | ClassTest]) -> Any:  # noqa: ANN401 # called from source that has no types
    """What decides on a value that was not accepted at once."""

    def decide(graph: Graph, focus: str, value: str, found: list[Result]) -> None:
        for each in tests:
            passes = each.test(graph, value) if isinstance(each, ClassTest) else each.test(value)
            if not passes:
                found.append(each.blame.result(focus, value))

    return decide
