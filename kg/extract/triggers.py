# ruff: noqa: RUF001 - typographic marks are made plain ones
"""Where the words stand that call up rules: one pass over a sentence for all rules at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import ahocorasick_rs

T = TypeVar("T", bound=Hashable)


def plain(text: str) -> str:
    """The text with plain apostrophes and spaces, as cues are written; every offset stays."""
    return text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ").replace("’", "'")


class Triggers(Generic[T]):
    """Finds the beginnings of words by which rules are called up.

    A key is the lower-case beginning of a word, or of several words; it is met in lower case, in capitals, and with a
    capital first.
    """

    def __init__(self, keys: Mapping[T, Iterable[str]]) -> None:
        called: defaultdict[str, list[T]] = defaultdict(list)
        for name, words in keys.items():
            for word in dict.fromkeys(words):
                for form in dict.fromkeys((word, word[:1].upper() + word[1:], word.upper())):
                    called[form].append(name)
        self._called = tuple(tuple(names) for names in called.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(called), matchkind=ahocorasick_rs.MatchKind.Standard, store_patterns=False
        )

    def scan(self, text: str, start: int, end: int) -> dict[T, list[int]]:
        """For each rule that text[start:end] may meet, the places where its keys begin a word, in order."""
        piece = text[start:end]
        found: dict[T, list[int]] = {}
        for index, left, _ in self._automaton.find_matches_as_indexes(piece, overlapping=True):
            if left and piece[left - 1].isalnum():
                continue
            for name in self._called[index]:
                places = found.setdefault(name, [])
                if start + left not in places:
                    places.append(start + left)
        for places in found.values():
            places.sort()
        return found
