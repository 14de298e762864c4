"""The tokens of Turtle, TriG, N-Triples and N-Quads, each with its place in the text.

One expression holds the terminals of Turtle 1.1, section 6.5; those of the other three are among them. It cuts text
that Oxigraph has read without complaint, so it need not refuse what the grammar refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_STARTS = f"{_BASE}_"
_INNER = f"{_STARTS}0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%]"

# Possessive quantifiers: nothing is ever given back, so that the time is linear in the text.
_PREFIX = rf"(?:[{_BASE}](?:[{_INNER}]|\.++(?=[{_INNER}]))*+)?+"
_LOCAL = rf"(?:(?:[{_STARTS}:0-9]|{_ESCAPED})(?:[{_INNER}:]|{_ESCAPED}|\.++(?=[{_INNER}:%\\]))*+)?+"
_LABEL = rf"_:[{_STARTS}0-9](?:[{_INNER}]|\.++(?=[{_INNER}]))*+"
_EXPONENT = r"[eE][+-]?[0-9]++"


class Kind(Enum):
    """What a token is; the value is its terminal in the grammar."""

    IRI = "IRIREF"
    STRING = "String"
    LABEL = "BLANK_NODE_LABEL"
    NAME = "PrefixedName"
    LANGUAGE = "LANGTAG"  # also @prefix and @base
    DOUBLE = "DOUBLE"
    DECIMAL = "DECIMAL"
    INTEGER = "INTEGER"
    WORD = "keyword"
    MARK = "punctuation"
    COMMENT = "comment"
    OTHER = "other"


_TERMINALS: Final = {
    Kind.COMMENT: r"#[^\n\r]*+",
    Kind.IRI: r"<[^\x00-\x20<>\"{}|^`]*+>",
    Kind.STRING: (
        r'"""(?:[^"\\]++|\\.|""?+(?!"))*+"""'
        r"|'''(?:[^'\\]++|\\.|''?+(?!'))*+'''"
        r'|"(?:[^"\\\n\r]++|\\.)*+"'
        r"|'(?:[^'\\\n\r]++|\\.)*+'"
    ),
    Kind.LABEL: _LABEL,
    Kind.NAME: f"{_PREFIX}:{_LOCAL}",
    Kind.LANGUAGE: r"@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+",
    Kind.DOUBLE: rf"[+-]?(?:[0-9]++\.[0-9]*+{_EXPONENT}|\.?[0-9]++{_EXPONENT})",
    Kind.DECIMAL: r"[+-]?[0-9]*+\.[0-9]++",
    Kind.INTEGER: r"[+-]?[0-9]++",
    Kind.WORD: r"[A-Za-z]++",
    Kind.MARK: r"\^\^|[.;,()\[\]{}]",
    Kind.OTHER: r"[^ \t\r\n]",
}
_TOKEN: Final = re.compile(
    r"[ \t\r\n]*+(?:" + "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _TERMINALS.items()) + ")", re.DOTALL
)
_KINDS: Final = {kind.name: kind for kind in Kind}


class Token(NamedTuple):
    """A word of the text; `text[at : at + len(words)] == words`."""

    kind: Kind
    words: str
    at: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Every token from an offset on, comments included."""
    for match in _TOKEN.finditer(text, start):
        name = match.lastgroup or "OTHER"
        yield Token(_KINDS[name], match[name], match.start(name))
