# ruff: noqa: RUF001 - typographic marks are made plain ones
"""Where the words stand that call up rules: one pass over a text for all rules at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import ahocorasick_rs

T = TypeVar("T", bound=Hashable)
_PIECE = 1 << 16
_MARKS = "()（）[]\"“”'‘’,，;；:：.-–—/•*·"


def plain(text: str) -> str:
    """The text with plain apostrophes and spaces, as cues are written; every offset stays."""
    return text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ").replace("’", "'")


def spaced(text: str) -> str:
    """Plain text with a space for each mark that may stand before a word; every offset stays."""
    if len(text) > _PIECE:  # a copy for each mark, of a piece that the processor's cache holds
        return "".join(spaced(text[start : start + _PIECE]) for start in range(0, len(text), _PIECE))
    for mark in _MARKS:
        if mark in text:
            text = text.replace(mark, " ")
    return text


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
                    called[f" {spaced(form)}"].append(name)
        self._called = tuple(tuple(names) for names in called.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(called), matchkind=ahocorasick_rs.MatchKind.Standard, store_patterns=False
        )

    def scan(self, text: str, start: int, end: int) -> dict[T, list[int]]:
        """For each rule that spaced text[start:end] may meet, the places where its keys begin a word, in order."""
        found: dict[T, list[int]] = {}
        for index, left, _ in self._automaton.find_matches_as_indexes(f" {text[start:end]}", overlapping=True):
            place = start + left
            for name in self._called[index]:
                places = found.get(name)
                if places is None:
                    found[name] = [place]
                elif place > places[-1]:
                    places.append(place)
                elif place not in places:
                    places.append(place)
                    places.sort()
        return found
