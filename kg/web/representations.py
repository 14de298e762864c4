"""What every good answer bears: a strong ETag, the encoding a client accepts, and 304 where it has the answer already.

RFC 9110, sections 8.8.3 (ETag) and 13 (conditional requests).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.encodings import best_encoding, entity_tag, is_packed, packed_in

_SAFE: Final = frozenset({"GET", "HEAD", "QUERY"})
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
#: A handler that sets one of these has chosen the representation.
_SET: Final = frozenset({"content-encoding", "etag"})
_STATE: Final = "kg.state"
KEPT_IN_304: Final = {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}


def tag_version(scope: Scope, version: str) -> None:
    """Lets the tag of an answer begin with its version, for those who will change what they read (If-Match)."""
    scope[_STATE] = f"{version}."


class Representations:
    """Gives whole answers their ETag and encoding; answers that come in pieces pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def send_on(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is None:
                await send(message)
            else:
                if not message.get("more_body", False):
                    message = await _represented(scope, start, message)
                await send(start)
                start = None
                await send(message)

        await self._app(scope, receive, send_on)


async def _represented(scope: Scope, start: Message, body: Message) -> Message:
    """The body to be sent; the start's headers are changed to fit it."""
    payload: bytes = body.get("body", b"")
    asked, told = Headers(scope=scope), MutableHeaders(scope=start)
    if not payload or start["status"] != HTTPStatus.OK or not _SET.isdisjoint(told.keys()):
        return body
    packs = is_packed(len(payload), told.get("content-type", ""))
    encoding = best_encoding(asked.get("accept-encoding")) if packs else None
    if packs:
        told.add_vary_header("Accept-Encoding")
    if scope["method"] in _SAFE:
        told["ETag"] = entity_tag(payload, encoding, scope.get(_STATE, ""))
        if is_known(asked, told):
            return _not_modified(start, told)
    if encoding is None:
        return body
    packed = await packed_in(encoding, payload)
    told["Content-Encoding"], told["Content-Length"] = encoding.value, str(len(packed))
    return {**body, "body": packed}


def is_known(asked: Mapping[str, str], told: Mapping[str, str]) -> bool:
    """Whether the client has this answer, by the headers of request and response; names are in lower case.

    A time counts only where it is the very one we told: after a rollback the current version is older than what a
    client may have, and not the same.
    """
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or told["etag"] in _TAG.findall(tags)
    since = asked.get("if-modified-since")
    return since is not None and since == told.get("last-modified")


def _not_modified(start: Message, told: Headers) -> Message:
    kept = [(name, value) for name, value in told.raw if name.decode("latin-1").lower() in KEPT_IN_304]
    start["status"], start["headers"] = HTTPStatus.NOT_MODIFIED.value, kept
    return {"type": "http.response.body", "body": b""}
