"""What compiled shapes say, and the kinds of functions that say it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import Path
from kg.check.shacl.shapes_graph import Shape
from kg.rdf.vocab import SH


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One validation result (SHACL §3.6.2); terms are N-Triples texts.

    Attributes:
        focus: the focus node.
        path: the result path.
        value: the value node at fault, where one is.
        component: IRI of the constraint component, in brackets.
        shape: the source shape, an IRI or a blank node of the shapes graph.
        severity: IRI of the severity, in brackets.
        messages: literals, never none of them.
        constraint: the SPARQL constraint's node, where there is one.
    """

    focus: str
    path: Path | None
    value: str | None
    component: str
    shape: str
    severity: str
    messages: tuple[str, ...]
    constraint: str | None = None


#: Judges one focus node and its values, and adds what it finds.
Check = Callable[[Graph, str, Collection[str], list[Result]], None]
#: Whether a value passes, by its own text alone.
Test = Callable[[str], object]
#: Whether a value passes, by what the graph says of it.
GraphTest = Callable[[Graph, str], object]
#: Whether a node conforms to a shape; results do not matter.
Conforms = Callable[[Graph, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """All that the results of one constraint of one shape have in common."""

    path: Path | None
    component: str
    shape: str
    severity: str
    messages: tuple[str, ...]
    constraint: str | None = None

    @classmethod
    def of(cls, shape: Shape, component: str, usual: str) -> Blame:
        """The results of a component of SHACL Core.

        Args:
            shape: the shape whose constraint it is.
            component: the local name of the constraint component.
            usual: what to say when the shape has no message of its own; an English sentence.
        """
        return cls(
            path=shape.path,
            component=str(SH(component)),
            shape=shape.node,
            severity=shape.severity,
            messages=shape.messages or (f'"{usual}"@en',),
        )

    def result(self, focus: str, value: str | None = None, path: Path | None = None) -> Result:
        """One result; a path given here stands in for the shape's own."""
        return Result(
            focus=focus,
            path=path or self.path,
            value=value,
            component=self.component,
            shape=self.shape,
            severity=self.severity,
            messages=self.messages,
            constraint=self.constraint,
        )


@dataclass(frozen=True, slots=True)
class Accepts:
    """A quick condition under which a value passes for certain; where it does not hold, the test itself decides.

    Attributes:
        source: a Python expression of `{value}` and `{known}`; a constraint on all values together may look at `graph`
            and `focus` too, and at `{beside}`.
        known: what `{known}` stands for.
        beside: the predicate whose only value `{beside}` stands for; where it has none, the value passes.
    """

    source: str
    known: object = None
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class ValueTest:
    """A constraint on each value by itself, whatever else the graph holds."""

    blame: Blame
    test: Test
    accepts: Accepts | None = None


@dataclass(frozen=True, slots=True)
class NodeTest:
    """A constraint on each value, by what the graph says of it."""

    blame: Blame
    test: GraphTest


@dataclass(frozen=True, slots=True)
class ClassTest:
    """The constraint that each value is an instance of a class: commonest of those that look at the graph."""

    blame: Blame
    of_class: str

    def test(self, graph: Graph, term: str) -> bool:
        """Whether the term is an instance."""
        return graph.is_instance(term, self.of_class)


@dataclass(frozen=True, slots=True)
class AtMost:
    """The constraint on the greatest number of values."""

    blame: Blame
    most: int


@dataclass(frozen=True, slots=True)
class SetCheck:
    """A constraint on all values together.

    Attributes:
        check: adds the results.
        idle: whether it never finds anything where there are no values.
        content: whether it never finds anything where there are some.
        single: when it finds nothing about a single value.
    """

    check: Check
    idle: bool
    content: bool = False
    single: Accepts | None = None


#: What judges each value, and what judges them together.
EachTest = ValueTest | NodeTest | ClassTest
Together = AtMost | SetCheck
