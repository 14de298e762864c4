"""The currency between mapping, checking and the store: one page's statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.model.evidence import Place
from kg.rdf.templates import Filled, Node, groups, nodes, single
from kg.rdf.vocab import TYPE

_TYPE: Final = str(TYPE)

#: Subject, predicate and object of a statement, in N-Triples.
Row = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class PageQuads:
    """What one page contributes to the graph, in a fixed order, each statement once.

    It is made, checked and written as text; `stated` and `evidence` are there for those who need terms.

    Attributes:
        source: where the page came from, for messages.
        graph: the page's named graph.
        statements: the flat statements, in that named graph; two pages may state the same one.
        descriptions: claims, passages, mentions and the page's own description, in the default graph. Their subjects'
            IRIs contain the report's key or the page's digest, so no other page contributes them.
        expected: for each (focus IRI, path IRI) the page was expected to state and did not, the place where it should
            stand.
    """

    source: str
    graph: NamedNode
    statements: tuple[Row, ...]
    descriptions: tuple[Filled, ...]
    expected: Mapping[tuple[str, str], Place] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str, graph: NamedNode, stated: Iterable[Quad], evidence: Iterable[Quad]) -> PageQuads:
        """The same of quads, whose own graphs play no part."""
        rows = (_row(quad) for quad in evidence)
        return cls(
            source=source,
            graph=graph,
            statements=tuple(map(_row, stated)),
            descriptions=tuple((single(predicate), ((subject, value),)) for subject, predicate, value in rows),
        )

    def __iter__(self) -> Iterator[Quad]:
        yield from self.stated
        yield from self.evidence

    @cached_property
    def stated(self) -> tuple[Quad, ...]:
        """The flat statements, in the page's named graph."""
        return tuple(parse(self.flat, RdfFormat.N_QUADS))

    @cached_property
    def evidence(self) -> tuple[Quad, ...]:
        """The evidence, in the default graph."""
        return tuple(parse(b"".join(self.groups), RdfFormat.N_QUADS))

    @property
    def nodes(self) -> dict[str, Node]:
        """The evidence by node and predicate, made anew each time."""
        return nodes(self.descriptions)[0]

    @property
    def groups(self) -> list[bytes]:
        """The evidence as N-Quads: what is said of each node, sorted by its bytes; made anew each time."""
        return list(groups(self.descriptions).values())

    @property
    def flat(self) -> bytes:
        """The flat statements in the page's graph as N-Quads, sorted by their bytes: the graph's canonical form."""
        return f"{self.graph} .\n".join([*self._begun, ""]).encode()

    @property
    def merged(self) -> bytes:
        """The flat statements in the default graph as N-Quads."""
        return ".\n".join([*self._begun, ""]).encode()

    def merged_of(self, names: Collection[str]) -> bytes:
        """The same of those that have one of these properties or classes, which are named in N-Triples."""
        rows = self.statements
        asked = [row for row in rows if (row[2] if row[1] == _TYPE else row[1]) in names]
        return "".join([f"{subject} {predicate} {value} .\n" for subject, predicate, value in asked]).encode()

    @cached_property
    def _begun(self) -> list[str]:
        """The lines of the flat statements up to where a graph may be named.

        They are in the order that whole lines have: what follows is a space where another value goes on, and nothing
        that a value may go on with comes before that.
        """
        return sorted([f"{subject} {predicate} {value} " for subject, predicate, value in self.statements])


def _row(quad: Quad) -> Row:
    return str(quad.subject), str(quad.predicate), str(quad.object)
