"""One entry of the authority as its files describe it: names and facts, each with its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.rdf.turtle import Descriptions
from kg.rdf.vocab import COORD, DCTERMS, FOAF, LABEL, RDF, SKOS, SKOSXL, TYPE

_LABELS = frozenset({SKOS("prefLabel"), SKOS("altLabel"), COORD("acronym")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Why something is held to be so: its sources, each with its addresses, and whether it was verified."""

    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    verification: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedName:
    """A name with its kind (local name of a coord:NameKind) and the dates between which it was used."""

    text: str
    language: str
    kind: str
    start: str | None
    end: str | None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is said of the entry; a basis without sources means that no coord:SourcedFact stands behind it."""

    predicate: str
    value: NamedNode | Literal
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that the authority says of an entry."""

    iri: str
    file: str
    names: tuple[DatedName, ...]
    facts: tuple[Fact, ...]


def describe(authority: Descriptions, iri: str) -> Description:
    """The description of an entry that the authority has."""
    about = _Notes(authority)
    sourced = about.facts(iri)
    stated = {(fact.predicate, fact.value) for fact in sourced}
    bare = [
        Fact(predicate=predicate.value, value=value, basis=Basis())
        for predicate, values in authority.said[iri].items()
        for value in dict.fromkeys(values)
        if predicate != TYPE and predicate not in _LABELS and (predicate.value, value) not in stated
    ]
    return Description(iri=iri, file=authority.files[iri], names=tuple(about.names(iri)), facts=(*sourced, *bare))


class _Notes:
    """The names, facts and sources of the authority's files."""

    def __init__(self, authority: Descriptions) -> None:
        self._authority = authority

    def names(self, iri: str) -> Iterator[DatedName]:
        """The coord:Name nodes of an entry in their order; for want of them its labels."""
        nodes = self._about(iri, COORD("Name"), COORD("nameOf"))
        for node in nodes:
            form = self._authority.only_literal(node, SKOSXL("literalForm"))
            if form is not None:
                yield DatedName(
                    text=form.value,
                    language=form.language or "",
                    kind=_local(self._authority.only_iri(node, COORD("nameKind")) or ""),
                    start=self._date(node, "startDate"),
                    end=self._date(node, "endDate"),
                    basis=self._basis(node),
                )
        for predicate in (SKOS("prefLabel"), SKOS("altLabel")) if not nodes else ():
            for label in self._authority.literals(iri, predicate):
                yield DatedName(
                    text=label.value, language=label.language or "", kind=_local(predicate.value),
                    start=None, end=None, basis=Basis(),
                )  # fmt: skip

    def facts(self, iri: str) -> list[Fact]:
        """The sourced facts of an entry, in their order."""
        return [
            Fact(predicate=predicate, value=value, basis=self._basis(node))
            for node in self._about(iri, COORD("SourcedFact"), RDF("subject"))
            if (predicate := self._authority.only_iri(node, RDF("predicate")))
            for value in self._authority.said[node].get(RDF("object"), ())
        ]

    def _about(self, iri: str, kind: NamedNode, link: NamedNode) -> list[str]:
        """The nodes of a kind that point to the entry, by their numbers."""
        nodes = [
            node
            for node, said in self._authority.said.items()
            if kind in said.get(TYPE, ()) and NamedNode(iri) in said.get(link, ())
        ]
        return sorted(nodes, key=lambda node: (len(node), node))

    def _basis(self, node: str) -> Basis:
        sources = self._authority.iris(node, DCTERMS("source"))
        verification = self._authority.only_iri(node, COORD("verification"))
        return Basis(
            sources=tuple((self._label(source), self._pages(source)) for source in sources),
            verification=_local(verification) if verification else None,
        )

    def _label(self, source: str) -> str:
        labels = self._authority.literals(source, LABEL) if source in self._authority.said else ()
        return labels[0].value if labels else source

    def _pages(self, source: str) -> tuple[str, ...]:
        return self._authority.iris(source, FOAF("page")) if source in self._authority.said else ()

    def _date(self, node: str, local: str) -> str | None:
        literal = self._authority.only_literal(node, COORD(local))
        return literal.value if literal else None


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
