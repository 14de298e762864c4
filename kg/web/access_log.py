"""The access log: one JSON object a line for each request; no address of a client, no text of a query."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Final

from kg.web.observation import Exchange, Observer

_LONGEST: Final = 500


def access_log(stream: IO[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Observer:
    """An observer that writes a line to a stream for each exchange.

    A reader that went away ends the log, not the service.
    """

    def write(exchange: Exchange) -> None:
        try:
            stream.write(line(exchange, now()) + "\n")
            stream.flush()
        except (OSError, ValueError):  # ValueError: the stream is closed
            return

    return write


def line(exchange: Exchange, when: datetime) -> str:
    """The exchange as a line of ASCII: what a client wrote can neither begin a line nor steer a terminal."""
    members: dict[str, object] = {
        "time": when.isoformat(timespec="milliseconds"),
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
    return json.dumps(members, ensure_ascii=True, separators=(",", ":"))
