"""Versions that fit are answered from memory, and others from disk, with no query lost on the way."""

from __future__ import annotations

import asyncio
import logging
import sys

import pytest

from kg.query import Query, QueryPool, WorkerOptions
from kg.query.nursery import data_bytes
from kg.web.residence import Residence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are held by descriptors of Linux")

ANY = Query(text="ASK { ?s ?p ?o }")


def resided(data, work, *, most):
    """What the work returns that is given two pools, one residence of theirs, and the data."""

    async def main():
        options = WorkerOptions(data=data)
        async with QueryPool(options, workers=1, deadline=20) as one, QueryPool(options, workers=1, deadline=20) as two:
            residence = Residence((one, two), most, rest=0)
            residence.begin(data)
            try:
                return await work((one, two), residence)
            finally:
                await residence.close()

    return asyncio.run(main())


async def loaded(pools):
    """Returns when all pools answer from memory, asking them meanwhile."""
    while not all(pool.state.is_in_memory for pool in pools):
        await asyncio.gather(*(pool.run(ANY) for pool in pools))


def test_version_that_fits_is_answered_from_memory(data):
    """Both lanes move into one memory, and stay there when the same version is moved to again."""

    async def work(pools, residence):
        await loaded(pools)
        shared = {worker.options.nursery for pool in pools for worker in pool.workers} - {None}  # some may still end
        await residence.move(data)
        on_disk = [pool.state.is_in_memory for pool in pools]
        await loaded(pools)
        return len(shared), on_disk, (await pools[0].run(ANY)).payload

    assert resided(data, work, most=10**9) == (1, [False, False], b'{"head":{},"boolean":true}')


def test_version_that_does_not_fit_stays_on_disk(data):
    """One byte too many is too many; and 0 is never."""

    async def work(pools, residence):
        await residence.move(data)
        return [pool.state.is_in_memory for pool in pools]

    for most in (data_bytes(data) - 1, 0):
        assert resided(data, work, most=most) == [False, False]


def test_version_that_cannot_be_loaded_stays_on_disk(data, tmp_path, caplog):
    """What cannot be loaded is told, and answered from disk."""
    (tmp_path / "x").write_text("x")

    async def work(pools, residence):
        residence.begin(tmp_path)
        while not caplog.messages:
            await pools[0].run(ANY)
        return pools[0].state.is_in_memory

    with caplog.at_level(logging.WARNING):
        assert resided(data, work, most=5) is False
    assert "stays on disk" in caplog.text
