"""Frames on the pipe between the service and its workers."""

from __future__ import annotations

import pytest

from kg.model.errors import QueryFailed, QueryRefused, QuerySyntaxError, Refusal
from kg.query import AnswerKind, Query
from kg.query.messages import LENGTHS, Piece, error_frame, read_piece, unpacked_header
from kg.rdf.formats import ResultsFormat


def unframed(message):
    """The header and payload of one whole message."""
    header, payload = LENGTHS.unpack(message[: LENGTHS.size])
    rest = message[LENGTHS.size :]
    assert len(rest) == header + payload
    return unpacked_header(rest[:header]), rest[header:]


def test_query_survives():
    """A query crosses the pipe unchanged."""
    query = Query(text="ASK { ?s ?p '日本\n' }", results=ResultsFormat.TSV, graph=None, named_graphs=("http://x/é",))
    assert Query.unframe(*unframed(query.frame())) == query


def test_piece_survives():
    """A piece of an answer crosses the pipe unchanged."""
    piece = Piece(kind=AnswerKind.GRAPH, media_type="text/turtle", payload=b"\x00\xff" * 1000, rows=3, is_last=False)
    assert read_piece(*unframed(piece.frame())) == piece


@pytest.mark.parametrize(
    "error",
    [QuerySyntaxError("no", 2, 3), QueryRefused("no", Refusal.FORMAT), QueryFailed("no")],
    ids=lambda error: type(error).__name__,
)
def test_error_survives(error):
    """An error is raised on the other side with all its fields."""
    with pytest.raises(type(error)) as raised:
        read_piece(*unframed(error_frame(error)))
    assert vars(raised.value) == vars(error)
