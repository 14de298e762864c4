"""Escapes of the Turtle family undone (Turtle 1.1, section 6.4)."""

from __future__ import annotations

import re
from typing import Final

_NUMERIC: Final = r"\\u(?P<short>[0-9A-Fa-f]{4})|\\U(?P<long>[0-9A-Fa-f]{8})"
_IN_IRI: Final = re.compile(_NUMERIC)
_IN_STRING: Final = re.compile(rf"{_NUMERIC}|\\(?P<letter>.)", re.DOTALL)
_IN_NAME: Final = re.compile(r"\\(.)")
_LETTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_TRIPLED: Final = ('"""', "'''")


def iri_text(words: str) -> str:
    """What stands between the angle brackets of an IRIREF."""
    inner = words[1:-1]
    return _IN_IRI.sub(_numeric, inner) if "\\" in inner else inner


def string_text(words: str) -> str:
    """What a quoted string says."""
    mark = 3 if words.startswith(_TRIPLED) else 1
    inner = words[mark:-mark]
    return _IN_STRING.sub(_in_string, inner) if "\\" in inner else inner


def local_text(words: str) -> str:
    """The local part of a prefixed name; `%41` stays as it is."""
    return _IN_NAME.sub(r"\1", words) if "\\" in words else words


def _numeric(match: re.Match[str]) -> str:
    return chr(int(match["short"] or match["long"], 16))


def _in_string(match: re.Match[str]) -> str:
    letter = match["letter"]
    return _numeric(match) if letter is None else _LETTERS.get(letter, letter)
