"""The writer's process as the server holds it: started clean, asked one write at a time, killed at any moment."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from kg.model.errors import StoreError
from kg.model.writes import Write, Written
from kg.query.messages import LENGTHS, Header, frame, unpacked_header
from kg.writing.messages import read_written, write_frame
from kg.writing.options import GateOptions

_STARTS_WITHIN: Final = 60.0
_BUFFERED: Final = 1024 * 1024
_COMMAND: Final = (sys.executable, "-P", "-m", "kg.writing.worker")


class WriterDied(Exception):  # noqa: N818 - says what happened
    """The writer ended before it answered; what it was asked for may be published or not."""


class WriterProcess:
    """A writer that is ready."""

    def __init__(
        self, process: subprocess.Popen[bytes], streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> None:
        self._process, (self._reader, self._writer) = process, streams

    @classmethod
    async def start(cls, options: GateOptions) -> WriterProcess:
        """A writer that has loaded all it needs.

        Raises:
            StoreError: it cannot be set up.
            WriterDied: it ended before it was ready.
        """
        process, ours = _spawn()
        writer = cls(process, await asyncio.open_connection(sock=ours, limit=_BUFFERED))
        try:
            async with asyncio.timeout(_STARTS_WITHIN):
                header = await writer._asked(frame(options.described))
        except BaseException:
            await writer.stop()
            raise
        if "ready" not in header:
            await writer.stop()
            raise StoreError(str(options.store), f"nothing can be written: {header['failed']}")
        return writer

    async def ask(self, write: Write, mark: str) -> Written:
        """What became of a write.

        Raises:
            WriterDied: the writer ended first.
        """
        return read_written(await self._asked(write_frame(write, mark)))

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    async def stop(self) -> None:
        """Kills the process and lets go of all that it held here; a write under way is published whole or not."""
        self._process.kill()
        self._writer.transport.abort()
        await asyncio.to_thread(self._process.wait)

    async def _asked(self, message: bytes) -> Header:
        try:
            self._writer.write(message)
            await self._writer.drain()
            header, payload = LENGTHS.unpack(await self._reader.readexactly(LENGTHS.size))
            told = unpacked_header(await self._reader.readexactly(header))
            await self._reader.readexactly(payload)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WriterDied("the writer ended before it answered") from error
        return told


def _spawn() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The process and our end of the socket that is its standard input; it is told where code lies and little more."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
            _COMMAND,
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"},
        )
    return process, ours
