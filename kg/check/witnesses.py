"""Who says so: the claims of a store that make a statement, with the places of their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.check.terms import Term, text
from kg.model.evidence import Place
from kg.rdf.vocab import COORD, DCTERMS, OA, RDF

_DEFAULT: Final = DefaultGraph()
_SUBJECT, _PREDICATE, _OBJECT = RDF("subject"), RDF("predicate"), RDF("object")
_STATED_IN, _EVIDENCE, _POLARITY = COORD("statedIn"), COORD("evidence"), COORD("polarity")
_LINE, _COLUMN, _EXACT, _PART = COORD("line"), COORD("column"), OA("exact"), DCTERMS("isPartOf")
_SOURCES = (COORD("sourcePath"), DCTERMS("source"))
_DENIED = Literal("denied")
_CLAIMED: Final = frozenset({_SUBJECT, _PREDICATE, _OBJECT, _POLARITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A claim.

    Attributes:
        claim, subject, predicate, report: IRIs.
        term: the object in N-Triples syntax.
        value: the object's IRI or words.
        place: where its words begin, the first of them where it has several passages.
    """

    claim: str
    subject: str
    predicate: str
    term: str
    value: str
    report: str
    place: Place | None

    @property
    def order(self) -> tuple[str, str]:
        """By the name of the page, then by the claim's IRI."""
        return (self.place.source if self.place else "", self.claim)

    @property
    def shown(self) -> str:
        """The report with the place of the words."""
        name = self.report.partition("/id/")[2] or self.report
        return f"{name} ({self.place})" if self.place else name


def asserted(quads: Iterable[Quad]) -> set[Triple]:
    """The statements that claims among these quads assert; polarity is looked at, words are not."""
    said: dict[Term, dict[NamedNode, Term]] = {}
    for quad in quads:
        if quad.predicate in _CLAIMED:
            said.setdefault(quad.subject, {})[quad.predicate] = quad.object
    found = (_statement(each) for each in said.values() if each.get(_POLARITY) != _DENIED)
    return {statement for statement in found if statement}


def _statement(said: Mapping[NamedNode, Term]) -> Triple | None:
    """What a claim is about; None where it does not say."""
    subject, predicate, value = (said.get(each) for each in (_SUBJECT, _PREDICATE, _OBJECT))
    if not (isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value):
        return None
    return Triple(subject, predicate, value)


def claims_of(store: Store, report: NamedNode) -> Iterator[Quad]:
    """What a store has of the claims that a report makes."""
    for quad in store.quads_for_pattern(None, _STATED_IN, report, _DEFAULT):
        if isinstance(quad.subject, NamedNode):
            yield from store.quads_for_pattern(quad.subject, None, None, _DEFAULT)


def _order(witness: Witness) -> tuple[str, str]:
    return witness.order


class Witnesses:
    """The claims in a store's merged graph; what was looked up is kept, since one thing may clash many times."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._about: dict[tuple[Term, Term], list[Witness]] = {}

    def of(self, subject: Term, predicate: Term, value: Term | None) -> list[Witness]:
        """The claims that assert this, or any value where none is given, by their pages' names."""
        about = self._about.get((subject, predicate))
        if about is None:
            about = self._about[subject, predicate] = sorted(self._read(subject, predicate), key=_order)
        return about if value is None else [witness for witness in about if witness.term == str(value)]

    def _read(self, subject: Term, predicate: Term) -> Iterator[Witness]:
        for quad in self._store.quads_for_pattern(None, _SUBJECT, subject, _DEFAULT):
            said = dict(self._said(quad.subject))
            if said.get(_PREDICATE) == predicate and said.get(_POLARITY) != _DENIED and _STATED_IN in said:
                yield self._witness(quad.subject, said)

    def _said(self, node: Term) -> Iterator[tuple[NamedNode, Term]]:
        if isinstance(node, NamedNode):
            for quad in self._store.quads_for_pattern(node, None, None, _DEFAULT):
                yield quad.predicate, quad.object

    def _witness(self, claim: Term, said: dict[NamedNode, Term]) -> Witness:
        return Witness(
            claim=text(claim),
            subject=text(said[_SUBJECT]),
            predicate=text(said[_PREDICATE]),
            term=str(said[_OBJECT]),
            value=text(said[_OBJECT]),
            report=text(said[_STATED_IN]),
            place=self._place(claim),
        )

    def _place(self, claim: Term) -> Place | None:
        passages = [node for predicate, node in self._said(claim) if predicate == _EVIDENCE]
        places = [place for passage in passages if (place := self._passage_place(passage))]
        return min(places, key=lambda place: (place.source, place.line, place.column), default=None)

    def _passage_place(self, passage: Term) -> Place | None:
        said = dict(self._said(passage))
        if not said.keys() >= {_LINE, _COLUMN, _PART}:
            return None
        page = dict(self._said(said[_PART]))
        source = next((text(page[predicate]) for predicate in _SOURCES if predicate in page), "")
        quote = text(said[_EXACT]) if _EXACT in said else ""
        return Place(source=source, line=int(text(said[_LINE])), column=int(text(said[_COLUMN])), quote=quote)
