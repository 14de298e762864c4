"""What the HTTP server would log however often a client bids it to: kept out of the log."""

from __future__ import annotations

import logging
from typing import Final

#: What the server would log at each bidding of a client, or where an answer was broken off on purpose.
_NOISE: Final = frozenset(
    {
        "ASGI callable returned without completing response.",
        "Invalid HTTP request received.",
        "Unsupported upgrade request.",
        (
            "No supported WebSocket library detected. Please use \"pip install 'uvicorn[standard]'\", "
            "or install 'websockets' or 'wsproto' manually."
        ),
    }
)


def quieten() -> None:
    """Keeps out of the log what clients alone decide on."""
    log = logging.getLogger("uvicorn.error")
    if _is_news not in log.filters:
        log.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return record.msg not in _NOISE
