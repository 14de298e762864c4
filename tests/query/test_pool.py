"""The pool: deadlines, crashes, queues and clients that go away."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from kg.model.errors import QueryFailed, QueryRefused, QuerySyntaxError, QueryTimeout, Refusal
from kg.query import AnswerKind, Query, QueryPool, run_once
from kg.query.process import WorkerProcess

EX = "http://example.org/"
SMALL = Query(text=f"ASK {{ <{EX}a> ?p ?o }}")
_NUMBERS = " . ".join(f"?s{n} <{EX}number> ?n{n}" for n in range(4))
ENDLESS = Query(text=f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{EX}numbers> {{ {_NUMBERS} }} FILTER(?n0+?n1+?n2+?n3 < 0) }}")
_DOUBLINGS = " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(40))
TOO_MUCH = Query(text=f"SELECT * {{ BIND('x' AS ?t0) {_DOUBLINGS} }}")
OVERFLOWING = Query(text="ASK { FILTER(" + "!" * 19_000 + "true) }")

linux = pytest.mark.skipif(sys.platform != "linux", reason="watches processes the Linux way")


def in_pool(options, work, *, workers=1, deadline=20.0, waiting=64):
    """What the work returns that is done in a fresh pool."""

    async def main():
        async with QueryPool(options, workers=workers, deadline=deadline, waiting=waiting) as pool:
            return await work(pool)

    return asyncio.run(main())


def test_answers(options):
    """A pool answers, again and again."""

    async def work(pool):
        return [await pool.run(SMALL) for _ in range(5)]

    assert {answer.kind for answer in in_pool(options, work)} == {AnswerKind.BOOLEAN}


def test_run_once(options):
    """One query is answered without an event loop of the caller's, relative to the base."""
    query = Query(text="CONSTRUCT WHERE { <b> <says> ?o }")
    assert run_once(query, options, deadline=20).payload.decode().endswith(f"<{EX}b> <{EX}says> 3 .\n")


def test_deadline_kills_one_query_alone(options):
    """A query that never ends is stopped at the deadline, while others are answered, and its worker is replaced."""

    async def work(pool):
        endless = asyncio.create_task(pool.run(ENDLESS))
        await asyncio.sleep(0)
        beside = [await pool.run(SMALL) for _ in range(20)]
        still_running = not endless.done()
        with pytest.raises(QueryTimeout):
            await endless
        both = await asyncio.gather(pool.run(SMALL), pool.run(SMALL))
        return len(beside), still_running, len(both)

    assert in_pool(options, work, workers=2, deadline=0.7) == (20, True, 2)


def test_crash_ends_one_query_alone(options):
    """A query that overflows the engine's stack fails, and the pool goes on."""

    async def work(pool):
        ends = await asyncio.gather(pool.run(OVERFLOWING), pool.run(SMALL), return_exceptions=True)
        return [*ends, await pool.run(SMALL)]

    crashed, *answered = in_pool(options, work, workers=2)
    assert isinstance(crashed, QueryFailed)
    assert [answer.kind for answer in answered] == [AnswerKind.BOOLEAN] * 2


def test_deep_nesting_past_the_gate(options):
    """Even where 40 kB of brackets reach a worker, they end that worker and nothing else."""

    async def main():
        worker = await WorkerProcess.start(options)
        try:
            nested = "(" * 20_000 + "1" + ")" * 20_000
            with pytest.raises(QueryFailed, match="ended its worker"):
                await worker.ask(Query(text=f"ASK {{ FILTER{nested} }}"))
        finally:
            await worker.stop()

    asyncio.run(main())


def test_memory_is_capped(options):
    """A query that needs more memory than a worker has fails, and the pool goes on."""

    async def work(pool):
        with pytest.raises(QueryFailed):
            await pool.run(TOO_MUCH)
        return await pool.run(SMALL)

    assert in_pool(options, work).kind is AnswerKind.BOOLEAN


def test_syntax_error_keeps_the_worker(options):
    """A syntax error comes with its place and costs no worker."""

    async def work(pool):
        before = {worker.pid for worker in pool.workers}
        with pytest.raises(QuerySyntaxError) as error:
            await pool.run(Query(text="ASK {\n ?s }"))
        assert before == {worker.pid for worker in pool.workers}
        return error.value.line

    assert in_pool(options, work) == 2


def test_cancelling_frees_the_worker(options):
    """A client that goes away takes its query along: the next one is answered at once."""

    async def work(pool):
        endless = asyncio.create_task(pool.run(ENDLESS))
        await asyncio.sleep(0)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        return await pool.run(SMALL)

    assert in_pool(options, work, deadline=60).kind is AnswerKind.BOOLEAN


def test_queue_is_bounded(options):
    """When as many queries wait as may, the next is refused; the waiting ones are answered in turn."""

    async def work(pool):
        tasks = [asyncio.create_task(pool.run(SMALL)) for _ in range(5)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    ends = in_pool(options, work, waiting=2)
    refused = [end for end in ends if isinstance(end, QueryRefused)]
    assert len(refused) == 2
    assert {end.kind for end in refused} == {Refusal.BUSY}


def test_waiting_ends_at_the_deadline(options):
    """A query that gets no worker in time is refused as one to send again."""

    async def work(pool):
        endless = asyncio.create_task(pool.run(ENDLESS))
        await asyncio.sleep(0)
        waiting = await asyncio.gather(*(pool.run(ENDLESS) for _ in range(3)), return_exceptions=True)
        await asyncio.gather(endless, return_exceptions=True)
        return waiting

    ends = in_pool(options, work, deadline=0.2)
    assert any(isinstance(end, QueryRefused) and end.kind is Refusal.BUSY for end in ends)


def test_closing_ends_all(options):
    """Closing a pool fails what runs and what waits, and leaves no process behind."""

    async def main():
        async with QueryPool(options, workers=2, deadline=60) as pool:
            pids = [worker.pid for worker in pool.workers]
            tasks = [asyncio.create_task(pool.run(ENDLESS)) for _ in range(4)]
            await asyncio.sleep(0)
        return pids, await asyncio.gather(*tasks, return_exceptions=True)

    pids, ends = asyncio.run(main())
    assert {type(end) for end in ends} == {QueryFailed, QueryRefused}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_missing_store(options, tmp_path):
    """A store that cannot be opened is a failure that names it."""
    with pytest.raises(QueryFailed, match="nowhere"):
        run_once(SMALL, replace(options, data=tmp_path / "nowhere"), deadline=20)


@linux
def test_workers_die_with_the_service(options):
    """When the service is killed, even in the middle of a query, its workers end too."""
    script = f"""
import asyncio, sys
from pathlib import Path
from kg.query import Query, QueryPool, WorkerOptions

async def main():
    async with QueryPool(WorkerOptions(data=Path({str(options.data)!r})), workers=1, deadline=60) as pool:
        print(*(worker.pid for worker in pool.workers), flush=True)
        await pool.run(Query(text={ENDLESS.text!r}))

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as service:
        watched = os.pidfd_open(int(service.stdout.readline()))
        service.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([watched], [], [], 20)
        os.close(watched)
    assert ended


def test_a_worker_starts_far_below_its_cap(options):
    """Opening a store takes a quarter of the address space that a worker may use, however many threads open it."""

    async def main():
        worker = await WorkerProcess.start(options)
        try:
            with open(f"/proc/{worker.pid}/status") as status:  # noqa: ASYNC230, PTH123 - /proc is memory
                return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmPeak"))
        finally:
            await worker.stop()

    assert asyncio.run(main()) < options.memory / 4


def test_worker_environment(options):
    """A worker learns nothing of the service's environment but where code lies, and dumps no core."""

    async def main():
        worker = await WorkerProcess.start(options)
        try:
            with open(f"/proc/{worker.pid}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123 - /proc is memory
                names = {entry.partition(b"=")[0] for entry in environment.read().split(b"\0") if entry}
            with open(f"/proc/{worker.pid}/limits") as limits:  # noqa: ASYNC230, PTH123 - /proc is memory
                caps = {line[:26].strip(): line.split()[-3:-1] for line in limits}
        finally:
            await worker.stop()
        return names, caps

    names, caps = asyncio.run(main())
    ours = {name for name in names if not name.startswith(b"glibc.")}  # the C library cuts its words apart
    assert ours == {b"PYTHONPATH", b"MALLOC_ARENA_MAX", b"GLIBC_TUNABLES"}
    assert caps["Max core file size"] == ["0", "0"]
    assert caps["Max address space"] == [str(options.memory)] * 2


@pytest.mark.parametrize(
    "query",
    [
        "ASK {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
        "ASK {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
        "PREFIX : <{place}> ASK {{ SERVICE:x {{ ?s ?p ?o }} }}",
        "PREFIX : <{place}> ASK {{ FILTER(1<2)SERVICE#>\n:x {{ ?s ?p ?o }} }}",
        "LOAD <{place}>",
        "SELECT * FROM <{place}> {{ ?s ?p ?o }}",
    ],
)
def test_no_request_leaves(options, query):
    """No query that a client can send makes a request to another machine, or to this one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        place = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        async def work(pool):
            try:
                await pool.run(Query(text=query.format(place=place)))
            except QueryRefused:
                return "refused"
            return "answered"

        assert in_pool(options, work) == ("answered" if "FROM" in query else "refused")
        with pytest.raises(BlockingIOError):
            listener.accept()
