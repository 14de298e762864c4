"""Text → Report: the header by the layout that fits, the prose by grammar, and a gap for all that is lacking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.extract.byline import Signatures, signatures
from kg.extract.cuefile import Objects, read_cues
from kg.extract.denials import without_contradictions
from kg.extract.fields import Imprint, imprint
from kg.extract.gazetteer import Gazetteer
from kg.extract.header import Header, read_header
from kg.extract.layouts import Layout
from kg.extract.lessons import LessonReader
from kg.extract.mechanism import MechanismFinder, MechanismSpan
from kg.extract.mentions import bodies, documents
from kg.extract.names import NameFinder
from kg.extract.prose import LONGEST_SENTENCE, Prose, Setting
from kg.extract.resolve import Resolver
from kg.extract.statements import StatementReader
from kg.extract.subjects import SubjectFinder
from kg.extract.tables import record_header
from kg.extract.words import Cues
from kg.model.evidence import Found, Span
from kg.model.knowledge import EntryKind, Knowledge, Scheme
from kg.model.mapping import Record
from kg.model.page import Text
from kg.model.records import Gap, Lesson, Mechanism, Named, OtherPage, Reading, Report, Statement

#: How sure it is that a mechanism without a name of its own is what the report's title says.
SUPPLIED = Decimal("0.5")
_NOT_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class _Story:
    """What the prose tells."""

    about: Found[str] | None
    mechanism: Mechanism | None
    bodies: tuple[Found[Named], ...]
    documents: tuple[Found[Named], ...]
    statements: tuple[Found[Statement], ...]
    lessons: tuple[Found[Lesson], ...]
    gaps: tuple[Gap, ...]


class Reader:
    """Reads texts by the given layouts, with the authority's names and the vocabularies' cues."""

    def __init__(self, layouts: Sequence[Layout], knowledge: Knowledge) -> None:
        self._layouts = tuple(layouts)
        self._places = Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION))
        self._resolver = Resolver(knowledge)
        self._knowledge = knowledge
        cues = read_cues("en")
        schemes = {Objects.SECTORS: Scheme.SECTOR, Objects.FUNCTIONS: Scheme.FUNCTION, Objects.FEATURES: Scheme.FEATURE}
        vocabularies = {objects: Cues(knowledge.in_scheme(scheme)) for objects, scheme in schemes.items()}
        concerns = Cues(concept for scheme in schemes.values() for concept in knowledge.in_scheme(scheme))
        self._names = NameFinder(knowledge, cues)
        self._mechanisms = MechanismFinder(cues, self._places)
        subjects = SubjectFinder(self._mechanisms, knowledge.in_scheme(Scheme.BODY_TYPE))
        self._statements = StatementReader(cues, self._mechanisms, subjects, vocabularies)
        self._lessons = LessonReader(cues, concerns)

    def read(self, text: Text) -> Reading:
        """The report that a page is, or why it is none."""
        page = text.page
        header = (
            record_header(text, page, self._layouts) if isinstance(page, Record) else read_header(text, self._layouts)
        )
        if header is None:
            tried = ", ".join(layout.name for layout in self._layouts)
            return OtherPage(layout="none", reason=f"no layout fits the page (tried {tried})")
        if not any(header.has(name) for name in header.layout.report_when):
            wanted = " or ".join(header.layout.report_when)
            reason = f"the page has no {wanted.replace('_', ' ')}"
            return OtherPage(layout=header.layout.name, reason=reason, told=self._report(header))
        return self._report(header)

    def _report(self, header: Header) -> Report:
        printed, people = imprint(header), signatures(header, self._resolver)
        places = tuple(self._written_about(header))
        story = self._story(header, printed, people, places)
        gaps = [*header.gaps(), *printed.gaps, *people.gaps, *story.gaps, *_garbled(header.text)]
        if not places:
            at = header.fields["title"].span if header.has("title") else Span(0, 0)
            gaps.append(Gap(field="jurisdiction", reason="neither title nor keywords name a country", at=at))
        return Report(
            key=_key(header, printed, people),
            publisher_key=_publisher_key(header, people),
            type=_type(header),
            language=header.layout.language,
            layout=header.layout.name,
            title=header.found("title"),
            subtitle=header.found("subtitle"),
            series=printed.series,
            number=printed.number,
            series_year=printed.series_year,
            cumulative_number=printed.cumulative_number,
            issued=printed.issued,
            available=printed.available,
            authors=people.authors,
            team=people.team,
            departments=people.departments,
            institution=people.institution,
            abstract=header.found("abstract"),
            keywords=printed.keywords,
            jurisdictions=places,
            about=story.about,
            mechanism=story.mechanism,
            bodies=story.bodies,
            documents=story.documents,
            statements=story.statements,
            lessons=story.lessons,
            gaps=tuple(sorted(gaps, key=lambda gap: (gap.at, gap.field))),
        )

    def _written_about(self, header: Header) -> Iterator[Found[str]]:
        """The countries in the title, else those in the keywords; a country within a body's name counts too."""
        for name in ("title", "keywords"):
            seen: set[str] = set()
            if header.has(name):
                span = header.fields[name].span
                for match in self._places.matches(header.text.content, span.start, span.end):
                    code = match.entries[0].jurisdiction
                    if code and len(match.entries) == 1 and code not in seen:
                        seen.add(code)
                        words = header.text.quote(match.span.start, match.span.end)
                        yield Found(value=code, evidence=words, method=f"jurisdiction/{name}")
            if seen:
                return

    def _story(self, header: Header, printed: Imprint, people: Signatures, places: tuple[Found[str], ...]) -> _Story:
        mention = self._mechanism(header)
        about = self._about(header, mention, places)
        setting = Setting(
            jurisdiction=about.value if about else None, on=printed.issued.value.last_day if printed.issued else None
        )
        prose = Prose(text=header.text, setting=setting, finder=self._names, resolver=self._resolver)
        if header.body:
            prose.add(header.body)
        told, lessons, opening = self._lessons.sections(prose)
        gaps = list(_too_long(prose))
        read = [each for sentence in told for each in self._statements.read(prose, sentence)]
        statements, contradictions = without_contradictions([each for each in read if isinstance(each, Found)])
        gaps += contradictions
        unnamed = mention is None and any(each.value.subject is None for each in statements)
        gaps += [each for each in read if isinstance(each, Gap)]
        gaps += self._lessons.gap(opening, lessons)
        label = _label(header, mention) if mention or unnamed else None
        if unnamed:
            reason = "parts of a mechanism are told and it is not named"
            gaps.append(Gap(field="mechanism", reason=reason, at=header.body or Span(0, 0)))
        return _Story(
            about=about,
            mechanism=Mechanism(labels=(label,), jurisdiction=about) if label else None,
            bodies=tuple(bodies(prose, people.authors)),
            documents=tuple(documents(prose, header.found("project"))),
            statements=tuple(each for each in statements if label or each.value.subject),
            lessons=tuple(self._lessons.read(prose, lessons, opening)),
            gaps=tuple(gaps),
        )

    def _mechanism(self, header: Header) -> MechanismSpan | None:
        """The phrase that names the mechanism: one with its country, in the prose rather than the title; else any."""
        spans = [header.body] if header.body else []
        spans += [header.fields["title"].span] if header.has("title") else []
        mentions = [mention for span in spans for mention in self._mechanisms.mentions(header.text.content, span)]
        return next((mention for mention in mentions if mention.jurisdiction), mentions[0] if mentions else None)

    def _about(
        self, header: Header, mention: MechanismSpan | None, places: tuple[Found[str], ...]
    ) -> Found[str] | None:
        """The country whose mechanism it is, by the phrase that names it; else the only country written about."""
        if mention and mention.owner and mention.jurisdiction:
            words = header.text.quote(mention.owner.start, mention.owner.end)
            return Found(value=mention.jurisdiction, evidence=words, method="mechanism/owner")
        return places[0] if len(places) == 1 else None


def _garbled(text: Text) -> Iterator[Gap]:
    """What reading the file could not keep as it was printed."""
    for fault in text.faults:
        yield Gap(field="text", reason=fault.reason, at=fault.at)


def _too_long(prose: Prose) -> Iterator[Gap]:
    for span in prose.too_long:
        reason = f"a sentence of {span.end - span.start:,} characters is not read; the limit is {LONGEST_SENTENCE:,}"
        yield Gap(field="sentence", reason=reason, at=span)


def _label(header: Header, mention: MechanismSpan | None) -> Found[str] | None:
    """What the mechanism is called: by the phrase that names it, else, less surely, by the report's title."""
    if mention:
        words = header.text.quote(mention.span.start, mention.span.end)
        return Found(value=" ".join(words.quote.split()), evidence=words, method="mechanism/phrase")
    title = header.found("title")
    return replace(title, method="mechanism/title", confidence=SUPPLIED) if title else None


def _type(header: Header) -> Found[str]:
    """That the page is a report, by the first field that says so."""
    names = (name for name in (*header.layout.report_when, "title", *header.fields) if header.has(name))
    name = next(names)
    line = header.fields[name].line
    words = header.text.quote(line.start, line.end)
    return Found(value="Report", evidence=words, method=header.method(name))


def _publisher_key(header: Header, people: Signatures) -> str:
    """The institution's acronym in lower case, else the layout's key."""
    acronym = people.institution.value.acronym if people.institution else None
    return _key_part(acronym.value if acronym else "") or header.layout.key


def _key(header: Header, printed: Imprint, people: Signatures) -> str:
    """`drc-2021-267`: publisher, year and number; a page without a number is known by its digest."""
    prefix = _publisher_key(header, people)
    code = printed.series.value.code if printed.series else ""
    number = _key_part(code + printed.number.value) if printed.number else ""
    if not number:
        return f"{prefix}-{header.text.page.id[:16]}"
    if printed.series_year is None:
        return f"{prefix}-{number.removeprefix(f'{prefix}-')}"
    year = str(printed.series_year.value)
    return f"{prefix}-{year}-{number.removeprefix(f'{year}-')}"


def _key_part(printed: str) -> str:
    """Printed words as a part of a key: full-width forms as plain ones, everything but letters and digits a hyphen."""
    return _NOT_KEY.sub("-", unicodedata.normalize("NFKC", printed).casefold()).strip("-")
