"""The access log: one JSON object a line for each request; no address of a client, no text of a query."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Final

from kg.web.observation import Exchange, Observer

_LONGEST: Final = 500
_MOST_READY: Final = 128  # exchanges: what is kept and sent again is told each time as the same one


def access_log(stream: IO[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Observer:
    """An observer that writes a line to a stream for each exchange: those of one turn of the loop together.

    A reader that went away ends the log, not the service.
    """
    waiting: list[str] = []

    def note(exchange: Exchange) -> None:
        waiting.append(line(exchange, now()))
        if len(waiting) == 1:
            _soon(write)

    def write() -> None:
        lines = "\n".join([*waiting, ""])
        waiting.clear()
        try:
            stream.write(lines)
            stream.flush()
        except (OSError, ValueError):  # ValueError: the stream is closed
            return

    return note


def _soon(write: Callable[[], None]) -> None:
    """Once what is ready now is done, which a loop that is told to stop waits for, too; without a loop at once."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        write()
    else:
        loop.call_soon(write)


def line(exchange: Exchange, when: datetime) -> str:
    """The exchange as a line of ASCII: what a client wrote can neither begin a line nor steer a terminal."""
    return f'{{"time":"{when.isoformat(timespec="milliseconds")}",{_members(exchange)}'


@lru_cache(_MOST_READY)
def _members(exchange: Exchange) -> str:
    """All that is said of an exchange beside its time, with the closing brace."""
    members: dict[str, object] = {
        "method": exchange.method[:_LONGEST],
        "path": exchange.path[:_LONGEST],
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000, 1),
        "bytes": exchange.size,
    }
    if exchange.query is not None:
        members |= {
            "query": exchange.query.digest,
            "query_ms": round(exchange.query.seconds * 1000, 1),
            "rows": exchange.query.rows,
            "outcome": exchange.query.outcome,
        }
        if exchange.query.cache:
            members["cache"] = exchange.query.cache
    if exchange.write is not None:
        members |= {
            "write": exchange.write.kind,
            "write_ms": round(exchange.write.seconds * 1000, 1),
            "outcome": exchange.write.outcome,
        }
    return json.dumps(members, ensure_ascii=True, separators=(",", ":"))[1:]
