"""Long answers sent as they come. What fails in the middle is broken off: the body never ends as a whole one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
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


class Sending:
    """A long answer on its way to a client. It has no tag, since nobody knows yet what it will be.

    Attributes:
        is_begun: whether some of it was sent, so that no other answer can be any more.
    """

    def __init__(self, stream: Stream, head: StreamHead, taken: Callable[[bytes], None] = lambda _: None) -> None:
        """A stream of which nothing was taken yet; each piece that is taken is told."""
        self.is_begun = False
        self._taken = taken
        self._stream, self._head = stream, head
        self._encoding = best_encoding(head.accepted) if is_packed(HELD_BACK, stream.media_type) else None

    async def run(self, send: Send) -> None:
        """Sends the stream to its end, and closes it. Nothing is sent before a piece of it can be.

        Raises:
            QueryError, QueryRefused: it failed; where it was begun, in the middle, and the body was not ended.
        """
        stream, encoding = self._stream, self._encoding
        try:
            pieces = self._pieces() if encoding is None else _packed(self._pieces(), encoding.packer())
            piece = await anext(pieces, None) if self._head.is_wanted else None
            self.is_begun = True
            await send({"type": "http.response.start", "status": HTTPStatus.OK.value, "headers": self._headers()})
            while piece is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await anext(pieces, None)
            await send({"type": "http.response.body", "body": b""})
        finally:
            stream.close()

    async def _pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._taken(piece)
            yield piece

    def _headers(self) -> list[tuple[bytes, bytes]]:
        raw = [(b"content-type", content_type(self._stream.media_type).encode()), *self._head.headers]
        return raw if self._encoding is None else [*raw, (b"content-encoding", self._encoding.value.encode())]


async def _packed(pieces: AsyncIterator[bytes], packer: Packer) -> AsyncIterator[bytes]:
    """Packing takes longer than sending: in a thread, so that others are served meanwhile."""
    async for piece in pieces:
        packed = await asyncio.to_thread(packer.compress, piece)
        if packed:
            yield packed
    yield packer.flush()
