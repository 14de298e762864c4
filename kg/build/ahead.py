"""Sightings of pages looked at some way ahead, so that it is known in time that few are left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from kg.model.page import Page
from kg.sources.sightings import Seen, Shelved, Sighting

_AHEAD: Final = 4000  # pages
_BYTES: Final = 16 * 1024 * 1024  # of pages that are in memory once they are sighted
_STEP: Final = 16  # looked at for each that is handed on: the first ones need not wait for thousands of others


class Ahead:
    """An iterator of sightings that has looked at those which come next."""

    def __init__(self, seen: Iterator[Seen]) -> None:
        self._has_met_all = False
        self._seen = seen
        self._met: deque[Seen] = deque()
        self._pages = self._bytes = 0

    @property
    def left(self) -> int | None:
        """How many pages there are that were not handed on; None where more are than it has looked at."""
        return self._pages if self._has_met_all else None

    def __iter__(self) -> Iterator[Seen]:
        """Hands on the sightings, in their order."""
        while True:
            self._look()
            if not self._met:
                return
            each = self._met.popleft()
            self._count(each, -1)
            yield each

    def _look(self) -> None:
        for _ in range(_STEP):
            if self._has_met_all or self._pages >= _AHEAD or self._bytes >= _BYTES:
                return
            each = next(self._seen, None)
            if each is None:
                self._has_met_all = True
                return
            self._count(each, 1)
            self._met.append(each)

    def _count(self, each: Seen, sign: int) -> None:
        if isinstance(each, Shelved):
            self._pages += sign * len(each)
        elif isinstance(each, Sighting):
            self._pages += sign
            if isinstance(each.origin, Page):
                self._bytes += sign * len(each.origin.payload)
