"""Triple patterns and filters as nested loops, written as Python source and compiled.

A generator for each pattern, one within another, would spend most of its time entering and leaving them. Terms and
filters enter the source by name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import CodeType
from typing import Any

from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import Path
from kg.check.shacl.query.expressions import Matches, Row
from kg.check.shacl.query.syntax import Pattern

#: Fills the row with each solution in turn.
Step = Callable[[Graph, Row], Iterator[None]]
#: A pattern, or a filter that stands where all it looks at is bound.
Part = Pattern | Matches


def is_nestable(pattern: Pattern) -> bool:
    """Whether the pattern can be one of the loops: no path, and no variable twice."""
    terms = (pattern.subject, pattern.predicate, pattern.value)
    variables = [term for term in terms if isinstance(term, str) and term[0] == "?"]
    return not isinstance(pattern.predicate, Path) and len(set(variables)) == len(variables)


def nested_step(parts: Sequence[Part], known: AbstractSet[str]) -> Step:
    """The step through all solutions of the parts; `known` are the variables bound before."""
    loops = _Loops(known)
    for part in parts:
        loops.add(part)
    bound = loops.bound
    loops.say("yield")
    for name in bound:
        loops.tail(f"row.pop({name!r}, None)")
    step: Step = loops.function()
    return step


def nested_test(parts: Sequence[Part], known: AbstractSet[str]) -> Matches:
    """Whether the parts have a solution; the row is left as it is."""
    looked_at = any(not isinstance(part, Pattern) for part in parts)
    loops = _Loops(known, copied=looked_at, written=looked_at)
    for part in parts:
        loops.add(part)
    loops.say("return True")
    loops.tail("return False")
    test: Matches = loops.function()
    return test


class _Loops:
    """Source that grows a loop or a condition deeper with each part."""

    def __init__(self, known: AbstractSet[str], *, copied: bool = False, written: bool = True) -> None:
        self._written = written
        self._names: dict[str, Any] = {"nothing": {}}
        self._known = known
        self._locals: dict[str, str] = {}
        self._head = ["nodes = graph.nodes", *(["row = dict(row)"] if copied else [])]
        self._body: list[str] = []
        self._tail: list[str] = []
        self._depth = 1
        self.bound: list[str] = []

    def say(self, line: str) -> None:
        """Adds a line at the present depth."""
        self._body.append("    " * self._depth + line)

    def tail(self, line: str) -> None:
        """Adds a line behind all loops."""
        self._tail.append("    " + line)

    def add(self, part: Part) -> None:
        """Adds a part, within all those before it."""
        if isinstance(part, Pattern):
            self._pattern(part)
        else:
            self._open(f"if {self._constant(part)}(graph, row):")

    def function(self) -> Any:  # noqa: ANN401 # a function of either kind
        """The compiled function."""
        head = ["    " + line for line in self._head]
        source = "\n".join(["def function(graph, row):", *head, *self._body, *self._tail])
        exec(_code(source), self._names)  # noqa: S102 # our own text, see above
        return self._names["function"]

    def _pattern(self, pattern: Pattern) -> None:
        subject, value = pattern.subject, pattern.value
        predicate = str(pattern.predicate)
        if not self._is_bound(subject):
            self._subjects(subject, predicate, value)
            if self._is_bound(predicate) and self._is_bound(value):
                return
        node = f"nodes.get({self._term(subject)}, nothing)"
        if not self._is_bound(predicate):
            values = f"values{self._depth}"
            self._open(f"for {self._local(predicate)}, {values} in {node}.items():")
            self._bind(predicate)
        else:
            values = f"{node}.get({self._term(predicate)}, ())"
        if self._is_bound(value):
            self._open(f"if {self._term(value)} in {values}:")
        else:
            self._open(f"for {self._local(value)} in {values}:")
            self._bind(value)

    def _subjects(self, subject: str, predicate: str, value: str) -> None:
        """The loop over subjects: those with the object where both are known, else all."""
        local = self._local(subject)
        if self._is_bound(predicate) and self._is_bound(value):
            self._open(f"for {local} in graph.incoming({self._term(value)}, {self._term(predicate)}):")
        else:
            self._open(f"for {local} in nodes:")
        self._bind(subject)

    def _open(self, line: str) -> None:
        self.say(line)
        self._depth += 1

    def _bind(self, name: str) -> None:
        self.bound.append(name)
        if self._written:
            self.say(f"row[{name!r}] = {self._locals[name]}")

    def _is_bound(self, term: str) -> bool:
        return term[0] != "?" or term in self._known or term in self.bound

    def _term(self, term: str) -> str:
        """The name of a bound variable or of a constant."""
        if term[0] != "?":
            return self._constant(term)
        if term not in self._locals:
            self._head.append(f"{self._local(term)} = row[{term!r}]")
        return self._locals[term]

    def _local(self, name: str) -> str:
        return self._locals.setdefault(name, f"v{len(self._locals)}")

    def _constant(self, known: object) -> str:
        name = f"known{len(self._names)}"
        self._names[name] = known
        return name


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    return compile(source, "<query>", "exec")
