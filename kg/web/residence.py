"""Where workers have the served version: on disk, and in memory soon after where it fits."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kg.model.errors import QueryFailed
from kg.query import QueryPool
from kg.query.nursery import Nursery, data_bytes

_LOG = logging.getLogger(__name__)
_LOOKED_AT_EVERY: Final = 0.5  # seconds
_REST: Final = 2.0  # seconds
_LOADED_WITHIN: Final = 5e-8  # seconds that a byte on disk takes


class Residence:
    """Moves pools to a version: at once to its files, and when it is loaded into memory to that.

    A version that took another's place is loaded when it has been served for as long as loading takes: where one
    follows the other soon, half of the time at most goes into loading.
    """

    def __init__(self, pools: Sequence[QueryPool], most: int, rest: float = _REST) -> None:
        """A residence in which versions of at most so many bytes on disk are loaded; with 0 none is.

        Args:
            pools: what is moved.
            most: bytes on disk of the largest version that is loaded.
            rest: seconds at least that a new version is served from disk.
        """
        self._pools, self._most, self._rest = pools, most, rest
        self._nursery: Nursery | None = None
        self._loading: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    def begin(self, data: Path, after: float = 0.0) -> None:
        """Loads the version that the pools answer from already, after so many seconds."""
        if sys.platform == "linux" and 0 < data_bytes(data) <= self._most:
            self._loading = asyncio.create_task(self._load(data, after))

    async def move(self, data: Path) -> None:
        """Answers from another version from now on; call it again only when it has returned.

        Raises:
            QueryFailed: that version cannot be opened.
        """
        await self._stop_loading()
        for pool in self._pools:
            await pool.switch(data)
        self._let_go()
        self.begin(data, self._rest + data_bytes(data) * _LOADED_WITHIN)

    async def close(self) -> None:
        """Ends what holds versions in memory; the pools are closed before."""
        await self._stop_loading()
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        if self._nursery is not None:
            await self._nursery.close()

    async def _load(self, data: Path, after: float) -> None:
        await asyncio.sleep(after)
        try:
            self._nursery = await Nursery.start(data)
            for pool in self._pools:
                await pool.switch(data, self._nursery)
        except (QueryFailed, OSError) as error:
            _LOG.warning("the version stays on disk: %s", error)

    async def _stop_loading(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)
            self._loading = None

    def _let_go(self) -> None:
        if self._nursery is not None:
            task = asyncio.create_task(self._emptied(self._nursery))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
            self._nursery = None

    async def _emptied(self, nursery: Nursery) -> None:
        """Ends a nursery when the last of its workers has: a query that runs ends on the version it began on."""
        try:
            while self._is_needed(nursery):  # noqa: ASYNC110 - workers that end raise no event
                await asyncio.sleep(_LOOKED_AT_EVERY)
        finally:
            await nursery.close()

    def _is_needed(self, nursery: Nursery) -> bool:
        return any(worker.options.nursery is nursery for pool in self._pools for worker in pool.workers)
