# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""The fragments that layout patterns are made of, full-width and ASCII punctuation alike."""

from __future__ import annotations

from typing import Final

from kg.extract.dates import DATE

FRAGMENTS: Final = {
    "date": DATE,
    "year": r"(?:19|20)\d{2}",
    "no": r"(?:No|NO|Nr|№)s?(?:\s*[.．])?",
    "open": r"[(（]",
    "close": r"[)）]",
}

#: What parts the items of a list of keywords.
KEYWORD_SEPARATORS: Final = ",;，；、"
