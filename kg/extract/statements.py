"""What sentences state: each cue rule, applied to each sentence, with subject, objects, polarity and confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.cuefile import CueFile, CueRule, Objects, Subjects
from kg.extract.mechanism import MechanismFinder
from kg.extract.prose import Prose, Sentence
from kg.extract.words import Cues, Hit
from kg.model.evidence import Found, Polarity, Span
from kg.model.records import Gap, Named, Relation, Statement, ThingKind

READ = Decimal("0.9")
HEDGED = Decimal("0.6")
_CLAUSE_BREAK = re.compile(r"[,;:]|\b(?:but|while|whereas)\b")
_KINDS = {
    Objects.BODIES: (ThingKind.BODY, ThingKind.BODY_GROUP),
    Objects.PLANS: (ThingKind.PLAN, ThingKind.PROGRAMME, ThingKind.PROGRAMME_GROUP),
    Objects.AGENT: (ThingKind.BODY,),
}
_BODY = (ThingKind.BODY,)
_PROGRAMMES = (ThingKind.PROGRAMME, ThingKind.PROGRAMME_GROUP)


@dataclass(frozen=True, slots=True)
class Subject:
    """A sentence's subject: a thing, or (None) the report's mechanism."""

    thing: Found[Named] | None


class StatementReader:
    """Reads statements from prose by the cue rules of one language."""

    def __init__(self, cues: CueFile, mechanisms: MechanismFinder, vocabularies: dict[Objects, Cues]) -> None:
        self._cues = cues
        self._mechanisms = mechanisms
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
                yield Found(
                    value=statement, evidence=programme.evidence, method="statement/coordinated-by-name", confidence=READ
                )

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
        start = max(region.start, subject.thing.evidence.span.end) if subject.thing else region.start
        hits = [hit for hit in self._hits(prose, rule, Span(start, region.end)) if not _in_name(hit, sentence)]
        for hit in hits:
            words = prose.text.quote(hit.span.start, hit.span.end)
            concept = Found(value=hit.concept.iri, evidence=words, method=f"vocabulary/{rule.objects.value}")
            yield self._statement(prose, sentence, rule, subject, concept)
        if not hits and rule.objects is not Objects.FEATURES:
            yield Gap(
                field=rule.relation.value,
                reason=f"no term of the vocabulary meets the words behind “{_cue_words(prose, match)}”",
                at=region,
            )

    def _hits(self, prose: Prose, rule: CueRule, region: Span) -> list[Hit]:
        return self._vocabularies[rule.objects].hits(prose.content, region.start, region.end)

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
        if rule.subject is Subjects.MECHANISM:
            about = not rule.about_mechanism or self._mechanisms.speaks_of_it(prose.content, sentence.span)
            return Subject(None) if about else None
        bodies = [name for name in sentence.names if name.kind is ThingKind.BODY]
        if rule.subject is Subjects.NAMED:
            leading = next((name for name in bodies if _leads(prose, sentence, name.name.start)), None)
            return Subject(prose.named(leading)) if leading else None
        before = [name for name in bodies if name.whole.end <= match.start()]
        nearest = before[-1].whole.end if before else -1
        if rule.subject is Subjects.ANY and self._mechanism_between(prose, sentence, nearest, match.start()):
            return Subject(None)
        return Subject(prose.named(before[-1])) if before else None

    def _mechanism_between(self, prose: Prose, sentence: Sentence, start: int, end: int) -> bool:
        region = Span(max(start, sentence.span.start), end)
        return region.start < region.end and self._mechanisms.speaks_of_it(prose.content, region)


def _leads(prose: Prose, sentence: Sentence, at: int) -> bool:
    """Whether nothing but an article or a country's possessive stands between the sentence's start and a name."""
    before = prose.content[sentence.span.start : at]
    return bool(re.fullmatch(r"\s*(?:The\s+|A\s+|Its\s+)?(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?", before))


def _in_name(hit: Hit, sentence: Sentence) -> bool:
    return any(name.name.start <= hit.span.start and hit.span.end <= name.name.end for name in sentence.names)


def _cue_words(prose: Prose, match: re.Match[str]) -> str:
    return " ".join(prose.content[match.start() : match.start("objects")].split())
