"""What a page about a thing shows: facts, what reports state in which words, and what points to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from kg.rdf.vocab import COORD, DCTERMS, LABEL, TITLE, TYPE
from kg.web.claims import Claim, read_claims
from kg.web.lookup import iris_in, read_rows
from kg.web.names import Names, Value, read_names
from kg.web.queries import AUTHORS, CLAIMS_ABOUT, CLAIMS_IN, FACTS, GAPS, INCOMING, about
from kg.web.site import Site
from kg.web.statements import Statement, Subject, anchored, grouped, statements, subjects
from kg.web.terms import Row, text_of

_MOST: Final = 200
_ABSTRACT: Final = DCTERMS("abstract").value
# What a report's page shows in places of its own.
_APART: Final = {
    TITLE.value,
    _ABSTRACT,
    DCTERMS("creator").value,
    COORD("authorship").value,
    COORD("describes").value,
}
_NAMING: Final = {TYPE.value, LABEL.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Values under one property; `predicate` is the IRI behind its name."""

    predicate: str
    relation: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page about a thing.

    Attributes:
        facts: what the graph says about it.
        incoming: what points to it, by property.
        statements: what reports say about it, with their words.
        is_report: whether it is a report, which has a page of its own kind.
        more: whether more points to it, or is stated about it, than the page shows.
    """

    iri: str
    name: Value
    types: tuple[Value, ...]
    facts: tuple[Group, ...]
    incoming: tuple[Group, ...]
    statements: tuple[Statement, ...]
    is_report: bool
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as a report names them."""

    name: Value
    affiliation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParts:
    """What a report's page shows besides what every document does.

    Attributes:
        metadata: its facts without those shown in places of their own.
        mechanisms, lessons, others: what it states, by what that is about.
        gaps: fields the page does not give, each with the reason.
    """

    authors: tuple[Author, ...]
    abstract: Value | None
    metadata: tuple[Group, ...]
    mechanisms: tuple[Subject, ...]
    lessons: tuple[Subject, ...]
    others: tuple[Subject, ...]
    gaps: tuple[tuple[str, str], ...]


async def read_document(site: Site, iri: str) -> Document:
    """The page about a thing."""
    facts = await read_rows(site, about(FACTS, iri))
    incoming = await read_rows(site, about(INCOMING, iri))
    claims = await read_claims(site, about(CLAIMS_ABOUT, iri))
    names = await read_names(site, iris_in((*facts, *incoming)) | _iris_of(claims) | {iri})
    return Document(
        iri=iri,
        name=names.thing(iri),
        types=tuple(names.term(found) for found in sorted(names.types.get(iri, ()))),
        facts=_groups(names, (row for row in facts if row["property"].text != TYPE.value), "value"),
        incoming=_groups(names, incoming[:_MOST], "subject"),
        statements=statements(names, claims[:_MOST]),
        is_report=names.is_a(iri, "Report"),
        more=max(len(incoming), len(claims)) > _MOST,
    )


async def read_report(site: Site, document: Document) -> ReportParts:
    """What a report's page shows besides its document."""
    claims = await read_claims(site, about(CLAIMS_IN, document.iri))
    authors = await read_rows(site, about(AUTHORS, document.iri))
    gaps = await read_rows(site, about(GAPS, document.iri))
    names = await read_names(site, iris_in(authors) | _iris_of(claims))
    mechanisms, lessons, others = _sorted_out(names, subjects(names, statements(names, claims)))
    abstracts = (group.values[0] for group in document.facts if group.predicate == _ABSTRACT)
    return ReportParts(
        authors=tuple(
            Author(name=names.value(row["author"]), affiliation=text_of(row, "affiliation")) for row in authors
        ),
        abstract=next(abstracts, None),
        metadata=tuple(group for group in document.facts if group.predicate not in _APART),
        mechanisms=mechanisms,
        lessons=lessons,
        others=others,
        gaps=tuple((text_of(row, "field"), text_of(row, "reason")) for row in gaps),
    )


def _iris_of(claims: Iterable[Claim]) -> set[str]:
    return {term.iri for claim in claims for term in claim.terms if term.iri is not None}


def _sorted_out(names: Names, told: tuple[Subject, ...]) -> tuple[tuple[Subject, ...], ...]:
    """Mechanisms, lessons and all else; a mechanism's name and type stand in its heading."""
    mechanisms = [_without_naming(found) for found in told if names.is_a(found.iri, "CoordinationMechanism")]
    lessons = [found for found in told if names.is_a(found.iri, "Lesson")]
    apart = {found.iri for found in (*mechanisms, *lessons)}
    others = [found for found in told if found.iri not in apart]
    shown = anchored((*mechanisms, *lessons, *others))
    first, second = len(mechanisms), len(mechanisms) + len(lessons)
    return shown[:first], shown[first:second], shown[second:]


def _without_naming(subject: Subject) -> Subject:
    told = tuple(statement for statement in subject.statements if statement.predicate not in _NAMING)
    return replace(subject, statements=told)


def _groups(names: Names, rows: Iterable[Row], column: str) -> tuple[Group, ...]:
    by_property = grouped(rows, lambda row: row["property"].text)
    groups = (
        Group(predicate=iri, relation=names.term(iri), values=tuple(names.value(row[column]) for row in found))
        for iri, found in by_property.items()
    )
    return tuple(sorted(groups, key=lambda group: group.relation.text))
