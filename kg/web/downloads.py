"""Graphs sent as they come, of any size: they are only read through, so they may take longer than a query."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from kg.model.errors import KgError, QueryFailed
from kg.query import STREAMED, Answer, Query
from kg.web.leaving import UnlessLeft
from kg.web.observation import QueryNote, noted_query
from kg.web.problems import Problem
from kg.web.site import Site, run_for, site_of
from kg.web.streaming import Sending, StreamHead

_ANY_SIZE: Final = 2**62
_VARY: Final = "Accept, Accept-Encoding"


async def graph_response(request: Request, query: Query) -> Response:
    """The response to who asks for all of a graph; the request's body must have been read.

    Raises:
        Problem: the graph is too long for a format that is written as a whole.
        KgError: as `Site.ask` raises it.
    """
    site = site_of(request)
    if query.graph not in STREAMED:
        return await _written_whole(request, query)
    # Who speaks HTTP/1.0 cannot tell a body that is broken off from one that ends.
    if not site.bounds.graph_seconds or request.scope["http_version"] == "1.0":
        answer = await run_for(request, query)
        return site.answer(answer.payload, answer.media_type)
    tag = f'"{site.edition.name}.{query.graph.value}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(site, tag))
    return _Download(replace(query, most_bytes=_ANY_SIZE, most_rows=_ANY_SIZE), tag)


async def _written_whole(request: Request, query: Query) -> Response:
    try:
        answer = await run_for(request, query)
    except QueryFailed as error:
        media_types = ", ".join(sorted(each.media_type for each in STREAMED))
        detail = f"{error}. This format is written as a whole; a graph of any size comes as {media_types}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail) from error
    return site_of(request).answer(answer.payload, answer.media_type)


class _Download(Response):
    """Is asked for when it is sent, since a stream is read while it is."""

    def __init__(self, query: Query, tag: str) -> None:
        super().__init__()
        self._query, self._tag = query, tag
        self._sending: Sending | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Asks for the graph and sends it; a long one piece by piece, and broken off where it fails late."""
        site: Site = scope["app"].state.site
        short: Answer | None = None
        try:
            with UnlessLeft(receive), site.long_reads.place() as is_free, noted_query(scope, self._query) as note:
                seconds = site.bounds.graph_seconds if is_free else None
                short = await self._sent(scope, send, note, replace(self._query, seconds=seconds))
        except KgError:
            if (
                self._sending is None or not self._sending.is_begun
            ):  # else the body is broken off: no client takes it for whole
                raise
        if short is not None:
            await site.answer(short.payload, short.media_type)(scope, receive, send)

    async def _sent(self, scope: Scope, send: Send, note: QueryNote, query: Query) -> Answer | None:
        """Sends a long answer; a short one is given back."""
        site: Site = scope["app"].state.site
        found = await site.ask(scope, query)
        if isinstance(found, Answer):
            note.rows = found.rows
            return found
        head = StreamHead(
            is_wanted=scope["method"] != "HEAD",
            accepted=Request(scope).headers.get("accept-encoding"),
            headers=tuple((name.lower().encode(), value.encode()) for name, value in _headers(site, self._tag).items()),
        )
        self._sending = Sending(found, head)
        await self._sending.run(send)
        note.rows = found.rows
        return None


def _headers(site: Site, tag: str) -> dict[str, str]:
    """What is told of a graph that is sent as it is read: of its bytes nothing is known, so the tag is a weak one."""
    return {"Vary": _VARY, "ETag": f"W/{tag}", **site.dated}
