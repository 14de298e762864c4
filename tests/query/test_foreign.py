"""Answers of other servers, read here or by a process: the same rows, and the same refusals."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace

import pytest

from kg.query import foreign
from kg.query.foreign import Foreign

ROWS = [{"s": {"type": "bnode", "value": "b/0"}, "o": {"type": "literal", "value": f"{n} }} \\ é"}} for n in range(40)]


def answer(rows, most_rows=100):
    """An answer in JSON."""
    payload = json.dumps({"head": {"vars": ["s", "o"]}, "results": {"bindings": rows}}).encode()
    return Foreign(
        payload=payload, media_type="application/json", variables=("s", "o"), most_rows=most_rows, blank="urn:b/"
    )


@pytest.fixture
def apart(monkeypatch):
    """No answer is so short that it is read here."""
    monkeypatch.setattr(foreign, "_SHORT", 0)


def test_process_reads_the_same(monkeypatch):
    """A long answer gives what it would give if it were a short one."""
    here = asyncio.run(answer(ROWS).inline())
    monkeypatch.setattr(foreign, "_SHORT", 0)
    assert asyncio.run(answer(ROWS).inline()) == here
    assert "<urn:b/b%2F0>" in here


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer(ROWS, most_rows=9), "40 rows; at most 9"),
        (answer([{"s": {"type": "uri", "value": "no IRI"}}]), "an IRI of its answer is none"),
        (answer([{"s": {"type": "literal", "value": "\ud800"}}]), "half a character"),
        (replace(answer([]), payload=b"[" * 100_000), "no JSON"),
    ],
)
def test_refusals_of_the_process(given, reason):
    """What it does not take is told in the same words."""
    with pytest.raises(ValueError, match=reason):
        asyncio.run(given.inline())


@pytest.mark.usefixtures("apart")
def test_process_that_dies(monkeypatch):
    """An answer that ends its reader is the service's fault, and harms nothing else."""
    monkeypatch.setattr(foreign, "_COMMAND", ("/bin/sh", "-c", "kill -9 $$"))
    with pytest.raises(ValueError, match="ends the process"):
        asyncio.run(answer(ROWS).inline())


@pytest.mark.usefixtures("apart")
def test_process_ends_with_who_waits(monkeypatch, tmp_path):
    """Nothing goes on reading for a query whose time is over."""
    said = tmp_path / "pid"
    monkeypatch.setattr(
        foreign, "_COMMAND", ("/bin/sh", "-c", f"echo $$ > {said}.part; mv {said}.part {said}; exec sleep 99")
    )

    async def main():
        reading = asyncio.create_task(answer(ROWS).inline())
        while not said.exists():  # noqa: ASYNC110 - a file of another process raises no event
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        return int(said.read_text())

    pid = asyncio.run(main())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
