"""Triple patterns and filters as nested loops, written as Python source and compiled.

A generator for each pattern, one within another, would spend most of its time entering and leaving them, and a row
that each filter looks things up in takes longer to fill than to look at. Terms and functions enter the source by name
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_iri
from kg.check.shacl.paths import Path
from kg.check.shacl.query.expressions import Matches, Row, is_number, plain_function
from kg.check.shacl.query.syntax import Beyond, Call, Expression, Pattern
from kg.check.shacl.query.values import TypeFault, truth
from kg.check.shacl.query.variables import expression_variables, pattern_variables

#: Fills the row with each solution in turn.
Step = Callable[[Graph, Row], Iterator[None]]


@dataclass(frozen=True, slots=True)
class Absence:
    """A filter that holds where these patterns and filters, in this order, have no solution; a pattern comes first."""

    parts: tuple[Part, ...]

    @property
    def variables(self) -> set[str]:
        """All that they mention."""
        return set().union(*map(_mentioned, self.parts))


@dataclass(frozen=True, slots=True)
class Formula:
    """A filter made of functions of terms alone, with variables that are bound."""

    expression: Expression


_SIGNS: Final = {"=": "==", "!=": "!="}
_COMPARISONS: Final = frozenset({*_SIGNS, "<", ">", "<=", ">="})
#: A pattern, or a filter that stands where all it looks at is bound.
Part = Pattern | Absence | Formula | Matches


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
    looked_at = any(not isinstance(part, (Pattern, Absence, Formula)) for part in parts)
    loops = _Loops(known, copied=looked_at, written=looked_at)
    for part in parts:
        loops.add(part)
    loops.say("return True")
    loops.tail("return False")
    test: Matches = loops.function()
    return test


def presence(parts: Sequence[Part], names: Sequence[str]) -> Callable[..., bool]:
    """Whether the parts have a solution: a function of the graph and of the variables with these names.

    Raises:
        Beyond: a part needs a whole row to look things up in.
    """
    loops = _Loops(frozenset(names), written=False, given=names)
    for part in parts:
        if not isinstance(part, (Pattern, Absence, Formula)):
            raise Beyond("a filter that looks at a row")
        loops.add(part)
    loops.say("return True")
    loops.tail("return False")
    test: Callable[..., bool] = loops.function()
    return test


class _Loops:
    """Source that grows a loop or a condition deeper with each part."""

    def __init__(
        self, known: AbstractSet[str], *, copied: bool = False, written: bool = True, given: Sequence[str] = ()
    ) -> None:
        self._written = written
        self._names: dict[str, Any] = {"nothing": {}, "truth": truth, "TypeFault": TypeFault}
        self._known = known
        self._locals: dict[str, str] = {name: f"v{number}" for number, name in enumerate(given)}
        self._arguments = ", ".join(["graph", *(self._locals.values() if given else ["row"])])
        self._described: dict[str, str] = {}
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
        elif isinstance(part, Absence):
            self._absence(part)
        elif isinstance(part, Formula):
            self._formula(part)
        else:
            self._open(f"if {self._constant(part)}(graph, row):")

    def function(self) -> Any:  # noqa: ANN401 # a function of either kind
        """The compiled function."""
        head = ["    " + line for line in self._head]
        source = "\n".join([f"def function({self._arguments}):", *head, *self._body, *self._tail])
        exec(_code(source), self._names)  # noqa: S102 # our own text, see above
        return self._names["function"]

    def _pattern(self, pattern: Pattern) -> None:
        subject, value = pattern.subject, pattern.value
        predicate = str(pattern.predicate)
        if not self._is_bound(subject):
            self._subjects(subject, predicate, value)
            if self._is_bound(predicate) and self._is_bound(value):
                return
        node = self._node(subject)
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

    def _absence(self, part: Absence) -> None:
        """A condition where all is bound, else a function that looks for a solution."""
        (pattern, *others) = part.parts
        if isinstance(pattern, Pattern) and not others and all(map(self._is_bound, pattern.terms)):
            subject, predicate, value = pattern.terms
            node = self._node(subject)
            self._open(f"if {self._term(value)} not in {node}.get({self._term(predicate)}, ()):")
            return
        if self._is_search(part.parts):
            self._search(part.parts)
            return
        names = sorted(filter(self._is_bound, part.variables))
        found = self._constant(presence(part.parts, names))
        self._open(f"if not {found}({', '.join(['graph', *map(self._term, names)])}):")

    def _is_search(self, parts: Sequence[Part]) -> bool:
        """Whether the parts look for one subject, all else being bound."""
        patterns = [each for each in parts if isinstance(each, Pattern)]
        subjects = {each.subject for each in patterns}
        rest = [term for each in patterns for term in each.terms[1:]]
        return (
            len(patterns) == len(parts)
            and len(subjects) == 1
            and not any(map(self._is_bound, subjects))
            and all(map(self._is_bound, rest))
        )

    def _search(self, parts: Sequence[Part]) -> None:
        """A loop through those that the first pattern finds, which ends where all others hold; then nothing follows."""
        (_, predicate, value), *others = (each.terms for each in parts if isinstance(each, Pattern))
        number = len(self._body)
        self.say(f"for sought{number} in graph.incoming({self._term(value)}, {self._term(predicate)}):")
        described = f"nodes.get(sought{number}, nothing)"
        self._depth += 1
        if others:
            self.say(f"node = {described}")
        holds = [f"{self._term(value)} in node.get({self._term(predicate)}, ())" for _, predicate, value in others]
        self.say(f"if {' and '.join(holds) or 'True'}: break")
        self._depth -= 1
        self._open("else:")

    def _formula(self, part: Formula) -> None:
        """An expression that has no value is false (SPARQL 1.1 §17.2)."""
        compared = _compared(part.expression)
        if compared is not None:
            left, sign, right = compared
            self._open(f"if {self._term(left)} {sign} {self._term(right)}:")
            return
        self.say(f"try: holds = {self._truth(part.expression)}")
        self.say("except TypeFault: holds = False")
        self._open("if holds:")

    def _truth(self, expression: Expression) -> str:
        """The source of what a filter makes of an expression; Python compares numbers as SPARQL does."""
        if isinstance(expression, Call) and expression.name in _COMPARISONS and all(map(is_number, expression.args)):
            left, right = map(self._value, expression.args)
            return f"{left} {_SIGNS.get(expression.name, expression.name)} {right}"
        return f"truth({self._value(expression)})"

    def _value(self, expression: Expression) -> str:
        """The source of an expression's value."""
        if isinstance(expression, str):
            return self._term(expression)
        function, arguments = plain_function(expression)
        return f"{self._constant(function)}({', '.join(map(self._value, arguments))})"

    def _node(self, subject: str) -> str:
        """The name of what is said of a bound subject, looked up once for all that is within."""
        if subject not in self._described:
            name = self._described[subject] = f"node{len(self._described)}"
            self.say(f"{name} = nodes.get({self._term(subject)}, nothing)")
        return self._described[subject]

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


def _mentioned(part: Part) -> set[str]:
    """The variables of a part."""
    if isinstance(part, Absence):
        return part.variables
    if isinstance(part, Formula):
        return expression_variables(part.expression)
    return pattern_variables(part) if isinstance(part, Pattern) else set()


def _compared(expression: Expression) -> tuple[str, str, str] | None:
    """The terms and Python's sign of a comparison with an IRI, which equals itself alone (SPARQL 1.1 §17.4.1.7)."""
    if isinstance(expression, Call) and expression.name in _SIGNS:
        left, right = expression.args
        if isinstance(left, str) and isinstance(right, str) and (is_iri(left) or is_iri(right)):
            return left, _SIGNS[expression.name], right
    return None


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    return compile(source, "<query>", "exec")
