"""Kept answers made ready for those who ask again: what such a request costs is a look into a table and a write."""

from __future__ import annotations

import time
from functools import cached_property
from http import HTTPStatus
from typing import Final

from kg.web.kept import Kept, Origin, RawHeaders, Rendering, as_sent, cache_headers
from kg.web.observation import Exchange, QueryRun
from kg.web.security import SECURITY

#: Where queries are answered.
PATH: Final = "/sparql"
_MOST: Final = 1024  # requests
_LONGEST: Final = 4096  # bytes
_OK: Final = b"HTTP/1.1 200 OK\r\n"


class Reply:
    """A kept answer as it is sent again.

    Attributes:
        requests: the requests, byte for byte, that are known to get it.
    """

    def __init__(self, kept: Kept, rendering: Rendering) -> None:
        self.kept, self.rendering = kept, rendering
        self.requests: list[bytes] = []
        self._head = b""
        self._own: RawHeaders | list[tuple[bytes, bytes]] = ()
        self._until = 0.0

    @cached_property
    def exchange(self) -> Exchange:
        """What observers are told each time: it took a few microseconds, which nobody measures."""
        kept, size = self.kept, len(self.rendering.body)
        run = QueryRun(
            query=kept.query,
            seconds=0.0,
            outcome="answered",
            rows=kept.answer.rows,
            cache=Origin.KEPT.value,
        )
        status = HTTPStatus.OK.value
        return Exchange(method="GET", path=PATH, route=PATH, status=status, seconds=0.0, size=size, query=run)

    def headers(self) -> bytes:
        """Its headers as they are now, as they travel, without the server's own."""
        return self._lasting + as_sent(cache_headers(self.kept, Origin.KEPT))

    def head(self, own: list[tuple[bytes, bytes]]) -> bytes:
        """All before the body, with the server's own headers: put together once a second, as then `Age` is another."""
        now = time.monotonic()
        if now >= self._until or own is not self._own:
            self._until = self.kept.made + int(now - self.kept.made) + 1
            self._own = own
            self._head = b"".join((_OK, self.headers(), as_sent(own), b"\r\n"))
        return self._head

    @cached_property
    def _lasting(self) -> bytes:
        return self.rendering.sent + as_sent(SECURITY)


class Heard:
    """Requests known by their bytes, so that the same need not be parsed again."""

    def __init__(self) -> None:
        self._replies: dict[bytes, Reply] = {}
        #: The reply to a request that is the same to the byte, else None.
        self.reply: Final = self._replies.get

    def __len__(self) -> int:
        """How many are known."""
        return len(self._replies)

    def remember(self, data: bytes, reply: Reply) -> None:
        """Remembers a whole request, and nothing more than that."""
        is_new = data not in self._replies  # else it could not be answered before what came ahead of it
        if is_new and len(data) <= _LONGEST:
            if len(self._replies) >= _MOST:
                self._clear()
            self._replies[data] = reply
            reply.requests.append(data)

    def forget(self, reply: Reply) -> None:
        """Forgets the requests that get a reply which is kept no longer."""
        for data in reply.requests:
            del self._replies[data]
        reply.requests.clear()

    def _clear(self) -> None:
        for reply in self._replies.values():
            reply.requests.clear()
        self._replies.clear()
