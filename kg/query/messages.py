"""What a query asks and what comes back, and how both cross the pipe between the service and its workers.

A frame is the length of a JSON header (4 bytes), the length of a payload (8 bytes), the header and the payload. The
payload is a query's text on the way in and an answer's bytes on the way out; nothing is pickled. A short answer is one
frame. A longer one is several, each but the last saying that more follows; an error may come in place of any.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, BinaryIO, Final, NamedTuple

from kg.model.errors import QueryError, QueryFailed, QueryRefused, QuerySyntaxError, Refusal, UpstreamFailed
from kg.query.woven import inset
from kg.rdf.formats import GraphFormat, ResultsFormat

LENGTHS: Final = struct.Struct(">IQ")
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ROWS: Final = 1_000_000
#: Bytes of an answer that are held back, so that an error among them still is one: a shorter answer comes whole.
HELD_BACK: Final = 1024 * 1024
#: All statements of one graph; put in these words it is read from the store's index, and takes no memory.
WHOLE_GRAPH: Final = "CONSTRUCT WHERE { ?s ?p ?o }"

_SHORT_HEADER: Final = 256  # bytes
# By their values: calling an enum takes longer.
_RESULTS: Final[Mapping[str | None, ResultsFormat | None]] = {
    None: None,
    **{each.value: each for each in ResultsFormat},
}
_GRAPHS: Final[Mapping[str | None, GraphFormat | None]] = {None: None, **{each.value: each for each in GraphFormat}}

Header = Mapping[str, Any]


class AnswerKind(Enum):
    """What a query answers: rows (SELECT), true or false (ASK), or triples (CONSTRUCT and DESCRIBE)."""

    SOLUTIONS = "solutions"
    BOOLEAN = "boolean"
    GRAPH = "graph"


_KINDS: Final = {each.value: each for each in AnswerKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query and how its answer is wanted.

    Attributes:
        text: SPARQL 1.1.
        insets: what is put into the text behind the gate, each with its offset: rows of services, written by us.
        results: how rows and truth values are written; None where such an answer is not acceptable.
        graph: how triples are written; None where such an answer is not acceptable.
        default_graphs, named_graphs: IRIs of the protocol's dataset; where both are empty, the store's own dataset.
        most_bytes: a longer answer fails; it is never cut.
        most_rows: an answer of more rows, or of more triples, fails as well.
        seconds: how long it may run where that is not the deadline of whom it is put to.
    """

    text: str
    results: ResultsFormat | None = ResultsFormat.JSON
    graph: GraphFormat | None = GraphFormat.TURTLE
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    most_bytes: int = MOST_BYTES
    most_rows: int = MOST_ROWS
    seconds: float | None = None
    insets: tuple[tuple[int, str], ...] = ()

    def __hash__(self) -> int:
        """That of what clients choose freely; the rest takes a few values, and longer than all that."""
        return hash((self.text, self.default_graphs, self.named_graphs))

    def frame(self) -> bytes:
        """The bytes a worker reads."""
        text = (inset(self.text, self.insets) if self.insets else self.text).encode()
        if self.default_graphs or self.named_graphs or self.seconds is not None:
            header = _query_header(self)
        else:
            header = _usual_header(self.results, self.graph, self.most_bytes, self.most_rows)
        return LENGTHS.pack(len(header), len(text)) + header + text

    @classmethod
    def unframe(cls, header: Header, payload: bytes) -> Query:
        """The query that made this frame."""
        return cls(
            text=payload.decode(),
            results=_RESULTS[header["results"]],
            graph=_GRAPHS[header["graph"]],
            default_graphs=tuple(header["default_graphs"]),
            named_graphs=tuple(header["named_graphs"]),
            most_bytes=header["most_bytes"],
            most_rows=header["most_rows"],
            seconds=header["seconds"],
        )


@lru_cache(256)
def _usual_header(results: ResultsFormat | None, graph: GraphFormat | None, most_bytes: int, most_rows: int) -> bytes:
    """The header of a query about the store's own dataset: there are few."""
    return _query_header(Query(text="", results=results, graph=graph, most_bytes=most_bytes, most_rows=most_rows))


def _query_header(query: Query) -> bytes:
    header = {
        "results": query.results and query.results.value,
        "graph": query.graph and query.graph.value,
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
        "most_bytes": query.most_bytes,
        "most_rows": query.most_rows,
        "seconds": query.seconds,
    }
    return json.dumps(header).encode()


class Answer(NamedTuple):  # as what follows: each query has one, and a frozen dataclass takes three times as long
    """A whole answer, written in one format.

    Attributes:
        rows: how many rows or triples it holds; None for a truth value.
    """

    kind: AnswerKind
    media_type: str
    payload: bytes
    rows: int | None = None


class Piece(NamedTuple):
    """A piece of an answer, as a worker sends it.

    Attributes:
        kind, media_type: of the answer.
        rows: with the last piece as the answer's; before that None.
        is_last: whether the answer ends with it.
    """

    kind: AnswerKind
    media_type: str
    payload: bytes
    rows: int | None = None
    is_last: bool = True

    def frame(self) -> bytes:
        """The bytes a worker writes."""
        header = _piece_header(self.kind, self.media_type, self.rows, self.is_last)
        return LENGTHS.pack(len(header), len(self.payload)) + header + self.payload


@lru_cache(1024)
def _piece_header(kind: AnswerKind, media_type: str, rows: int | None, is_last: bool) -> bytes:  # noqa: FBT001 - as stored
    header = {"answer": kind.value, "media_type": media_type, "rows": rows, "last": is_last}
    return json.dumps(header).encode()


def frame(header: Header, payload: bytes = b"") -> bytes:
    """One message: both lengths, the header, the payload."""
    written = json.dumps(header).encode()
    return LENGTHS.pack(len(written), len(payload)) + written + payload


def receive(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """The next message of the other end; None where that has closed the connection."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header, payload = LENGTHS.unpack(lengths)
    return unpacked_header(stream.read(header)), stream.read(payload)


def send(stream: BinaryIO, message: bytes) -> None:
    """Sends a message whole."""
    left = memoryview(message)
    while left:
        left = left[stream.write(left) :]


def unpacked_header(written: bytes | bytearray) -> Header:
    """The header that was written so; short ones are few, and remembered."""
    return _remembered_header(bytes(written)) if len(written) <= _SHORT_HEADER else _read_header(written)


@lru_cache(1024)
def _remembered_header(written: bytes) -> Header:
    return _read_header(written)


def _read_header(written: bytes | bytearray) -> Header:
    header: dict[str, Any] = json.loads(written)
    return header


def error_frame(error: QueryError | QueryRefused) -> bytes:
    """The message that says why there is no answer."""
    match error:
        case UpstreamFailed():
            return frame({"error": "upstream", "reason": str(error)})
        case QuerySyntaxError():
            return frame({"error": "syntax", "reason": error.reason, "line": error.line, "column": error.column})
        case QueryRefused():
            return frame({"error": "refused", "reason": error.reason, "kind": error.kind.value})
        case _:
            return frame({"error": "failed", "reason": str(error)})


def read_piece(header: Header, payload: bytes) -> Piece:
    """The piece of an answer in a worker's message.

    Raises:
        QuerySyntaxError, QueryRefused, QueryFailed: the message says so.
    """
    match header.get("error"):
        case None:
            return Piece(
                kind=_KINDS[header["answer"]],
                media_type=header["media_type"],
                payload=payload,
                rows=header["rows"],
                is_last=header["last"],
            )
        case "upstream":
            raise UpstreamFailed(header["reason"])
        case "syntax":
            raise QuerySyntaxError(header["reason"], header["line"], header["column"])
        case "refused":
            raise QueryRefused(header["reason"], Refusal(header["kind"]))
        case _:
            raise QueryFailed(header["reason"])
