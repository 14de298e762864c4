"""The access log: what it says of requests and queries, and what nobody can write into it."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kg.model.imprint import Imprint
from kg.rdf.dataset import Edition
from kg.web.access_log import access_log, line
from kg.web.observation import Exchange

WHEN = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
EXCHANGE = Exchange(method="GET", path="/", route="/", status=200, seconds=0.0123, size=45, query=None)
EDITION = Edition(base="http://127.0.0.1:8000/", name="v1", imprint=Imprint())


@pytest.fixture(scope="module")
def logged(observed):
    """The line that one request leaves in the log."""
    log = io.StringIO()
    with observed(EDITION, 0.7, observers=[access_log(log, lambda: WHEN)]) as ask:

        def line_of(method, path, **given):
            log.seek(0)
            log.truncate()
            ask(method, path, **given)
            (written,) = log.getvalue().splitlines()
            return json.loads(written)

        yield line_of


def test_line_of_a_query(logged):
    """A query leaves its digest, its rows and its outcome, and not its text."""
    found = logged("GET", "/sparql", params={"query": "SELECT * { VALUES ?secret { 1 2 3 } }"})
    assert (found["time"], found["method"], found["path"], found["status"]) == (
        "2026-01-02T03:04:05.678+00:00",
        "GET",
        "/sparql",
        200,
    )
    assert (found["rows"], found["outcome"], len(found["query"])) == (3, "answered", 16)
    assert found["ms"] >= found["query_ms"] > 0
    assert "secret" not in json.dumps(found)


def test_equal_queries_have_equal_digests(logged):
    """The digest tells a query again, however it was sent."""
    query = "ASK { ?a ?b ?c }"
    sent = logged("GET", "/sparql", params={"query": query}), logged("POST", "/sparql", data={"query": query})
    assert len({each["query"] for each in sent}) == 1
    assert [each["rows"] for each in sent] == [None, None]


@pytest.mark.parametrize(
    ("query", "outcome", "status"),
    [
        ("ASK {", "syntax", 400),
        ("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "federation", 403),
        ("DROP ALL", "update", 400),
        ("ASK { FILTER(" + "(" * 80 + "1" + ")" * 80 + ") }", "size", 413),
        (
            "SELECT * { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(9)) + " FILTER(?o1 = ?o8 + 1) }",
            "timeout",
            503,
        ),
    ],
)
def test_outcomes(logged, query, outcome, status):
    """Each way in which a query ends has a name of its own."""
    found = logged("GET", "/sparql", params={"query": query})
    assert (found["outcome"], found["status"]) == (outcome, status)


def test_line_without_a_query(logged):
    """Other requests leave a line as well, with the size of what was sent."""
    found = logged("GET", "/health/live")
    assert (found["path"], found["bytes"]) == ("/health/live", len('{"status":"live"}'))
    assert "query" not in found


@pytest.mark.parametrize("hostile", ["/a\nb", "/\x1b[2J", "/\x7f\x9b31m", "/é\u2028", '/","status":200,"x":"'])
def test_no_control_characters(hostile):
    """Whatever a client wrote, the line is one line of printable ASCII, and reads back as it was."""
    written = line(replace(EXCHANGE, path=hostile, method=hostile), WHEN)
    assert all(" " <= character <= "~" for character in written)
    assert json.loads(written)["path"] == hostile


def test_long_paths_are_cut():
    """A line stays short."""
    assert len(line(replace(EXCHANGE, path="/" * 100_000), WHEN)) < 1000


def test_reader_that_went_away():
    """Where nobody reads the log any more, requests are still answered."""
    stream = io.StringIO()
    stream.close()
    access_log(stream)(EXCHANGE)


def test_lines_of_one_turn_are_written_together():
    """What ends in the same turn of the loop is written at once, a line each; where the loop ends, too."""

    class Stream(io.StringIO):
        flushes = 0

        def flush(self):
            self.flushes += 1

    stream = Stream()

    async def main():
        observe = access_log(stream, lambda: WHEN)
        for size in range(5):
            observe(replace(EXCHANGE, size=size))
        return stream.getvalue()

    assert asyncio.run(main()) == ""
    assert [json.loads(each)["bytes"] for each in stream.getvalue().splitlines()] == [0, 1, 2, 3, 4]
    assert stream.flushes == 1
