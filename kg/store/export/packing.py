"""Exports packed by gzip (RFC 1952) or Zstandard (RFC 8878), with no time in their heads, so that bytes repeat."""

from __future__ import annotations

import gzip
import io
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP_LEVEL, _ZSTD_LEVEL = 6, 6


class Packing(Enum):
    """How bytes are packed; the value is the ending of a file's name."""

    NONE = ""
    GZIP = ".gz"
    ZSTD = ".zst"

    @classmethod
    def of(cls, path: Path) -> Packing:
        """The packing that a file's name tells."""
        return next((each for each in (cls.GZIP, cls.ZSTD) if path.suffix == each.value), cls.NONE)


@contextmanager
def packed(out: BinaryIO, packing: Packing) -> Iterator[BinaryIO]:
    """A stream whose bytes reach `out` packed; `out` stays open."""
    if packing is Packing.NONE:
        yield out
    elif packing is Packing.GZIP:
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=_GZIP_LEVEL, mtime=0) as stream:
            yield cast("BinaryIO", stream)
    else:
        with (
            zstandard.ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(out, closefd=False) as frame,
            io.BufferedWriter(cast("io.RawIOBase", frame)) as buffered,  # gives it writelines
        ):
            yield cast("BinaryIO", buffered)


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked as its name tells.

    Raises:
        OSError, EOFError, zlib.error, zstandard.ZstdError: the file cannot be read, or is not packed that way.
    """
    packing = Packing.of(path)
    with path.open("rb") as file:
        if packing is Packing.GZIP:
            with gzip.GzipFile(fileobj=file) as stream:
                yield cast("BinaryIO", stream)
        elif packing is Packing.ZSTD:
            with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as stream:
                yield cast("BinaryIO", stream)
        else:
            yield file
