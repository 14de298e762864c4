"""Where the engine writes an answer: a short one leaves whole, a longer one in pieces, each as soon as it is full."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kg.model.errors import QueryFailed
from kg.query.markup import ReadableXml
from kg.query.messages import HELD_BACK, AnswerKind, Piece, Query
from kg.query.rows import RowCounter, row_counter, whole_rows
from kg.rdf.formats import ResultsFormat

#: Bytes of each piece behind what is held back.
_PIECE: Final = 256 * 1024
_XML: Final = ResultsFormat.XML.media_type


if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Outlet(io.BytesIO):
    """Takes an answer's bytes as they are written, and keeps to the query's limits."""

    def __init__(
        self, query: Query, start: Piece, send: Callable[[Piece], None], results: ResultsFormat | None = None
    ) -> None:
        """An outlet whose pieces are like the first; where it is told how rows are written, it counts them."""
        super().__init__()
        self._query, self._start, self._send, self._results = query, start, send, results
        self._is_graph = start.kind is AnswerKind.GRAPH
        self._xml = ReadableXml() if not self._is_graph and start.media_type == _XML else None
        self._held = bytearray()
        self._room, self._left = HELD_BACK, query.most_bytes
        self._rows: RowCounter | None = None
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
            self._send(self._piece(self._part(), None, is_last=False))
            self._room = _PIECE
        return size

    def count(self, triples: int = 1) -> None:
        """Counts triples.

        Raises:
            QueryFailed: there are more than are sent.
        """
        self._counted += triples
        self._check(self._counted)

    def end(self) -> None:
        """Sends what is left as the last piece; raises what `write` raises."""
        if self._rows is None and self._results is not None:
            payload = bytes(self._held)
            self._counted = whole_rows(self._results, payload)
            self._check(self._counted)
            payload = payload if self._xml is None else self._xml.add(payload)
        else:
            payload = self._part()
        if self._xml is not None:
            self._xml.end()
        self._send(self._piece(payload, self._counted if self._is_graph or self._results else None, is_last=True))

    def _part(self) -> bytes:
        """What is held, one of several pieces."""
        payload = bytes(self._held)
        self._held.clear()
        if self._results is not None:
            self._rows = self._rows or row_counter(self._results)
            self._rows.add(payload)
            self._counted = self._rows.rows
            self._check(self._counted)
        return payload if self._xml is None else self._xml.add(payload)

    def _piece(self, payload: bytes, rows: int | None, *, is_last: bool) -> Piece:
        start = self._start
        return Piece(kind=start.kind, media_type=start.media_type, payload=payload, rows=rows, is_last=is_last)

    def _check(self, rows: int) -> None:
        most = self._query.most_rows
        if rows > most:
            raise QueryFailed(f"the answer has more than {most:,} rows, the most that are sent; use LIMIT")
