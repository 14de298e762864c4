"""Report → quads: each statement flat in the page's graph, and as a claim with its words in the evidence layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from kg.model.dates import PartialDate
from kg.model.evidence import Found, Place
from kg.model.page import Page, Text
from kg.model.records import (
    Author,
    Candidate,
    Gap,
    Lesson,
    Mechanism,
    Named,
    OtherPage,
    Reading,
    Relation,
    Report,
    Statement,
)
from kg.rdf import literals
from kg.rdf.evidence import Grounds, Ledger, Term
from kg.rdf.iris import Minter, segment
from kg.rdf.quads import PageQuads
from kg.rdf.things import Things
from kg.rdf.vocab import COORD, DCAT, DCTERMS, FOAF, LABEL, ORG, TITLE, TYPE

_T = TypeVar("_T")
_ID_LENGTH = 16
#: How likely it is that two spellings of a name are one person.
SPELT_ALIKE = Decimal("0.5")
_RELATIONS = {relation: COORD(relation.value) for relation in Relation} | {
    relation: ORG(relation.value) for relation in (Relation.REPORTS_TO, Relation.SUB_ORGANIZATION_OF)
}
#: The properties that a page lacks when it lacks a field.
_EXPECTED = {
    "title": (TITLE,),
    "available": (DCTERMS("available"),),
    "byline": (COORD("authorship"), DCTERMS("creator"), DCTERMS("publisher"), COORD("team")),
    "institution": (DCTERMS("publisher"),),
    "number": (COORD("number"), COORD("seriesYear"), DCTERMS("isPartOf")),
    "cumulative_number": (COORD("cumulativeNumber"),),
    "issued": (DCTERMS("issued"),),
    "abstract": (DCTERMS("abstract"),),
    "keywords": (DCAT("keyword"),),
    "jurisdiction": (DCTERMS("spatial"),),
    "mechanism": (COORD("describes"),),
}


def page_quads(text: Text, reading: Reading, minter: Minter) -> PageQuads:
    """What a page contributes to the graph, deterministically."""
    if isinstance(reading, OtherPage):
        graph = NamedNode(minter.graph("page", text.page.id[:_ID_LENGTH]))
        told = (*_page(text.page, reading, "other", minter), *_no_report(text.page, reading, minter))
        return PageQuads(source=text.page.source, graph=graph, stated=(), evidence=told)
    page = page_node(text.page, minter)
    ledger = Ledger(minter, reading.key, text, page)
    _Scribe(minter=minter, report=reading, ledger=ledger, things=Things(minter, reading, ledger)).write()
    evidence = [*_page(text.page, reading, "report", minter), Quad(ledger.report, COORD("readFrom"), page)]
    evidence += ledger.evidence()
    evidence += [
        quad for number, gap in enumerate(reading.gaps, start=1) for quad in _gap(minter, reading, page, (number, gap))
    ]
    stated = tuple(ledger.stated())
    said = {(str(quad.subject), quad.predicate.value) for quad in stated}
    places = _expected(text, reading, ledger.report)
    return PageQuads(
        source=text.page.source,
        graph=ledger.graph,
        stated=stated,
        evidence=tuple(evidence),
        expected={(node, path): at for (node, path), at in places.items() if (f"<{node}>", path) not in said},
    )


def page_node(page: Page, minter: Minter) -> NamedNode:
    """The page's IRI, by the digest of its payload."""
    return NamedNode(minter.thing("page", page.id[:_ID_LENGTH]))


def _page(page: Page, reading: Reading, kind: str, minter: Minter) -> Iterator[Quad]:
    node = page_node(page, minter)
    yield Quad(node, TYPE, COORD("Page"))
    yield Quad(node, DCTERMS("identifier"), Literal(f"sha256:{page.id}"))
    yield Quad(node, COORD("sourcePath"), Literal(page.file))
    if page.file != page.source:
        yield Quad(node, COORD("firstLine"), literals.integer(page.first_line))
    yield Quad(node, DCTERMS("format"), Literal(page.media_type))
    yield Quad(node, COORD("layout"), Literal(reading.layout))
    yield Quad(node, COORD("pageKind"), Literal(kind))


def _gap(minter: Minter, report: Report, page: NamedNode, numbered: tuple[int, Gap]) -> Iterator[Quad]:
    number, gap = numbered
    node = NamedNode(minter.thing("gap", report.key, f"{number:02d}-{segment(gap.field.replace('_', ' '))}"))
    yield Quad(node, TYPE, COORD("Gap"))
    yield Quad(node, COORD("gapOf"), page)
    yield Quad(node, COORD("field"), Literal(gap.field))
    yield Quad(node, COORD("reason"), Literal(gap.reason))


def _no_report(page: Page, reading: OtherPage, minter: Minter) -> Iterator[Quad]:
    """Why a page is no report, as a gap: what it lacks is the report."""
    node = NamedNode(minter.thing("gap", page.id[:_ID_LENGTH], "report"))
    yield Quad(node, TYPE, COORD("Gap"))
    yield Quad(node, COORD("gapOf"), page_node(page, minter))
    yield Quad(node, COORD("field"), Literal("report"))
    yield Quad(node, COORD("reason"), Literal(reading.reason))


def _expected(text: Text, report: Report, node: NamedNode) -> dict[tuple[str, str], Place]:
    return {
        (node.value, path.value): text.place(gap.at)
        for gap in reversed(report.gaps)
        for path in _EXPECTED.get(gap.field, ())
    }


@dataclass(frozen=True, kw_only=True)
class _Scribe:
    """Writes one report's statements into its ledger."""

    minter: Minter
    report: Report
    ledger: Ledger
    things: Things

    def write(self) -> None:
        """Everything the report says, from its header to its lessons."""
        self._state(self.ledger.report, TYPE, COORD("Report"), self.report.type)
        publisher = self._publisher()
        self._imprint(publisher)
        for author in self.report.authors:
            self._author(author)
        self._units(publisher)
        for found in (*self.report.bodies, *self.report.documents):
            self.things.node(found.value, Grounds.of(found))
        mechanism = self._mechanism(self.report.mechanism) if self.report.mechanism else None
        for statement in self.report.statements:
            self._statement(mechanism, statement)
        for number, lesson in enumerate(self.report.lessons, start=1):
            self._lesson(number, lesson, mechanism)

    def _state(self, subject: NamedNode, predicate: NamedNode, value: Term, found: Found[object]) -> None:
        self.ledger.state(subject, predicate, value, Grounds.of(found))

    def _text(self, words: str) -> Literal:
        return literals.text(words, self.report.language)

    def _imprint(self, publisher: NamedNode | None) -> None:
        report, node = self.report, self.ledger.report
        self._once(TITLE, report.title, self._text)
        self._once(COORD("number"), report.number, Literal)
        self._once(COORD("seriesYear"), report.series_year, literals.year)
        self._once(COORD("cumulativeNumber"), report.cumulative_number, literals.integer)
        self._once(DCTERMS("issued"), report.issued, literals.date)
        self._once(DCTERMS("available"), report.available, literals.date)
        self._once(DCTERMS("abstract"), report.abstract, self._text)
        for keyword in report.keywords:
            self._state(node, DCAT("keyword"), self._text(keyword.value), keyword)
        for place in report.jurisdictions:
            self._state(node, DCTERMS("spatial"), self._place(place.value), place)
        self._series(publisher)

    def _once(self, predicate: NamedNode, found: Found[_T] | None, literal: Callable[[_T], Literal]) -> None:
        """States a property that the report has once or not at all."""
        if found:
            self._state(self.ledger.report, predicate, literal(found.value), found)

    def _series(self, publisher: NamedNode | None) -> None:
        series = self.report.series
        if series is None:
            return
        node = NamedNode(self.minter.thing("series", self.report.publisher_key, segment(series.value.name)))
        self._state(node, TYPE, COORD("ReportSeries"), series)
        self._state(node, LABEL, self._text(series.value.name), series)
        self._state(self.ledger.report, DCTERMS("isPartOf"), node, series)
        if publisher and self.report.institution:
            self._state(node, DCTERMS("publisher"), publisher, self.report.institution)

    def _publisher(self) -> NamedNode | None:
        institution = self.report.institution
        if institution is None:
            return None
        node = self.things.node(institution.value, Grounds.of(institution))
        self._state(self.ledger.report, DCTERMS("publisher"), node, institution)
        return node

    def _author(self, author: Found[Author]) -> None:
        value, report = author.value, self.ledger.report
        person = NamedNode(self.minter.thing("person", segment(value.name)))
        authorship = NamedNode(self.minter.thing("authorship", self.report.key, str(value.position)))
        if value.spellings:
            self.ledger.mention(author.evidence, person, tuple(map(self._same_person, value.spellings)))
        self._state(person, TYPE, FOAF("Person"), author)
        self._state(person, FOAF("name"), Literal(value.name), author)
        if value.family and value.given:
            self._state(person, FOAF("familyName"), Literal(value.family), author)
            self._state(person, FOAF("givenName"), Literal(value.given), author)
        self._state(authorship, TYPE, COORD("Authorship"), author)
        self._state(authorship, COORD("position"), literals.integer(value.position), author)
        self._state(authorship, COORD("author"), person, author)
        if value.affiliation:
            self._state(authorship, COORD("affiliation"), Literal(value.affiliation.value), value.affiliation)
        self._state(report, COORD("authorship"), authorship, author)
        self._state(report, DCTERMS("creator"), person, author)

    def _same_person(self, name: str) -> Candidate:
        """Whoever bears another spelling of an author's name, as a proposal."""
        return Candidate(iri=self.minter.thing("person", segment(name)), score=SPELT_ALIKE)

    def _units(self, publisher: NamedNode | None) -> None:
        """The team and the departments, which are units of the publisher."""
        units = [("department", COORD("Department"), each) for each in self.report.departments]
        if self.report.team:
            units.insert(0, ("team", COORD("ResearchTeam"), self.report.team))
        for kind, klass, found in units:
            node = NamedNode(self.minter.thing(kind, self.report.publisher_key, segment(found.value)))
            self._state(node, TYPE, klass, found)
            self._state(node, LABEL, self._text(found.value), found)
            if kind == "team":
                self._state(node, COORD("researchTheme"), self._text(found.value), found)
            if publisher and self.report.institution:
                self._state(node, ORG("unitOf"), publisher, self.report.institution)
            self._state(self.ledger.report, COORD(kind), node, found)

    def _mechanism(self, mechanism: Mechanism) -> NamedNode:
        place = mechanism.jurisdiction.value.casefold() if mechanism.jurisdiction else "zz"
        node = NamedNode(self.minter.thing("mechanism", f"{place}-{self.report.key}"))
        grounds = mechanism.labels[0]
        self._state(node, TYPE, COORD("CoordinationMechanism"), grounds)
        self._state(self.ledger.report, COORD("describes"), node, grounds)
        for label in mechanism.labels:
            self._state(node, LABEL, self._text(label.value), label)
        if mechanism.jurisdiction:
            found = mechanism.jurisdiction
            self._state(node, COORD("jurisdiction"), self._place(found.value), found)
        return node

    def _statement(self, mechanism: NamedNode | None, found: Found[Statement]) -> None:
        statement = found.value
        about = statement.subject
        subject = self.things.node(about.value, Grounds.of(about)) if about else mechanism
        if subject is None:
            raise ValueError(f"a statement about a mechanism that the report does not describe: {found}")
        self._state(subject, _RELATIONS[statement.relation], self._object(statement), found)

    def _object(self, statement: Statement) -> Term:
        value = statement.object.value
        if isinstance(value, Named):
            return self.things.node(value, Grounds.of(statement.object))
        if isinstance(value, PartialDate):
            return literals.date(value)
        concept = NamedNode(value)
        self.ledger.mention(statement.object.evidence, concept)
        return concept

    def _lesson(self, number: int, found: Found[Lesson], mechanism: NamedNode | None) -> None:
        node = NamedNode(self.minter.thing("lesson", self.report.key, str(number)))
        self._state(node, TYPE, COORD("Lesson"), found)
        self._state(node, DCTERMS("description"), self._text(found.evidence.quote), found)
        source = mechanism or (self._place(self.report.about.value) if self.report.about else None)
        if source:
            self._state(node, COORD("drawnFrom"), source, found)
        for concept in found.value.concerns:
            self.ledger.mention(concept.evidence, NamedNode(concept.value))
            self._state(node, COORD("concerns"), NamedNode(concept.value), found)

    def _place(self, code: str) -> NamedNode:
        return NamedNode(self.minter.thing("jurisdiction", code.casefold()))
