"""The version to serve, followed: what is published or rolled back while the service runs is served soon after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.model.errors import KgError
from kg.rdf.dataset import Census, Edition

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published version: the folder of its store, what it is called, and what it holds as far as it was counted."""

    data: Path
    edition: Edition
    census: Census


class Following:
    """Moves to each version that becomes the one to serve.

    A version that cannot be served is tried again, ever more seldom; until then the one before it is served.
    """

    def __init__(
        self, newer: Callable[[], Published | None], move: Callable[[Published], Awaitable[None]], *, every: float = 1.0
    ) -> None:
        """Follows when `run` is run.

        Args:
            newer: the version to serve where that has changed since it was asked last, else None; asked often, so it
                should cost next to nothing.
            move: lets the service serve a version.
            every: seconds between two questions.
        """
        self._newer, self._move, self._every = newer, move, every
        self._called = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._pending: Published | None = None

    async def run(self) -> None:
        """Follows until it is cancelled."""
        pause = self._every
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._called.wait()
            self._called.clear()
            waiting, self._waiting = self._waiting, []
            try:
                await self._look()
                pause = self._every
            except KgError as error:
                self._waiting += waiting
                pause = min(_LONGEST_PAUSE, 2 * pause)
                _LOG.warning("the version that was published cannot be served, trying again in %g s: %s", pause, error)
            else:
                for each in waiting:
                    if not each.done():  # whoever waited may have gone away
                        each.set_result(None)

    async def catch_up(self) -> None:
        """Returns when the version that is current now, or one after it, is served."""
        served = asyncio.get_running_loop().create_future()
        self._waiting.append(served)
        self._called.set()
        await served

    async def _look(self) -> None:
        self._pending = self._newer() or self._pending
        if self._pending is not None:
            await self._move(self._pending)
            _LOG.info("serving %s", self._pending.edition.name)
        self._pending = None
