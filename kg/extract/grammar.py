# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""The fragments that layout patterns are made of, full-width and ASCII punctuation alike."""

from __future__ import annotations

from typing import Final

from kg.extract.dates import DATE

PARTICLE: Final = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|bin|al|ter)"
NAME_WORD: Final = r"(?:[^\W\d_a-z]\.|[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*)"
PERSON: Final = rf"(?:{NAME_WORD}(?:\s+(?:{PARTICLE}\s+)*{NAME_WORD}){{1,4}})"
#: A name as catalogues print it: "van Pottelsberghe, Bruno".
INVERTED_PERSON: Final = (
    rf"(?:(?:{PARTICLE}\s+)*{NAME_WORD}(?:\s+{NAME_WORD})?,\s+{NAME_WORD}(?:\s+{NAME_WORD}){{0,2}})"
)

FRAGMENTS: Final = {
    "person": PERSON,
    "inverted_person": INVERTED_PERSON,
    "abstract_label": r"(?:[\[【]\s*Abstract\s*[\]】]\s*[:：]?|Abstract\s*[:：])",
    "keywords_label": r"(?:[\[【]\s*Key\s?words\s*[\]】]\s*[:：]?|Key\s?words\s*[:：])",
    "bullet": r"[-–•*·▪]",
    "date": DATE,
    "year": r"(?:19|20)\d{2}",
    "no": r"(?:No|NO|Nr|№)s?(?:\s*[.．])?",
    "open": r"[(（]",
    "close": r"[)）]",
}

#: What parts the items of a list of keywords.
KEYWORD_SEPARATORS: Final = ",;，；、"
