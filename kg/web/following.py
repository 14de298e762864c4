"""The version to serve, followed: what is published or rolled back while the service runs is served soon after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
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


async def follow(
    newer: Callable[[], Published | None], move: Callable[[Published], Awaitable[None]], *, every: float = 1.0
) -> None:
    """Moves to each version that becomes the one to serve, until it is cancelled.

    A version that cannot be served is tried again, ever more seldom; until then the one before it is served.

    Args:
        newer: the version to serve where that has changed since it was asked last, else None; asked often, so it should
            cost next to nothing.
        move: lets the service serve a version.
        every: seconds between two questions.
    """
    pause, pending = every, None
    while True:
        await asyncio.sleep(pause)
        try:
            pending = newer() or pending
            if pending is not None:
                await move(pending)
                _LOG.info("serving %s", pending.edition.name)
            pending, pause = None, every
        except KgError as error:
            pause = min(_LONGEST_PAUSE, 2 * pause)
            _LOG.warning("the version that was published cannot be served, trying again in %g s: %s", pause, error)
