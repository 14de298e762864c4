"""What a page's prose tells: bodies, documents, statements and lessons, by the cues of one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.extract.byline import Signatures
from kg.extract.cuefile import Objects, languages, primary, read_cues
from kg.extract.denials import without_contradictions
from kg.extract.fields import Imprint
from kg.extract.gazetteer import Gazetteer
from kg.extract.header import Header
from kg.extract.lessons import LessonReader
from kg.extract.mechanism import MechanismFinder, MechanismSpan
from kg.extract.mentions import bodies, documents
from kg.extract.names import NameFinder
from kg.extract.prose import LONGEST_SENTENCE, Prose, Setting
from kg.extract.resolve import Resolver
from kg.extract.statements import StatementReader
from kg.extract.subjects import SubjectFinder
from kg.extract.triggers import Triggers
from kg.extract.words import Cues
from kg.model.evidence import Found, Span
from kg.model.knowledge import EntryKind, Knowledge, Scheme
from kg.model.records import Gap, Lesson, Mechanism, Named, Statement

#: How sure it is that a mechanism without a name of its own is what the report's title says.
SUPPLIED = Decimal("0.5")
_SCHEMES = {Objects.SECTORS: Scheme.SECTOR, Objects.FUNCTIONS: Scheme.FUNCTION, Objects.FEATURES: Scheme.FEATURE}

#: The codes of the countries that a report writes about.
Places = Sequence[Found[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the prose tells; `about` is the country whose arrangement it describes."""

    about: Found[str] | None = None
    mechanism: Mechanism | None = None
    bodies: tuple[Found[Named], ...] = ()
    documents: tuple[Found[Named], ...] = ()
    statements: tuple[Found[Statement], ...] = ()
    lessons: tuple[Found[Lesson], ...] = ()
    gaps: tuple[Gap, ...] = ()


class StoryReader:
    """Reads prose, each page's by the cues of its layout's language; a language without cues is a gap."""

    def __init__(self, knowledge: Knowledge, resolver: Resolver, tags: Iterable[str]) -> None:
        """Gets ready for the languages of these tags that there are cues for."""
        known = {primary(tag) for tag in tags} & set(languages())
        self._tongues = {language: _Tongue(language, knowledge, resolver) for language in sorted(known)}

    def read(self, header: Header, printed: Imprint, people: Signatures, places: Places) -> Story:
        """What the prose of a page tells, whatever its language."""
        tongue = self._tongues.get(primary(header.layout.language))
        return tongue.read(header, printed, people, places) if tongue else _unread(header, places)


class _Tongue:
    """Reads the prose of one language."""

    def __init__(self, language: str, knowledge: Knowledge, resolver: Resolver) -> None:
        cues = read_cues(language)
        vocabularies = {objects: Cues(knowledge.in_scheme(scheme)) for objects, scheme in _SCHEMES.items()}
        concerns = Cues(concept for scheme in _SCHEMES.values() for concept in knowledge.in_scheme(scheme))
        self._resolver = resolver
        self._names = NameFinder(knowledge, cues)
        self._mechanisms = MechanismFinder(cues, Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION)))
        subjects = SubjectFinder(self._mechanisms, knowledge.in_scheme(Scheme.BODY_TYPE))
        self._statements = StatementReader(cues, self._mechanisms, subjects, vocabularies)
        self._lessons = LessonReader(cues, concerns)
        self._triggers: Triggers[str] = Triggers(self._statements.keys | self._mechanisms.keys | self._lessons.keys)

    def read(self, header: Header, printed: Imprint, people: Signatures, places: Places) -> Story:
        """What the prose of a page tells."""
        mention = self._mechanism(header)
        about = self._about(header, mention, places)
        setting = Setting(
            jurisdiction=about.value if about else None, on=printed.issued.value.last_day if printed.issued else None
        )
        prose = Prose(
            text=header.text,
            setting=setting,
            finder=self._names,
            resolver=self._resolver,
            triggers=self._triggers,
        )
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
        return Story(
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
        first: MechanismSpan | None = None
        for mention in (each for span in spans for each in self._mechanisms.mentions(header.text.content, span)):
            if mention.jurisdiction:
                return mention
            first = first or mention
        return first

    def _about(self, header: Header, mention: MechanismSpan | None, places: Places) -> Found[str] | None:
        """The country whose mechanism it is, by the phrase that names it; else the only country written about."""
        if mention and mention.owner and mention.jurisdiction:
            words = header.text.evidence(mention.owner)
            return Found(value=mention.jurisdiction, evidence=words, method="mechanism/owner")
        return places[0] if len(places) == 1 else None


def _unread(header: Header, places: Places) -> Story:
    """The story of a page whose prose cannot be read: what its header tells, and a gap."""
    language, known = header.layout.language, ", ".join(languages())
    reason = f"the prose is not read: there are no cues for language {language!r}, only for {known}"
    gaps = (Gap(field="language", reason=reason, at=header.body),) if header.body else ()
    return Story(about=places[0] if len(places) == 1 else None, gaps=gaps)


def _too_long(prose: Prose) -> Iterator[Gap]:
    for span in prose.too_long:
        reason = f"a sentence of {span.end - span.start:,} characters is not read; the limit is {LONGEST_SENTENCE:,}"
        yield Gap(field="sentence", reason=reason, at=span)


def _label(header: Header, mention: MechanismSpan | None) -> Found[str] | None:
    """What the mechanism is called: by the phrase that names it, else, less surely, by the report's title."""
    if mention:
        words = header.text.evidence(mention.span)
        return Found(value=" ".join(words.quote.split()), evidence=words, method="mechanism/phrase")
    title = header.found("title")
    return replace(title, method="mechanism/title", confidence=SUPPLIED) if title else None
