"""A worker process as the service holds it: started clean, asked one query at a time, killed at any moment."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.model.errors import QueryFailed
from kg.query.alarm import Alarm
from kg.query.conversation import Conversation, Pace, Spool, Stream, whole
from kg.query.messages import Answer, Header, Query, frame, read_piece
from kg.query.nursery import Fork, Nursery
from kg.query.promise import Promise
from kg.query.sandbox import Barrier, Sandbox
from kg.query.spawning import spawned
from kg.query.wire import Wire

_GIB: Final = 1024**3
_STARTS_WITHIN: Final = 30.0
_SPOOLED: Final = 256 * 1024**2
_ANSWERS_UNSEEN: Final = 1000
_LOOKED_AT_AFTER: Final = 0.05  # seconds that a query took: quicker ones hold little
_LOOKED_AT_EVERY: Final = 64
_NICER: Final = 15  # how much a worker yields to all others when its query takes long


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker is started.

    Attributes:
        data: folder of a published version's store.
        base: IRI that relative IRIs in queries are resolved against.
        memory: bytes of address space a worker may use; below 512 MiB the engine fails at random.
        processor: seconds of processor time that one query may use.
        niceness: how much a worker yields to other processes, up to 19.
        resident: bytes held in memory after an answer at which a worker is replaced; None for half of `memory`.
        barriers: what may close a worker off; the first that this system offers does.
        nursery: what holds the version in memory and forks workers; None where each opens it on disk.
    """

    data: Path
    base: str | None = None
    memory: int = _GIB
    processor: int = 60
    niceness: int = 1
    resident: int | None = None
    barriers: tuple[Barrier, ...] = tuple(Barrier)
    nursery: Nursery | None = None

    @property
    def forked(self) -> Mapping[str, Any]:
        """What a fork is told."""
        return {
            "base": self.base,
            "memory": self.memory,
            "processor": self.processor,
            "niceness": self.niceness,
            "barriers": [barrier.value for barrier in self.barriers],
        }

    @property
    def greeting(self) -> bytes:
        """What the worker is told before anything else."""
        return b""

    @property
    def command(self) -> list[str]:
        """The worker's command line."""
        base = [] if self.base is None else ["--base", self.base]
        limits = ["--memory", str(self.memory), "--processor", str(self.processor), "--niceness", str(self.niceness)]
        barriers = ["--barriers", *(barrier.value for barrier in self.barriers)]
        return [sys.executable, "-P", "-m", "kg.query.worker", str(self.data), *limits, *base, *barriers]


class WorkerProcess:
    """One worker. It must be started in a thread that lives as long as it: the kernel kills it with that thread.

    Attributes:
        options: what it was started with.
        sandbox: what is in force in it, as it found out itself; None until it is ready.
        alarm: of the query that it is asked.
    """

    def __init__(self, process: subprocess.Popen[bytes] | Fork, wire: Wire, options: WorkerOptions) -> None:
        self.options = options
        self.sandbox: Sandbox | None = None
        self._process, self._wire = process, wire
        self._asked: Conversation | None = None
        self._answered = self._looked = 0
        self.alarm = Alarm(asyncio.get_running_loop())
        wire.lost = self._lose

    @classmethod
    async def start(cls, options: WorkerOptions) -> WorkerProcess:
        """A worker that has opened its store.

        Raises:
            QueryFailed: it could not open it.
        """
        process, ours = await _begun(options)
        wire = Wire()
        worker = cls(process, wire, options)
        ready = worker._next_message("a worker did not start")
        try:
            await asyncio.get_running_loop().create_connection(lambda: wire, sock=ours)
        except BaseException:
            ready.close()
            ours.close()
            process.kill()
            process.wait()
            raise
        wire.send(options.greeting)
        try:
            header, payload = await ready
            if "ready" not in header:
                read_piece(header, payload)
            worker.sandbox = Sandbox.of(header["sandbox"])
        except BaseException:
            await worker.stop()
            raise
        return worker

    async def move(self, options: WorkerOptions) -> None:
        """From now on it answers from another version; only `data` may differ from what it was started with.

        It opens a store in a tenth of the time that a new process takes.

        Raises:
            QueryFailed: it could not open it, and answers from the version before; or it died.
        """
        told = self._next_message("a worker died when it was moved")
        self._wire.send(frame({"open": str(options.data)}))
        header, payload = await told
        if "open" not in header:
            read_piece(header, payload)
        self.options = options

    async def ask(self, query: Query, deadline: float = _STARTS_WITHIN) -> Answer:
        """The worker's whole answer.

        Raises:
            QuerySyntaxError, QueryRefused: the worker says so.
            QueryTimeout: it took longer than the deadline, in seconds.
            QueryFailed: the worker says so, or it died.
        """
        first = Promise[Answer | Stream]()
        self.converse(query, Pace(deadline), Spool(_SPOOLED), lambda _: None, first)
        return await whole(await first)

    def converse(
        self,
        query: Query,
        pace: Pace,
        spool: Spool,
        ended: Callable[[Conversation], None],
        first: Promise[Answer | Stream],
    ) -> Conversation:
        """Begins a query, as `Conversation` has it; the worker must be one that can be asked."""
        self._answered += 1
        self._asked = conversation = Conversation(self, spool, pace, ended, first)
        self._wire.deliver = conversation.take
        self._wire.resume()  # the last piece may have come with the one for which reading stopped
        self._wire.send(query.frame())
        if self._wire.is_lost:
            asyncio.get_running_loop().call_soon(conversation.lose)
        return conversation

    @property
    def can_be_asked(self) -> bool:
        """Whether the process runs and owes no answer; one that was left in the middle is of no more use."""
        return not self._wire.is_lost and (self._asked is None or self._asked.is_over)

    @property
    def can_be_moved(self) -> bool:
        """Whether it can open another store: the last of the barriers lets it open nothing more."""
        if self.options.nursery is not None:
            return False
        open_files = self.sandbox is not None and self.sandbox.barrier is not Barrier.DESCRIPTORS
        return open_files and self.can_be_asked and not self.has_grown

    @property
    def has_grown(self) -> bool:
        """Whether it holds so much memory that the next query would have too little; looked at where that may be.

        Where the system does not tell how much it holds, whether it has answered many queries.
        """
        quick = self._asked is not None and self._asked.seconds < _LOOKED_AT_AFTER
        if quick and self._looked and self._answered - self._looked < _LOOKED_AT_EVERY:
            return False
        self._looked = self._answered
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_bytes().split()[1]
        except (OSError, IndexError):
            return self._answered >= _ANSWERS_UNSEEN
        most = self.options.memory // 2 if self.options.resident is None else self.options.resident
        shared = 0 if self.options.nursery is None else self.options.nursery.resident
        return int(pages) * resource.getpagesize() > most + shared

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def pause(self) -> None:
        """Reads no more of what it sends: it waits."""
        self._wire.pause()

    def resume(self) -> None:
        """Reads again."""
        self._wire.resume()

    def give_way(self) -> None:
        """Makes the threads that answer yield; the first one, which does not, starts the one for the next query.

        Linux alone tells the threads of a process; elsewhere a worker's priority stays what it is.
        """
        with suppress(OSError):  # it has ended, or shows nothing of its threads
            for thread in os.listdir(f"/proc/{self.pid}/task"):  # noqa: PTH208 - numbers, no files
                if int(thread) != self.pid:
                    os.setpriority(os.PRIO_PROCESS, int(thread), _NICER)

    def kill(self) -> None:
        """Ends the process at once, whatever it does."""
        self._process.kill()
        self._wire.is_lost = True

    async def stop(self) -> None:
        """Kills the process and lets go of all that it held here."""
        self.kill()
        self._wire.close()
        self.alarm.cancel()
        await asyncio.to_thread(self._process.wait)
        self._lose()

    def _next_message(self, lost: str) -> Coroutine[None, None, tuple[Header, bytes]]:
        """The next message of the worker, also where it comes before this is awaited.

        QueryFailed with these words where it dies first.
        """
        told: asyncio.Future[tuple[Header, bytes]] = asyncio.get_running_loop().create_future()
        self._wire.deliver = lambda header, payload: None if told.done() else told.set_result((header, payload))
        self._wire.lost = lambda: None if told.done() else told.set_exception(QueryFailed(lost))
        if self._wire.is_lost:
            self._wire.lost()

        async def awaited() -> tuple[Header, bytes]:
            try:
                async with asyncio.timeout(_STARTS_WITHIN):
                    return await told
            except TimeoutError as error:
                self.kill()
                raise QueryFailed(lost) from error
            except asyncio.CancelledError:
                self.kill()  # what it will still say is no answer to whatever it would be asked next
                raise
            finally:
                self._wire.lost = self._lose

        return awaited()

    def _lose(self) -> None:
        if self._asked is not None:
            self._asked.lose()


async def _begun(options: WorkerOptions) -> tuple[subprocess.Popen[bytes] | Fork, socket.socket]:
    """A fork of the nursery; where there is none, or it has ended, a process that opens the store on disk."""
    if options.nursery is not None:
        with suppress(OSError):
            return await options.nursery.fork(options.forked)
    return spawned(options.command)
