# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""What the rules of the cue file tell: who, which relation, and what, as places in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.cuefile import About, CueFile, CueRule, Gaps, Objects, Subjects
from kg.extract.discourse import Mechanism, Topic
from kg.extract.namespans import NameSpan
from kg.extract.periods import Dated, dated, fronted, period
from kg.extract.subjects import Head, SubjectFinder, View
from kg.extract.things import clause_end, listed, name_at
from kg.extract.words import Hit
from kg.model.evidence import Span
from kg.model.records import Gap, Relation, ThingKind

_BODY = (ThingKind.BODY,)
_GROUPS = (*_BODY, ThingKind.BODY_GROUP)
_NAMED_DOCUMENTS = (ThingKind.PLAN, ThingKind.PROGRAMME)
_PROGRAMMES = (ThingKind.PROGRAMME, ThingKind.PROGRAMME_GROUP)
_MEANS = (ThingKind.PLAN, *_PROGRAMMES)
_THINGS = (*_BODY, ThingKind.PROGRAMME)
_PASSIVE = re.compile(r"(?=[bw])\b(?:was|were|been)\s+(?:(?:first|formally|officially|newly|also|then|itself)\s+)?$")
_POSSESSOR = re.compile(r"(?=['Ii])(?:'s?|\b(?P<its>[Ii]ts))\s+(?:\w+\s+){0,2}$")
#: What a rule wants of a phrase for the mechanism in the sentence itself.
_OF_A_PHRASE = (About.KEY, About.MATCH)
_FISCAL_GAP = "a fiscal year is no calendar year, and the sentence does not say when it begins"
_LOOKBACK = 60
_CUT = "…"
_OPENING = " -–•*(0123456789."


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule tells: of whom, which relation, and what; `cue` is the place of the words that say so."""

    relation: Relation
    method: str
    subject: Topic
    object: NameSpan | Hit | Dated
    cue: Span


@dataclass(frozen=True, slots=True)
class Cue:
    """A rule whose pattern meets the words at one of its keys."""

    rule: CueRule
    key: int
    words: Span
    match: re.Match[str]

    def told(self, subject: Topic, value: NameSpan | Hit | Dated) -> Told:
        """What the cue tells of a subject; of its object, where the rule is the wrong way round."""
        if self.rule.inverse and isinstance(value, NameSpan) and isinstance(subject, NameSpan):
            subject, value = value, subject
        return Told(self.rule.relation, self.rule.method, subject, value, self.words)


class RelationReader:
    """Applies the rules whose objects are names or dates."""

    def __init__(self, cues: CueFile, subjects: SubjectFinder) -> None:
        self._cues = cues
        self._subjects = subjects

    def cues(self, view: View, rule: CueRule) -> Iterator[Cue]:
        """The places where a rule's pattern meets the words, and where the mechanism is spoken of as the rule wants."""
        if rule.about in _OF_A_PHRASE and "mechanism" not in view.called:
            return
        behind = view.span.start
        for key in view.called[rule.name]:
            match = rule.pattern.match(view.text, key, view.span.end) if key >= behind else None
            if match is None or not _is_a_word(view, key):
                continue
            start = key
            if rule.before:
                before = _before(view, key, rule.before)
                if before is None:
                    continue
                start = before
            if rule.about is None or self._is_about_it(view, rule.about, match):
                behind = match.end()
                yield Cue(rule, key, Span(start, match.end()), match)

    def told(self, view: View, cue: Cue) -> Iterator[Told | Gap]:
        """What a cue tells of names and dates; a gap where a fiscal year stands for a date."""
        rule = cue.rule
        for topic in self.mechanism(view, cue) if rule.subject is Subjects.MECHANISM else self.subjects(view, cue):
            if rule.objects is Objects.DATE:
                if date := self._date(view, cue):
                    yield cue.told(topic, date)
                elif fiscal := self._cues.fiscal.match(view.text, cue.words.end, view.span.end):
                    yield Gap(field=rule.relation.value, reason=_FISCAL_GAP, at=Span(*fiscal.span("fiscal")))
                continue
            kind = topic.kind if isinstance(topic, NameSpan) else None
            for name in self._objects(view, cue, kind):
                yield cue.told(topic, name)
                if agent := _agent(view, name):
                    view.groups.append(name)
                    yield Told(Relation.COORDINATED_BY, "statement/coordinated-by-name", name, agent, name.name)

    def mechanism(self, view: View, cue: Cue) -> tuple[Topic, ...]:
        """The mechanism, unless a body does what the cue says."""
        if cue.rule.about is About.SENTENCE:
            head: Head | None = self._subjects.said_of(view, cue.words.start, Gaps.FINITE)
            if head is not None and head.bodies:
                return ()
        return (Mechanism.OF_THE_REPORT,)

    def periods(self, view: View) -> Iterator[Told | Gap]:
        """How long plans hold, by the years behind their names; a gap where the years are fiscal ones."""
        for name in view.sentence.names:
            if name.kind not in _NAMED_DOCUMENTS:
                continue
            match = self._cues.period.match(view.text, name.name.end, view.span.end)
            if match and self._cues.fiscal_year.search(view.text, *match.span()):
                yield Gap(field=Relation.START_DATE.value, reason=_FISCAL_GAP, at=Span(*match.span()))
                continue
            years = period(view.text, match) if match else None
            if match and years:
                for relation, year in zip((Relation.START_DATE, Relation.END_DATE), years, strict=True):
                    yield Told(relation, "statement/period", name, year, Span(*match.span()))

    def subjects(self, view: View, cue: Cue) -> tuple[Topic, ...]:
        """Those of whom a cue is said, if the rule takes such as they are."""
        rule, at = cue.rule, cue.words.start
        named = cue.match.groupdict().get("subject")
        if rule.subject is Subjects.OWNER or named:
            return self._owner(view, cue)
        if rule.subject is Subjects.NAMED:
            return ()
        if rule.subject is Subjects.DOCUMENT:
            document = self._subjects.document(view, at) or self._group(view, at)
            return (document,) if document else ()
        head = self._subjects.said_of(view, at, rule.gap)
        if head:
            return head.topics if rule.subject is Subjects.ANY else head.bodies
        if rule.objects is Objects.DATE and not view.text[view.span.start : at].strip(_OPENING):
            behind = name_at(view, _behind_comma(view, cue.words.end), view.span.end, _THINGS)
            return (behind,) if behind else ()
        document = self._subjects.document(view, at) if rule.subject is Subjects.THING else None
        return (document,) if document and document.kind in _THINGS else ()

    def _owner(self, view: View, cue: Cue) -> tuple[Topic, ...]:
        """Whose functions they are: "the functions of X", "X's tasks", "its task"."""
        if cue.match["subject"]:
            kinds = _THINGS if cue.rule.relation in (Relation.START_DATE, Relation.END_DATE) else _BODY
            end = cue.match.end("subject")
            name = name_at(view, cue.match.start("subject"), end, kinds)
            return (name,) if name and not view.text[name.whole.end : end].strip() else ()
        possessor = _POSSESSOR.search(view.text, max(view.span.start, cue.key - _LOOKBACK), cue.key)
        if possessor is None:
            return ()
        if possessor["its"]:
            led = self._subjects.discourse(view.prose).lead(view.sentence, view.span)
            return (led.topic,) if led else ()
        owner = [name for name in view.sentence.bodies if possessor.start() <= name.whole.end <= possessor.end()]
        return (owner[-1],) if owner else ()

    def _group(self, view: View, at: int) -> NameSpan | None:
        """The unnamed programmes whose words end at a place."""
        known = next((name for name in view.groups if name.name.start < at < name.name.end), None)
        if known:
            return known
        if not any(word in view.text[view.span.start : at] for word in self._cues.heads["programme_group"]):
            return None
        named = list(view.prose.items(Span(view.span.start, view.span.end), view.sentence, *_PROGRAMMES))
        around = next((each for each in named if each.agent and each.name.start < at < each.name.end), None)
        return around or next((each for each in named if not view.text[each.whole.end : at].strip()), None)

    def _objects(self, view: View, cue: Cue, kind: ThingKind | None) -> Iterator[NameSpan]:
        objects, start = cue.rule.objects, cue.match.end()
        if cue.rule.objects_before:
            head = self._subjects.said_of(view, cue.words.start, Gaps.FINITE)
            yield from head.bodies if head else ()
            return
        end = clause_end(view, start)
        if objects is Objects.BODIES:
            yield from view.prose.items(Span(start, end), view.sentence, *_GROUPS)
        elif objects is Objects.ACTING:
            acting = list(listed(view, start, end, _BODY))
            yield from acting if acting and self._cues.verb.match(view.text, acting[-1].whole.end, end) else ()
        elif objects is Objects.PLANS and cue.rule.subject is Subjects.MECHANISM:
            yield from view.prose.items(Span(start, end), view.sentence, *_MEANS)
        elif objects is Objects.SAME:
            yield from list(listed(view, start, end, (kind,)))[:1] if kind else ()
        else:
            yield from listed(view, start, end, _NAMED_DOCUMENTS if objects is Objects.PLANS else _BODY)

    def _date(self, view: View, cue: Cue) -> Dated | None:
        """The date behind a cue, else, where it is passive, the one with which its sentence begins."""
        if cue.match["date"]:
            return dated(view.text, Span(*cue.match.span("date")))
        if _PASSIVE.search(view.text, max(view.span.start, cue.key - _LOOKBACK), cue.key):
            return fronted(view.text, self._cues.fronted, Span(view.span.start, cue.key))
        return None

    def _is_about_it(self, view: View, about: About, match: re.Match[str]) -> bool:
        """Whether the mechanism is spoken of where a rule wants it."""
        if about is About.PAGE:
            return self._subjects.discourse(view.prose).speaks_of_mechanism
        discourse = self._subjects.discourse(view.prose)
        phrases = discourse.mechanisms(view.sentence)
        if about is About.KEY:
            return any(phrase.start <= match.start() < phrase.end for phrase in phrases)
        if about is About.MATCH:
            return any(match.start() <= phrase.start and phrase.end <= match.end() for phrase in phrases)
        lead = discourse.lead(view.sentence, view.span)
        return bool(phrases) or (lead is not None and lead.topic is Mechanism.OF_THE_REPORT)


def _before(view: View, key: int, pattern: re.Pattern[str]) -> int | None:
    """Where the words that a rule wants before its key begin; `^` in the pattern stands for the sentence's start."""
    left = max(view.span.start, key - _LOOKBACK)
    mark = "" if left == view.span.start else _CUT
    match = pattern.search(mark + view.text[left:key])
    return left - len(mark) + match.start() if match else None


def _is_a_word(view: View, key: int) -> bool:
    """Whether a key is no part of a name: outside of all names, and with a capital only where a sentence begins."""
    if view.sentence.holds(key, key + 1):
        return False
    return not view.text[key].isupper() or not view.text[view.span.start : key].rstrip(_OPENING)


def _behind_comma(view: View, at: int) -> int:
    """The place behind a comma that stands at a place: "Established in 2014, | the council"."""
    return at + 1 if view.text.startswith(",", at) else view.span.end


def _agent(view: View, name: NameSpan) -> NameSpan | None:
    """Who coordinates programmes whose words themselves say so: "programs directly coordinated by CSTI"."""
    agent = view.sentence.by_start.get(name.agent.start) if name.agent else None
    return agent if agent and agent.kind is ThingKind.BODY else None
