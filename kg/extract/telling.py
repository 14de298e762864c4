# ruff: noqa: RUF001 - apostrophes may be typographic
"""The words of a name that tell its bearer from others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from kg.extract.words import stem

_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_STOP = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "the", "to"})
_EXPANSIONS = {"s&t": "science technology", "sti": "science technology innovation", "r&d": "research development"}
_MOST_REMEMBERED = 10_000


class TellingWords:
    """Stems of names: all that count, but those of jurisdictions' names.

    `type_words` give the class that stands for a body type's noun, so that those that translate alike are one word.
    """

    def __init__(self, type_words: Mapping[str, str], place_names: Iterable[str]) -> None:
        self._type_words = type_words
        self._places = frozenset(each for name in place_names for word in _words(name) for each in self._stems_of(word))
        self._telling_stems = lru_cache(maxsize=_MOST_REMEMBERED)(self._telling_stems_of)

    def of(self, name: str) -> frozenset[str]:
        """The telling words of a name."""
        return frozenset(chain.from_iterable(map(self._telling_stems, _words(name))))

    def _telling_stems_of(self, word: str) -> tuple[str, ...]:
        return tuple(each for each in self._stems_of(word) if each not in self._places)

    def _stems_of(self, word: str) -> Iterator[str]:
        """The stems of a word, or of what it is short for."""
        plain = word.casefold()
        for part in _EXPANSIONS.get(plain, plain).split():
            if part not in _STOP:
                yield self._type_words.get(part, stem(part))


def _words(name: str) -> list[str]:
    return _WORD.findall(name.replace("’s", "").replace("'s", ""))
