"""A page's claims, looked up by the statements they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from pyoxigraph import Quad

from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.rdf.vocab import RDF

_SUBJECT, _PREDICATE, _OBJECT = (str(RDF(part)) for part in ("subject", "predicate", "object"))


class Statement(NamedTuple):
    """What a claim says; terms are N-Triples texts."""

    subject: str
    predicate: str
    object: str

    @classmethod
    def of(cls, quad: Quad) -> Statement:
        """The statement that a quad makes."""
        return cls(str(quad.subject), str(quad.predicate), str(quad.object))


_statement = partial(tuple.__new__, Statement)  # of its parts; the class itself would make a call of Python's own


class Claims:
    """The statements that a page's evidence makes claims for.

    Attributes:
        said: each claim, in N-Triples, to its statement, in the order of the page; claims that lack a part are for the
            shapes.
    """

    def __init__(self, evidence: Graph) -> None:
        self.said: Mapping[str, Statement] = {
            claim: _statement((_last(node[_SUBJECT]), _last(node[_PREDICATE]), _last(node[_OBJECT])))
            for claim, node in evidence.nodes.items()
            if _SUBJECT in node and _PREDICATE in node and _OBJECT in node
        }

    @cached_property
    def statements(self) -> frozenset[Statement]:
        """All that is claimed, asserted or denied."""
        return frozenset(self.said.values())

    @cached_property
    def read(self) -> frozenset[str]:
        """The nodes whose type is claimed: read from the page, and none of the authority's."""
        return frozenset(said.subject for said in self.said.values() if said.predicate == TYPE_TERM)

    @cached_property
    def about(self) -> Mapping[str, list[str]]:
        """For each node the claims that speak of it: as their subject first, then as their object."""
        about: dict[str, list[str]] = defaultdict(list)
        for claim, said in self.said.items():
            about[said.subject].append(claim)
        for claim, said in self.said.items():
            if said.object[0] == "<":
                about[said.object].append(claim)
        return about


def _last(values: Collection[str]) -> str:
    return values[-1] if isinstance(values, tuple) else [*values][-1]
