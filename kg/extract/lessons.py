"""Lessons: the sentences that a text says are lessons, and what each concerns."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.cuefile import CueFile
from kg.extract.prose import Prose, Sentence
from kg.extract.words import Cues
from kg.model.evidence import Found, Span
from kg.model.records import Gap, Lesson


class LessonReader:
    """Finds the lessons of a prose."""

    def __init__(self, cues: CueFile, concerns: Cues) -> None:
        self._cues = cues
        self._concerns = concerns

    def sections(self, prose: Prose) -> tuple[list[Sentence], list[Sentence], Sentence | None]:
        """The sentences that describe, those that are lessons, and the one that opens the lessons."""
        for at, sentence in enumerate(prose.sentences):
            words = prose.words(sentence.span)
            if self._cues.lesson_intro.search(words) or self._cues.lesson_heading.search(words):
                return list(prose.sentences[:at]), list(prose.sentences[at + 1 :]), sentence
        told: list[Sentence] = []
        singles: list[Sentence] = []
        for each in prose.sentences:
            (singles if self._cues.lesson_single.search(prose.words(each.span)) else told).append(each)
        return told, singles, None

    def read(self, prose: Prose, sentences: list[Sentence], opening: Sentence | None) -> Iterator[Found[Lesson]]:
        """One lesson a sentence."""
        method = "lesson/section" if opening else "lesson/sentence"
        for sentence in sentences:
            evidence = prose.text.quote(sentence.span.start, sentence.span.end)
            lesson = Lesson(concerns=tuple(self._concepts(prose, sentence.span)))
            yield Found(value=lesson, evidence=evidence, method=method)

    def gap(self, opening: Sentence | None, sentences: list[Sentence]) -> Iterator[Gap]:
        """An opening with nothing behind it."""
        if opening and not sentences:
            yield Gap(field="lessons", reason="lessons are announced and none follows", at=opening.span)

    def _concepts(self, prose: Prose, span: Span) -> Iterator[Found[str]]:
        for hit in self._concerns.hits(prose.content, span.start, span.end):
            words = prose.text.quote(hit.span.start, hit.span.end)
            yield Found(value=hit.concept.iri, evidence=words, method="vocabulary/concerns")
