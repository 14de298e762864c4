# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Where a text speaks of a country's coordination mechanism, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.cuefile import CueFile
from kg.extract.gazetteer import Gazetteer
from kg.extract.words import stem
from kg.model.evidence import Span

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*(?:['’](?=\s))?")
_COORDINATING = frozenset(
    map(stem, ("coordination", "coordinating", "co-ordination", "steering", "governance", "governing"))
)
_STOP = frozenset({
    "a", "an", "the", "this", "that", "its", "their", "such", "our", "of", "in", "on", "by", "for", "to", "with",
    "through", "via", "under", "from", "into", "is", "are", "was", "has", "have", "between", "within", "as", "or",
    "while", "where", "which",
})  # fmt: skip
_LONGEST = 9
_LONGEST_PLACE = 40


@dataclass(frozen=True, slots=True)
class MechanismSpan:
    """A noun phrase for a mechanism; `owner` is the span of the country's name in it, with its code."""

    span: Span
    owner: Span | None = None
    jurisdiction: str | None = None


class MechanismFinder:
    """Finds noun phrases such as "Japan's macro science and technology coordination mechanism"."""

    def __init__(self, cues: CueFile, places: Gazetteer) -> None:
        self._head = re.compile(rf"\b(?:{'|'.join(cues.heads['mechanism'])})\b", re.IGNORECASE)
        self._places = places

    def mentions(self, text: str, span: Span) -> Iterator[MechanismSpan]:
        """The noun phrases in a span whose head is a mechanism and whose words speak of coordination."""
        for head in self._head.finditer(text, span.start, span.end):
            words = self._phrase(text, span.start, head)
            if {stem(word.group()) for word in words} & _COORDINATING:
                yield self._owned(text, Span(words[0].start(), head.end()))

    def speaks_of_it(self, text: str, span: Span) -> bool:
        """Whether a sentence is about the mechanism: by its full phrase, or by "the mechanism", "this system", "It"."""
        return text.startswith("It ", span.start) or self.last_end(text, span) is not None

    def last_end(self, text: str, span: Span) -> int | None:
        """Where the last phrase for the mechanism in a span ends: the full one, or "the mechanism", "this system"."""
        ends = [mention.span.end for mention in self.mentions(text, span)]
        ends += [
            head.end() for head in self._head.finditer(text, span.start, span.end) if _is_definite(text, span, head)
        ]
        return max(ends, default=None)

    def _phrase(self, text: str, start: int, head: re.Match[str]) -> list[re.Match[str]]:
        """The words of the noun phrase that ends with the head, leftwards to an article, a preposition or an owner."""
        before = list(_WORD.finditer(text, max(start, head.start() - 200), head.start()))[-_LONGEST:]
        words: list[re.Match[str]] = []
        right = head.start()
        for word in reversed(before):
            if text[word.end() : right].strip() or word.group().casefold() in _STOP:
                break
            words.insert(0, word)
            right = word.start()
            if re.search(r"['’]s?$", word.group()):
                break
        while words and words[0].group().casefold() == "and":
            words.pop(0)
        return words

    def _owned(self, text: str, span: Span) -> MechanismSpan:
        """The phrase with its country's name, which may begin before it: "South Korea's …"."""
        around = self._places.matches(text, max(0, span.start - _LONGEST_PLACE), span.end)
        match = next((match for match in around if match.span.end > span.start), None)
        if match is None or len(match.entries) != 1:
            return MechanismSpan(span)
        whole = Span(min(span.start, match.span.start), span.end)
        return MechanismSpan(whole, match.span, match.entries[0].jurisdiction)


def _is_definite(text: str, span: Span, head: re.Match[str]) -> bool:
    """Whether "the" or "this" stands before the head, so that it takes up a mechanism named before."""
    before = text[max(span.start, head.start() - 40) : head.start()]
    return bool(re.search(r"\b(?:the|this)\s+(?:[\w-]+\s+){0,2}$", before, re.IGNORECASE))
