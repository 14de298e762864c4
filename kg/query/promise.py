"""What will be known, told in the moment it is: a future would tell it in the loop's next turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Promise(Generic[T]):
    """What somebody will find, or why nobody will; it is settled once, and what comes later is passed over.

    Attributes:
        found: what was found; None as long as nothing is.
        error: why nothing will be; None unless that is so.
    """

    __slots__ = ("_told", "error", "found")

    def __init__(self) -> None:
        self.found: T | None = None
        self.error: BaseException | None = None
        self._told: list[Callable[[], object]] = []

    def __await__(self) -> Generator[Any, None, T]:
        """What is found; raises why nothing is."""
        if not self.is_settled:
            settled = asyncio.get_running_loop().create_future()
            self.then(lambda: None if settled.done() else settled.set_result(None))
            yield from settled
        if self.error is not None:
            raise self.error
        return self.found  # type: ignore[return-value]  # it is settled

    @property
    def is_settled(self) -> bool:
        """Whether anything is known."""
        return self.found is not None or self.error is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody wants it any more."""
        return isinstance(self.error, asyncio.CancelledError)

    def then(self, told: Callable[[], object]) -> None:
        """Calls when it is settled, at once where it is."""
        if self.is_settled:
            told()
        else:
            self._told.append(told)

    def keep(self, found: T) -> None:
        """It is found."""
        if not self.is_settled:
            self.found = found
            self._tell()

    def fail(self, error: BaseException) -> None:
        """It will not be."""
        if not self.is_settled:
            self.error = error
            self._tell()

    def cancel(self) -> None:
        """Nobody wants it any more."""
        self.fail(asyncio.CancelledError())

    def follow(self, task: asyncio.Future[T]) -> None:
        """Becomes what a task gives."""
        task.add_done_callback(self._settle)

    def _settle(self, task: asyncio.Future[T]) -> None:
        if task.cancelled():
            self.cancel()
        elif (error := task.exception()) is not None:
            self.fail(error)
        else:
            self.keep(task.result())

    def _tell(self) -> None:
        told, self._told = self._told, []
        for each in told:
            each()
