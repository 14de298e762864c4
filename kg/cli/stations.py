"""What commands set up from the settings: the stations, and one page as its text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.model.errors import SourceError, UsageError
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.build import Builder
    from kg.model.page import Text

OnePage = Annotated[Path, typer.Argument(help="A page: a file, or - for standard input.", show_default=False)]


def set_up(settings: Settings) -> Builder:
    """The stations, as the settings have them."""
    from kg.build import Builder

    return Builder(
        base=settings.base_iri,
        layouts=settings.layouts,
        authority=settings.authority,
        records=settings.records,
        most_bytes=settings.most_page_bytes,
    )


def one_text(path: Path, settings: Settings) -> Text:
    """The text of the one page at a path.

    Raises:
        SourceError: there is none, or it cannot be read.
        UsageError: there are several.
    """
    from kg.pages import read_page
    from kg.sources import PassedOver, Unreadable, find_pages

    found = [
        taken for taken in find_pages([path], most_bytes=settings.most_page_bytes) if not isinstance(taken, PassedOver)
    ]
    if len(found) > 1:
        raise UsageError(f"{path} holds {len(found):,} pages; name one of them")
    if isinstance(found[0], Unreadable):
        raise SourceError(found[0].source, found[0].reason)
    return read_page(found[0])
