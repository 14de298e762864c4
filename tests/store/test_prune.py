"""Pruning: the newest versions and the current one stay, and a crash in between loses nothing else."""

from __future__ import annotations

import os
import shutil

import pytest

from kg.model.errors import StoreError, StoreLocked, StoreMissing
from kg.store import Facts, VersionStore


def names(store):
    """The names of all versions that hold."""
    return [version.name for version in store.versions()]


def test_the_newest_versions_stay(three_versions):
    """Of three, keeping two removes the first."""
    assert three_versions.prune(2) == ("v1",)
    assert names(three_versions) == ["v2", "v3"]
    assert three_versions.current().name == "v3"


def test_the_current_version_stays_however_old(three_versions):
    """After a rollback to the first, only the second is too many."""
    three_versions.rollback("v1")
    assert three_versions.prune(1) == ("v2",)
    assert names(three_versions) == ["v1", "v3"]
    assert three_versions.current().name == "v1"


def test_the_last_version_that_holds_stays(three_versions):
    """When the newer ones are damaged, the one that is served instead is kept."""
    for name in ("v2", "v3"):
        (three_versions.path / "versions" / name / "manifest.json").write_text("{}", "utf-8")
    assert three_versions.prune(1) == ("v2",)
    assert three_versions.current().name == "v1"


def test_a_reader_keeps_what_it_opened(three_versions):
    """A store that is open stays whole while its version is removed."""
    opened = three_versions.version("v1").open()
    before = sorted(map(str, opened))
    three_versions.prune(1)
    assert sorted(map(str, opened)) == before


def test_a_number_is_not_given_again_after_pruning(three_versions, publish, a_page):
    """The next version is v4 though only one is left."""
    three_versions.prune(1)
    assert publish(three_versions, [a_page("report/another")]).name == "v4"


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failed_removal_is_finished_by_the_next_writer(three_versions, monkeypatch, failing):
    """Whichever step fails, what is current holds, and the next pruning leaves no trace."""
    calls = []

    def fails(real):
        def call(*args, **kwargs):
            calls.append(args)
            if len(calls) == failing:
                raise OSError(5, "Input/output error")
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", fails(os.rename))
        patch.setattr(os, "fsync", fails(os.fsync))
        patch.setattr(shutil, "rmtree", fails(shutil.rmtree))
        with pytest.raises(StoreError):
            three_versions.prune(1)
    assert three_versions.current().name == "v3"
    three_versions.prune(1)
    assert names(three_versions) == ["v3"]
    assert not list(three_versions.path.glob("staging-*"))


def test_a_build_under_way_is_not_disturbed(three_versions):
    """While a writer is at work, pruning says who it is."""
    with three_versions.writer("kg build"), pytest.raises(StoreLocked, match="kg build"):
        three_versions.prune(1)


def test_nothing_is_kept_of_nothing(tmp_path):
    """A store that does not exist is not made by pruning it."""
    with pytest.raises(StoreMissing):
        VersionStore(tmp_path / "none").prune(1)
    assert not (tmp_path / "none").exists()


def test_a_damaged_version_does_not_keep_those_of_writes(store):
    """Versions of single writes are removed though an older one does not hold; that one stays."""
    for number in range(6):
        with store.writer("a write") as writer:
            facts = Facts(inputs={"number": str(number)}, shapes="", code="", write={"kind": "update"})
            writer.publish(facts)
            if number == 5:
                (store.path / "versions/v2/manifest.json").write_text("{}", "utf-8")
                writer.prune(1)
    assert names(store) == ["v5", "v6"]
    assert [damage.name for damage in store.damaged()] == ["v2"]
