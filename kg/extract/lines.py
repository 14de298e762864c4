"""The lines of a page as a person would print them, where a file joined or parted them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model.evidence import Span

#: A line, without the space around it; a label alone on its line is one line with what it is the label of.
_LINE = re.compile(
    r"(?:(?i:key[ -]*words?|authors?|series|published(?: on)?|date|time)[ \t]*:[ \t]*\n\s*)?\S(?:[^\n]*\S)?"
)
#: What begins a line of a header, wherever a file has it.
_BEGINS = re.compile(
    r"\[(?:Abstract|Key *[Ww]ords)\]|(?:A(?:bstract|BSTRACT)|K(?:ey ?[Ww]ords|EY *WORDS))\s?:"
    r"|Research [Rr]eport,? (?:Special Issue,? )?No\.? ?\d+, ?(?:19|20)\d\d \(Total\b"
)
#: One of these stands in a text with any such place within a line; most texts have none.
_HINTS = (" Abstract", " ABSTRACT", " Key", " KEY", " [", " Research R", "\t")


def header_lines(plain: str) -> Iterator[Span]:
    """The lines that are not blank, without the space around them; `plain` has ASCII punctuation."""
    following = iter([*(_within_lines(plain) if any(each in plain for each in _HINTS) else ()), len(plain)])
    cut = next(following)
    for match in _LINE.finditer(plain):
        start, end = match.span()
        while cut < end:
            if start < cut:
                yield Span(start, start + len(plain[start:cut].rstrip()))
                start = cut
            cut = next(following)
        yield Span(start, end)


def _within_lines(plain: str) -> Iterator[int]:
    """Where lines of a header begin within a line of the file."""
    return (
        match.start() for match in _BEGINS.finditer(plain) if plain[match.start() - 1 : match.start()] in {" ", "\t"}
    )
