"""Where the engine writes an answer: a short one leaves whole, a longer one in pieces, each as soon as it is full."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model.errors import QueryFailed
from kg.query.markup import ReadableXml
from kg.query.messages import HELD_BACK, AnswerKind, Piece, Query
from kg.query.rows import RowCounter

#: Bytes of each piece behind what is held back.
_PIECE: Final = 256 * 1024


if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Outlet(io.BytesIO):
    """Takes an answer's bytes as they are written, and keeps to the query's limits."""

    def __init__(
        self,
        query: Query,
        start: Piece,
        send: Callable[[Piece], None],
        *,
        rows: RowCounter | None = None,
        xml: ReadableXml | None = None,
    ) -> None:
        """An outlet whose pieces are like the first, and whose rows are told from its bytes or by `count`."""
        super().__init__()
        self._query, self._piece, self._send, self._rows, self._xml = query, start, send, rows, xml
        self._is_graph = start.kind is AnswerKind.GRAPH
        self._held = bytearray()
        self._room, self._left = HELD_BACK, query.most_bytes
        self._counted = 0

    def write(self, written: ReadableBuffer, /) -> int:
        """Takes what the engine has written.

        Raises:
            QueryFailed: the answer passed a limit.
            QueryRefused: its format cannot hold it.
        """
        before = len(self._held)
        self._held += written
        size = len(self._held) - before
        self._left -= size
        if self._left < 0:
            most = self._query.most_bytes
            reason = f"the answer is longer than {most:,} bytes, the most that is sent; ask for less, or use LIMIT"
            raise QueryFailed(reason)
        if len(self._held) >= self._room:
            self._send(replace(self._piece, payload=self._taken(), is_last=False))
            self._room = _PIECE
        return size

    def count(self) -> None:
        """Counts one triple.

        Raises:
            QueryFailed: there are more than are sent.
        """
        self._counted += 1
        self._check(self._counted)

    def end(self) -> None:
        """Sends what is left as the last piece; raises what `write` raises."""
        payload = self._taken()
        if self._xml is not None:
            self._xml.end()
        rows = self._rows.rows if self._rows is not None else self._counted if self._is_graph else None
        self._send(replace(self._piece, payload=payload, rows=rows))

    def _taken(self) -> bytes:
        payload = bytes(self._held)
        self._held.clear()
        if self._rows is not None:
            self._rows.add(payload)
            self._check(self._rows.rows)
        return payload if self._xml is None else self._xml.add(payload)

    def _check(self, rows: int) -> None:
        most = self._query.most_rows
        if rows > most:
            raise QueryFailed(f"the answer has more than {most:,} rows, the most that are sent; use LIMIT")
