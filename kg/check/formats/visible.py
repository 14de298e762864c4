"""Words from pages, made safe to look at: nothing in them moves a cursor, turns the reading direction, or hides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}")  # part of ordinary writing
_NO_WIDTH = frozenset({"Mn", "Me"})
_TAB = "    "


def visible(words: str) -> str:
    """The words with controls, bidirectional marks and other hidden characters as `<U+202E>`; a tab is four spaces."""
    return words if words.isascii() and words.isprintable() else "".join(_shown(words))


def width(words: str) -> int:
    """The columns that visible words take on a terminal: two for a wide character, none for a combining one.

    East Asian wide and fullwidth characters are those of UAX #11.
    """
    return len(words) if words.isascii() else sum(map(_columns, words))


def cut_to(words: str, columns: int) -> str:
    """As much of the beginning of visible words as fits into the columns."""
    taken = 0
    for at, character in enumerate(words):
        taken += _columns(character)
        if taken > columns:
            return words[:at]
    return words


def cut_to_end(words: str, columns: int) -> str:
    """As much of the end of visible words as fits into the columns."""
    return cut_to(words[::-1], columns)[::-1]


def _shown(words: str) -> Iterator[str]:
    for character in words:
        if character == "\t":
            yield _TAB
        elif unicodedata.category(character) in _HIDDEN and character not in _JOINERS:
            yield f"<U+{ord(character):04X}>"
        else:
            yield character


def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH or character in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
