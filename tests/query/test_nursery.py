"""Workers forked from a process that holds the version in memory: the same answers, the same confinement."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from dataclasses import replace

import pytest

from kg.model.errors import QueryFailed, QueryTimeout
from kg.query import Query, QueryPool
from kg.query.nursery import Nursery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are held by descriptors of Linux")

EX = "http://example.org/"
SAYS = Query(text="SELECT ?s ?o { ?s <says> ?o } ORDER BY ?s")
_NUMBERS = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(4))
ENDLESS = Query(text=f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{EX}numbers> {{ {_NUMBERS} }} FILTER(?n0+?n1+?n2+?n3 < 0) }}")


def in_memory(options, work, *, workers=2, deadline=20.0):
    """What the work returns that is given a pool whose workers answer from memory, and the nursery."""
    gc.collect()  # what other tests left of the engine's must not end in a thread that did not begin it

    async def main():
        nursery = await Nursery.start(options.data)
        try:
            given = replace(options, nursery=nursery)
            async with QueryPool(given, workers=workers, deadline=deadline) as pool:
                return await work(pool, nursery)
        finally:
            await nursery.close()

    return asyncio.run(main())


def on_disk(options, query):
    """The answer of a worker that has opened the store on disk."""

    async def main():
        async with QueryPool(options, workers=1, deadline=20) as pool:
            return await pool.run(query)

    return asyncio.run(main())


def test_same_answers_and_confinement(options):
    """Memory answers as the disk does, named graphs and base included, by workers as confined as any."""

    async def work(pool, nursery):
        assert all(worker.pid != os.getpid() for worker in pool.workers)
        graphs = await pool.run(
            Query(text="SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
        )
        return await pool.run(SAYS), graphs.payload.count(b"graph/"), pool.state.sandbox, nursery.resident

    answer, graphs, sandbox, resident = in_memory(options, work)
    assert (answer, graphs) == (on_disk(options, SAYS), 2)
    assert sandbox.missing == ()
    assert resident > 0


def test_killed_forks_are_replaced(options):
    """A fork that is killed at the deadline is replaced by another one."""

    async def work(pool, _):
        before = {worker.pid for worker in pool.workers}
        with pytest.raises(QueryTimeout):
            await pool.run(ENDLESS)
        after = await asyncio.gather(*(pool.run(SAYS) for _ in range(4)))
        return len({answer.payload for answer in after}), before == {worker.pid for worker in pool.workers}

    assert in_memory(options, work, workers=1, deadline=0.5) == (1, False)


def test_forks_end_with_the_pool(options):
    """Closing a pool leaves no fork behind."""
    pids = []

    async def work(pool, _):
        pids.extend(worker.pid for worker in pool.workers)

    in_memory(options, work)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_nursery_that_dies_is_done_without(options):
    """When the nursery is killed its forks go with it, and workers open the store on disk."""

    async def work(pool, nursery):
        await nursery.close()
        while not pool.state.replaced:
            await asyncio.gather(pool.run(SAYS), return_exceptions=True)
        return (await pool.run(SAYS)).rows

    assert in_memory(options, work, workers=1) == 2


def test_pool_moves_into_memory_and_out(options):
    """A pool goes from disk to memory and back while it is asked, loses no query, and starts no process twice."""

    async def main():
        async with QueryPool(options, workers=2, deadline=20) as pool:
            nursery = await Nursery.start(options.data)
            on_disk = {worker.pid for worker in pool.workers}
            found = [await pool.run(SAYS)]
            moving = asyncio.create_task(pool.switch(options.data, nursery))
            found += await asyncio.gather(*(pool.run(SAYS) for _ in range(20)))
            await moving
            found += await asyncio.gather(*(pool.run(SAYS) for _ in range(4)))
            await pool.switch(options.data)
            await nursery.close()
            found += await asyncio.gather(*(pool.run(SAYS) for _ in range(4)))
            back = {worker.pid for worker in pool.workers}
            return {answer.payload for answer in found}, pool.state.workers, on_disk & back

    payloads, workers, returned = asyncio.run(main())
    assert (len(payloads), workers) == (1, 2)
    assert returned


def test_store_that_cannot_be_loaded(tmp_path):
    """It is a failure that names the store."""
    with pytest.raises(QueryFailed, match="nowhere"):
        asyncio.run(Nursery.start(tmp_path / "nowhere"))


def test_word_of_a_worker_that_is_ready_at_once_is_heard(options, monkeypatch):
    """A fork may say that it is ready before whoever started it has come to listen."""

    async def main():
        loop = asyncio.get_running_loop()
        connect = loop.create_connection

        async def connect_late(factory, sock):
            heard, wire = asyncio.Event(), factory()
            received = wire.data_received
            wire.data_received = lambda data: (received(data), heard.set())
            made = await connect(lambda: wire, sock=sock)
            await heard.wait()
            return made

        monkeypatch.setattr(loop, "create_connection", connect_late)
        async with QueryPool(options, workers=1, deadline=20) as pool:
            return await pool.run(SAYS)

    assert asyncio.run(main()).rows == on_disk(options, SAYS).rows
