"""What holds for every write: once, in its turn, on the version that was meant, and not too much deleted."""

from __future__ import annotations

import json

import pytest
from desks import BASE, Desk, graph

from kg.model.writes import WriteKind, WriteOutcome
from kg.store import Facts, Start, VersionStore
from kg.writing.history import History

MORE = f"<{BASE}id/body/jp-csti> <http://www.w3.org/ns/org#reportsTo> <{BASE}id/body/jp-mext> ."
LESS = f"<{BASE}id/body/jp-csti> <http://www.w3.org/ns/org#reportsTo> <{BASE}id/body/jp-cabinet-office> ."


def test_a_write_for_another_version_is_stale(desk):
    """The version that is current is told."""
    written = desk.put("notes", MORE, version="v9")
    assert (written.outcome, written.version) == (WriteOutcome.STALE, "v1")
    assert desk.put("notes", MORE, version="v1").outcome is WriteOutcome.PUBLISHED


def test_a_key_is_done_once(desk):
    """The second write of one key gets the answer of the first, also from a gate that was started later."""
    first = desk.put("notes", MORE, idempotency_key="k 1", author="ann")
    desk.put("notes", LESS)
    before = desk.state()
    assert Desk(desk.store).put("notes", MORE, idempotency_key="k 1", author="ann", version="v1") == first
    assert desk.state() == before


def test_a_key_is_its_authors(desk):
    """Two clients may choose one key."""
    desk.put("notes", MORE, idempotency_key="k", author="ann")
    assert desk.put("notes", LESS, idempotency_key="k", author="bob").outcome is WriteOutcome.PUBLISHED


def test_a_key_for_another_write_is_reused(desk):
    """Nothing is published under it."""
    desk.put("notes", MORE, idempotency_key="k")
    before = desk.state()
    assert desk.put("notes", LESS, idempotency_key="k").outcome is WriteOutcome.REUSED
    assert desk.state() == before


def test_the_key_of_what_was_refused_may_be_used_again(desk):
    """Only what was published is remembered."""
    desk.put("notes", "<a> <b>", idempotency_key="k")
    assert desk.put("notes", MORE, idempotency_key="k").outcome is WriteOutcome.PUBLISHED


def test_an_asking_that_was_published_is_not_applied_again(desk):
    """A writer that died before it answered finds the answer in the version."""
    first = desk.put("notes", MORE, mark="one asking")
    desk.write(WriteKind.DELETE_GRAPH, graph("notes"))
    assert desk.put("notes", MORE, mark="one asking") == first
    assert desk.gate.told("one asking") == first
    assert desk.gate.told("another") is None


def test_a_version_says_who_wrote_what(desk):
    """In its manifest and in its record of writes."""
    desk.put("notes", MORE, author="ann")
    told = desk.current.manifest.write
    assert (told["kind"], told["target"], told["author"]) == ("put-graph", graph("notes"), "ann")
    (line,) = (desk.current.path / "writes.jsonl").read_text().splitlines()
    assert json.loads(line)["version"] == desk.current.name
    assert desk.current.manifest.created


def test_a_build_hands_the_record_of_writes_on(desk, monkeypatch):
    """So a key is known after it."""
    monkeypatch.setattr("kg.writing.history.REMEMBERED", 2)
    for number in range(3):
        desk.put("notes", MORE if number % 2 else LESS, idempotency_key=f"k{number}")
    with VersionStore(desk.store).writer("a build") as writer:
        writer.begin(Start.CURRENT)
        writer.publish(Facts(inputs={"pages": "other"}, shapes="", code=""))
    assert len(History.of(desk.current)) == 2


def test_much_may_be_deleted_only_by_who_knows(desk):
    """A page of a store with one page is more than a twentieth; the numbers are told."""
    before = desk.state()
    some = Desk(desk.store, most_deleted=0.0)
    some.put("notes", MORE)
    published = desk.state()
    written = some.write(WriteKind.DELETE_GRAPH, graph("notes"))
    assert written.outcome is WriteOutcome.UNCONFIRMED
    assert "11" in written.reason or "10" in written.reason
    assert desk.state() == published != before
    confirmed = some.write(WriteKind.DELETE_GRAPH, graph("notes"), is_deletion_confirmed=True)
    assert (confirmed.outcome, confirmed.added) == (WriteOutcome.PUBLISHED, 0)
    assert confirmed.removed > 0


def test_a_build_under_way_makes_writers_wait(desk):
    """One that waits too long is told who holds the lock."""
    hasty = Desk(desk.store, patience=0.0)
    with VersionStore(desk.store).writer("kg build"):
        written = hasty.put("notes", MORE)
    assert written.outcome is WriteOutcome.BUSY
    assert "kg build" in written.reason


@pytest.mark.parametrize("keep", [1, 3])
def test_old_versions_of_writes_go_and_those_of_builds_stay(desk, keep):
    """The current one and the one before it stay whatever the number."""
    sparing = Desk(desk.store, kept_versions=keep)
    for number in range(5):
        sparing.put("notes", MORE if number % 2 else LESS)
    names = [version.name for version in VersionStore(desk.store).versions()]
    assert names == ["v1", *(f"v{number}" for number in range(7 - max(keep, 2), 7))]


def test_a_full_disk_leaves_what_is_published(desk, monkeypatch):
    """The answer says what failed."""
    before = desk.state()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.store.writer.sync_tree", full)
    written = desk.put("notes", MORE)
    assert (written.outcome, "No space" in written.reason) == (WriteOutcome.FAILED, True)
    assert desk.state() == before
