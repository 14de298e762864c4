"""Pages → text, each by the reader of its media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.model.errors import SourceError
from kg.model.page import Page, Text
from kg.pages.html import read_html
from kg.pages.pdf import read_pdf
from kg.pages.text import read_text

_READERS: Mapping[str, Callable[[Page], Text]] = {
    "text/plain": read_text,
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "application/pdf": read_pdf,
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
