"""The audit log: no write without it."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from kg.model.writes import WriteOutcome, Written
from kg.web.access_log import line
from kg.web.metrics import Metrics

BASE = "http://127.0.0.1:8000/"
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)


def test_each_write_is_recorded_before_and_after(site):
    """Who, from where, what by its digest, and what became of it."""
    response = site("PUT", "/graph/a%20b", {**TURTLE, "KG-Confirm": "deletion"}, b"hello")
    before, after = site.told
    assert before == {
        "time": "2026-11-01T00:00:00.000+00:00",
        "event": "began",
        "id": response.headers["request-id"],
        "address": "192.0.2.7",
        "method": "PUT",
        "path": "/graph/a%20b",
        "token": "ada",
        "kind": "put-graph",
        "target": f"{BASE}graph/a%20b",
        "media_type": "text/turtle",
        "bytes": 5,
        "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "confirmed": True,
        "version": "v3",
    }
    assert (after["event"], after["id"], after["outcome"]) == ("ended", before["id"], "published")
    assert (after["version"], after["added"], after["removed"], after["findings"]) == ("v4", 2, 1, 0)


def test_the_log_is_for_its_owner(site):
    """Others may not read who wrote."""
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert site.log.stat().st_mode & 0o777 == 0o600


def test_a_write_that_cannot_be_recorded_is_not_done(site):
    """503, and the gate is not asked."""
    site.log.mkdir()
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 503
    assert site.gate.asked == []


def test_a_write_whose_end_cannot_be_recorded_is_told(site, caplog):
    """It is done, so the client must know; the server's log says what is missing."""
    site.gate.answers = [PUBLISHED]

    class Blocking:
        """Takes the log's place while the write is under way."""

        async def apply(self, _write):
            site.log.unlink()
            site.log.mkdir()
            return PUBLISHED

    gate, site.gate.apply = site.gate.apply, Blocking().apply
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    assert "cannot be recorded" in caplog.text
    site.gate.apply = gate
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 503


def test_no_control_characters_in_the_log(site):
    """A line is one line of ASCII, whatever a client writes, and a cut-off line ends where the next begins."""
    site.log.write_text('{"cut')
    site("PUT", "/graphs?graph=x:%C3%A9", {"Content-Type": "text/\x1b[31mturtle\xe9".encode("latin-1")}, b"")
    lines = site.log.read_bytes()
    assert lines.startswith(b'{"cut\n{')
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in lines)


def test_a_write_that_was_interrupted_is_recorded_as_unknown(site):
    """It may have been published; the log does not claim to know."""
    site.gate.answers = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert [(told["event"], told.get("outcome")) for told in site.told] == [("began", None), ("ended", "unknown")]


def test_strangers_do_not_fill_the_disk(site):
    """Of those who may not write, twenty in a minute are told, and how many more there were; of others every one."""
    secret, site.secret = site.secret, None
    for _ in range(30):
        assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 401
    assert len(site.told) == 20
    site.secret = secret
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    assert site("POST", "/update", {"Content-Type": "text/plain"}, b"").status_code == 415
    site.secret, site.now = None, site.now + timedelta(minutes=1)
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert [(told["event"], told.get("untold")) for told in site.told[20:]] == [
        ("began", None), ("ended", None), ("refused", 10), ("refused", None),
    ]  # fmt: skip


def test_a_disk_that_takes_a_part_of_a_line(site, monkeypatch):
    """What was there stays as it was, without the part, and nothing is written."""
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    before, write = site.log.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, line: write(handle, line[:7] if b"began" in line else line))
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 503
    told = site.log.read_bytes().removeprefix(before)
    assert json.loads(told)["event"] == "refused"
    assert len(site.gate.asked) == 1


def test_observers_are_told_of_writes(opened):
    """Kind and outcome, for counts and the access log, whatever became of it; what never came to the gate has none."""
    seen, metrics = [], Metrics()
    site = opened(observers=[seen.append, metrics.observe], parts=[metrics.router])
    site.token()
    site.gate.answers = [Written(outcome=WriteOutcome.BUSY), asyncio.CancelledError()]
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    with pytest.raises(asyncio.CancelledError):
        site("PUT", "/graph/a", {"Content-Type": "text/turtle"}, b"")
    site("POST", "/update", {"Content-Type": "text/plain"}, b"")
    runs = [exchange.write and (exchange.write.kind, exchange.write.outcome) for exchange in seen]
    assert runs == [("update", "busy"), ("put-graph", "unknown"), None]
    told = json.loads(line(seen[0], datetime(2026, 11, 1, tzinfo=UTC)))
    assert (told["write"], told["outcome"]) == ("update", "busy")
    counted = site("GET", "/metrics").text
    assert 'kg_writes_total{kind="update",outcome="busy"} 1.0' in counted
    assert 'kg_writes_total{kind="put-graph",outcome="unknown"} 1.0' in counted
    assert "kg_write_seconds_count 2.0" in counted
