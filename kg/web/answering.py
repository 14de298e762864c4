"""Connections that answer by themselves what they can: a kept answer at once, a plain query when its worker has."""

from __future__ import annotations

import math
from abc import abstractmethod
from http import HTTPStatus
from typing import Any, Final, Protocol, cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.query import Alarm, Begun
from kg.web.cycles import OWN, Cycle, send_whole
from kg.web.direct import BEGUN
from kg.web.heads import Heads, Plain
from kg.web.prompt import Asker, Prompt
from kg.web.replies import Reply

_OK: Final = STATUS_LINE[HTTPStatus.OK]


class Prompting(Protocol):
    """An application that answers some requests without a task."""

    heads: Heads

    def plain(self, scope: Scope) -> Plain | None:
        """What a request asks that is a plain one."""

    def at_once(self, plain: Plain) -> Reply | None:
        """A response that is there already."""

    def again(self, request: bytes) -> Reply | None:
        """The same for a request that was remembered."""

    def remember(self, request: bytes, plain: Plain, reply: Reply | None) -> None:
        """Remembers bytes that began a plain request, and its reply where it had one at once."""

    def begin(self, plain: Plain, asker: Asker) -> Prompt | None:
        """Begins what will be answered or passed on later."""


class Answering(HttpToolsProtocol):
    """A connection that passes on to the application what it cannot answer."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - the server's own business
        super().__init__(*given, **named)
        self._prompting = cast("Prompting", self.app) if hasattr(self.app, "at_once") else None
        self._plain: tuple[Plain, Reply | None] | None = None  # what came last, and its reply where it had one at once
        self._prompt: Prompt | None = None  # a query that no task waits for
        self._asked: bytes | RequestResponseCycle = b""  # its request, as it came or as it was parsed
        self._begun: Begun | None = None  # what was begun for a request that is being parsed
        self._idling = Alarm(self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._idling.cancel()
        super().connection_lost(exc)
        if self._prompt is not None:
            self._prompt.leave()
            self._prompt = None

    @abstractmethod
    def _parse(self, data: bytes) -> None:
        """Gives the parser what came."""

    def _is_begun(self, data: bytes) -> bool:
        """Whether a request is answered or begun as it came: one that is the same as another, or but for its query."""
        prompting = self._prompting
        if prompting is None or self.flow.write_paused or self.transport.is_closing():
            return False
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        reply = prompting.again(data)
        plain = None if reply is not None else prompting.heads.plain(data)
        if plain is not None:
            reply = prompting.at_once(plain)
            if reply is not None:
                prompting.remember(data, plain, reply)
            elif len(self.connections) < (self.limit_concurrency or math.inf) and self._begin(prompting, plain, data):
                self._idling.unset()
                return True
        if reply is None:
            return False
        self._send(reply.head(self.server_state.default_headers), reply.rendering.body)
        return True

    def _remember(self, data: bytes) -> None:
        """Remembers bytes that were parsed as one request and nothing more."""
        if self._plain is not None and self._prompting is not None:
            self._prompting.remember(data, *self._plain)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Sends what is kept, and begins what is plain; only the rest takes a task of its own."""
        begun, self._begun = self._begun, None
        if app is not self.app:  # too many are connected
            if begun is not None:
                begun.leave()
        elif begun is not None:
            cast("Scope", cycle.scope)[BEGUN] = begun
        elif self._prompting is not None and not self.flow.write_paused:
            plain = self._prompting.plain(cast("Scope", cycle.scope))
            if plain is not None and self._is_taken(self._prompting, plain, cycle):
                return
        self._start_task(cycle, app)

    def _is_taken(self, prompting: Prompting, plain: Plain, cycle: RequestResponseCycle) -> bool:
        """Whether a plain request that was parsed is answered now, or will be without a task."""
        found = prompting.at_once(plain)
        self._plain = plain, found
        if found is not None:
            send_whole(cycle, _OK + found.headers(), found.rendering.body)
            return True
        return self._begin(prompting, plain, cycle)

    def _begin(self, prompting: Prompting, plain: Plain, asked: bytes | RequestResponseCycle) -> bool:
        """Whether a query was begun that no task waits for."""
        self._asked = asked
        self._prompt = prompting.begin(plain, self)
        return self._prompt is not None

    def answer(self, headers: bytes, body: bytes) -> None:
        """Sends the answer to the query that was begun."""
        asked, self._asked, self._prompt = self._asked, b"", None
        if isinstance(asked, bytes):
            own = OWN.sent(self.server_state.default_headers)
            self._send(b"".join((_OK, headers, own, b"\r\n", body)))
        else:
            send_whole(asked, _OK + headers, body)

    def pass_on(self, begun: Begun) -> None:
        """Has a task go on with the query that was begun."""
        asked, self._asked, self._prompt = self._asked, b"", None
        self._begun = begun
        if isinstance(asked, bytes):
            self._parse(asked)
        else:
            self._start_asgi_task(asked, self.app)

    def shutdown(self) -> None:
        """The server ends, when this has its answer."""
        self._let_pass()
        super().shutdown()

    def _let_pass(self) -> None:
        """Has a request parsed that was not, before what comes behind it."""
        if self._prompt is not None and isinstance(self._asked, bytes):
            self._prompt.pass_on()

    def _send(self, *response: bytes) -> None:
        self.transport.writelines(response)
        self.server_state.total_requests += 1
        self._idling.set(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _start_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.__class__ = Cycle  # the server makes its own kind
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """An answer was sent: the next of several requests has its turn, or the client a pause."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._idling.set(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self._idling.unset()
