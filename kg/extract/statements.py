"""What sentences state: each cue rule, applied to each sentence, with subject, objects, polarity and confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.extract.cuefile import CueFile, CueRule, Objects, Subjects
from kg.extract.mechanism import MechanismFinder
from kg.extract.modality import READ, Modality
from kg.extract.prose import Prose, Sentence
from kg.extract.subjects import Subject, SubjectFinder
from kg.extract.words import Cues, Hit
from kg.model.evidence import Found, Span
from kg.model.records import Gap, Named, Relation, Statement, ThingKind

_BODY = (ThingKind.BODY,)
_PROGRAMMES = (ThingKind.PROGRAMME, ThingKind.PROGRAMME_GROUP)
_KINDS = {
    Objects.BODIES: (ThingKind.BODY, ThingKind.BODY_GROUP),
    Objects.PLANS: (ThingKind.PLAN, *_PROGRAMMES),
    Objects.AGENT: _BODY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    """A rule's cue in a sentence: its words, and the region where its objects stand."""

    rule: CueRule
    words: Span
    objects: Span

    @classmethod
    def of(cls, rule: CueRule, match: re.Match[str], start: int) -> _Cue:
        """The cue that matched in a sentence which begins at start."""
        whole, objects = match.span(), match.span("objects")
        words = (objects[1], whole[1]) if objects[0] == whole[0] else (whole[0], objects[0])
        return cls(rule=rule, words=_moved(words, start), objects=_moved(objects, start))


class StatementReader:
    """Reads statements from prose by the cue rules of one language."""

    def __init__(
        self, cues: CueFile, mechanisms: MechanismFinder, subjects: SubjectFinder, vocabularies: Mapping[Objects, Cues]
    ) -> None:
        self._cues = cues
        self._modality = Modality(cues)
        self._mechanisms = mechanisms
        self._subjects = subjects
        self._vocabularies = vocabularies

    def read(self, prose: Prose, sentence: Sentence) -> Iterator[Found[Statement] | Gap]:
        """What a sentence states, rule by rule; a gap where a cue stands and its objects were not understood."""
        words = prose.words(sentence.span)
        for rule in self._cues.rules:
            match = rule.pattern.search(words)
            if match is None:
                continue
            cue = _Cue.of(rule, match, sentence.span.start)
            if rule.objects in self._vocabularies:
                yield from self._of_concepts(prose, sentence, cue)
            elif rule.subject is Subjects.PROGRAMME:
                yield from self._of_programmes(prose, sentence, cue)
            else:
                yield from self._of_things(prose, sentence, cue)
        yield from self._of_features(prose, sentence)

    def _of_things(self, prose: Prose, sentence: Sentence, cue: _Cue) -> Iterator[Found[Statement]]:
        subject = self._subject(prose, sentence, cue)
        if subject is None:
            return
        for item in prose.items(cue.objects, sentence, *_KINDS[cue.rule.objects]):
            thing = prose.named(item, f"name/{item.kind.value}")
            yield self._statement(prose, sentence, cue, subject, thing)
            if item.agent:
                yield from self._agent(prose, sentence, thing, item.agent)

    def _agent(
        self, prose: Prose, sentence: Sentence, programme: Found[Named], agent: Span
    ) -> Iterator[Found[Statement]]:
        """Who coordinates a programme whose name itself says so: "programs directly coordinated by CSTI"."""
        name = sentence.by_start.get(agent.start)
        if name and name.kind is ThingKind.BODY:
            statement = Statement(subject=programme, relation=Relation.COORDINATED_BY, object=prose.named(name))
            method = "statement/coordinated-by-name"
            yield Found(value=statement, evidence=programme.evidence, method=method, confidence=READ)

    def _of_programmes(self, prose: Prose, sentence: Sentence, cue: _Cue) -> Iterator[Found[Statement]]:
        """The programme whose name the cue follows, and the body behind the cue."""
        agent = next(prose.items(cue.objects, sentence, *_BODY), None)
        named = prose.items(Span(sentence.span.start, cue.words.start), sentence, *_PROGRAMMES)
        last = next((each for each in named if not prose.words(Span(each.whole.end, cue.words.start)).strip()), None)
        if agent and last:
            thing = prose.named(last, f"name/{last.kind.value}")
            yield self._statement(prose, sentence, cue, Subject(thing), prose.named(agent))

    def _of_concepts(self, prose: Prose, sentence: Sentence, cue: _Cue) -> Iterator[Found[Statement] | Gap]:
        subject = self._subject(prose, sentence, cue)
        if subject is None:
            return
        hits = self._hits(prose, sentence, cue.rule.objects, cue.objects)
        for hit in hits:
            yield self._statement(prose, sentence, cue, subject, hit)
        if not hits:
            reason = f"no term of the vocabulary meets the words behind “{prose.line(cue.words)}”"
            yield Gap(field=cue.rule.relation.value, reason=reason, at=cue.objects)

    def _of_features(self, prose: Prose, sentence: Sentence) -> Iterator[Found[Statement]]:
        """Features, clause by clause, each of the body that its clause speaks of."""
        rule = self._cues.features
        for clause in self._subjects.clauses(prose, sentence):
            if clause.subject is None or clause.subject.thing is None:
                continue
            behind = max(clause.span.start, clause.subject.thing.evidence.span.end)
            if behind >= clause.span.end:
                behind = clause.span.start
            cue = _Cue(rule=rule, words=Span(behind, behind), objects=Span(behind, clause.span.end))
            for hit in self._hits(prose, sentence, rule.objects, cue.objects):
                yield self._statement(prose, sentence, cue, clause.subject, hit)

    def _hits(self, prose: Prose, sentence: Sentence, objects: Objects, region: Span) -> list[Hit]:
        """The concepts a region calls up, but for words inside a name."""
        found = self._vocabularies[objects].hits(prose.content, region.start, region.end)
        return [hit for hit in found if not sentence.holds(hit.span)]

    def _statement(
        self, prose: Prose, sentence: Sentence, cue: _Cue, subject: Subject, value: Found[Named] | Hit
    ) -> Found[Statement]:
        """The statement, denied or hedged as the words around its object say."""
        between = value.between if isinstance(value, Hit) else ()
        meant = _concept(prose, value, cue.rule.objects) if isinstance(value, Hit) else value
        start = meant.evidence.span.start
        telling = self._modality.of(prose.content, sentence.span, cue.words, (Span(start, start), *between))
        return Found(
            value=Statement(subject=subject.thing, relation=cue.rule.relation, object=meant),
            evidence=prose.text.quote(sentence.span.start, sentence.span.end),
            method=f"statement/{cue.rule.name}",
            confidence=telling.confidence,
            polarity=telling.polarity,
        )

    def _subject(self, prose: Prose, sentence: Sentence, cue: _Cue) -> Subject | None:
        if cue.rule.subject is Subjects.ANY:
            return self._subjects.nearest(prose, sentence, cue.words.start)
        if cue.rule.subject is Subjects.BODY:
            body = self._subjects.nearest_body(sentence, cue.words.start)
            return Subject(prose.named(body)) if body else None
        about = not cue.rule.about_mechanism or self._mechanisms.speaks_of_it(prose.content, sentence.span)
        return Subject(None) if about else None


def _moved(span: tuple[int, int], by: int) -> Span:
    return Span(span[0] + by, span[1] + by)


def _concept(prose: Prose, hit: Hit, objects: Objects) -> Found[str]:
    words = prose.text.quote(hit.span.start, hit.span.end)
    return Found(value=hit.concept.iri, evidence=words, method=f"vocabulary/{objects.value}")
