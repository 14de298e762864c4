# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Words with their places, light stems, and cues: sequences of stems that must occur in order within a phrase."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.model.evidence import Span
from kg.model.knowledge import Concept

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.,;:!?()\[\]]", re.UNICODE)
_BREAKS = frozenset(".,;:!?()[]")
_LONGEST_GAP = 5
_CONJUNCTIONS = frozenset({"and", "or"})
_VOWELS = frozenset("aeiouy")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its stem and its place."""

    stem: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light English stem: plural, past and gerund endings and a final e go; derivations stay apart.

    >>> stem("distributing") == stem("distributes") == stem("distribute")
    True
    >>> stem("planning"), stem("bodies"), stem("allocation")
    ('plan', 'body', 'allocation')
    """
    word = word.casefold()
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


def phrases(text: str, start: int, end: int) -> Iterator[list[Word]]:
    """The runs of words between punctuation marks, and between "and" and a gerund, within text[start:end]."""
    run: list[Word] = []
    for match in _TOKEN.finditer(text, start, end):
        broken = match.group() in _BREAKS
        if broken or _begins_phrase(run, match.group()):
            if run:
                yield run
            run = []
        if not broken:
            run.append(Word(stem(match.group()), match.start(), match.end()))
    if run:
        yield run


def _begins_phrase(run: list[Word], word: str) -> bool:
    """Whether a gerund behind "and" begins a phrase of its own: "advising the President and | balancing budgets"."""
    return bool(run) and run[-1].stem in _CONJUNCTIONS and word.casefold().endswith("ing")


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept called up by the words of a span; `between` are words in that span that are none of the cue's."""

    concept: Concept
    span: Span
    between: tuple[Span, ...] = ()


class Cues:
    """The cues of a vocabulary, ready to be looked for in text.

    A cue's words must follow one another within one phrase, with at most five other words between two of them. Where
    several cues meet the same words, the one with more words wins; a concept is reported once, by its best hit.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        by_first: defaultdict[str, list[tuple[tuple[str, ...], Concept]]] = defaultdict(list)
        for concept in concepts:
            for cue in sorted(set(concept.cues)):
                stems = tuple(stem(match.group()) for match in _TOKEN.finditer(cue) if match.group() not in _BREAKS)
                if stems:
                    by_first[stems[0]].append((stems, concept))
        self._by_first = dict(by_first)

    def hits(self, text: str, start: int, end: int) -> list[Hit]:
        """The concepts that text[start:end] calls up, in the order of their places."""
        found: list[tuple[int, Hit]] = []
        for words in phrases(text, start, end):
            found += self._phrase_hits(words)
        return _longest(found)

    def _phrase_hits(self, words: list[Word]) -> Iterator[tuple[int, Hit]]:
        for at, word in enumerate(words):
            for stems, concept in self._by_first.get(word.stem, ()):
                met = _follow(words, at, stems)
                if met:
                    run = words[at : met[-1] + 1]
                    between = tuple(
                        Span(each.start, each.end) for index, each in enumerate(run, at) if index not in met
                    )
                    yield len(stems), Hit(concept, Span(word.start, run[-1].end), between)


def _follow(words: list[Word], at: int, stems: tuple[str, ...]) -> list[int]:
    """The places of the cue's words when they follow from `at` on, else none."""
    met = [at]
    for wanted in stems[1:]:
        window = range(met[-1] + 1, min(met[-1] + 2 + _LONGEST_GAP, len(words)))
        following = next((index for index in window if words[index].stem == wanted), None)
        if following is None:
            return []
        met.append(following)
    return met


def _preference(item: tuple[int, Hit]) -> tuple[int, int, int, str]:
    """More cue words first, then closer together, then earlier."""
    size, hit = item
    return -size, hit.span.end - hit.span.start, hit.span.start, hit.concept.iri


def _longest(found: list[tuple[int, Hit]]) -> list[Hit]:
    """Drops hits whose span lies within the span of a cue with more words, and repeats of a concept."""
    kept: list[tuple[int, Hit]] = []
    for size, hit in sorted(found, key=_preference):
        inside = any(
            other.span.start <= hit.span.start and hit.span.end <= other.span.end and more > size
            for more, other in kept
        )
        repeated = any(other.concept is hit.concept for _, other in kept)
        if not inside and not repeated:
            kept.append((size, hit))
    return sorted((hit for _, hit in kept), key=lambda hit: (hit.span, hit.concept.iri))
