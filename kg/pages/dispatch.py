"""Pages → text, each by the reader of its media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.model.errors import SourceError
from kg.model.page import Page, Text
from kg.pages.text import read_text


def _html(page: Page) -> Text:
    from kg.pages.html import read_html  # noqa: PLC0415 - plain text needs no parser of HTML

    return read_html(page)


def _pdf(page: Page) -> Text:
    from kg.pages.pdf import read_pdf  # noqa: PLC0415 - nor what runs the reader of PDF

    return read_pdf(page)


_READERS: Mapping[str, Callable[[Page], Text]] = {
    "text/plain": read_text,
    "text/html": _html,
    "application/xhtml+xml": _html,
    "application/pdf": _pdf,
}


def read_page(page: Page) -> Text:
    """The text of a page of any kind that is read; parameters of its media type do not change the kind.

    Raises:
        SourceError: the page is of no such kind, or holds no text that can be read.
    """
    reader = _READERS.get(page.media_type.partition(";")[0].strip().casefold())
    if reader is None:
        raise SourceError(page.source, f"pages of type {page.media_type} are not read; {', '.join(_READERS)} are")
    return reader(page)
