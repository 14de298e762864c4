"""Connections of HTTP/1.1 within bounds: of the size of a request's head, and of the time a client may take.

A client that sends slowly gets 408 (RFC 9110, section 15.5.9), one whose address or headers are too long 414 or 431
(RFC 6585, section 5), and one that does not take its answer is left.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from kg.web.answering import Answering

#: Bytes: a query of 64 KiB fits into an address, unless most of its letters are escaped.
LONGEST_ADDRESS: Final = 128 * 1024
LONGEST_HEADERS: Final = 32 * 1024
_HEAD_WITHIN: Final = 10.0  # seconds from the first byte to the last of the head
_BODY_WATCHED_EVERY: Final = 20.0  # seconds
_SLOWEST: Final = 64 * 1024  # bytes of a body in that time
_READ_IN_VAIN: Final = 1024 * 1024  # bytes of a body that come after its answer, so that the client reads that
_TAKEN_WITHIN: Final = 30.0  # seconds in which a client must take some of what waits for it


class Connection(Answering):
    """One connection of a client."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - the server's own business
        super().__init__(*given, **named)
        self._unread = 0  # bytes of a head that is not complete
        self._body_size = 0
        self._in_message = self._in_body = self._is_over = self._closes = False
        self._clock: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent has it
        """A client has come; it must say what it wants."""
        super().connection_made(transport)
        self._expect(_HEAD_WITHIN, self._slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop()
        if self._taking is not None:
            self._taking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request, or of several."""
        if self._is_over:
            return
        self._let_pass()
        if self._in_message or self._closes or not self._is_begun(data):
            self._parse(data)
        else:
            self._stop()

    def _parse(self, data: bytes) -> None:
        is_begin = not self._in_message
        self._unread += len(data)
        self._plain = None
        super().data_received(data)
        if is_begin and not (self._in_message or self._closes):
            self._remember(data)
        if self._is_over or not self._unread:
            return
        if self._in_body:
            self._look_at_body()
        elif self._unread > LONGEST_HEADERS + LONGEST_ADDRESS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _LONG_HEADERS)
        elif self._clock is None:
            self._expect(_HEAD_WITHIN, self._slow)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._in_message = True
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_ADDRESS:
            detail = f"the address is longer than {LONGEST_ADDRESS:,} bytes; a query may also come by POST"
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, detail)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        super().on_header(name, value)
        if name.lower() == b"upgrade":  # the parser reads nothing behind such a request
            self._closes = True

    def on_headers_complete(self) -> None:
        """The head is there."""
        if self._is_over:
            return
        if self._unread > LONGEST_HEADERS and _size(self.headers) > LONGEST_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _LONG_HEADERS)
            return
        self._stop()
        self._unread, self._in_body, self._body_size = 1, True, 0
        super().on_headers_complete()
        self._closes = self._closes or not self.cycle.keep_alive
        self.cycle.keep_alive = True  # until its body is read: closing before that would take the answer back

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        if self._is_over:
            return
        self._body_size += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if self._is_over:
            return
        self._stop()
        self._unread, self._in_body, self._in_message = 0, False, False
        super().on_message_complete()
        if self._closes:
            self.cycle.keep_alive = False
            if self.cycle.response_complete:
                self._leave()

    def pause_writing(self) -> None:
        """More waits for the client than it has taken."""
        super().pause_writing()
        self._taking = self.loop.call_later(_TAKEN_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        if self._taking is not None:
            self._taking.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP."""
        del msg
        self._refuse(HTTPStatus.BAD_REQUEST, "this is no request of HTTP/1.1")

    def _look_at_body(self) -> None:
        if not self.cycle.response_complete:
            if self._clock is None:
                self._watch_body()
        elif self._body_size > _READ_IN_VAIN:
            self._leave()

    def _watch_body(self) -> None:
        before = self._body_size

        def look() -> None:
            if self._body_size - before < _SLOWEST:
                self._slow()
            else:
                self._watch_body()

        self._expect(_BODY_WATCHED_EVERY, look)

    def _expect(self, seconds: float, otherwise: Callable[[], None]) -> None:
        self._stop()
        self._clock = self.loop.call_later(seconds, otherwise)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _leave(self) -> None:
        self._is_over = True
        self.transport.close()

    def _slow(self) -> None:
        if not self._unread:
            self._leave()  # it said nothing, and is told nothing
            return
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Says why, unless another answer is under way on this connection, and ends it."""
        if self._is_over:
            return
        self._stop()
        running = self.cycle is not None and not self.cycle.response_complete
        if not (self.cycle.response_started if running else self._in_body):  # else it has its answer
            problem = {"title": status.phrase, "status": status.value, "detail": detail}
            self.transport.write(_response(status, json.dumps(problem).encode()))
        if running:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._leave()


_LONG_HEADERS: Final = f"the headers are longer than {LONGEST_HEADERS:,} bytes"


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _response(status: HTTPStatus, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
