"""Report → quads: each statement flat in the page's graph, and as a claim with its words in the evidence layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from pyoxigraph import NamedNode

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
from kg.rdf.evidence import Ledger
from kg.rdf.iris import Minter, segment
from kg.rdf.quads import PageQuads, Row
from kg.rdf.templates import Filled, Filling, Template, single
from kg.rdf.things import Things
from kg.rdf.vocab import COORD, DCAT, DCTERMS, FOAF, ORG, RDF, RDFS

_T = TypeVar("_T")
_ID_LENGTH = 16
#: How likely it is that two spellings of a name are one person.
SPELT_ALIKE = Decimal("0.5")
_TYPE, _LABEL = RDF.text("type"), RDFS.text("label")
_TITLE, _ISSUED, _AVAILABLE, _ABSTRACT, _SPATIAL, _IS_PART_OF, _PUBLISHER, _CREATOR, _DESCRIPTION = map(
    DCTERMS.text,
    ("title", "issued", "available", "abstract", "spatial", "isPartOf", "publisher", "creator", "description"),
)
_NUMBER, _SERIES_YEAR, _CUMULATIVE_NUMBER, _DESCRIBES = map(
    COORD.text, ("number", "seriesYear", "cumulativeNumber", "describes")
)
_AUTHORSHIP, _POSITION, _AUTHOR, _AFFILIATION = map(COORD.text, ("authorship", "position", "author", "affiliation"))
_TEAM, _DEPARTMENT, _THEME, _UNIT_OF = *map(COORD.text, ("team", "department", "researchTheme")), ORG.text("unitOf")
_JURISDICTION, _DRAWN_FROM, _CONCERNS = map(COORD.text, ("jurisdiction", "drawnFrom", "concerns"))
_A_REPORT, _A_SERIES, _AN_AUTHORSHIP, _A_TEAM, _A_DEPARTMENT, _A_MECHANISM, _A_LESSON = map(
    COORD.text,
    ("Report", "ReportSeries", "Authorship", "ResearchTeam", "Department", "CoordinationMechanism", "Lesson"),
)
_KEYWORD: Final = DCAT.text("keyword")
_A_PERSON, _NAME, _FAMILY_NAME, _GIVEN_NAME = map(FOAF.text, ("Person", "name", "familyName", "givenName"))
_RELATIONS: Final = {relation: COORD.text(relation.value) for relation in Relation} | {
    relation: ORG.text(relation.value) for relation in (Relation.REPORTS_TO, Relation.SUB_ORGANIZATION_OF)
}
#: The properties that a page lacks when it lacks a field.
_EXPECTED: Final = {
    "title": (_TITLE,),
    "available": (_AVAILABLE,),
    "byline": (_AUTHORSHIP, _CREATOR, _PUBLISHER, _TEAM),
    "institution": (_PUBLISHER,),
    "number": (_NUMBER, _SERIES_YEAR, _IS_PART_OF),
    "cumulative_number": (_CUMULATIVE_NUMBER,),
    "issued": (_ISSUED,),
    "abstract": (_ABSTRACT,),
    "keywords": (_KEYWORD,),
    "jurisdiction": (_SPATIAL,),
    "mechanism": (_DESCRIBES,),
}
_PAGE: Final = Template(
    COORD.text("Page"),
    DCTERMS.text("identifier"),
    COORD.text("sourcePath"),
    DCTERMS.text("format"),
    COORD.text("layout"),
    COORD.text("pageKind"),
)
_FIRST_LINE, _READ_FROM = single(COORD.text("firstLine")), single(COORD.text("readFrom"))
_GAP: Final = Template(COORD.text("Gap"), *map(COORD.text, ("gapOf", "field", "reason")))


def page_quads(text: Text, reading: Reading, minter: Minter) -> PageQuads:
    """What a page contributes to the graph, deterministically.

    Raises:
        ValueError: a key, a code or an IRI of the reading makes no IRI, or a text holds a surrogate.
        MintingError: two names of the report have the same digest.
    """
    page = literals.iri(minter.thing("page", text.page.id[:_ID_LENGTH]))
    if isinstance(reading, OtherPage):
        gap = literals.iri(minter.thing("gap", text.page.id[:_ID_LENGTH], "report"))
        why = (_GAP, [(gap, page, literals.plain("report"), literals.plain(reading.reason))])
        return PageQuads(
            source=text.page.source,
            graph=NamedNode(minter.graph("page", text.page.id[:_ID_LENGTH])),
            statements=(),
            descriptions=(*_page(text.page, page, reading, "other"), why),
        )
    ledger = Ledger(minter, reading.key, text, page)
    Scribe(minter=minter, report=reading, ledger=ledger, things=Things(minter, reading, ledger)).write()
    statements = ledger.statements()
    return PageQuads(
        source=text.page.source,
        graph=NamedNode(minter.graph("report", reading.key)),
        statements=statements,
        descriptions=(
            *_page(text.page, page, reading, "report"),
            (_READ_FROM, [(ledger.report, page)]),
            *ledger.descriptions(),
            (_GAP, [_gap(minter, reading, page, numbered) for numbered in enumerate(reading.gaps, start=1)]),
        ),
        expected=_expected(text, reading, ledger.report, statements) if reading.gaps else {},
    )


def _page(page: Page, node: str, reading: Reading, kind: str) -> Iterator[Filled]:
    told = (f"sha256:{page.id}", page.file, page.media_type, reading.layout, kind)
    yield _PAGE, [(node, *map(literals.plain, told))]
    if page.file != page.source:
        yield _FIRST_LINE, [(node, literals.integer(page.first_line))]


def _gap(minter: Minter, report: Report, page: str, numbered: tuple[int, Gap]) -> Filling:
    number, gap = numbered
    node = minter.term("gap", report.key, f"{number:02d}-{segment(gap.field.replace('_', ' '))}")
    return node, page, literals.plain(gap.field), literals.plain(gap.reason)


def _expected(text: Text, report: Report, node: str, statements: Iterable[Row]) -> dict[tuple[str, str], Place]:
    """Where the properties should stand that the report has not, by the IRIs of node and property."""
    said = {(subject, predicate) for subject, predicate, _ in statements}
    return {
        (node[1:-1], path[1:-1]): text.place(gap.at)
        for gap in reversed(report.gaps)
        for path in _EXPECTED.get(gap.field, ())
        if (node, path) not in said
    }


@dataclass(frozen=True, kw_only=True)
class Scribe:
    """Writes one report's statements into its ledger."""

    minter: Minter
    report: Report
    ledger: Ledger
    things: Things

    def write(self) -> None:
        """Everything the report says, from its header to its lessons."""
        self.ledger.state(self.ledger.report, _TYPE, _A_REPORT, self.report.type)
        publisher = self._publisher()
        self._imprint(publisher)
        for author in self.report.authors:
            self._author(author)
        self._units(publisher)
        for found in (*self.report.bodies, *self.report.documents):
            self.things.node(found.value, found)
        mechanism = self._mechanism(self.report.mechanism) if self.report.mechanism else None
        for statement in self.report.statements:
            self._statement(mechanism, statement)
        for number, lesson in enumerate(self.report.lessons, start=1):
            self._lesson(number, lesson, mechanism)

    def _text(self, words: str) -> str:
        return literals.text(words, self.report.language)

    def _imprint(self, publisher: str | None) -> None:
        report, node = self.report, self.ledger.report
        self._once(_TITLE, report.title, self._text)
        self._once(_NUMBER, report.number, literals.plain)
        self._once(_SERIES_YEAR, report.series_year, literals.year)
        self._once(_CUMULATIVE_NUMBER, report.cumulative_number, literals.integer)
        self._once(_ISSUED, report.issued, literals.date)
        self._once(_AVAILABLE, report.available, literals.date)
        self._once(_ABSTRACT, report.abstract, self._text)
        for keyword in report.keywords:
            self.ledger.state(node, _KEYWORD, self._text(keyword.value), keyword)
        for place in report.jurisdictions:
            self.ledger.state(node, _SPATIAL, self._place(place.value), place)
        self._series(publisher)

    def _once(self, predicate: str, found: Found[_T] | None, literal: Callable[[_T], str]) -> None:
        """States a property that the report has once or not at all."""
        if found:
            self.ledger.state(self.ledger.report, predicate, literal(found.value), found)

    def _series(self, publisher: str | None) -> None:
        series = self.report.series
        if series is None:
            return
        node = literals.iri(self.minter.thing("series", self.report.publisher_key, segment(series.value.name)))
        self.ledger.state(node, _TYPE, _A_SERIES, series)
        self.ledger.state(node, _LABEL, self._text(series.value.name), series)
        self.ledger.state(self.ledger.report, _IS_PART_OF, node, series)
        if publisher and self.report.institution:
            self.ledger.state(node, _PUBLISHER, publisher, self.report.institution)

    def _publisher(self) -> str | None:
        institution = self.report.institution
        if institution is None:
            return None
        node = self.things.node(institution.value, institution)
        self.ledger.state(self.ledger.report, _PUBLISHER, node, institution)
        return node

    def _author(self, author: Found[Author]) -> None:
        value, report = author.value, self.ledger.report
        person = self.minter.term("person", segment(value.name))
        authorship = self.minter.term("authorship", self.report.key, str(value.position))
        if value.spellings:
            self.ledger.mention(author.evidence, person, tuple(map(self._same_person, value.spellings)))
        self.ledger.state(person, _TYPE, _A_PERSON, author)
        self.ledger.state(person, _NAME, literals.plain(value.name), author)
        if value.family and value.given:
            self.ledger.state(person, _FAMILY_NAME, literals.plain(value.family), author)
            self.ledger.state(person, _GIVEN_NAME, literals.plain(value.given), author)
        self.ledger.state(authorship, _TYPE, _AN_AUTHORSHIP, author)
        self.ledger.state(authorship, _POSITION, literals.integer(value.position), author)
        self.ledger.state(authorship, _AUTHOR, person, author)
        if value.affiliation:
            self.ledger.state(authorship, _AFFILIATION, literals.plain(value.affiliation.value), value.affiliation)
        self.ledger.state(report, _AUTHORSHIP, authorship, author)
        self.ledger.state(report, _CREATOR, person, author)

    def _same_person(self, name: str) -> Candidate:
        """Whoever bears another spelling of an author's name, as a proposal."""
        return Candidate(iri=self.minter.thing("person", segment(name)), score=SPELT_ALIKE)

    def _units(self, publisher: str | None) -> None:
        """The team and the departments, which are units of the publisher."""
        units = [("department", _DEPARTMENT, each) for each in self.report.departments]
        if self.report.team:
            units.insert(0, ("team", _TEAM, self.report.team))
        for kind, role, found in units:
            node = literals.iri(self.minter.thing(kind, self.report.publisher_key, segment(found.value)))
            self.ledger.state(node, _TYPE, _A_TEAM if role is _TEAM else _A_DEPARTMENT, found)
            self.ledger.state(node, _LABEL, self._text(found.value), found)
            if role is _TEAM:
                self.ledger.state(node, _THEME, self._text(found.value), found)
            if publisher and self.report.institution:
                self.ledger.state(node, _UNIT_OF, publisher, self.report.institution)
            self.ledger.state(self.ledger.report, role, node, found)

    def _mechanism(self, mechanism: Mechanism) -> str:
        place = mechanism.jurisdiction.value.casefold() if mechanism.jurisdiction else "zz"
        node = literals.iri(self.minter.thing("mechanism", f"{place}-{self.report.key}"))
        grounds = mechanism.labels[0]
        self.ledger.state(node, _TYPE, _A_MECHANISM, grounds)
        self.ledger.state(self.ledger.report, _DESCRIBES, node, grounds)
        for label in mechanism.labels:
            self.ledger.state(node, _LABEL, self._text(label.value), label)
        if mechanism.jurisdiction:
            found = mechanism.jurisdiction
            self.ledger.state(node, _JURISDICTION, self._place(found.value), found)
        return node

    def _statement(self, mechanism: str | None, found: Found[Statement]) -> None:
        statement = found.value
        about = statement.subject
        subject = self.things.node(about.value, about) if about else mechanism
        if subject is None:
            raise ValueError(f"a statement about a mechanism that the report does not describe: {found}")
        self.ledger.state(subject, _RELATIONS[statement.relation], self._object(statement), found)

    def _object(self, statement: Statement) -> str:
        value = statement.object.value
        if isinstance(value, Named):
            return self.things.node(value, statement.object)
        if isinstance(value, PartialDate):
            return literals.date(value)
        concept = literals.iri(value)
        self.ledger.mention(statement.object.evidence, concept)
        return concept

    def _lesson(self, number: int, found: Found[Lesson], mechanism: str | None) -> None:
        node = self.minter.term("lesson", self.report.key, str(number))
        self.ledger.state(node, _TYPE, _A_LESSON, found)
        self.ledger.state(node, _DESCRIPTION, self._text(found.evidence.quote), found)
        source = mechanism or (self._place(self.report.about.value) if self.report.about else None)
        if source:
            self.ledger.state(node, _DRAWN_FROM, source, found)
        for concept in found.value.concerns:
            about = literals.iri(concept.value)
            self.ledger.mention(concept.evidence, about)
            self.ledger.state(node, _CONCERNS, about, found)

    def _place(self, code: str) -> str:
        return literals.iri(self.minter.thing("jurisdiction", code.casefold()))
