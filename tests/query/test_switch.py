"""A new version under running queries, and workers that have grown."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.model.errors import QueryFailed, QueryTimeout
from kg.query import Query, QueryPool
from kg.query.process import WorkerProcess
from kg.query.sandbox import Barrier

EX = "http://example.org/"
WHICH = Query(text=f"SELECT ?which {{ <{EX}version> <{EX}is> ?which }}")
_NUMBERS = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(4))
ENDLESS = Query(text=f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{EX}numbers> {{ {_NUMBERS} }} FILTER(?n0+?n1+?n2+?n3 < 0) }}")


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    """The folder of another version, in which a statement tells it from the first."""
    folder = tmp_path_factory.mktemp("newer") / "data"
    store = Store(str(folder))
    store.add(Quad(NamedNode(f"{EX}version"), NamedNode(f"{EX}is"), Literal("newer")))
    store.flush()
    return folder


linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells what a process holds")


def is_newer(answer):
    """Whether an answer comes from the newer version."""
    return b'"newer"' in answer.payload


def test_no_query_is_lost(options, newer):
    """While clients ask without a pause, a switch loses no query; after it all come from the new one."""

    async def main():
        async with QueryPool(options, workers=2, deadline=20) as pool:
            answers, ended = [], asyncio.Event()

            async def client():
                while not ended.is_set():
                    answers.append(is_newer(await pool.run(WHICH)))

            clients = [asyncio.create_task(client()) for _ in range(8)]
            while len(answers) < 20:  # noqa: ASYNC110 - a list raises no event
                await asyncio.sleep(0)
            before = len(answers)
            await pool.switch(newer)
            after = [is_newer(await pool.run(WHICH)) for _ in range(20)]
            ended.set()
            await asyncio.gather(*clients)
            return answers[:before], answers, after

    before, all_answers, after = asyncio.run(main())
    assert not any(before)
    assert all(after)
    assert True in all_answers


def test_running_query_ends_on_its_own_version(options, newer):
    """XX: it ends by itself, here at its deadline; its worker is let go."""

    async def main():
        async with QueryPool(options, workers=1, deadline=1.5) as pool:
            running = asyncio.create_task(pool.run(ENDLESS))
            await asyncio.sleep(0)
            old = set(pool.workers)
            await pool.switch(newer)
            during = is_newer(await pool.run(WHICH))
            still_running = not running.done()
            with pytest.raises(QueryTimeout):
                await running
            while pool.workers & old:  # noqa: ASYNC110 - a set raises no event
                await asyncio.sleep(0)
            return during, still_running, pool.state

    during, still_running, state = asyncio.run(main())
    assert (during, still_running) == (True, True)
    assert (state.workers, state.idle, state.waiting) == (1, 1, 0)


def test_switch_while_queries_wait(options, newer):
    """Queries that wait for a busy worker are answered by the new ones at once."""

    async def main():
        async with QueryPool(options, workers=1, deadline=30) as pool:
            running = asyncio.create_task(pool.run(ENDLESS))
            await asyncio.sleep(0)
            waiting = [asyncio.create_task(pool.run(WHICH)) for _ in range(3)]
            await asyncio.sleep(0)
            await pool.switch(newer)
            answers = await asyncio.gather(*waiting)
            running.cancel()
            return [is_newer(answer) for answer in answers]

    assert asyncio.run(main()) == [True] * 3


def test_many_switches_keep_the_number_of_workers(options, newer):
    """Going to and fro leaves as many workers as there were, all idle and all of use."""

    async def main():
        async with QueryPool(options, workers=2, deadline=20) as pool:
            for data in (newer, options.data, newer):
                await asyncio.gather(pool.switch(data), *(pool.run(WHICH) for _ in range(4)))
            answers = await asyncio.gather(*(pool.run(WHICH) for _ in range(6)))
            while len(pool.workers) > 2:  # noqa: ASYNC110 - a set raises no event
                await asyncio.sleep(0)
            return [is_newer(answer) for answer in answers], pool.state

    answers, state = asyncio.run(main())
    assert answers == [True] * 6
    assert (state.workers, state.idle, state.replaced) == (2, 2, 0)


def test_free_workers_open_the_new_version(options, newer):
    """They need not be started anew, again and again, and none grows by that; where a barrier forbids it, they are."""

    async def main(barriers):
        async with QueryPool(replace(options, barriers=barriers), workers=2, deadline=20) as pool:
            pids = {worker.pid for worker in pool.workers}
            for _ in range(20):
                for data in (options.data, newer):
                    await pool.switch(data)
            answers = [is_newer(await pool.run(WHICH)) for _ in range(4)]
            return answers, {worker.pid for worker in pool.workers if worker.can_be_asked} == pids, pool.state.replaced

    assert asyncio.run(main(tuple(Barrier)[:1])) == ([True] * 4, True, 0)
    answers, same, replaced = asyncio.run(main((Barrier.DESCRIPTORS,)))
    assert (answers, same, replaced) == ([True] * 4, False, 0)


def test_a_version_that_cannot_be_opened_by_the_second_worker(options, newer, monkeypatch):
    """The first one goes back, and the pool has as many workers as before, all of the version before."""
    moved, calls = WorkerProcess.move, []

    async def move(self, to):
        calls.append(to)
        if len(calls) == 2:
            raise QueryFailed("the disk failed")
        await moved(self, to)

    async def main():
        async with QueryPool(options, workers=2, deadline=20) as pool:
            monkeypatch.setattr(WorkerProcess, "move", move)
            with pytest.raises(QueryFailed, match="disk"):
                await pool.switch(newer)
            while pool.state.idle < 2:  # noqa: ASYNC110 - a list raises no event
                await asyncio.sleep(0)
            answers = [is_newer(await pool.run(WHICH)) for _ in range(4)]
            return answers, pool.state.workers

    assert asyncio.run(main()) == ([False] * 4, 2)


def test_switching_that_is_broken_off_mixes_no_answers(options, newer):
    """A worker that was being moved is replaced: what it would still say answers no query."""

    async def main():
        async with QueryPool(options, workers=1, deadline=20) as pool:
            switching = asyncio.create_task(pool.switch(newer))
            while pool.state.idle:  # noqa: ASYNC110 - a list raises no event
                await asyncio.sleep(0)
            switching.cancel()
            await asyncio.gather(switching, return_exceptions=True)
            answers = [is_newer(await pool.run(WHICH)) for _ in range(3)]
            return answers, pool.state.workers

    assert asyncio.run(main()) == ([False] * 3, 1)


def test_version_that_cannot_be_opened(options, tmp_path):
    """A version that cannot be opened changes nothing: the pool goes on with the one it has."""

    async def main():
        async with QueryPool(options, workers=2, deadline=20) as pool:
            with pytest.raises(QueryFailed, match="nowhere"):
                await pool.switch(tmp_path / "nowhere")
            return (await pool.run(Query(text="ASK { ?s ?p ?o }"))).payload, pool.state

    payload, state = asyncio.run(main())
    assert b"true" in payload
    assert (state.workers, state.idle) == (2, 2)


@linux
def test_grown_worker_is_replaced(options):
    """A worker that holds too much after an answer makes room for a fresh one, and no query notices."""

    async def main(resident):
        async with QueryPool(replace(options, resident=resident), workers=1, deadline=20) as pool:
            answers = [await pool.run(Query(text="ASK { ?s ?p ?o }")) for _ in range(3)]
            return [answer.payload.endswith(b"true}") for answer in answers], pool.state.replaced

    assert asyncio.run(main(1)) == ([True] * 3, 3)
    assert asyncio.run(main(None)) == ([True] * 3, 0)
