"""Content codings: which one a client likes, what is worth packing, and the strong tag of each representation.

RFC 9110, sections 8.4 (codings), 8.8.3 (ETag) and 12.5.3 (Accept-Encoding); RFC 8878 (zstd).
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import zlib
from enum import Enum
from functools import lru_cache
from typing import Final, Protocol

import zstandard

_SHORTEST: Final = 512  # bytes: what is shorter gains nothing by compression
_LONG: Final = 64 * 1024  # bytes: what is longer is compressed beside the loop that serves all
_TEXT: Final = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/(?:n-triples|n-quads|trig)\b")
_QUALITY: Final = re.compile(r"\s*([^\s;]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE)
_GZIP_WINDOW: Final = 31  # the largest, with the header and the end of gzip


class Encoding(Enum):
    """The codings that are offered, best first; the value is the coding's name."""

    ZSTD = "zstd"
    GZIP = "gzip"

    def pack(self, payload: bytes) -> bytes:
        """The payload packed; the same bytes each time."""
        return zstandard.compress(payload, 3) if self is Encoding.ZSTD else gzip.compress(payload, 5, mtime=0)

    def packer(self) -> Packer:
        """What packs a payload that comes in pieces."""
        if self is Encoding.ZSTD:
            return zstandard.ZstdCompressor(3).compressobj()
        return zlib.compressobj(5, zlib.DEFLATED, _GZIP_WINDOW)


class Packer(Protocol):
    """Packs piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """What is packed so far and was not given before."""

    def flush(self) -> bytes:
        """The rest."""


def is_packed(size: int, content_type: str) -> bool:
    """Whether an answer of so many bytes is worth packing."""
    return size >= _SHORTEST and _is_text(content_type)


@lru_cache(256)
def _is_text(content_type: str) -> bool:
    return _TEXT.match(content_type) is not None


@lru_cache(256)
def best_encoding(accepted: str | None) -> Encoding | None:
    """The encoding that a client likes best, or None for the answer as it is.

    >>> best_encoding("gzip, zstd;q=0.5").value
    'gzip'
    """
    qualities = {}
    for element in (accepted or "").split(","):
        match = _QUALITY.fullmatch(element)
        if match:
            qualities[match[1].lower()] = float(match[2] or 1)
    anything = qualities.get("*", 0.0)
    best = max(Encoding, key=lambda encoding: qualities.get(encoding.value, anything))
    quality = qualities.get(best.value, anything)
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


def content_type(media_type: str) -> str:
    """The media type with its charset, where it is one that would be guessed at."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") and ";" not in media_type else media_type


async def packed_in(encoding: Encoding, payload: bytes) -> bytes:
    """The payload packed, a long one in a thread."""
    return await asyncio.to_thread(encoding.pack, payload) if len(payload) > _LONG else encoding.pack(payload)


def entity_tag(payload: bytes, encoding: Encoding | None, state: str = "") -> str:
    """The strong tag of a payload in an encoding, quotes included; it begins with the state that it belongs to."""
    return tagged(digest_of(payload), encoding, state)


def digest_of(payload: bytes) -> str:
    """What tells a payload from all others."""
    return hashlib.sha256(payload).hexdigest()


def tagged(digest: str, encoding: Encoding | None, state: str = "") -> str:
    """The strong tag of the payload with this digest."""
    tag = state + digest[:32]
    return f'"{tag}-{encoding.value}"' if encoding else f'"{tag}"'
