"""What every good answer bears: a strong ETag, the encoding a client accepts, and 304 where it has the answer already.

RFC 9110, sections 8.4 (encodings), 8.8.3 (ETag), 12.5.3 (Accept-Encoding) and 13 (conditional requests); RFC 8878
(zstd).
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD", "QUERY"})
_SHORTEST: Final = 512  # bytes: what is shorter gains nothing by compression
_LONG: Final = 64 * 1024  # bytes: what is longer is compressed beside the loop that serves all
_TEXT: Final = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/(?:n-triples|n-quads|trig)\b")
_QUALITY: Final = re.compile(r"\s*([^\s;]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
#: Best first; `identity` is the answer as it is.
_ENCODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "zstd": lambda payload: zstandard.compress(payload, 3),
    "gzip": lambda payload: gzip.compress(payload, 5, mtime=0),
}
#: A handler that sets one of these has chosen the representation.
_SET: Final = frozenset({"content-encoding", "etag"})
_STATE: Final = "kg.state"
_KEPT_IN_304: Final = {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}


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
    encoding = _encoding(asked.get("accept-encoding")) if _compresses(payload, told) else None
    if _compresses(payload, told):
        told.add_vary_header("Accept-Encoding")
    if scope["method"] in _SAFE:
        tag = scope.get(_STATE, "") + hashlib.sha256(payload).hexdigest()[:32]
        told["ETag"] = f'"{tag}-{encoding}"' if encoding else f'"{tag}"'
        if _is_known(asked, told):
            return _not_modified(start, told)
    if encoding is None:
        return body
    encoder = _ENCODERS[encoding]
    packed = await asyncio.to_thread(encoder, payload) if len(payload) > _LONG else encoder(payload)
    told["Content-Encoding"], told["Content-Length"] = encoding, str(len(packed))
    return {**body, "body": packed}


def _compresses(payload: bytes, told: Headers) -> bool:
    return len(payload) >= _SHORTEST and _TEXT.match(told.get("content-type", "")) is not None


def _encoding(accepted: str | None) -> str | None:
    """The encoding that a client likes best, or None for the answer as it is.

    >>> _encoding("gzip, zstd;q=0.5")
    'gzip'
    """
    qualities = {}
    for element in (accepted or "").split(","):
        match = _QUALITY.fullmatch(element)
        if match:
            qualities[match[1].lower()] = float(match[2] or 1)
    anything = qualities.get("*", 0.0)
    best = max(_ENCODERS, key=lambda name: qualities.get(name, anything))
    quality = qualities.get(best, anything)
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


def _is_known(asked: Headers, told: Headers) -> bool:
    """Whether the client has this answer.

    A time counts only where it is the very one we told: after a rollback the current version is older than what a
    client may have, and not the same.
    """
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or told["etag"] in _TAG.findall(tags)
    since = asked.get("if-modified-since")
    return since is not None and since == told.get("last-modified")


def _not_modified(start: Message, told: Headers) -> Message:
    kept = [(name, value) for name, value in told.raw if name.decode("latin-1").lower() in _KEPT_IN_304]
    start["status"], start["headers"] = HTTPStatus.NOT_MODIFIED.value, kept
    return {"type": "http.response.body", "body": b""}
