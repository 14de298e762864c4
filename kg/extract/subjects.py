"""Of whom a clause speaks: a body by its name, "the council" or "it" for one named before, or the mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.mechanism import MechanismFinder
from kg.extract.names import NameSpan
from kg.extract.prose import Prose, Sentence
from kg.model.evidence import Found, Span
from kg.model.knowledge import Concept
from kg.model.records import Named, ThingKind

_CLAUSE = re.compile(r";|,?\s\b(?:but|while|whereas|although)\b")
_ARTICLE = re.compile(r"\s*(?:(?:The|the|A|a|Its|its)\s+)?(?:[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s+)?")
_ANAPHOR = re.compile(r"\s*(?:The|the|This|this)\s+(?P<head>\w+(?:\s\w+)?)\b")
_PRONOUN = re.compile(r"\s*(?:It|it)\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a statement is about: a thing, or (None) the report's mechanism."""

    thing: Found[Named] | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a sentence, with its subject where that is a body."""

    span: Span
    subject: Subject | None


class SubjectFinder:
    """Finds subjects; `body_types` give the head nouns by which a body is taken up again."""

    def __init__(self, mechanisms: MechanismFinder, body_types: tuple[Concept, ...]) -> None:
        self._mechanisms = mechanisms
        self._types = {head.casefold(): concept.iri for concept in body_types for head in concept.heads}

    def clauses(self, prose: Prose, sentence: Sentence) -> Iterator[Clause]:
        """The sentence's clauses; one that names no subject keeps that of the clause before."""
        subject: Subject | None = None
        start = sentence.span.start
        breaks = [match.span() for match in _CLAUSE.finditer(prose.content, *_ends(sentence.span))]
        for left, right in [*breaks, (sentence.span.end, sentence.span.end)]:
            span = Span(start, left)
            subject = self._leading(prose, sentence, span) or subject
            yield Clause(span, subject)
            start = right

    def nearest(self, prose: Prose, sentence: Sentence, before: int) -> Subject | None:
        """The body or the mechanism that is named last before a place, else what the sentence's start takes up."""
        body = self.nearest_body(sentence, before)
        from_mechanism = self._mechanisms.last_end(prose.content, Span(sentence.span.start, before))
        if from_mechanism is not None and (body is None or from_mechanism > body.whole.end):
            return Subject(None)
        if body is not None:
            return Subject(prose.named(body))
        taken_up = self._taken_up(prose, sentence, sentence.span)
        return Subject(prose.named(taken_up)) if taken_up else None

    def nearest_body(self, sentence: Sentence, before: int) -> NameSpan | None:
        """The body that the sentence names last before a place."""
        return next((name for name in reversed(_bodies(sentence)) if name.whole.end <= before), None)

    def _leading(self, prose: Prose, sentence: Sentence, clause: Span) -> Subject | None:
        at = _ARTICLE.match(prose.content, *_ends(clause))
        starts = {clause.start, at.end() if at else clause.start}
        starts |= {start + 1 for start in starts if prose.content[start : start + 1] == " "}
        body = next((name for name in _bodies(sentence) if name.name.start in starts), None)
        body = body or self._taken_up(prose, sentence, clause)
        return Subject(prose.named(body)) if body else None

    def _taken_up(self, prose: Prose, sentence: Sentence, clause: Span) -> NameSpan | None:
        """The body that "the council" or "it" at the clause's start stands for.

        "It" is what the sentence before began with. "The council" is the one council that earlier sentences began with, else the
        only one they name; where there are several, it is left open.
        """
        earlier = [each for each in prose.sentences if each.span.start < sentence.span.start]
        if _PRONOUN.match(prose.content, *_ends(clause)):
            return self._topic(prose, earlier[-1]) if earlier else None
        match = _ANAPHOR.match(prose.content, *_ends(clause))
        if not match:
            return None
        words = match["head"].casefold()
        kind = self._types.get(words) or self._types.get(words.split()[0])
        topics = [name for each in earlier if (name := self._topic(prose, each)) and name.body_type == kind]
        named = [name for each in earlier for name in _bodies(each) if name.body_type == kind]
        meant = {prose.line(prose.meaning(name).name) for name in topics or named}
        return (topics or named)[-1] if kind and len(meant) == 1 else None

    def _topic(self, prose: Prose, sentence: Sentence) -> NameSpan | None:
        """The body that a sentence begins with."""
        at = _ARTICLE.match(prose.content, *_ends(sentence.span))
        starts = {sentence.span.start, at.end() if at else sentence.span.start}
        return next((name for name in _bodies(sentence) if name.name.start in starts), None)


def _bodies(sentence: Sentence) -> list[NameSpan]:
    return [name for name in sentence.names if name.kind is ThingKind.BODY]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
