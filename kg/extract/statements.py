"""What sentences state: each cue rule, applied to each sentence, with subject, objects, polarity and confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kg.extract.cuefile import CueFile, CueRule, Objects, Subjects
from kg.extract.mechanism import MechanismFinder
from kg.extract.prose import Prose, Sentence
from kg.extract.subjects import Subject, SubjectFinder
from kg.extract.words import Cues, Hit
from kg.model.evidence import Found, Polarity, Span
from kg.model.records import Gap, Named, Relation, Statement, ThingKind

READ = Decimal("0.9")
HEDGED = Decimal("0.6")
_CLAUSE_BREAK = re.compile(r"[,;:]|\b(?:but|while|whereas|and)\b")
_BODY = (ThingKind.BODY,)
_PROGRAMMES = (ThingKind.PROGRAMME, ThingKind.PROGRAMME_GROUP)
_KINDS = {
    Objects.BODIES: (ThingKind.BODY, ThingKind.BODY_GROUP),
    Objects.PLANS: (ThingKind.PLAN, *_PROGRAMMES),
    Objects.AGENT: _BODY,
}


class StatementReader:
    """Reads statements from prose by the cue rules of one language."""

    def __init__(
        self, cues: CueFile, mechanisms: MechanismFinder, subjects: SubjectFinder, vocabularies: Mapping[Objects, Cues]
    ) -> None:
        self._cues = cues
        self._mechanisms = mechanisms
        self._subjects = subjects
        self._vocabularies = vocabularies

    def read(self, prose: Prose, sentence: Sentence) -> Iterator[Found[Statement] | Gap]:
        """What a sentence states, rule by rule; a gap where a cue stands and its objects were not understood."""
        for rule in self._cues.rules:
            match = rule.pattern.search(prose.content, sentence.span.start, sentence.span.end)
            if match is None:
                continue
            if rule.objects in self._vocabularies:
                yield from self._of_concepts(prose, sentence, rule, match)
            elif rule.subject is Subjects.PROGRAMME:
                yield from self._of_programmes(prose, sentence, rule, match)
            else:
                yield from self._of_things(prose, sentence, rule, match)
        yield from self._of_features(prose, sentence)

    def _of_things(
        self, prose: Prose, sentence: Sentence, rule: CueRule, match: re.Match[str]
    ) -> Iterator[Found[Statement]]:
        subject = self._subject(prose, sentence, rule, match)
        if subject is None:
            return
        region = Span(*match.span("objects"))
        for item in prose.items(region, sentence.names, *_KINDS[rule.objects]):
            thing = prose.named(item, f"name/{item.kind.value}")
            yield self._statement(prose, sentence, rule, subject, thing)
            if item.agent:
                yield from self._agent(prose, sentence, thing, item.agent)

    def _agent(
        self, prose: Prose, sentence: Sentence, programme: Found[Named], agent: Span
    ) -> Iterator[Found[Statement]]:
        """Who coordinates a programme whose name itself says so: "programs directly coordinated by CSTI"."""
        for name in sentence.names:
            if name.name.start == agent.start and name.kind is ThingKind.BODY:
                statement = Statement(subject=programme, relation=Relation.COORDINATED_BY, object=prose.named(name))
                method = "statement/coordinated-by-name"
                yield Found(value=statement, evidence=programme.evidence, method=method, confidence=READ)

    def _of_programmes(
        self, prose: Prose, sentence: Sentence, rule: CueRule, match: re.Match[str]
    ) -> Iterator[Found[Statement]]:
        """Programmes as the subject: those named as items before the cue."""
        agents = list(prose.items(Span(*match.span("objects")), sentence.names, *_BODY))[:1]
        for programme in prose.items(Span(*match.span("subject")), sentence.names, *_PROGRAMMES):
            if programme.whole.end < match.end("subject"):
                continue
            thing = prose.named(programme, f"name/{programme.kind.value}")
            for agent in agents:
                yield self._statement(prose, sentence, rule, Subject(thing), prose.named(agent))

    def _of_concepts(
        self, prose: Prose, sentence: Sentence, rule: CueRule, match: re.Match[str]
    ) -> Iterator[Found[Statement] | Gap]:
        subject = self._subject(prose, sentence, rule, match)
        if subject is None:
            return
        region = Span(*match.span("objects"))
        hits = self._hits(prose, sentence, rule.objects, region)
        for hit in hits:
            yield self._statement(prose, sentence, rule, subject, _concept(prose, hit, rule.objects))
        if not hits:
            words = " ".join(prose.content[match.start() : region.start].split())
            reason = f"no term of the vocabulary meets the words behind “{words}”"
            yield Gap(field=rule.relation.value, reason=reason, at=region)

    def _of_features(self, prose: Prose, sentence: Sentence) -> Iterator[Found[Statement]]:
        """Features, clause by clause, each of the body that its clause speaks of."""
        rule = self._cues.features
        for clause in self._subjects.clauses(prose, sentence):
            if clause.subject is None or clause.subject.thing is None:
                continue
            behind = max(clause.span.start, clause.subject.thing.evidence.span.end)
            if behind >= clause.span.end:
                behind = clause.span.start
            for hit in self._hits(prose, sentence, Objects.FEATURES, Span(behind, clause.span.end)):
                yield self._statement(prose, sentence, rule, clause.subject, _concept(prose, hit, Objects.FEATURES))

    def _hits(self, prose: Prose, sentence: Sentence, objects: Objects, region: Span) -> list[Hit]:
        """The concepts a region calls up, but for words inside a name."""
        found = self._vocabularies[objects].hits(prose.content, region.start, region.end)
        names = [name.name for name in sentence.names]
        return [hit for hit in found if not any(n.start <= hit.span.start and hit.span.end <= n.end for n in names)]

    def _statement(
        self, prose: Prose, sentence: Sentence, rule: CueRule, subject: Subject, value: Found[Named] | Found[str]
    ) -> Found[Statement]:
        """The statement, denied or hedged as the words before its object say."""
        at = value.evidence.span
        breaks = [match.end() for match in _CLAUSE_BREAK.finditer(prose.content, sentence.span.start, at.start)]
        clause = prose.content[max(breaks, default=sentence.span.start) : at.end]
        before = prose.content[sentence.span.start : at.start]
        return Found(
            value=Statement(subject=subject.thing, relation=rule.relation, object=value),
            evidence=prose.text.quote(sentence.span.start, sentence.span.end),
            method=f"statement/{rule.name}",
            confidence=HEDGED if self._cues.hedged.search(before) else READ,
            polarity=Polarity.DENIED if self._cues.denied.search(clause) else Polarity.ASSERTED,
        )

    def _subject(self, prose: Prose, sentence: Sentence, rule: CueRule, match: re.Match[str]) -> Subject | None:
        if rule.subject is Subjects.ANY:
            return self._subjects.nearest(prose, sentence, match.start())
        if rule.subject is Subjects.BODY:
            body = self._subjects.nearest_body(sentence, match.start())
            return Subject(prose.named(body)) if body else None
        about = not rule.about_mechanism or self._mechanisms.speaks_of_it(prose.content, sentence.span)
        return Subject(None) if about else None


def _concept(prose: Prose, hit: Hit, objects: Objects) -> Found[str]:
    words = prose.text.quote(hit.span.start, hit.span.end)
    return Found(value=hit.concept.iri, evidence=words, method=f"vocabulary/{objects.value}")
