# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Words with their places, light stems, and cues: sequences of stems that must occur in order within a phrase."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.model.evidence import Span
from kg.model.knowledge import Concept

_PUNCTUATION = ".,;:!?()[]，；：！？（）。、"
_SEPARATORS = '-–—/"“”‘*•·&'
_BREAKS = frozenset(_PUNCTUATION)
_LONGEST_GAP = 5
_CONJUNCTIONS = frozenset({"and", "or"})
_PREPOSITIONS = frozenset({"to", "by", "of", "from", "in", "over", "under", "among", "between", "across"})
#: What cannot stand between a preposition and its noun: another clause or phrase begins there.
_CLOSING = _CONJUNCTIONS | {"which", "who", "that", "whose"}
_VOWELS = frozenset("aeiouy")
_SHORTEST = 3
#: Participles without an ending, by their stems, which their first letters are.
_PARTICIPLES = {"drawn": "draw", "given": "giv", "overseen": "overse"}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light English stem: plural, past and gerund endings and a final e go; derivations stay apart.

    >>> stem("distributing") == stem("distributes") == stem("distribute")
    True
    >>> stem("planning"), stem("bodies"), stem("allocation")
    ('plan', 'body', 'allocation')
    """
    word = word.casefold()
    if word in _PARTICIPLES:
        return _PARTICIPLES[word]
    for tail in ("'s", "’s"):
        word = word.removesuffix(tail)
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST:
        word = word[:-1]
    for tail in ("ing", "ed"):
        root = word.removesuffix(tail)
        if root != word and len(root) >= _SHORTEST and _VOWELS & set(root):
            doubled = root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if doubled else root
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def words_of(text: str) -> list[str]:
    """The words of a text, and its punctuation marks."""
    for mark in _SEPARATORS:
        if mark in text:
            text = text.replace(mark, " ")
    for mark in _PUNCTUATION:
        if mark in text:
            text = text.replace(mark, f" {mark} ")
    return text.split()


def _places(text: str, start: int, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where each word of a text stands, which are all its words from a place on."""
    places: list[tuple[int, int]] = []
    for word in words:
        start = text.index(word, start)
        places.append((start, start := start + len(word)))
    return places


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept called up by the words of a span; `between` are words in that span that are none of the cue's.

    `first` is the place of the cue's first word in the text, `cue` the cue as the vocabulary writes it.
    """

    concept: Concept
    span: Span
    between: tuple[Span, ...]
    first: Span
    cue: str


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue's stems, in order and as a set, and the words with which it was written."""

    stems: tuple[str, ...]
    needs: frozenset[str]
    concept: Concept
    written: str


#: A hit with the number of its cue's words.
Sized = tuple[int, Hit]


class Cues:
    """The cues of a vocabulary, ready to be looked for in text.

    A cue's words must follow one another within one phrase, with at most five other words between two of them, and
    behind a preposition with no other phrase. Where several cues meet the same words, the one with more words wins; a
    concept is reported once, by its best hit.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._by_rarest: defaultdict[str, list[_Cue]] = defaultdict(list)
        cues: list[_Cue] = []
        for concept in self.concepts:
            for written in sorted(set(concept.cues)):
                stems = tuple(stem(word) for word in words_of(written) if word not in _BREAKS)
                if stems:
                    cues.append(_Cue(stems, frozenset(stems), concept, written))
        usual = Counter(each for cue in cues for each in cue.needs)
        for cue in cues:
            self._by_rarest[min(cue.stems, key=usual.__getitem__)].append(cue)

    def hits(self, text: str, start: int, end: int) -> list[Hit]:
        """The concepts that text[start:end] calls up, in the order of their places."""
        return longest(self.met(text, start, end))

    def met(self, text: str, start: int, end: int) -> list[Sized]:
        """Every cue that the words of text[start:end] meet, whatever other cues meet the same words."""
        words = words_of(text[start:end])
        stems = list(map(stem, words))
        by_first = self._possible(stems)
        if not by_first:
            return []
        found = [
            (cue, places)
            for at, first in enumerate(stems)
            if first in by_first
            for cue in by_first[first]
            if (places := _follow(stems, words, at, cue.stems))
        ]
        if not found:
            return []
        spans = _places(text, start, words[: max(places[-1] for _, places in found) + 1])
        return [(len(places), _hit(spans, places, cue)) for cue, places in found]

    def _possible(self, stems: list[str]) -> dict[str, list[_Cue]]:
        """The cues whose stems are all among those of a text, by their first stem."""
        there = set(stems)
        possible: dict[str, list[_Cue]] = {}
        for each in [each for each in dict.fromkeys(stems) if each in self._by_rarest]:
            for cue in self._by_rarest[each]:
                if cue.needs <= there:
                    possible.setdefault(cue.stems[0], []).append(cue)
        return possible


def longest(found: Sequence[Sized]) -> list[Hit]:
    """Drops hits whose span lies within the span of a cue with more words, and repeats of a concept."""
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose between
        return [hit for _, hit in found]
    kept: list[Sized] = []
    for size, hit in sorted(found, key=_preference):
        if not any(_excludes(better, size, hit) for better in kept):
            kept.append((size, hit))
    return sorted((hit for _, hit in kept), key=lambda hit: (hit.span.start, hit.span.end, hit.concept.iri))


def _excludes(better: Sized, size: int, hit: Hit) -> bool:
    """Whether a hit is left out for another one: of the same concept, or of more words around it."""
    more, other = better
    around = more > size and other.span.start <= hit.span.start and hit.span.end <= other.span.end
    return around or other.concept is hit.concept


def _follow(stems: list[str], words: list[str], at: int, cue: tuple[str, ...]) -> list[int]:
    """The places of the cue's words when they follow from `at` on within one phrase, else none."""
    met = [at]
    last = at
    for wanted in cue[1:]:
        near = stems[last + 1 : last + 2 + _LONGEST_GAP]
        if wanted not in near:
            return []
        place = last + 1 + near.index(wanted)
        if place > last + 1 and _is_parted(stems, words, last, place):
            return []
        met.append(place)
        last = place
    return met


def _is_parted(stems: list[str], words: list[str], first: int, last: int) -> bool:
    """Whether a phrase ends between two words.

    It ends at a punctuation mark, between "and" and a gerund ("advising the President and | balancing budgets"), and
    behind a preposition at whatever joins another phrase.
    """
    between = stems[first + 1 : last]
    if not _BREAKS.isdisjoint(between):
        return True
    if stems[first] in _PREPOSITIONS and not _CLOSING.isdisjoint(between):
        return True
    return any(stems[at] in _CONJUNCTIONS and words[at + 1].endswith("ing") for at in range(first + 1, last))


def _hit(spans: list[tuple[int, int]], places: list[int], cue: _Cue) -> Hit:
    at, last = places[0], places[-1]
    first = Span(*spans[at])
    if last - at + 1 == len(places):
        between: tuple[Span, ...] = ()
    else:
        between = tuple([Span(*spans[index]) for index in range(at, last) if index not in places])
    return Hit(cue.concept, Span(first.start, spans[last][1]), between, first, cue.written)


def _preference(item: Sized) -> tuple[int, int, int, str]:
    """More cue words first, then closer together, then earlier."""
    size, hit = item
    return -size, hit.span.end - hit.span.start, hit.span.start, hit.concept.iri
