"""What came in: a page's payload, its text, and places in that text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from kg.model.evidence import Evidence, Place, Span, on_sheet
from kg.model.origins import Lines, Origin, Origins


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

    @property
    def file(self) -> str:
        """The source that a person opens, where the page is a part of it; else the source itself."""
        return self.source

    @property
    def first_line(self) -> int:
        """The line of the file on which the page begins."""
        return 1

    @cached_property
    def id(self) -> str:
        """SHA-256 of the payload, in hexadecimal."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Characters that are not what the page's author wrote, and why they are thought so."""

    reason: str
    at: Span


@dataclass(frozen=True, kw_only=True)
class Text:
    """A page's text, with line ends as single line feeds, so that offsets are those of RFC 5147.

    Offsets count code points of `content`, from 0; spans are half-open.

    Attributes:
        faults: what was lost or garbled before or while the page was read, by place.
        origins: where the text stands in the page's file; None where the text is the file.
    """

    page: Page
    content: str = field(repr=False)
    faults: tuple[Fault, ...] = ()
    origins: Origins | None = field(default=None, repr=False, compare=False)

    def quote(self, start: int, end: int) -> Evidence:
        """The evidence for the words from start to end.

        Raises:
            ValueError: the span is empty or leaves the text.
        """
        return self.evidence(Span(start, end))

    def evidence(self, span: Span) -> Evidence:
        """The evidence for the words of a span.

        Raises:
            ValueError: the span is empty or leaves the text.
        """
        start, end = span.start, span.end
        if not 0 <= start < end <= len(self.content):
            raise ValueError(f"span {start},{end} is empty or outside a text of {len(self.content)} code points")
        return Evidence(page=self.page.id, span=span, quote=self.content[start:end])

    def verify(self, evidence: Evidence) -> bool:
        """Whether the evidence's quote stands in this very page at its span."""
        span = evidence.span
        inside = 0 <= span.start < span.end <= len(self.content)
        return evidence.page == self.page.id and inside and self.content[span.start : span.end] == evidence.quote

    def place(self, span: Span) -> Place:
        """The file, line and column (from 1) where the span starts, with its words."""
        origin = self.origin(span.start)
        quote = self.content[span.start : span.end]
        source = on_sheet(self.page.file, origin.sheet)
        return Place(source=source, line=origin.line, column=origin.column, quote=quote)

    def origin(self, offset: int) -> Origin:
        """Where in the file the character at this offset stands."""
        return self._origins.locate(offset)

    @cached_property
    def _origins(self) -> Origins:
        return self.origins or Lines.of(self.content, self.page.first_line)
