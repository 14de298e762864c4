"""What is known beside a page: what the knowledge says of the page's nodes, and of what class is all they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Quad

from kg.check.claims import Claims, Statement
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.rdf.templates import Node


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the knowledge says of one node.

    Attributes:
        refers: the nodes that the knowledge types and this one refers to.
    """

    statements: frozenset[Statement]
    node: Node
    refers: frozenset[str]


class Background:
    """The knowledge, ready to be put beside one page after another."""

    def __init__(self, knowledge: Iterable[Quad]) -> None:
        self._described: dict[str, list[Statement]] = defaultdict(list)
        types: dict[str, dict[str, None]] = defaultdict(dict)
        for statement in map(Statement.of, knowledge):
            self._described[statement.subject].append(statement)
            if statement.predicate == TYPE_TERM:
                types[statement.subject][statement.object] = None
        self._types: dict[str, Node] = {node: {TYPE_TERM: tuple(classes)} for node, classes in types.items()}
        self._typed = frozenset(self._types)
        self._entries: dict[str, _Entry] = {}

    def beside(self, graph: Graph, claims: Claims) -> Mapping[str, Node]:
        """What a check of this graph may look at besides; nobody may change what is told.

        Where the page makes a claim itself, the knowledge's word is left out: whether a claim agrees with what its page
        states must not depend on what is known from elsewhere.
        """
        found: dict[str, Node] = {}
        referred = set(self._typed & graph.referred)
        for subject in filter(self._described.__contains__, graph.nodes):
            entry = self._entries.get(subject)
            if entry is None:
                entry = self._entries[subject] = self._entry(self._described[subject])
            if not entry.statements.isdisjoint(claims.statements):
                entry = self._entry(entry.statements - claims.statements)
            found[subject] = entry.node
            referred |= entry.refers
        for node in referred:
            found[node] = {**found[node], **self._types[node]} if node in found else self._types[node]
        return found

    def _entry(self, statements: Collection[Statement]) -> _Entry:
        graph = Graph(statements)
        told: Node = {predicate: tuple(values) for node in graph.nodes.values() for predicate, values in node.items()}
        return _Entry(frozenset(statements), told, self._typed & graph.referred)
