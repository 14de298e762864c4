"""Triples that the engine writes as N-Triples itself, put in order as lines: no object is made of any term."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from pyoxigraph import QueryTriples, RdfFormat

from kg.query.graphs import MOST_IN_ORDER
from kg.query.outlet import Outlet
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import TYPE

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: Formats in which a triple of the default graph is the same line.
LINES: Final = frozenset({GraphFormat.NTRIPLES, GraphFormat.NQUADS})
_TYPE: Final = f"{TYPE} ".encode()


def write_lines(found: QueryTriples, outlet: Outlet) -> None:
    """Writes few triples in order, each once: by subject, its types first, then by predicate and object.

    Of more the engine gives each once, and they are written as they come.
    """
    lines = _Lines(outlet)
    found.serialize(lines, format=RdfFormat.N_TRIPLES)
    lines.end()


class _Lines(io.BytesIO):
    """Takes lines in pieces that may end anywhere, and holds them back while they are few."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self._outlet = outlet
        self._held: list[bytes] = []
        self._lines = 0

    def write(self, written: ReadableBuffer, /) -> int:
        """Takes some; raises what `Outlet.write` raises."""
        piece = bytes(written)
        lines = piece.count(b"\n")
        self._lines += lines
        self._outlet.count(lines)
        self._held.append(piece)
        if self._lines > MOST_IN_ORDER:
            self._outlet.write(b"".join(self._held))
            self._held.clear()
        return len(piece)

    def end(self) -> None:
        """Writes what was held back; raises what `Outlet.write` raises."""
        held = b"".join(self._held)
        if self._lines <= MOST_IN_ORDER:
            lines = set[bytes](held.splitlines(keepends=True))
            # Without types the order is that of the lines themselves, and a key costs more than sorting.
            ordered = sorted(lines, key=_reading_order) if _TYPE in held else sorted(lines)
            held = b"".join(ordered)
        self._outlet.write(held)


def _reading_order(line: bytes) -> tuple[bytes, bool, bytes]:
    subject, _, rest = line.partition(b" ")
    return subject, not rest.startswith(_TYPE), rest
