"""Long answers: in pieces, whole or not at all, and no reader holds a worker."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from pyoxigraph import parse

from kg.model.errors import QueryFailed, QueryRefused, QueryTimeout
from kg.query import Answer, Query, QueryPool, Stream
from kg.query.messages import HELD_BACK, WHOLE_GRAPH
from kg.rdf.formats import GraphFormat, ResultsFormat

EX = "http://example.org/"


def pairs(limit):
    """A query for so many rows of two numbers."""
    return Query(text=f"SELECT * {{ GRAPH <{EX}numbers> {{ ?a <{EX}number> ?n . ?b <{EX}number> ?m }} }} LIMIT {limit}")


LONG = pairs(30_000)
ENDLESS = pairs(4_000_000)
SMALL = Query(text="ASK {}")


def in_pool(options, work, **given):
    """What the work returns that is done in a fresh pool of one worker."""

    async def main():
        async with QueryPool(options, workers=1, **{"deadline": 20.0, **given}) as pool:
            return await work(pool)

    return asyncio.run(main())


def test_pieces_make_the_answer(options):
    """A long answer comes in pieces, the first of which is what was held back; together they are all of it."""

    async def work(pool):
        stream = await pool.ask(LONG)
        assert isinstance(stream, Stream)
        return [piece async for piece in stream], stream.rows

    pieces, rows = in_pool(options, work)
    assert len(pieces) > 2
    assert len(pieces[0]) >= HELD_BACK
    assert len(json.loads(b"".join(pieces))["results"]["bindings"]) == rows == 30_000


@pytest.mark.parametrize("results", ResultsFormat)
def test_formats(options, results):
    """The pieces are the same bytes as the whole, in each format."""

    async def work(pool):
        stream = await pool.ask(replace(LONG, results=results))
        pieces = [piece async for piece in stream]
        return len(pieces), b"".join(pieces), stream.rows, await pool.run(replace(LONG, results=results))

    count, joined, rows, whole = in_pool(options, work)
    assert count > 1
    assert (joined, rows) == (whole.payload, whole.rows)


@pytest.mark.parametrize("graph", [GraphFormat.TURTLE, GraphFormat.NTRIPLES, GraphFormat.NQUADS, GraphFormat.TRIG])
def test_many_triples(options, graph):
    """More triples than are put in order come as they are found, and all of them."""
    construct = Query(
        text=f"CONSTRUCT {{ ?a <{EX}with> ?b }} WHERE {{ GRAPH <{EX}numbers> "
        f"{{ ?a <{EX}number> ?n . ?b <{EX}number> ?m }} }} LIMIT 30000",
        graph=graph,
    )

    async def work(pool):
        stream = await pool.ask(construct)
        return b"".join([piece async for piece in stream]), stream.rows

    payload, rows = in_pool(options, work)
    assert len(set(parse(payload, format=graph.rdf))) == rows == 30_000


@pytest.mark.parametrize("limit", [{"most_rows": 100}, {"most_bytes": 1000}])
def test_early_limit_is_an_error(options, limit):
    """What passes a limit within what is held back is an error before anything was sent."""

    async def work(pool):
        with pytest.raises(QueryFailed, match=r"100 rows|1,000 bytes"):
            await pool.ask(replace(LONG, **limit))
        return await pool.run(SMALL)

    assert isinstance(in_pool(options, work), Answer)


@pytest.mark.parametrize("limit", [{"most_rows": 29_000}, {"most_bytes": 3_000_000}])
def test_late_limit_ends_the_stream_with_an_error(options, limit):
    """What passes a limit later never ends as if it were whole."""

    async def work(pool):
        stream = await pool.ask(replace(LONG, **limit))
        with pytest.raises(QueryFailed, match=r"29,000 rows|3,000,000 bytes"):
            [piece async for piece in stream]
        return await pool.run(SMALL), pool.state.replaced

    assert in_pool(options, work)[1] == 0


def test_limit_that_is_just_reached(options):
    """An answer of exactly as many rows as are sent is sent."""

    async def work(pool):
        return (await pool.run(replace(LONG, most_rows=30_000))).rows

    assert in_pool(options, work) == 30_000


def test_triples_have_a_limit(options):
    """Triples count as rows."""

    async def work(pool):
        with pytest.raises(QueryFailed, match="1,000 rows"):
            await pool.run(Query(text="CONSTRUCT WHERE { ?s ?p ?o }", default_graphs=(f"{EX}numbers",), most_rows=1000))
        return (await pool.run(Query(text="CONSTRUCT { <http://x/a> a <http://x/b> } {}", most_rows=1))).rows

    assert in_pool(options, work) == 1


def test_xml_that_cannot_be(options):
    """A character that XML cannot hold, far behind what is held back, ends the stream with an error."""
    many = f"GRAPH <{EX}numbers> {{ ?a <{EX}number> ?n . ?b <{EX}number> ?m FILTER(?n < 15) }}"
    odd = 'BIND(IF(?n = 14, "\\u0001", "x") AS ?c)'
    query = Query(text=f"SELECT * {{ {many} {odd} }} ORDER BY ?n", results=ResultsFormat.XML)

    async def work(pool):
        stream = await pool.ask(query)
        with pytest.raises(QueryRefused, match="XML cannot hold"):
            [piece async for piece in stream]
        return True

    assert in_pool(options, work)


def test_nobody_who_reads_slowly_holds_a_worker(options):
    """A worker is free again once its answer is spooled, long before the last piece is taken."""

    async def work(pool):
        stream = await pool.ask(LONG)
        others = [await pool.run(SMALL) for _ in range(3)]
        spooled = pool.state.spooled
        pieces = [piece async for piece in stream]
        return len(others), spooled, sum(map(len, pieces)), stream.rows, pool.state.spooled

    others, spooled, size, rows, left = in_pool(options, work)
    assert (others, rows, left) == (3, 30_000, 0)
    assert spooled == size


def test_full_spool_stops_the_worker_until_the_deadline(options):
    """When no more can be kept, the worker waits for the reader; at the deadline the stream fails, and all is free."""

    async def work(pool):
        stream = await pool.ask(ENDLESS)
        while not pool.state.replaced:  # noqa: ASYNC110 - a number raises no event
            await asyncio.sleep(0)
        with pytest.raises(QueryTimeout):
            await anext(stream)
        return pool.state.spooled, await pool.run(SMALL)

    spooled, answer = in_pool(options, work, deadline=1.0, spool=1_000_000)
    assert spooled == 0
    assert answer.payload.endswith(b"true}")


def test_full_spool_harms_no_quick_reader(options):
    """A reader who takes what comes gets all of it, however little can be kept."""

    async def work(pool):
        stream = await pool.ask(LONG)
        return [len(piece) async for piece in stream], stream.rows

    assert in_pool(options, work, spool=0)[1] == 30_000


def test_time_of_its_own_counts_and_not_the_deadline(options):
    """A query may be given longer than the deadline, and waits for its reader meanwhile: next to nothing is kept."""

    async def work(pool):
        with pytest.raises(QueryTimeout):
            await pool.ask(replace(LONG, seconds=0.01))
        return [len(piece) async for piece in await pool.ask(replace(LONG, seconds=60.0))], pool.state.spooled

    pieces, spooled = in_pool(options, work, deadline=0.02, patience=20.0)
    assert (sum(pieces) > 3 * HELD_BACK, spooled) == (True, 0)


def test_what_has_time_waits_for_its_reader(options):
    """Of an answer with a time of its own a few pieces are kept, however slow its reader and large the spool."""

    async def work(pool):
        stream = await pool.ask(replace(ENDLESS, seconds=60.0, most_rows=10**9, most_bytes=10**12))
        for _ in range(2000):
            await asyncio.sleep(0)  # more comes, if it is let
        kept = sum(len(piece.payload) for piece in stream._pieces)  # noqa: SLF001 - what is kept is nobody's business else
        stream.close()
        return kept

    assert in_pool(options, work) < 3 * HELD_BACK


def test_worker_is_read_again_after_it_was_made_to_wait(options):
    """Where reading stopped at a piece with which the last one came as well, the next query is answered still."""

    async def work(pool):
        for worker in pool.workers:
            worker.pause()
        return (await pool.run(SMALL)).payload, pool.state.replaced

    assert in_pool(options, work, deadline=2.0)[1] == 0


@pytest.mark.parametrize("graphs", [(), (f"{EX}numbers",), (f"{EX}graph/1",), (f"{EX}none",)])
def test_whole_graph_is_read_from_the_index(options, graphs):
    """All of a graph, asked for in the words for it, is what the engine answers to the same in other words."""
    asked = Query(text=WHOLE_GRAPH, graph=GraphFormat.NTRIPLES, default_graphs=graphs)

    async def work(pool):
        found, usual = await pool.run(asked), await pool.run(replace(asked, text=f"{WHOLE_GRAPH} # in other words"))
        return found, usual

    found, usual = in_pool(options, work)
    assert (set(found.payload.splitlines()), found.rows) == (set(usual.payload.splitlines()), usual.rows)


def test_closing_a_stream_ends_its_query(options):
    """Who goes away in the middle frees the worker at once."""

    async def work(pool):
        stream = await pool.ask(replace(ENDLESS, most_rows=10**9, most_bytes=10**10))
        await anext(stream)
        stream.close()
        spooled = pool.state.spooled
        return (await pool.run(SMALL)).payload, spooled, pool.state.replaced

    payload, spooled, replaced = in_pool(options, work, deadline=60.0)
    assert (payload[-5:], spooled, replaced) == (b"true}", 0, 1)


def test_worker_that_dies_in_the_middle(options):
    """A worker that is killed in the middle of a stream fails it."""

    async def work(pool):
        stream = await pool.ask(replace(ENDLESS, most_rows=10**9, most_bytes=10**10))
        await anext(stream)
        for worker in pool.workers:
            worker.kill()
        with pytest.raises(QueryFailed, match="ended its worker"):
            [piece async for piece in stream]
        return (await pool.run(SMALL)).payload

    assert in_pool(options, work, deadline=60.0).endswith(b"true}")


def test_charge_is_what_the_worker_spent(options):
    """Seconds are told once, when the worker is done, however the query ended."""
    told = []
    three = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(3))
    endless = Query(text=f"SELECT (COUNT(*) AS ?c) {{ GRAPH <{EX}numbers> {{ {three} }} FILTER(?n0 + ?n1 + ?n2 < 0) }}")

    async def work(pool):
        await pool.ask(SMALL, told.append)
        with pytest.raises(QueryTimeout):
            await pool.ask(endless, told.append)

    in_pool(options, work, deadline=0.5)
    assert len(told) == 2
    assert told[0] < 0.5 <= told[1]


def test_who_asks_and_leaves_at_once_costs_no_worker(options):
    """A short query that nobody waits for any more ends by itself: its worker goes on."""

    async def work(pool):
        for _ in range(20):
            left = asyncio.create_task(pool.run(SMALL))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            left.cancel()
            await asyncio.gather(left, return_exceptions=True)
        answer = await pool.run(SMALL)
        return answer.payload, pool.state.replaced

    payload, replaced = in_pool(options, work)
    assert (payload[-5:], replaced) == (b"true}", 0)
