"""Of whom a clause speaks: a body by its name, "the council" or "it" for one named before, or the mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.discourse import Discourse, leading_body
from kg.extract.mechanism import MechanismFinder
from kg.extract.names import NameSpan
from kg.extract.prose import Prose, Sentence
from kg.model.evidence import Found, Span
from kg.model.knowledge import Concept
from kg.model.records import Named

_CLAUSE = re.compile(r";|,?\s\b(?:but|while|whereas|although)\b")


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
        self._last: tuple[Prose, Discourse] | None = None

    def clauses(self, prose: Prose, sentence: Sentence) -> Iterator[Clause]:
        """The sentence's clauses; one that names no subject keeps that of the clause before."""
        subject: Subject | None = None
        start = sentence.span.start
        breaks = [match.span() for match in _CLAUSE.finditer(prose.content, sentence.span.start, sentence.span.end)]
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
        taken_up = self._discourse(prose).taken_up(sentence.span)
        return Subject(prose.named(taken_up)) if taken_up else None

    def nearest_body(self, sentence: Sentence, before: int) -> NameSpan | None:
        """The body that the sentence names last before a place."""
        return next((name for name in reversed(sentence.bodies) if name.whole.end <= before), None)

    def _leading(self, prose: Prose, sentence: Sentence, clause: Span) -> Subject | None:
        body = leading_body(prose, sentence, clause.start) or self._discourse(prose).taken_up(clause)
        return Subject(prose.named(body)) if body else None

    def _discourse(self, prose: Prose) -> Discourse:
        """What the prose has spoken of, kept while the same prose is read."""
        if self._last is None or self._last[0] is not prose:
            self._last = (prose, Discourse(prose, self._types))
        return self._last[1]
