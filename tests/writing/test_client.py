"""The gate as a server holds it: a process that may be killed at any moment, and writes that cost themselves alone."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from desks import BASE, number

from kg.model.writes import Write, WriteKind, WriteOutcome, Writes
from kg.store import VersionStore
from kg.writing import GateOptions, Policy, WriteGate


def update(text, **more):
    """A SPARQL update."""
    return Write(kind=WriteKind.UPDATE, body=text.encode(), **more)


def insert(value):
    """An update that states one thing."""
    return update(f"INSERT DATA {{ <s> <p> {value} }}")


def with_gate(store, told, **options):
    """What a coroutine gives that is told a gate over a plain dataset."""

    async def run():
        chosen = GateOptions(store=store, base=BASE, policy=Policy.PLAIN, most_deleted=1.0, **options)
        async with WriteGate(chosen) as gate:
            return await told(gate)

    return asyncio.run(run())


def children(process):
    """The processes that one has started."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


async def begun(gate):
    """Waits until the process of a write is there."""
    while not children(gate.pid):  # noqa: ASYNC110 - the kernel alone knows
        await asyncio.sleep(0)


def test_a_gate_is_what_the_server_asks_for(tmp_path):
    """It implements the protocol by which the server knows it."""
    gate: Writes = WriteGate(GateOptions(store=tmp_path, base=BASE))
    assert asyncio.iscoroutinefunction(gate.apply)


def test_writes_are_taken_one_after_another(tmp_path):
    """However many are asked for at once, each makes a version of its own."""

    async def told(gate):
        return await asyncio.gather(*(gate.apply(insert(value)) for value in range(5)))

    assert [each.version for each in with_gate(tmp_path, told)] == ["v1", "v2", "v3", "v4", "v5"]


def test_more_than_may_wait_are_turned_away(tmp_path):
    """They are told to come again."""

    async def told(gate):
        return await asyncio.gather(*(gate.apply(insert(value)) for value in range(4)))

    outcomes = [each.outcome for each in with_gate(tmp_path, told, waiting=2)]
    assert outcomes == [WriteOutcome.PUBLISHED] * 2 + [WriteOutcome.BUSY] * 2


@pytest.mark.parametrize("whom", ["the writer", "the process of the write"])
def test_a_killed_writer_costs_nothing(tmp_path, whom):
    """The write that it was at is done by the next one, once."""

    async def told(gate):
        asking = asyncio.create_task(gate.apply(insert(1)))
        await begun(gate)
        os.kill(gate.pid if whom == "the writer" else children(gate.pid)[0], signal.SIGKILL)
        return await asking, await gate.apply(insert(2))

    first, second = with_gate(tmp_path, told)
    assert (first.outcome, second.outcome) == (WriteOutcome.PUBLISHED, WriteOutcome.PUBLISHED)
    assert len(VersionStore(tmp_path).versions()) == 2


def test_a_write_that_is_no_longer_waited_for_is_done(tmp_path):
    """Whoever cancels learns nothing; the next write finds it published."""

    async def told(gate):
        asking = asyncio.create_task(gate.apply(insert(1)))
        await begun(gate)
        asking.cancel()
        return await gate.apply(insert(1))

    assert with_gate(tmp_path, told).outcome is WriteOutcome.UNCHANGED


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { <s> <p> 1 } WHERE { FILTER(" + "!" * 150_000 + "true) }",
        "INSERT { <s> <p> ?o } WHERE { ?s " + "/".join(["<p>"] * 60_000) + " ?o }",
    ],
    ids=["negations", "paths"],
)
def test_a_write_that_nests_without_end_costs_itself_alone(tmp_path, text):
    """The engine's parser overflows its stack; the writer goes on."""

    async def told(gate):
        writer = gate.pid
        return await gate.apply(update(text)), await gate.apply(insert(1)), writer == gate.pid

    hostile, good, same = with_gate(tmp_path, told)
    assert hostile.outcome in (WriteOutcome.TOO_LARGE, WriteOutcome.MALFORMED, WriteOutcome.UNCHANGED)
    assert (good.outcome, same) == (WriteOutcome.PUBLISHED, True)


def test_a_write_that_takes_too_long_is_stopped(tmp_path):
    """What is published is as it was, and the next write finds the store free."""
    rows = " ".join(f"VALUES ?v{each} {{ {' '.join(map(str, range(60)))} }}" for each in range(6))

    async def told(gate):
        return await gate.apply(update(f"INSERT {{ <s> <p> ?v0 }} WHERE {{ {rows} }}")), await gate.apply(insert(1))

    endless, good = with_gate(tmp_path, told, deadline=1.0, patience=1.0)
    assert endless.outcome in (WriteOutcome.TIMED_OUT, WriteOutcome.TOO_LARGE)
    assert good.outcome is WriteOutcome.PUBLISHED


def test_pages_are_read_in_a_process_without_a_network(built, tmp_path, pdf):
    """Also PDF, whose reader is one more process."""
    shutil.copytree(built, tmp_path / "store")
    page = pdf(number(268).decode().encode("ascii", "replace").decode().splitlines())
    write = Write(kind=WriteKind.PUT_PAGE, target="drc-2021-268", body=page, media_type="application/pdf")

    async def told():
        async with WriteGate(GateOptions(store=tmp_path / "store", base=BASE)) as gate:
            return await gate.apply(write)

    written = asyncio.run(told())
    assert (written.outcome, written.reason) == (WriteOutcome.PUBLISHED, "")


def test_a_closed_gate_takes_no_write(tmp_path):
    """It says that it is busy, as a server that stops is."""

    async def told(gate):
        await gate.close()
        return await gate.apply(insert(1))

    assert with_gate(tmp_path, told).outcome is WriteOutcome.BUSY


def test_a_gate_that_cannot_be_set_up_says_why(tmp_path):
    """Layouts that cannot be read are an error of whoever starts the server."""
    options = GateOptions(store=tmp_path, base=BASE, layouts=tmp_path / "none")

    async def told():
        return await WriteGate(options).apply(insert(1))

    written = asyncio.run(told())
    assert written.outcome is WriteOutcome.FAILED
    assert "none" in written.reason
