"""How far each cue rule got in the prose: the sentences its cue stands in, and what was lacking there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.extract.cuefile import CueRule, Objects, Subjects, languages, primary, read_cues
from kg.extract.sentences import sentences
from kg.extract.triggers import Triggers, plain, spaced
from kg.model.evidence import Span
from kg.model.page import Text
from kg.model.records import Named, Relation, Report

_SUBJECTS: Final = {
    Subjects.MECHANISM: "the mechanism",
    Subjects.ANY: "a body or the mechanism",
    Subjects.BODY: "a body",
    Subjects.DOCUMENT: "a plan or programme",
    Subjects.THING: "a body or programme",
    Subjects.OWNER: "a body",
    Subjects.NAMED: "a body or programme",
}
_NAMES: Final = frozenset({Objects.BODIES, Objects.PLANS, Objects.AGENT, Objects.ACTING, Objects.SAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHit:
    """A sentence in which a rule's cue stands, the words where its objects should, and what came of it."""

    sentence: Span
    objects: Span
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueTrial:
    """One cue rule tried on every sentence of a prose."""

    rule: str
    hits: tuple[CueHit, ...]


def cue_trials(text: Text, report: Report, relation: Relation) -> list[CueTrial]:
    """The rules for a relation, each with the sentences that its cue stands in; none where the language has no cues."""
    if primary(report.language) not in languages():
        return []
    found = list(_sentences(text, report))
    rules = [rule for rule in read_cues(primary(report.language)).rules if rule.relation is relation]
    return [CueTrial(rule=rule.name, hits=tuple(_hits(text, report, rule, found))) for rule in rules]


def lesson_cues(text: Text, report: Report) -> dict[str, list[Span]]:
    """The sentences that each of the three cues for lessons stands in; none where the language has no cues."""
    if primary(report.language) not in languages():
        return {}
    cues = read_cues(primary(report.language)).lessons.patterns
    patterns = {
        "an announcement, such as “The lessons are as follows”": cues["intro"],
        "a heading, such as “Lessons”": cues["heading"],
        "a sentence that is a lesson by itself, such as “A lesson for … is that”": cues["single"],
    }
    found = list(_sentences(text, report))
    return {
        name: [span for span in found if pattern.search(text.content[span.start : span.end])]
        for name, pattern in patterns.items()
    }


def _sentences(text: Text, report: Report) -> Iterator[Span]:
    if report.abstract:
        prose = report.abstract.evidence.span
        yield from sentences(text.content, prose.start, prose.end)


def _hits(text: Text, report: Report, rule: CueRule, found: list[Span]) -> Iterator[CueHit]:
    keys = Triggers({rule.name: rule.keys})
    content = plain(text.content)
    marked = spaced(content)
    for sentence in found:
        for key in keys.scan(marked, sentence.start, sentence.end).get(rule.name, ()):
            match = rule.pattern.match(content, key, sentence.end)
            if match:
                objects = _objects(rule, sentence, match)
                yield CueHit(sentence=sentence, objects=objects, outcome=_outcome(report, rule, sentence, objects))


def _objects(rule: CueRule, sentence: Span, match: re.Match[str]) -> Span:
    """Where a rule's objects stand in a sentence that its pattern meets."""
    if "objects" in match.groupdict():
        return Span(*match.span("objects"))
    return Span(sentence.start, match.start()) if rule.objects_before else Span(match.end(), sentence.end)


def _outcome(report: Report, rule: CueRule, sentence: Span, objects: Span) -> str:
    """What a rule made of a sentence that its cue stands in; for want of anything, what it looked for."""
    method = f"statement/{rule.name}"
    stated = sum(1 for each in report.statements if each.method == method and each.evidence.span == sentence)
    if stated:
        return f"read {stated} statement{'s' if stated > 1 else ''}"
    gaps = [gap for gap in report.gaps if gap.field == rule.relation.value and _inside(gap.at, sentence)]
    if gaps:
        return gaps[0].reason
    if rule.objects in _NAMES and not any(_inside(span, objects) for span in _named(report)):
        return f"no name of {'a body' if rule.objects is not Objects.PLANS else 'a plan or programme'} is known there"
    about = ", or the sentence does not speak of the mechanism" if rule.about else ""
    return f"there is no {_SUBJECTS[rule.subject].removeprefix('a ').removeprefix('the ')} to say it of{about}"


def _named(report: Report) -> Iterator[Span]:
    for found in (*report.bodies, *report.documents):
        yield found.evidence.span
    for statement in report.statements:
        if isinstance(statement.value.object.value, Named):
            yield statement.value.object.evidence.span


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
