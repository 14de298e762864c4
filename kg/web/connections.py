"""Connections of HTTP/1.1 within bounds: of the size of a request's head, and of the time a client may take.

A client that sends slowly gets 408 (RFC 9110, section 15.5.9), one whose address or headers are too long 414 or 431
(RFC 6585, section 5), and one that does not take its answer is left.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.web.cycles import Cycle, Prompting, send_whole
from kg.web.idling import Idling
from kg.web.replies import Reply

#: Bytes: a query of 64 KiB fits into an address, unless most of its letters are escaped.
LONGEST_ADDRESS: Final = 128 * 1024
LONGEST_HEADERS: Final = 32 * 1024
_HEAD_WITHIN: Final = 10.0  # seconds from the first byte to the last of the head
_BODY_WATCHED_EVERY: Final = 20.0  # seconds
_SLOWEST: Final = 64 * 1024  # bytes of a body in that time
_READ_IN_VAIN: Final = 1024 * 1024  # bytes of a body that come after its answer, so that the client reads that
_TAKEN_WITHIN: Final = 30.0  # seconds in which a client must take some of what waits for it


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - the server's own business
        super().__init__(*given, **named)
        self._unread = 0  # bytes of a head that is not complete
        self._body_size = 0
        self._in_message = self._in_body = self._is_over = self._closes = False
        self._clock: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._at_once: tuple[Scope, Reply] | None = None  # what was answered at once when data came last
        self._idling = Idling(self.loop, self.timeout_keep_alive, self.timeout_keep_alive_handler)
        self._again = getattr(self.app, "again", _nothing)
        self._leave_query: Callable[[], None] | None = None  # that of a query that no task waits for

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent has it
        """A client has come; it must say what it wants."""
        super().connection_made(transport)
        self._expect(_HEAD_WITHIN, self._slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop()
        self._idling.cancel()
        if self._taking is not None:
            self._taking.cancel()
        super().connection_lost(exc)
        if self._leave_query is not None:
            self._leave_query()
            self._leave_query = None

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request, or of several."""
        if self._is_over:
            return
        is_begin = not self._in_message
        if is_begin and self._is_answered_again(data):
            return
        self._unread += len(data)
        self._at_once = None
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

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Sends what is kept, and begins what is plain; only the rest takes a task of its own."""
        if self.flow.write_paused or not hasattr(app, "at_once"):
            self._start_task(cycle, app)
            return
        prompting = cast("Prompting", app)
        scope = cast("Scope", cycle.scope)
        found = prompting.at_once(scope)
        if found is not None:
            self._at_once = scope, found
            send_whole(cycle, STATUS_LINE[HTTPStatus.OK] + found.headers(), found.rendering.body)
            return

        def send(headers: bytes, body: bytes) -> None:
            self._leave_query = None
            send_whole(cycle, STATUS_LINE[HTTPStatus.OK] + headers, body)

        def pass_on() -> None:
            self._leave_query = None
            self._start_task(cycle, app)

        self._leave_query = prompting.begin(scope, send, pass_on)
        if self._leave_query is None:
            self._start_task(cycle, app)

    def _start_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.__class__ = Cycle  # the server makes its own kind
        super()._start_asgi_task(cycle, app)

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

    def on_response_complete(self) -> None:
        """An answer was sent: the next of several requests has its turn, or the client a pause."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._idling.begin()

    def _unset_keepalive_if_required(self) -> None:
        self._idling.over()

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

    def _is_answered_again(self, data: bytes) -> bool:
        """Answers a request that is the same, to the byte, as one that was answered at once."""
        if self._closes or self.flow.write_paused or self.transport.is_closing():
            return False
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        reply = self._again(data)
        if reply is None:
            return False
        self._stop()
        self.transport.writelines((reply.head(self.server_state.default_headers), reply.rendering.body))
        self.server_state.total_requests += 1
        self._idling.begin()
        return True

    def _remember(self, data: bytes) -> None:
        if self._at_once is not None:
            cast("Prompting", self.app).remember(data, *self._at_once)

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


def _nothing(request: bytes) -> Reply | None:
    """What an application has at once that is not of our kind."""
    del request
    return None


_LONG_HEADERS: Final = f"the headers are longer than {LONGEST_HEADERS:,} bytes"


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _response(status: HTTPStatus, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
