"""What comes of looking for pages: pages, and by name whatever could not be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.model.page import Page

#: The largest page that is read, in bytes; a report page is a few kilobytes.
MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A file in a folder that is of no kind we read."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that should be a page, a folder, or a line of an archive, that could not be read."""

    source: str
    reason: str


Taken = Page | PassedOver | Unreadable
