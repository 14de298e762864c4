"""Long answers sent as they come. What fails in the middle is broken off: the body never ends as a whole one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Send

from kg.query import HELD_BACK, Stream
from kg.web.encodings import Packer, best_encoding, content_type, is_packed
from kg.web.kept import RawHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHead:
    """What is known of a long answer before it is sent.

    Attributes:
        is_wanted: whether the client wants the body, or its headers alone (HEAD).
        accepted: the client's Accept-Encoding.
        headers: those of the response, but for its type and encoding.
    """

    is_wanted: bool
    accepted: str | None
    headers: RawHeaders


async def send_stream(send: Send, stream: Stream, head: StreamHead) -> None:
    """Sends a stream to its end, and closes it. It has no tag, since nobody knows yet what it will be.

    Raises:
        QueryError, QueryRefused: it failed in the middle; the body was not ended.
    """
    encoding = best_encoding(head.accepted) if is_packed(HELD_BACK, stream.media_type) else None
    raw = [(b"content-type", content_type(stream.media_type).encode()), *head.headers]
    if encoding is not None:
        raw.append((b"content-encoding", encoding.value.encode()))
    try:
        await send({"type": "http.response.start", "status": HTTPStatus.OK.value, "headers": raw})
        if head.is_wanted:
            async for piece in stream if encoding is None else _packed(stream, encoding.packer()):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        stream.close()


async def _packed(stream: Stream, packer: Packer) -> AsyncIterator[bytes]:
    """Packing takes longer than sending: in a thread, so that others are served meanwhile."""
    async for piece in stream:
        packed = await asyncio.to_thread(packer.compress, piece)
        if packed:
            yield packed
    yield packer.flush()
