"""Pages that clients wrote to the store: a build reads them before all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.curating import DEPOSITED
from kg.model.page import Page
from kg.sources.kinds import media_type
from kg.sources.sightings import Sighting, sighting
from kg.store.deposits import PAGES, Deposits

_UNKNOWN: Final = "text/plain"


def deposited_pages(deposits: Deposits) -> Iterator[Sighting]:
    """The pages, by name.

    Raises:
        StoreError: one cannot be read, or is not what was written.
    """
    return (sighting(deposited_page(name, deposits.payload(name))) for name in deposits.under(PAGES))


def deposited_page(name: str, payload: bytes) -> Page:
    """A page that a client wrote; `name` is the deposit's, `pages/KEY.html`."""
    source = DEPOSITED + name.removeprefix(PAGES)
    return Page(source=source, media_type=media_type(name) or _UNKNOWN, payload=payload)
