# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""Words with their places, light stems, and cues: sequences of stems that must occur in order within a phrase."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model.evidence import Span
from kg.model.knowledge import Concept

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.,;:!?()\[\]]", re.UNICODE)
_BREAKS = frozenset(".,;:!?()[]")
_LONGEST_GAP = 5
_CONJUNCTIONS = frozenset({"and", "or"})
_PREPOSITIONS = frozenset({"to", "by", "of", "from", "in", "over", "under", "among", "between", "across"})
#: What cannot stand between a preposition and its noun: another clause or phrase begins there.
_CLOSING = _CONJUNCTIONS | {"which", "who", "that", "whose"}
_VOWELS = frozenset("aeiouy")
_SHORTEST = 3


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


@dataclass(slots=True)
class Run:
    """A run of words within one phrase: their stems, and where each begins and ends."""

    stems: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


def phrases(text: str, start: int, end: int) -> Iterator[Run]:
    """The runs of words between punctuation marks, and between "and" and a gerund, within text[start:end]."""
    run = Run()
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        if word in _BREAKS:
            if run.stems:
                yield run
                run = Run()
            continue
        # "advising the President and | balancing budgets": a gerund behind "and" begins a phrase of its own
        if run.stems and run.stems[-1] in _CONJUNCTIONS and word.endswith("ing"):
            yield run
            run = Run()
        left, right = match.span()
        run.stems.append(stem(word))
        run.starts.append(left)
        run.ends.append(right)
    if run.stems:
        yield run


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
    """A cue's stems behind the first, and the words with which they were written."""

    rest: tuple[str, ...]
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
        by_first: defaultdict[str, list[_Cue]] = defaultdict(list)
        for concept in self.concepts:
            for cue in sorted(set(concept.cues)):
                words = [match.group() for match in _TOKEN.finditer(cue)]
                stems = [stem(word) for word in words if word not in _BREAKS]
                if stems:
                    by_first[stems[0]].append(_Cue(tuple(stems[1:]), concept, cue))
        self._by_first = dict(by_first)

    def hits(self, text: str, start: int, end: int) -> list[Hit]:
        """The concepts that text[start:end] calls up, in the order of their places."""
        return longest(self.met(phrases(text, start, end)))

    def met(self, runs: Iterable[Run]) -> list[Sized]:
        """Every cue that runs of words meet, whatever other cues meet the same words."""
        found: list[Sized] = []
        by_first = self._by_first
        for run in runs:
            for at, first in enumerate(run.stems):
                for cue in by_first.get(first, ()):
                    places = _follow(run.stems, at, cue.rest)
                    if places:
                        found.append((len(places), _hit(run, places, cue)))
        return found


def longest(found: Sequence[Sized]) -> list[Hit]:
    """Drops hits whose span lies within the span of a cue with more words, and repeats of a concept."""
    kept: list[Sized] = []
    for size, hit in sorted(found, key=_preference) if len(found) > 1 else found:
        inside = any(
            other.span.start <= hit.span.start and hit.span.end <= other.span.end and more > size
            for more, other in kept
        )
        repeated = any(other.concept is hit.concept for _, other in kept)
        if not inside and not repeated:
            kept.append((size, hit))
    return sorted((hit for _, hit in kept), key=lambda hit: (hit.span, hit.concept.iri))


def _follow(stems: list[str], at: int, rest: tuple[str, ...]) -> list[int]:
    """The places of the cue's words when they follow from `at` on, else none."""
    met = [at]
    for wanted in rest:
        last = met[-1]
        try:
            place = stems.index(wanted, last + 1, last + 2 + _LONGEST_GAP)
        except ValueError:
            return []
        if stems[last] in _PREPOSITIONS and not _CLOSING.isdisjoint(stems[last + 1 : place]):
            return []
        met.append(place)
    return met


def _hit(run: Run, places: list[int], cue: _Cue) -> Hit:
    at, last = places[0], places[-1]
    between = tuple(Span(run.starts[index], run.ends[index]) for index in range(at, last) if index not in places)
    first = Span(run.starts[at], run.ends[at])
    return Hit(cue.concept, Span(first.start, run.ends[last]), between, first, cue.written)


def _preference(item: Sized) -> tuple[int, int, int, str]:
    """More cue words first, then closer together, then earlier."""
    size, hit = item
    return -size, hit.span.end - hit.span.start, hit.span.start, hit.concept.iri
