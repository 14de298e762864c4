"""Text → Report: the header by the layout that fits, the prose by grammar, and a gap for all that is lacking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from kg.extract.byline import Signatures, signatures
from kg.extract.fields import Imprint, imprint
from kg.extract.gazetteer import Gazetteer
from kg.extract.header import Header, read_header
from kg.extract.layouts import Layout
from kg.extract.resolve import Resolver
from kg.extract.story import StoryReader
from kg.extract.tables import record_header
from kg.model.evidence import Found, Span
from kg.model.knowledge import EntryKind, Knowledge
from kg.model.mapping import Record
from kg.model.page import Text
from kg.model.records import Gap, OtherPage, Reading, Report

_NOT_KEY = re.compile(r"[^a-z0-9]+")


class Reader:
    """Reads texts by the given layouts, with the authority's names and the vocabularies' cues."""

    def __init__(self, layouts: Sequence[Layout], knowledge: Knowledge) -> None:
        self._layouts = tuple(layouts)
        self._places = Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION))
        self._resolver = Resolver(knowledge)
        self._story = StoryReader(knowledge, self._resolver, {layout.language for layout in self._layouts})

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
        story = self._story.read(header, printed, people, places)
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
                        words = header.text.evidence(match.span)
                        yield Found(value=code, evidence=words, method=f"jurisdiction/{name}")
            if seen:
                return


def _garbled(text: Text) -> Iterator[Gap]:
    """What reading the file could not keep as it was printed."""
    for fault in text.faults:
        yield Gap(field="text", reason=fault.reason, at=fault.at)


def _type(header: Header) -> Found[str]:
    """That the page is a report, by the first field that says so."""
    names = (name for name in (*header.layout.report_when, "title", *header.fields) if header.has(name))
    name = next(names)
    line = header.fields[name].line
    words = header.text.evidence(line)
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
