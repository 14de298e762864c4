"""The gate as the web server holds it: writes wait for their turn, and a writer that died is started again."""

from __future__ import annotations

import asyncio
import uuid
from types import TracebackType
from typing import Final, Self

from kg.model.errors import StoreError
from kg.model.writes import Write, WriteOutcome, Written
from kg.writing.options import GateOptions
from kg.writing.process import WriterDied, WriterProcess

#: How often a write is asked for where the writer dies meanwhile; each asking bears the same mark, so it is done once.
_ATTEMPTS: Final = 3
_GRACE: Final = 15.0


class WriteGate:
    """Implements `kg.model.writes.Writes`; the writer is started with the first write, or by `async with`.

    Args:
        options: of the store and its policy.
    """

    def __init__(self, options: GateOptions) -> None:
        self._options = options
        self._turn = asyncio.Lock()
        self._writer: WriterProcess | None = None
        self._waiting = 0
        self._closed = False
        self._under_way: set[asyncio.Task[Written]] = set()

    async def __aenter__(self) -> Self:
        async with self._turn:
            await self._ready()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def apply(self, write: Write) -> Written:
        """Applies a write, or refuses it; writes are taken one after another.

        Cancelling this does not stop a write that is under way.
        """
        if self._closed or self._waiting >= self._options.waiting:
            return Written(outcome=WriteOutcome.BUSY, reason="too many writes are waiting; try again soon")
        self._waiting += 1
        task = asyncio.create_task(self._in_turn(write, uuid.uuid4().hex))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    @property
    def pid(self) -> int | None:
        """The number of the writer's process; None where none lives."""
        return self._writer.pid if self._writer and self._writer.lives else None

    async def close(self) -> None:
        """Ends the writer; a write that is under way is published whole or not at all."""
        self._closed = True
        if self._writer:
            await self._writer.stop()
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._let_go()  # one of them may have started another writer

    async def _in_turn(self, write: Write, mark: str) -> Written:
        try:
            async with self._turn:
                return await self._asked(write, mark)
        finally:
            self._waiting -= 1

    async def _asked(self, write: Write, mark: str) -> Written:
        reason = "the service is stopping"
        for _ in range(_ATTEMPTS):
            if self._closed:
                break
            try:
                writer = await self._ready()
                async with asyncio.timeout(2 * (self._options.deadline + self._options.patience) + _GRACE):
                    return await writer.ask(write, mark)
            except WriterDied as error:
                reason = str(error)
            except StoreError as error:
                return Written(outcome=WriteOutcome.FAILED, reason=str(error))
            except TimeoutError:
                await self._let_go()
                return Written(outcome=WriteOutcome.TIMED_OUT, reason="the writer did not answer, and was stopped")
        return Written(outcome=WriteOutcome.FAILED, reason=f"{reason}; whether it was published, the version tells")

    async def _ready(self) -> WriterProcess:
        if self._writer is None or not self._writer.lives:
            await self._let_go()
            self._writer = await WriterProcess.start(self._options)
        return self._writer

    async def _let_go(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            await writer.stop()
