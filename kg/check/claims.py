"""A page's claims, looked up by the statements they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kg.check.terms import Term, text
from kg.rdf.vocab import RDF, TYPE

_PARTS = (RDF("subject"), RDF("predicate"), RDF("object"))


class Statement(NamedTuple):
    """What a claim says."""

    subject: Term
    predicate: Term
    object: Term


class Claims:
    """The statements that a page's evidence makes claims for.

    Attributes:
        said: IRI of each claim to its statement, in the order of the page; claims that lack a part are for the shapes.
    """

    def __init__(self, evidence: Iterable[Quad]) -> None:
        parts: dict[str, dict[Term, Term]] = defaultdict(dict)
        for quad in evidence:
            if quad.predicate in _PARTS:
                parts[text(quad.subject)][quad.predicate] = quad.object
        self.said: Mapping[str, Statement] = {
            claim: Statement(*(said[part] for part in _PARTS))
            for claim, said in parts.items()
            if len(said) == len(_PARTS)
        }

    @cached_property
    def statements(self) -> frozenset[Statement]:
        """All that is claimed, asserted or denied."""
        return frozenset(self.said.values())

    @cached_property
    def read(self) -> frozenset[Term]:
        """The nodes whose type is claimed: read from the page, and none of the authority's."""
        return frozenset(said.subject for said in self.said.values() if said.predicate == TYPE)

    @cached_property
    def about(self) -> Mapping[str, list[str]]:
        """For each node the claims that speak of it: as their subject first, then as their object."""
        about: dict[str, list[str]] = defaultdict(list)
        for claim, said in self.said.items():
            about[text(said.subject)].append(claim)
        for claim, said in self.said.items():
            if isinstance(said.object, NamedNode):
                about[text(said.object)].append(claim)
        return about
