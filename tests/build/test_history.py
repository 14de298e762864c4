"""The versions of a store side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import Builder, Manner
from kg.build.history import Unit, history
from kg.store.digest import Scheme

SEED = (Path(__file__).parents[2] / "examples" / "drc-2021-267.txt").read_bytes()


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """One page; then the same with another name in it, and one that is no report."""
    folder = tmp_path_factory.mktemp("history")
    (folder / "pages").mkdir()
    builder, told = Builder(base="http://127.0.0.1:8000/"), []
    for pages in ({"a": SEED}, {"a": SEED.replace(b"Japan", b"Korea"), "b": b"Flour and eggs.\n"}):
        for name, payload in pages.items():
            (folder / "pages" / f"{name}.txt").write_bytes(payload)
        told.append(builder.build([folder / "pages"], folder / "store", Manner(), lambda *_: None).version)
    return told


def test_pages_are_compared_by_all_that_they_say(versions):
    """One changed, and one came that states nothing."""
    _, second = history(versions)
    assert (second.changes.unit, second.changes.added, second.changes.changed) == (Unit.PAGE, 1, 1)


def test_pages_are_not_compared_by_digests_of_two_schemes(versions):
    """Every page would seem to have changed; their graphs' digests mean the same in both."""
    before, after = versions
    older = replace(before, manifest=replace(before.manifest, scheme=Scheme.LINES))
    _, second = history([older, after])
    assert (second.changes.unit, second.changes.added, second.changes.changed) == (Unit.GRAPH, 0, 1)
