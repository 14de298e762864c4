"""What clients wrote survives builds, rollbacks and the loss of its reasons."""

from __future__ import annotations

import pytest
from desks import BASE, SEED, build, graph, number

from kg.build import Extent
from kg.model.writes import WriteKind, WriteOutcome
from kg.store import VersionStore
from kg.store.verification import verified

FACT = f"<{BASE}id/body/jp-csti> <http://www.w3.org/ns/org#reportsTo> <{BASE}id/body/jp-mext>"


@pytest.mark.parametrize("extent", Extent)
def test_a_build_keeps_what_clients_wrote(desk, extent):
    """Pages and curated facts are published anew, whether every page is read or only what is new."""
    desk.put("notes", f"{FACT} .")
    desk.put_page("drc-2021-268", number(268))
    summary = build(desk.store, {"a.txt": SEED, "b.txt": number(270)}, extent=extent)
    assert summary.reports == 3
    assert desk.ask(FACT)
    assert desk.ask(f"<{BASE}id/report/drc-2021-268> a ?class")
    assert set(desk.current.manifest.deposits) == {"curated/notes.nt", "pages/drc-2021-268.txt"}
    assert not verified(desk.current, lambda _: None).damages


def test_a_build_of_everything_publishes_nothing_new_after_writes(desk):
    """What a write publishes is what a build of all pages and facts would."""
    desk.put("notes", f"{FACT} .")
    desk.put("more", f"{FACT} .")
    desk.put_page("drc-2021-268", number(268))
    desk.write(WriteKind.DELETE_GRAPH, graph("more"))
    desk.put_page("drc-2021-268", number(268) + b"\nMore.\n")
    name = desk.current.name
    assert build(desk.store, {"a.txt": SEED}).version.name == name
    assert build(desk.store, {"a.txt": SEED}, extent=Extent.ALL).version.name == name


def test_facts_that_lost_their_report_are_withheld_and_kept(desk):
    """They come back with the report."""
    note = f'<{BASE}id/report/drc-2021-270> <http://purl.org/dc/terms/available> "2021-11-11"^^<http://www.w3.org/2001/XMLSchema#date>'
    build(desk.store, {"a.txt": SEED, "b.txt": number(270)})
    assert desk.put("notes", f"{note} .").outcome is WriteOutcome.PUBLISHED
    assert build(desk.store, {"a.txt": SEED}).withheld == ["deposit:notes.nt"]
    assert not desk.ask(note)
    assert "curated/notes.nt" in desk.current.manifest.deposits
    assert desk.put("notes", f"{note} .").outcome is WriteOutcome.REFUSED
    place = f"GRAPH <{graph('notes')}>"
    more = f"INSERT {{ {place} {{ {FACT} }} }} WHERE {{ {place} {{ {note} }} }}"
    assert desk.update(more).outcome is WriteOutcome.REFUSED
    build(desk.store, {"a.txt": SEED, "b.txt": number(270)})
    assert desk.ask(note)


def test_a_rollback_brings_back_what_was_written_then(desk):
    """Deposits are part of their version."""
    desk.put("notes", f"{FACT} .")
    desk.write(WriteKind.DELETE_GRAPH, graph("notes"))
    VersionStore(desk.store).rollback()
    assert desk.ask(FACT)
    assert set(desk.current.manifest.deposits) == {"curated/notes.nt"}
    assert desk.put("notes", f"{FACT} .").outcome is WriteOutcome.UNCHANGED


def test_a_deposit_that_was_changed_on_the_disk_is_told(desk):
    """Verification reads deposits too."""
    desk.put("notes", f"{FACT} .")
    (desk.current.path / "deposits/curated/notes.nt").write_text("")
    assert [damage.name for damage in verified(desk.current, lambda _: None).damages] == ["deposits/curated/notes.nt"]


def test_a_write_waits_for_a_build_where_the_ledger_has_another_form(desk, monkeypatch):
    """What older pages add to the digest means something else; nothing is counted on top of it."""
    monkeypatch.setattr("kg.build.ledger._FORMAT", 7_000)
    written = desk.put("notes", f"{FACT} .")
    assert written.outcome is WriteOutcome.FAILED
    assert "build again" in written.reason


def test_a_write_waits_for_a_build_where_rules_changed(desk):
    """What was built by other rules cannot be checked by these."""
    vars(desk.gate.kind)["recipe"] = dict.fromkeys(("ontology", "shapes", "layouts", "authority"), "other")
    written = desk.put("notes", f"{FACT} .")
    assert written.outcome is WriteOutcome.FAILED
    assert "build again" in written.reason
