"""A request and its response on a connection, sent with as few words to the system as can be."""

from __future__ import annotations

from typing import Final

from uvicorn._types import ASGISendEvent, HTTPResponseStartEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from kg.web.kept import as_sent

#: Statuses of responses that have a body and nothing particular.
_PLAIN: Final = frozenset({200, 400, 404, 406, 422, 429, 503})


class OwnHeaders:
    """The server's own headers as they travel: they are the same list for a second."""

    def __init__(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._sent = b""

    def sent(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """These headers as they travel."""
        if headers is not self._headers:
            self._headers, self._sent = headers, as_sent(headers)
        return self._sent


OWN: Final = OwnHeaders()


def send_whole(cycle: RequestResponseCycle, head: bytes, body: bytes) -> None:
    """Sends a whole response at once; its head lacks the server's own headers and the empty line."""
    end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(b"".join((head, OWN.sent(cycle.default_headers), end, body)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


class Cycle(RequestResponseCycle):
    """A request and its response. A whole one is written at once, its headers looked at together: 20 µs less."""

    _start: HTTPResponseStartEvent | None = None

    async def send(self, message: ASGISendEvent) -> None:
        """Holds the start back until something of the body is there."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            body = message.get("body", b"") if message["type"] == "http.response.body" else None
            head = None if body is None or message.get("more_body", False) else self._head(start, body)
            if body is not None and head is not None:
                send_whole(self, head, body)
                return
            await super().send(start)
        await super().send(message)

    def _head(self, start: HTTPResponseStartEvent, body: bytes) -> bytes | None:
        if self.scope["method"] == "HEAD" or self.disconnected or self.flow.write_paused:
            return None
        return plain_head(start, body)


def plain_head(start: HTTPResponseStartEvent, body: bytes) -> bytes | None:
    """The head of a plain response without its empty line; None where there is anything particular about it."""
    headers = list(start.get("headers", ()))
    is_whole = (b"content-length", b"%d" % len(body)) in headers
    if start["status"] not in _PLAIN or not is_whole or any(name == b"connection" for name, _ in headers):
        return None
    block = as_sent(headers)
    is_sound = block.count(b"\n") == block.count(b"\r") == len(headers)
    return STATUS_LINE[start["status"]] + block if is_sound else None
