"""Whole graphs: sent as they are read, however long, within a time of their own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.model.errors import QueryTimeout
from kg.model.imprint import Imprint
from kg.query import HELD_BACK, Lanes, WorkerOptions
from kg.query.graphs import MOST_IN_ORDER
from kg.rdf.dataset import Census, Edition
from kg.web import create_app
from kg.web.conditions import version_condition
from kg.web.site import Bounds

BASE = "http://127.0.0.1:8000/"
EDITION = Edition(base=BASE, name="v3", imprint=Imprint())
_TRIPLES = MOST_IN_ORDER + 1000
_LONG = "words " * 20
SENT = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "text/turtle": RdfFormat.TURTLE,
    "application/trig": RdfFormat.TRIG,
}


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A store whose default graph is of several mebibytes."""
    folder = tmp_path_factory.mktemp("large") / "data"
    store = Store(str(folder))
    said = NamedNode("http://example.org/says")
    store.bulk_extend(Quad(NamedNode(f"{BASE}id/{n}"), said, Literal(f"{n} {_LONG}")) for n in range(_TRIPLES))
    store.flush()
    return folder


class Taken:
    """What a client takes of a response: each message of the body."""

    def __init__(self):
        self.status, self.headers, self.pieces, self.is_whole = 0, {}, [], False

    async def send(self, message):
        """Takes a message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.pieces.append(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)


@pytest.fixture
def in_site(large, questions):
    """What the work returns that is done with a site over the large graph."""

    @asynccontextmanager
    async def opened(bounds):
        async with Lanes(WorkerOptions(data=large, base=BASE), workers=1, deadline=20.0) as lanes:
            yield create_app(
                queries=lanes,
                pages=lanes.pools[0],
                edition=EDITION,
                census=Census(triples=1),
                questions=questions,
                published=datetime(2026, 11, 1, 12, tzinfo=UTC),
                bounds=Bounds(**bounds),
            )

    def done(work, **bounds):
        async def main():
            async with opened(bounds) as app:
                return await work(app)

        return asyncio.run(main())

    return done


async def taken(app, method="GET", version="1.1", **headers):
    """What a client takes of the default graph."""
    scope = {
        "type": "http",
        "method": method,
        "path": "/graphs",
        "raw_path": b"/graphs",
        "query_string": b"default",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "http_version": version,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "root_path": "",
    }
    response, body = Taken(), [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return body.pop() if body else await asyncio.get_running_loop().create_future()

    await app(scope, receive, response.send)
    return response


@pytest.mark.parametrize("accept", SENT)
def test_graph_of_any_size_comes_in_pieces(in_site, accept):
    """A graph beyond the limits of answers comes whole, in pieces none of which is large."""
    found = in_site(lambda app: taken(app, accept=accept), answer_rows=10, answer_bytes=2000)
    assert (found.status, found.is_whole, found.headers["content-type"].partition(";")[0]) == (200, True, accept)
    assert len(found.pieces) > 3
    assert max(map(len, found.pieces)) < HELD_BACK + 2**18
    assert sum(1 for _ in parse(b"".join(found.pieces), format=SENT[accept])) == _TRIPLES


@pytest.mark.parametrize("accept", ["application/ld+json", "application/rdf+xml"])
@pytest.mark.parametrize("limit", [{"answer_rows": 10}, {"answer_bytes": 2000}])
def test_format_that_is_written_as_a_whole_has_limits(in_site, accept, limit):
    """A graph that is too long for its format is refused with the limit, and with the formats that have none."""

    async def work(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
            return await client.get("/graphs?default", headers={"Accept": accept})

    refused = in_site(work, **limit)
    assert refused.status_code == 422
    assert ("10 rows" if "answer_rows" in limit else "2,000 bytes") in refused.json()["detail"]
    assert "text/turtle" in refused.json()["detail"]


@pytest.mark.parametrize("how", [{"version": "1.0"}, {}])
def test_limits_hold_where_a_graph_is_an_answer(in_site, how):
    """To who cannot tell a broken body from a whole one, and without time for it, a graph is an answer like others."""
    bounds = {"answer_rows": 10} if how else {"answer_rows": 10, "graph_seconds": 0.0}
    assert in_site(lambda app: taken(app, **how), **bounds).status == 422


def test_tag_names_the_version(in_site):
    """What is sent as it is read bears a weak tag, which is good for 304 and for conditions of writes."""

    async def work(app):
        found = await taken(app, accept="text/turtle", accept_encoding="gzip")
        tag = found.headers["etag"]
        again = [
            await taken(app, accept="text/turtle", if_none_match=each) for each in (tag, f'"x", {tag}', 'W/"v2.x"')
        ]
        return found, tag, [each.status for each in again], again[0]

    found, tag, statuses, unchanged = in_site(work)
    assert (tag, statuses) == ('W/"v3.turtle"', [304, 304, 200])
    assert version_condition({"if-match": tag}, "v3").version == "v3"
    assert found.headers["content-encoding"] == "gzip"
    for each in (found, unchanged):
        assert (each.headers["vary"][:23], each.headers["etag"]) == ("Accept, Accept-Encoding", tag)
        assert each.headers["last-modified"] == "Sun, 01 Nov 2026 12:00:00 GMT"
    assert b"".join(unchanged.pieces) == b""


def test_head_of_a_large_graph(in_site):
    """HEAD tells what GET would, and nothing of the graph is sent."""

    async def work(app):
        return [await taken(app, method) for method in ("GET", "HEAD")]

    got, head = in_site(work)
    assert (head.headers, b"".join(head.pieces), head.is_whole) == (got.headers, b"", True)


def test_late_failure_breaks_the_body_off(in_site):
    """What fails in the middle never ends as a whole body does, and is noted for what it is."""

    class Failing:
        media_type, rows = "text/turtle", None

        async def __aiter__(self):
            yield b"<a> <b> <c> .\n"
            raise QueryTimeout(1)

        def close(self):
            pass

    async def work(app):
        async def ask(*_):
            return Failing()

        app.state.site = replace(app.state.site, queries=Put(app.state.site.queries, ask))
        return await taken(app)

    found = in_site(work)
    assert (found.status, found.pieces, found.is_whole) == (200, [b"<a> <b> <c> .\n"], False)


class Put:
    """Lanes before which somebody stands who is asked in their place."""

    def __init__(self, lanes, ask):
        self.run, self.ask = lanes.run, ask


def test_few_may_take_long(in_site):
    """So many graphs as there are places have the longer time; another one has a query's, and gets its place later."""

    async def work(app):
        site, asked = app.state.site, []

        async def ask(query, charge):
            asked.append(query.seconds)
            await asyncio.sleep(0)
            return await site.queries.ask(query, charge)

        app.state.site = replace(site, queries=Put(site.queries, ask))
        both = await asyncio.gather(taken(app), taken(app))
        last = await taken(app)
        return [each.is_whole for each in (*both, last)], asked

    assert in_site(work, graph_seconds=50.0) == ([True] * 3, [50.0, None, 50.0])
    assert in_site(work, graph_seconds=50.0, long_reads=0) == ([True] * 3, [None] * 3)
