# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""The authority's names, found in text: longest match, whole words, no match inside a longer name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick_rs

from kg.model.evidence import Span
from kg.model.knowledge import Entry

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A name of the authority that stands at a span, with every entry that bears it."""

    span: Span
    entries: tuple[Entry, ...]


class Gazetteer:
    """Finds the names of entries in text; letter case counts, the form of apostrophes and commas does not."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        bearers: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            for name in entry.names:
                if len(name.text) >= _SHORTEST:
                    bearers[_plain(name.text)][entry.iri] = entry
        self._names = sorted(bearers)
        self._bearers = {name: tuple(found[iri] for iri in sorted(found)) for name, found in bearers.items()}
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, store_patterns=True
        )

    def matches(self, text: str, start: int, end: int) -> Iterator[Match]:
        """The names in text[start:end], in order, none overlapping another."""
        piece = _plain(text[start:end])
        for index, left, right in self._automaton.find_matches_as_indexes(piece):
            if _whole(piece, left, right):
                yield Match(Span(start + left, start + right), self._bearers[self._names[index]])

    def bearers(self, name: str) -> tuple[Entry, ...]:
        """The entries that bear exactly this name."""
        return self._bearers.get(_plain(name), ())


def _plain(text: str) -> str:
    """The text with plain apostrophes, commas and spaces for other forms of them; every offset stays."""
    text = text.replace("\n", " ")
    return text if text.isascii() else text.replace("’", "'").replace("，", ",").replace("\N{NO-BREAK SPACE}", " ")


def _whole(text: str, left: int, right: int) -> bool:
    """Whether no Latin letter or digit touches the span, so that it does not end inside a word."""
    before = text[left - 1] if left else " "
    after = text[right] if right < len(text) else " "
    return not (_joins(before, text[left]) or _joins(text[right - 1], after))


def _joins(first: str, second: str) -> bool:
    return first.isalnum() and second.isalnum() and first.isascii() and second.isascii()
