"""Answers to programs at /sparql, ahead of the framework: a kept one costs a look into a table.

What is not for it passes on: pages for people, requests that ask nothing, and other addresses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.model.errors import KgError
from kg.query import Answer, Begun, Query, Stream, whole
from kg.web.asking import query_of, read_fields, wanted_by
from kg.web.formats import Page
from kg.web.heads import BODY, CONDITIONS, shaping_headers
from kg.web.kept import CACHE_STATUS, Kept, Origin, Rendering, Told, Wording, cache_headers
from kg.web.leaving import UnlessLeft
from kg.web.negotiate import prefers_html
from kg.web.observation import noted_query
from kg.web.problems import Problem
from kg.web.replies import PATH
from kg.web.representations import KEPT_IN_304, is_known
from kg.web.site import SHARED, Site
from kg.web.streaming import Sending, StreamHead

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY"})
_PIECE: Final = 256 * 1024  # bytes of a long answer that are sent at once
_KEPT: Final = KEPT_IN_304 | {"access-control-allow-origin", "access-control-expose-headers", "cache-status", "age"}
#: In a request: its query, where that was begun before a task awaits it.
BEGUN: Final = "kg.begun"
_ROUTE: Final = SimpleNamespace(path=PATH)  # what is observed of a route


class DirectAnswers:
    """Answers queries of programs, and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or passes it on."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        with suppress(ClientDisconnect):  # in the middle of its body
            if not (await exchange.answered_again() or await exchange.answered()):
                await self._app(scope, exchange.read_again, send)


class _Exchange:
    """One request and what is sent for it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._site: Site = scope["app"].state.site
        self._asked = shaping_headers(scope)
        self._body: bytes | None = None  # nothing was read yet
        self._sending: Sending | None = None

    async def answered_again(self) -> bool:
        """Answers a request that is the same, to the byte, as one whose answer is kept."""
        found = self._site.answers.asked_before(self._wording()) if self._has_no_body else None
        if found is None:
            return False
        kept, rendering = found.kept, found.rendering
        self._scope["route"] = _ROUTE
        with noted_query(self._scope, kept.query) as note:
            note.rows, note.cache = kept.answer.rows, Origin.KEPT.value
        await self._give(kept, rendering, Origin.KEPT)
        return True

    async def answered(self) -> bool:
        """Answers a query, or says why not; what asks none, or wants a page, is not for this."""
        if prefers_html(self._header(b"accept")):
            return False
        try:
            query = await self._read()
        except Problem as problem:
            await self._tell(problem)
            return True
        if query is None:
            return False
        self._scope["route"] = _ROUTE
        try:
            with UnlessLeft(self._receive):
                await self._answer(query)
        except KgError as error:
            if (
                self._sending is None or not self._sending.is_begun
            ):  # else the body is broken off: no client takes it for whole
                await self._tell(Problem.of(error))
        return True

    async def read_again(self) -> Message:
        """The body, for whom the request is passed on to."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    @property
    def _has_no_body(self) -> bool:
        return BODY.isdisjoint(self._asked) and self._scope["method"] in {"GET", "HEAD"}

    def _wording(self) -> Wording:
        asked = self._asked
        return self._scope["query_string"], asked.get(b"accept", b""), asked.get(b"accept-encoding", b"")

    def _header(self, name: bytes) -> str | None:
        value = self._asked.get(name)
        return None if value is None else value.decode("latin-1")

    async def _read(self) -> Query | None:
        form = await read_fields(Request(self._scope, self._received))
        if self._scope["method"] in {"GET", "HEAD"} and not any(name in {"query", "update"} for name, _ in form):
            return None
        how = wanted_by(form, self._header(b"accept"))
        if isinstance(how.results, Page) or isinstance(how.graph, Page):
            return None
        return query_of(form, how, self._site.bounds)

    async def _received(self) -> Message:
        message = await self._receive()
        self._body = (self._body or b"") + message.get("body", b"")
        return message

    async def _answer(self, query: Query) -> None:
        site, told = self._site, self._site.told_of(query)
        with noted_query(self._scope, query) as note:
            found, origin = await site.answers.answer(query, told, self._evaluation(query))
            note.cache = origin.value
            kept = await self._streamed(query, found, told) if isinstance(found, Stream) else found
            if kept is None:
                note.rows = found.rows if isinstance(found, Stream) else None
                return
            note.rows = kept.answer.rows
        rendering = await kept.rendering(self._header(b"accept-encoding"))
        if self._has_no_body:
            site.answers.remember(self._wording(), kept, rendering)
        await self._give(kept, rendering, origin)

    def _evaluation(self, query: Query) -> Callable[[], Awaitable[Answer | Stream]]:
        begun: Begun | None = self._scope.pop(BEGUN, None)
        return partial(self._site.ask, self._scope, query) if begun is None else begun.outcome

    async def _streamed(self, query: Query, stream: Stream, told: Told) -> Kept | None:
        """Sends a long answer as it comes; to a client that cannot tell a broken body from a whole one, whole."""
        if self._scope["http_version"] == "1.0":
            kept = Kept(query=query, answer=await whole(stream), told=told)
            self._site.answers.keep(kept)
            return kept
        head = StreamHead(
            is_wanted=self._scope["method"] != "HEAD",
            accepted=self._header(b"accept-encoding"),
            headers=(
                *told.headers,
                (b"vary", b"Accept, Accept-Encoding"),
                (b"cache-status", CACHE_STATUS[Origin.WORKER]),
            ),
        )
        with self._site.answers.gathering(query, told, stream) as gathering:
            self._sending = Sending(stream, head, gathering.take)
            await self._sending.run(self._send)
        return None

    async def _give(self, kept: Kept, rendering: Rendering, origin: Origin) -> None:
        headers = [*rendering.headers, *cache_headers(kept, origin)]
        status, body = HTTPStatus.OK.value, rendering.body
        if self._scope["method"] == "POST":  # what is posted to has no tag of its own
            headers = [header for header in headers if header[0] != b"etag"]
        elif not CONDITIONS.isdisjoint(self._asked) and is_known(self._conditions(), rendering.known):
            status, body = HTTPStatus.NOT_MODIFIED.value, b""
            headers = [header for header in headers if header[0].decode() in _KEPT]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        if self._scope["method"] == "HEAD":
            body = b""
        *pieces, last = _pieces(body) if kept.is_long else (body,)
        with self._site.answers.lent(kept):
            for piece in pieces:  # each waits until its client has taken most of those before
                await self._send({"type": "http.response.body", "body": bytes(piece), "more_body": True})
            await self._send({"type": "http.response.body", "body": bytes(last)})

    def _conditions(self) -> dict[str, str]:
        return {name.decode(): self._asked[name].decode("latin-1") for name in CONDITIONS & self._asked.keys()}

    async def _tell(self, problem: Problem) -> None:
        self._scope["route"] = _ROUTE
        response = problem.response(Request(self._scope, self._receive))
        response.headers.update(SHARED)
        await response(self._scope, self._receive, self._send)


def _pieces(body: bytes) -> list[memoryview]:
    view = memoryview(body)
    return [view[at : at + _PIECE] for at in range(0, len(body), _PIECE)] or [view]
