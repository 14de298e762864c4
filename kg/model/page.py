"""What came in: a page's payload, its text, and places in that text."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from kg.model.evidence import Evidence, Place, Span


@dataclass(frozen=True, kw_only=True)
class Page:
    """One document as it came in.

    Attributes:
        source: where it came from, as a person would look for it: a relative path or a URL.
        media_type: IANA media type, such as `text/plain`.
        payload: its bytes, untouched.
    """

    source: str
    media_type: str
    payload: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """SHA-256 of the payload, in hexadecimal."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Text:
    """A page's text, with line ends as single line feeds, so that offsets are those of RFC 5147.

    Offsets count code points of `content`, from 0; spans are half-open.
    """

    page: Page
    content: str = field(repr=False)

    def quote(self, start: int, end: int) -> Evidence:
        """The evidence for the words from start to end.

        Raises:
            ValueError: the span is empty or leaves the text.
        """
        if not 0 <= start < end <= len(self.content):
            raise ValueError(f"span {start},{end} is empty or outside a text of {len(self.content)} code points")
        return Evidence(page=self.page.id, span=Span(start, end), quote=self.content[start:end])

    def verify(self, evidence: Evidence) -> bool:
        """Whether the evidence's quote stands in this very page at its span."""
        span = evidence.span
        inside = 0 <= span.start < span.end <= len(self.content)
        return evidence.page == self.page.id and inside and self.content[span.start : span.end] == evidence.quote

    def place(self, span: Span) -> Place:
        """The file, line and column (from 1) where the span starts, with its words."""
        line = bisect_right(self._line_starts, span.start)
        column = span.start - self._line_starts[line - 1] + 1
        return Place(source=self.page.source, line=line, column=column, quote=self.content[span.start : span.end])

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.content.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find("\n", at + 1)
        return starts
