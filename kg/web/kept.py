"""An answer as it is kept: whole, and in as many encodings as were asked for, ready to be sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Final

from kg.query import HELD_BACK, Answer, Query
from kg.web.encodings import Encoding, best_encoding, content_type, digest_of, is_packed, packed_in, tagged

RawHeaders = tuple[tuple[bytes, bytes], ...]
#: What a request was, byte for byte: its fields, and the headers that shape an answer.
Wording = tuple[bytes, ...]
FIELDS, ACCEPT, ENCODING = range(3)


class Origin(Enum):
    """Where an answer came from."""

    KEPT = "hit"  # from the cache
    SHARED = "shared"  # from a worker that another request had set to the same query
    WORKER = "miss"

    __hash__ = object.__hash__  # each is one: by its name it would be a function of the interpreter's


#: RFC 9211: how the cache served a request; `collapsed` waited for another one's evaluation.
CACHE_STATUS: Final[Mapping[Origin, bytes]] = {
    Origin.KEPT: b"policy-kg; hit",
    Origin.SHARED: b"policy-kg; fwd=miss; collapsed",
    Origin.WORKER: b"policy-kg; fwd=miss",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What all answers of a version say beside themselves.

    Attributes:
        known: those of the headers that conditional requests are about, by their names.
        lasts: whether the answer is the same as long as the version is, so that it may be kept and shared.
    """

    headers: RawHeaders = ()
    known: Mapping[str, str] = field(default_factory=dict)
    lasts: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What many answers say of themselves alike: all but their length and tag.

    Attributes:
        sent: the headers as they travel.
    """

    told: Told
    headers: RawHeaders
    sent: bytes


@lru_cache(64)
def _shape(told: Told, media_type: str, vary: bytes, encoding: Encoding | None) -> Shape:
    headers = (
        (b"content-type", content_type(media_type).encode()),
        (b"vary", vary),
        *(() if encoding is None else ((b"content-encoding", encoding.value.encode()),)),
        *told.headers,
    )
    return Shape(told, headers, as_sent(headers))


@dataclass(slots=True, eq=False)
class Rendering:
    """An answer in one encoding, ready to be sent."""

    shape: Shape
    tag: str
    body: bytes

    @property
    def headers(self) -> RawHeaders:
        """All that it says of itself."""
        return (b"content-length", b"%d" % len(self.body)), (b"etag", self.tag.encode()), *self.shape.headers

    @property
    def sent(self) -> bytes:
        """The same as it travels."""
        return b"content-length: %d\r\netag: %b\r\n%b" % (len(self.body), self.tag.encode(), self.shape.sent)

    @property
    def known(self) -> Mapping[str, str]:
        """Its tag and date, by the names of their headers, for conditional requests."""
        return {"etag": self.tag, **self.shape.told.known}


@dataclass(slots=True, eq=False, kw_only=True)
class Kept:
    """A whole answer, in as many encodings as were asked for.

    Attributes:
        is_asked: whether it was asked for again since it was looked at last.
        digest: of its bytes, where that is known already.
        made: when it came, by the clock that never goes back.
        size: bytes that it is counted with.
        readers: how many clients are being sent it, where that takes a while.
        lingers: whether it is kept no more, and counted for these alone.
    """

    query: Query
    answer: Answer
    told: Told
    digest: str = ""
    made: float = field(default_factory=time.monotonic)
    renderings: dict[Encoding | None, Rendering] = field(default_factory=dict)
    wordings: list[Wording] = field(default_factory=list)
    size: int = 0
    is_asked: bool = False
    readers: int = 0
    lingers: bool = False
    _packing: dict[Encoding, asyncio.Task[Rendering]] = field(default_factory=dict)

    @property
    def is_long(self) -> bool:
        """Whether it came as a stream, and is sent as fast as its client takes it."""
        return len(self.answer.payload) >= HELD_BACK

    async def rendering(self, accepted: str | None) -> Rendering:
        """The answer as a client with this Accept-Encoding takes it."""
        found = self.rendering_at_once(accepted)
        encoding = self._encoding(accepted)
        if found is None and encoding is not None:
            packing = self._packing.get(encoding)
            if packing is None:
                packing = self._packing[encoding] = asyncio.create_task(self._packed(encoding))
            found = await asyncio.shield(packing)  # of those who wait for it any may leave
        return found or self._rendered(self.answer.payload, None)

    def rendering_at_once(self, accepted: str | None) -> Rendering | None:
        """The same; None where it must be packed before."""
        encoding = self._encoding(accepted)
        found = self.renderings.get(encoding)
        if found is None and encoding is None:
            found = self._rendered(self.answer.payload, None)
        return found

    async def _packed(self, encoding: Encoding) -> Rendering:
        try:
            return self._rendered(await packed_in(encoding, self.answer.payload), encoding)
        finally:
            del self._packing[encoding]

    @property
    def _packs(self) -> bool:
        return is_packed(len(self.answer.payload), self.answer.media_type)

    def _encoding(self, accepted: str | None) -> Encoding | None:
        return best_encoding(accepted) if self._packs else None

    def _rendered(self, body: bytes, encoding: Encoding | None) -> Rendering:
        vary = b"Accept, Accept-Encoding" if self._packs else b"Accept"
        self.digest = self.digest or digest_of(self.answer.payload)
        shape = _shape(self.told, self.answer.media_type, vary, encoding)
        return self.renderings.setdefault(encoding, Rendering(shape, tagged(self.digest, encoding), body))


def cache_headers(kept: Kept, origin: Origin) -> list[tuple[bytes, bytes]]:
    """How the cache served an answer, and how long it has kept it."""
    headers = [(b"cache-status", CACHE_STATUS[origin])]
    if origin is Origin.KEPT:
        headers.append((b"age", b"%d" % (time.monotonic() - kept.made)))
    return headers


def as_sent(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as they travel."""
    return b"".join([b"%s: %s\r\n" % header for header in headers])
