"""A worker process as the service holds it: started clean, asked one query at a time, killed at any moment."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.model.errors import QueryFailed
from kg.query.messages import LENGTHS, Answer, Header, Query, read_answer, unpacked_header
from kg.query.sandbox import Barrier, Sandbox

_GIB: Final = 1024**3
_STARTS_WITHIN: Final = 30.0
_BUFFERED: Final = 1024 * 1024
_ANSWERS_UNSEEN: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker is started.

    Attributes:
        data: folder of a published version's store.
        base: IRI that relative IRIs in queries are resolved against.
        memory: bytes of address space a worker may use; below 512 MiB the engine fails at random.
        processor: seconds of processor time that one query may use.
        resident: bytes held in memory after an answer at which a worker is replaced; None for half of `memory`.
        barriers: what may close a worker off; the first that this system offers does.
    """

    data: Path
    base: str | None = None
    memory: int = _GIB
    processor: int = 60
    resident: int | None = None
    barriers: tuple[Barrier, ...] = tuple(Barrier)

    @property
    def command(self) -> list[str]:
        """The worker's command line."""
        base = [] if self.base is None else ["--base", self.base]
        limits = ["--memory", str(self.memory), "--processor", str(self.processor)]
        barriers = ["--barriers", *(barrier.value for barrier in self.barriers)]
        return [sys.executable, "-P", "-m", "kg.query.worker", str(self.data), *limits, *base, *barriers]


class WorkerProcess:
    """One worker. It must be started in a thread that lives as long as it: the kernel kills it with that thread.

    Attributes:
        options: what it was started with.
        sandbox: what is in force in it, as it found out itself; None until it is ready.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        options: WorkerOptions,
    ) -> None:
        self.options = options
        self.sandbox: Sandbox | None = None
        self._process, (self._reader, self._writer) = process, streams
        self._asked = False
        self._answered = 0

    @classmethod
    async def start(cls, options: WorkerOptions) -> WorkerProcess:
        """A worker that has opened its store.

        Raises:
            QueryFailed: it could not open it.
        """
        process, ours = _spawn(options.command)
        try:
            worker = cls(process, await asyncio.open_connection(sock=ours, limit=_BUFFERED), options)
        except BaseException:
            ours.close()
            process.kill()
            process.wait()
            raise
        try:
            async with asyncio.timeout(_STARTS_WITHIN):
                header, payload = await worker._receive()
        except BaseException:
            await worker.stop()
            raise
        if "ready" not in header:
            await worker.stop()
            read_answer(header, payload)
        worker.sandbox = Sandbox.of(header["sandbox"])
        return worker

    async def ask(self, query: Query) -> Answer:
        """The worker's answer.

        Raises:
            QuerySyntaxError, QueryRefused: the worker says so.
            QueryFailed: the worker says so, or it died.
        """
        self._asked = True
        try:
            self._writer.write(query.frame())
            await self._writer.drain()
        except ConnectionError as error:
            raise self._died() from error
        received = await self._receive()
        self._asked = False
        self._answered += 1
        return read_answer(*received)

    @property
    def can_be_asked(self) -> bool:
        """Whether the process runs and owes no answer; one that was left in the middle is of no more use."""
        return not self._asked and self._process.poll() is None

    @property
    def has_grown(self) -> bool:
        """Whether it holds so much memory that the next query would have too little.

        Where the system does not tell how much it holds, whether it has answered many queries.
        """
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_bytes().split()[1]
        except (OSError, IndexError):
            return self._answered >= _ANSWERS_UNSEEN
        most = self.options.memory // 2 if self.options.resident is None else self.options.resident
        return int(pages) * resource.getpagesize() > most

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def kill(self) -> None:
        """Ends the process at once, whatever it does."""
        self._process.kill()

    async def stop(self) -> None:
        """Kills the process and lets go of all that it held here."""
        self.kill()
        self._writer.transport.abort()
        await asyncio.to_thread(self._process.wait)

    async def _receive(self) -> tuple[Header, bytes]:
        try:
            header, payload = LENGTHS.unpack(await self._reader.readexactly(LENGTHS.size))
            return unpacked_header(await self._reader.readexactly(header)), await self._reader.readexactly(payload)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise self._died() from error

    def _died(self) -> QueryFailed:
        return QueryFailed("the query ended its worker: it needs more memory or nests deeper than a worker can bear")


def _spawn(command: list[str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The process and our end of the socket that is its standard input; it is told where code lies and little more.

    The C library sets 64 MiB of addresses aside for each thread that allocates. The engine opens a store with up to 16
    threads, so that under the cap on address space one now and then could not start, and the worker died; one shared
    arena takes 200 MiB in all where there were 460.
    """
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603  (our own module, run by our own interpreter)
            command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env={"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}
        )
    return process, ours
