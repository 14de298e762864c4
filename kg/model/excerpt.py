"""The line that a finding is about, with the words in it that it points to."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.evidence import Place, Span
from kg.model.page import Text

_AROUND = 240  # characters kept on either side of the words, more than any terminal shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A line in three parts: what stands before the words, the words as far as they stand on it, what stands behind.

    Attributes:
        cut_before: whether the line begins before `before` does.
        cut_after: whether the line goes on behind `after`.
    """

    before: str
    words: str
    after: str
    cut_before: bool = False
    cut_after: bool = False


def excerpt(text: Text, place: Place) -> Excerpt | None:
    """The line of a page's text that a place is about; None where the text does not hold it.

    Of a web page, a PDF or a row the line is that of the text that was read, which is what a person sees.
    """
    offset = _offset(text, place)
    return None if offset is None else _around(text.content, offset, len(place.quote))


def line_excerpt(line: str, column: int, quote: str) -> Excerpt:
    """A line of a file with the words that start at a column (from 1)."""
    return _around(line, min(column - 1, len(line)), len(quote))


def _offset(text: Text, place: Place) -> int | None:
    """Where the place's words start in the text."""
    if text.origins is None:
        return _line_offset(text.content, place)
    at = text.content.find(place.quote) if place.quote else -1
    while at >= 0:
        here = text.place(Span(at, at + len(place.quote)))
        if (here.source, here.line, here.column) == (place.source, place.line, place.column):
            return at
        at = text.content.find(place.quote, at + 1)
    return None


def _line_offset(content: str, place: Place) -> int | None:
    start = 0
    for _ in range(place.line - 1):
        start = content.find("\n", start) + 1
        if not start:
            return None
    end = content.find("\n", start)
    return min(start + place.column - 1, end if end >= 0 else len(content))


def _around(content: str, offset: int, length: int) -> Excerpt:
    start = content.rfind("\n", 0, offset) + 1
    end = content.find("\n", offset)
    end = len(content) if end < 0 else end
    words_end = min(offset + min(length, _AROUND), end)
    first, last = max(start, offset - _AROUND), min(end, words_end + _AROUND)
    return Excerpt(
        before=content[first:offset],
        words=content[offset:words_end],
        after=content[words_end:last],
        cut_before=first > start,
        cut_after=last < end,
    )
