# ruff: noqa: RUF001 - the patterns are of typographic and full-width marks
"""The pieces of a line between separators, brackets and quotation marks kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model.evidence import Span

_OPENING_MARKS, _CLOSING_MARKS = "(（“「『", ")）”」』"
_MARK = re.compile(f"[{_OPENING_MARKS}{_CLOSING_MARKS},，;；/／]")


def parts(text: str, span: Span, separators: str, skip: Span | None = None) -> Iterator[Span]:
    """The pieces between separators outside brackets and curly quotation marks, without `skip`."""
    depth = 0
    start = span.start
    for mark in _MARK.finditer(text, span.start, span.end):
        at, letter = mark.start(), mark.group()
        if skip and skip.start <= at < skip.end:
            continue
        if skip and start <= skip.start < at:
            yield from trimmed(text, start, skip.start)
            start = skip.end
        if letter in _OPENING_MARKS:
            depth += 1
        elif letter in _CLOSING_MARKS:
            depth -= depth > 0
        elif letter in separators and depth == 0:
            yield from trimmed(text, start, at)
            start = at + 1
    if skip and start <= skip.start:
        yield from trimmed(text, start, skip.start)
        start = skip.end
    yield from trimmed(text, start, span.end)


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """text[start:end] without the space around it; nothing where that is all."""
    piece = text[start:end].strip()
    if piece:
        left = text.index(piece, start)
        yield Span(left, left + len(piece))
