# ruff: noqa: RUF001 - typographic marks are made plain ones
"""What sentences state: each rule that its keys call up, with subject, objects, polarity and confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.extract.concepts import Concepts
from kg.extract.cuefile import CueFile, Objects, Subjects
from kg.extract.discourse import Mechanism
from kg.extract.mechanism import MechanismFinder
from kg.extract.modality import READ, Modality, Telling
from kg.extract.namespans import NameSpan
from kg.extract.periods import Dated
from kg.extract.prose import Prose, Sentence
from kg.extract.relations import Cue, RelationReader, Told
from kg.extract.subjects import SubjectFinder, View
from kg.extract.things import clause_end
from kg.extract.words import Cues, Hit
from kg.model.dates import PartialDate
from kg.model.evidence import Found, Polarity, Span
from kg.model.knowledge import EntryKind, Scheme
from kg.model.records import Gap, Named, Relation, Statement, ThingKind

_TAKES_UP = re.compile(r"\s*(?:[-•*·]\s*)?(?:It|Its|The|This)\b|.{0,60},\s(?:it|its|the)\b", re.DOTALL)
_PLAIN = Telling(Polarity.ASSERTED, READ)
_CONCEPTS = (Objects.SECTORS, Objects.FUNCTIONS)
_VOCABULARIES = {Scheme.SECTOR: "sectors", Scheme.FUNCTION: "functions", Scheme.FEATURE: "features"}
_DATES = (Relation.START_DATE, Relation.END_DATE)


class StatementReader:
    """Reads statements from prose by the cue rules of one language."""

    def __init__(
        self, cues: CueFile, _: MechanismFinder, subjects: SubjectFinder, vocabularies: Mapping[Objects, Cues]
    ) -> None:
        self._rules = {rule.name: rule for rule in cues.rules}
        self._order = {name: place for place, name in enumerate(self._rules)}
        self._modality = Modality(cues)
        self._subjects = subjects
        self._relations = RelationReader(cues, subjects)
        self._concepts = Concepts(vocabularies, subjects)
        self.keys = {rule.name: rule.keys for rule in cues.rules} | self._modality.keys

    def read(self, prose: Prose, sentence: Sentence) -> Iterator[Found[Statement] | Gap]:
        """What a sentence states, rule by rule; a gap where a cue stands and its objects were not understood."""
        text, span = prose.plain, sentence.span
        if text[span.end - 1] in "?？":
            return
        takes_up = sentence.names or _TAKES_UP.match(text, span.start, span.end)
        called = sentence.called
        if not (takes_up or "mechanism" in called):
            return
        if "wished" in called and self._modality.is_supposed(text, span):
            return
        view = View(prose, sentence, text, called)
        seen: set[tuple[object, ...]] = set()
        for told in self._told(view):
            found = told if isinstance(told, Gap) else self._statement(view, told)
            if found is None or isinstance(found, Gap):
                yield from (found,) if found else ()
            elif (key := _key(found.value)) not in seen:
                seen.add(key)
                yield found

    def _told(self, view: View) -> Iterator[Told | Gap]:
        """All that the rules tell of a sentence, in the order of the cue file, then what its verbs and nouns tell."""
        for name in sorted(view.called.keys() & self._order.keys(), key=self._order.__getitem__):
            rule = self._rules[name]
            for cue in self._relations.cues(view, rule):
                if rule.objects in _CONCEPTS:
                    yield from self._concept(view, cue)
                else:
                    yield from self._relations.told(view, cue)
        yield from self._concepts.told(view)
        yield from self._relations.periods(view)

    def _concept(self, view: View, cue: Cue) -> Iterator[Told | Gap]:
        """The concepts that stand behind a cue, of each of its subjects."""
        if cue.rule.subject is Subjects.MECHANISM:
            topics = self._relations.mechanism(view, cue)
        else:
            topics = self._relations.subjects(view, cue)
        if not topics:
            return
        region = self._region(view, cue)
        hits = self._concepts.within(view, cue.rule.objects, region)
        for topic in topics:
            for hit in hits:
                yield cue.told(topic, hit)
        if not hits:
            reason = f"no term of the vocabulary meets the words behind “{view.prose.line(cue.words)}”"
            yield Gap(field=cue.rule.relation.value, reason=reason, at=region)

    def _region(self, view: View, cue: Cue) -> Span:
        """Where a cue's objects stand."""
        if "objects" in cue.match.groupdict():
            return Span(*cue.match.span("objects"))
        return Span(cue.match.end(), clause_end(view, cue.match.end()))

    def _statement(self, view: View, told: Told) -> Found[Statement] | None:
        """What is told, with its words: denied or hedged as they say; None where it is only wished, or says nothing."""
        value = self._value(view, told.object)
        start = value.evidence.span.start
        if self._is_wished(view, max(start, told.cue.end)):
            return None
        subject = None if isinstance(told.subject, Mechanism) else view.prose.named(told.subject)
        if subject and not _says_something(view, subject.value, told.relation, value.value):
            return None
        between = told.object.between if isinstance(told.object, Hit) else ()
        telling = self._telling(view, told.cue, (Span(start, start), *between))
        return Found(
            value=Statement(subject=subject, relation=told.relation, object=value),
            evidence=view.quote,
            method=told.method,
            confidence=telling.confidence,
            polarity=telling.polarity,
        )

    def _telling(self, view: View, cue: Span, value: tuple[Span, ...]) -> Telling:
        if "denied" not in view.called and "hedged" not in view.called:
            return _PLAIN
        return self._modality.of(view.text, view.span, cue, value)

    def _is_wished(self, view: View, at: int) -> bool:
        return "wished" in view.called and self._modality.is_wished(view.text, view.span, at)

    def _value(self, view: View, value: NameSpan | Hit | Dated) -> Found[Named] | Found[str] | Found[PartialDate]:
        if isinstance(value, NameSpan):
            return view.prose.named(value, f"name/{value.kind.value}")
        words = view.prose.text.evidence(value.span)
        if isinstance(value, Dated):
            return Found(value=value.date, evidence=words, method="date/prose")
        return Found(
            value=value.concept.iri, evidence=words, method=f"vocabulary/{_VOCABULARIES[value.concept.scheme]}"
        )


def _says_something(view: View, subject: Named, relation: Relation, value: Named | str | PartialDate) -> bool:
    """Whether a statement is of two things; the years of an edition are none of its series."""
    if isinstance(value, Named):
        linked = subject.resolution.linked
        return subject.name != value.name and (linked is None or linked != value.resolution.linked)
    if relation in _DATES and subject.kind is ThingKind.PLAN and subject.resolution.linked:
        bearers = view.prose.finder.gazetteer.bearers(subject.resolution.preferred or "")
        series = [entry.iri for entry in bearers if entry.kind is EntryKind.PLAN_SERIES]
        return subject.resolution.linked not in series
    return True


def _key(statement: Statement) -> tuple[object, ...]:
    """What makes a statement of a sentence another one."""
    about = statement.subject.value.name if statement.subject else None
    value = statement.object.value
    return about, statement.relation, value.name if isinstance(value, Named) else value
