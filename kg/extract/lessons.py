# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Lessons: the sentences that a text says are lessons, and what each concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extract.cuefile import CueFile
from kg.extract.prose import Prose, Sentence
from kg.extract.words import Cues
from kg.model.evidence import Found, Span
from kg.model.records import Gap, Lesson

#: The mark of an item of a list, at the beginning of a line.
_MARK = re.compile(r"(?:[-–—•*·]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s+")
_MARK_ALONE = re.compile(r"(?:[-–—•*·]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])")
#: How far from the beginning of its line a mark is looked for, in code points.
_LOOKBACK = 200


class LessonReader:
    """Finds the lessons of a prose."""

    def __init__(self, cues: CueFile, concerns: Cues) -> None:
        self._patterns = cues.lessons.patterns
        self.keys = {"lesson": cues.lessons.keys}
        self._concerns = concerns

    def sections(self, prose: Prose) -> tuple[list[Sentence], list[Span], Sentence | None]:
        """The sentences that describe, those that are lessons, and the one that opens the lessons."""
        told: list[Sentence] = []
        singles: list[Span] = []
        for at, sentence in enumerate(prose.sentences):
            if "lesson" not in sentence.called:
                told.append(sentence)
                continue
            words = prose.line(sentence.span)
            if self._patterns["intro"].search(words) or self._patterns["heading"].search(words):
                lessons, behind = self._section(prose, prose.sentences[at + 1 :])
                return [*prose.sentences[:at], *behind], lessons, sentence
            if self._patterns["single"].search(words):
                singles.append(sentence.span)
            else:
                told.append(sentence)
        return told, singles, None

    def _section(self, prose: Prose, sentences: tuple[Sentence, ...]) -> tuple[list[Span], list[Sentence]]:
        """The lessons of a section, an item of a list being one; and the sentences behind the section."""
        items: list[Span] = []
        listing = False
        for at, sentence in enumerate(sentences):
            words = prose.words(sentence.span)
            if self._patterns["closing"].search(words):
                return items, list(sentences[at:])
            if _MARK_ALONE.fullmatch(words):
                continue
            mark = self._marked(prose, sentence)
            if mark is not None:
                items.append(Span(mark, sentence.span.end))
                listing = True
            elif listing and items and not self._is_apart(prose, items[-1], sentence):
                items[-1] = Span(items[-1].start, sentence.span.end)
            else:
                items.append(sentence.span)
                listing = False
        return items, []

    def _marked(self, prose: Prose, sentence: Sentence) -> int | None:
        """Where an item's words begin behind its mark, if the sentence has one at the beginning of its line."""
        start, content = sentence.span.start, prose.content
        if mark := _MARK.match(content, start, sentence.span.end):
            return mark.end()
        before = content[max(0, start - _LOOKBACK) : start]
        alone = (
            _MARK.fullmatch(before.rpartition("\n")[2].lstrip()) if len(before) < _LOOKBACK or "\n" in before else None
        )
        return start if alone else None

    def _is_apart(self, prose: Prose, item: Span, sentence: Sentence) -> bool:
        """Whether a paragraph ends between an item and a sentence."""
        return "\n\n" in prose.content[item.end : sentence.span.start].replace(" ", "")

    def read(self, prose: Prose, lessons: list[Span], opening: Sentence | None) -> Iterator[Found[Lesson]]:
        """One lesson a sentence, or an item of a list."""
        method = "lesson/section" if opening else "lesson/sentence"
        for span in lessons:
            evidence = prose.text.evidence(span)
            lesson = Lesson(concerns=tuple(self._concepts(prose, span)))
            yield Found(value=lesson, evidence=evidence, method=method)

    def gap(self, opening: Sentence | None, lessons: list[Span]) -> Iterator[Gap]:
        """An opening with nothing behind it."""
        if opening and not lessons:
            yield Gap(field="lessons", reason="lessons are announced and none follows", at=opening.span)

    def _concepts(self, prose: Prose, span: Span) -> Iterator[Found[str]]:
        for hit in self._concerns.hits(prose.content, span.start, span.end):
            words = prose.text.evidence(hit.span)
            yield Found(value=hit.concept.iri, evidence=words, method="vocabulary/concerns")
