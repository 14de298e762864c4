# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Where a text speaks of a country's coordination mechanism, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.extract.cuefile import CueFile
from kg.extract.gazetteer import Gazetteer
from kg.extract.triggers import Triggers, plain, spaced
from kg.extract.words import stem
from kg.model.evidence import Span

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*['’]?")
#: A word behind an opening mark: the phrase begins with it.
_OPENED = re.compile(r"(?<=[(（“\"‘])[^\W_]+(?:[-’'][^\W_]+)*$")
_OWNING = ("'s", "’s", "'", "’")
_COORDINATING = frozenset(
    map(stem, ("coordination", "coordinating", "co-ordination", "steering", "governance", "governing"))
)
_STOP = frozenset({
    "a", "an", "the", "this", "that", "its", "their", "such", "our", "of", "in", "on", "by", "for", "to", "with",
    "through", "via", "under", "from", "into", "is", "are", "was", "has", "have", "between", "within", "as", "or",
    "while", "where", "which",
})  # fmt: skip
_LONGEST = 9
_LONGEST_PHRASE = 160
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
        self.cues = cues
        heads = cues.heads["mechanism"]
        self.keys = {"mechanism": heads}
        self._triggers = Triggers(self.keys)
        self._head = re.compile(rf"(?:{'|'.join(sorted(heads, key=len, reverse=True))})\b", re.IGNORECASE)
        self._definite = cues.definite
        self._places = places

    def mentions(self, text: str, span: Span) -> Iterator[MechanismSpan]:
        """The noun phrases in a span whose head is a mechanism and whose words speak of coordination."""
        for head in self._heads(text, span, self._called(text, span)):
            if phrase := self._coordinating(text, span, head):
                yield self._owned(text, phrase)

    def phrases(self, text: str, span: Span, places: Iterable[int]) -> Iterator[Span]:
        """The phrases for the mechanism in a span: full ones, and "the mechanism" or "this system".

        Its keys stand at `places`.
        """
        for head in self._heads(text, span, places):
            if phrase := self._coordinating(text, span, head):
                yield phrase
            elif definite := self._definite.search(text, max(span.start, head.start - _LONGEST_PLACE), head.start):
                yield Span(definite.start(), head.end)

    def speaks_of_it(self, text: str, span: Span) -> bool:
        """Whether a span has a phrase for the mechanism."""
        return next(self.phrases(text, span, self._called(text, span)), None) is not None

    def _called(self, text: str, span: Span) -> Iterator[int]:
        """The places of a span where the keys stand."""
        piece = spaced(plain(text[span.start : span.end]))
        return (span.start + at for at in self._triggers.scan(piece, 0, len(piece)).get("mechanism", ()))

    def _heads(self, text: str, span: Span, places: Iterable[int]) -> Iterator[Span]:
        for place in places:
            if head := self._head.match(text, place, span.end):
                yield Span(place, head.end())

    def _coordinating(self, text: str, span: Span, head: Span) -> Span | None:
        """The noun phrase that ends with the head, if its words speak of coordination."""
        words = self._phrase(text, span.start, head)
        if any(stem(word) in _COORDINATING for _, word in words):
            return Span(words[0][0], head.end)
        return None

    def _phrase(self, text: str, start: int, head: Span) -> list[tuple[int, str]]:
        """The words of the noun phrase that ends with the head, leftwards to an article, a preposition or an owner."""
        left = max(start, head.start - _LONGEST_PHRASE)
        words: list[tuple[int, str]] = []
        right = head.start
        for word in reversed(text[left:right].split()[-_LONGEST:]):
            if word.casefold() in _STOP or not _WORD.fullmatch(word):
                opened = _OPENED.search(word)
                if opened:
                    words.insert(0, (text.rindex(word, left, right) + opened.start(), opened.group()))
                break
            right = text.rindex(word, left, right)
            words.insert(0, (right, word))
            if word.endswith(_OWNING):
                break
        while words and words[0][1].casefold() == "and":
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
