"""A version in memory, shared by workers: one process loads it, and each worker is forked from that one.

The pages of memory that hold the store are the same for all, as long as nobody writes to them, and nobody does. Linux
alone: elsewhere a fork that is killed could not be told from another process of its number.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from kg.model.errors import QueryFailed
from kg.query.spawning import SHARED, spawned

PID: Final = struct.Struct(">I")
MOST_TOLD: Final = 64 * 1024


class Fork:
    """A process that another one has forked, held by a descriptor: its number may be another's one day."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def kill(self) -> None:
        """Ends it at once."""
        if self._descriptor >= 0:
            try:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
            except ProcessLookupError:
                return

    def wait(self) -> None:
        """Returns when it has ended."""
        if self._descriptor >= 0:
            select.select([self._descriptor], [], [])
            os.close(self._descriptor)
            self._descriptor = -1


class Nursery:
    """The process that holds a version in memory; it ends with the service.

    Attributes:
        resident: bytes that it held when it had loaded the version.
    """

    def __init__(self, process: subprocess.Popen[bytes], line: socket.socket) -> None:
        self.resident = 0
        self._process, self._line = process, line
        self._asking = asyncio.Lock()

    @classmethod
    async def start(cls, data: Path) -> Self:
        """A nursery that has loaded a version's store.

        Raises:
            QueryFailed: it could not load it.
        """
        command = [sys.executable, "-P", "-m", "kg.query.memory_worker", str(data)]
        nursery = cls(*spawned(command, kind=socket.SOCK_SEQPACKET, allocation=SHARED))
        try:
            told = await asyncio.to_thread(nursery._line.recv, MOST_TOLD)
        except BaseException:
            await nursery.close()
            raise
        if not told:
            await nursery.close()
            raise QueryFailed(f"the store in {data} cannot be loaded into memory")
        nursery.resident = json.loads(told)["resident"]
        return nursery

    async def fork(self, told: Mapping[str, Any]) -> tuple[Fork, socket.socket]:
        """A worker that is told how it is confined, and our end of the socket that is its standard input.

        Raises:
            OSError: the nursery has ended, or its fork has already.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                return Fork(await self._forked(told, theirs)), ours
        except BaseException:
            ours.close()
            raise

    async def _forked(self, told: Mapping[str, Any], theirs: socket.socket) -> int:
        async with self._asking:
            socket.send_fds(self._line, [json.dumps(told).encode()], [theirs.fileno()])
            answered = await asyncio.to_thread(self._line.recv, PID.size)
        if not answered:
            raise BrokenPipeError("the process that holds the version in memory has ended")
        number: int = PID.unpack(answered)[0]
        return number

    async def close(self) -> None:
        """Ends it; the workers that it has forked go with it."""
        self._process.kill()
        self._line.close()
        await asyncio.to_thread(self._process.wait)


def data_bytes(data: Path) -> int:
    """The size of a version's store on disk."""
    return sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
