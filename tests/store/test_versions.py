"""Publishing, listing, rolling back, and what is served when something is damaged."""

from __future__ import annotations

import doctest
import os

import pytest

from kg.model.errors import StoreError, StoreMissing, VersionMissing
from kg.store import Facts, versions


def names(store):
    """The published versions' names, the current one with a star."""
    return [version.name + "*" * version.is_current for version in store.versions()]


def spoil(version, name="manifest.json"):
    """Change a byte of a version's file without changing its length."""
    file = version.path / name
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"statements": ', b'"statements":1', 1))
    assert file.read_bytes() != content


def lose_a_file(version):
    """Remove the largest file of a version's data."""
    max(version.data.iterdir(), key=lambda file: file.stat().st_size).unlink()


def cut_a_file(version):
    """Halve the largest file of a version's data, in a copy of its own."""
    file = max(version.data.iterdir(), key=lambda file: file.stat().st_size)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[: len(content) // 2])


def test_a_store_that_was_never_published_says_so(store):
    """Every way of reading a store without versions raises StoreMissing, and makes no files."""
    for read in (store.current, store.versions, store.rollback, lambda: store.version("v1")):
        with pytest.raises(StoreMissing, match="no published version"):
            read()
    assert not store.path.exists()


def test_the_first_version_is_v1(store, publish, a_page, a_label):
    """The first publication is v1, and CURRENT is the text `v1` and a line feed."""
    version = publish(store, [a_page("report/r1", a_label("b", "Body"))])
    assert (version.name, version.number, version.is_current) == ("v1", 1, True)
    assert (store.path / "CURRENT").read_bytes() == b"v1\n"
    assert store.current() == version


def test_nothing_but_versions_and_pointers_remains_after_publishing(three_versions):
    """A store at rest holds its versions, CURRENT and the lock's file."""
    assert sorted(inner.name for inner in three_versions.path.iterdir()) == ["CURRENT", "LOCK", "versions"]
    assert (three_versions.path / "LOCK").read_bytes() == b""


def test_versions_are_listed_oldest_first(three_versions):
    """versions() lists what was published in order and marks the current one."""
    assert names(three_versions) == ["v1", "v2", "v3*"]
    assert three_versions.damaged() == ()


def test_a_manifest_counts_what_the_version_holds(three_versions):
    """The manifest's counts are those of the published files themselves."""
    counts = three_versions.current().manifest.counts
    assert (counts.pages, counts.reports, counts.gaps, counts.named_graphs) == (3, 3, 3, 3)
    data = three_versions.current().open()
    assert counts.statements == sum(1 for quad in data if quad.graph_name.__class__.__name__ == "DefaultGraph")


def test_a_named_version_opens(three_versions):
    """version(name) gives any published version, current or not."""
    assert three_versions.version("v2").manifest.counts.pages == 2
    assert three_versions.version("v3").is_current


@pytest.mark.parametrize("name", ["v4", "v0", "v03", "3", "", "../versions/v1"])
def test_an_unknown_version_is_named_with_those_there_are(three_versions, name):
    """A name that was never published raises VersionMissing, which lists what was."""
    with pytest.raises(VersionMissing, match="published: v1, v2, v3"):
        three_versions.version(name)


def test_a_reader_keeps_what_it_opened(store, publish, a_page, a_label):
    """A store opened before a publication shows the same quads during and after it, also in mid-iteration."""
    publish(store, [a_page("report/r1", a_label("b", "First"))])
    reader = store.current().open()
    before = set(reader)
    rows = reader.quads_for_pattern(None, None, None, None)
    seen = [next(rows)]
    with store.writer("tests") as writer:
        assert set(reader) == before
        writer.publish(Facts(inputs={"pages": "2"}, shapes="", code=""))
        assert store.current().name == "v2"
        assert set(reader) == before
    assert {*seen, *rows} == before
    assert len(store.current().open()) == 0


def test_reading_a_version_changes_none_of_its_files(three_versions):
    """Opening and reading leaves names, sizes and times of a version's files as they were."""
    data = three_versions.current().data

    def state():
        return {file.name: (file.stat().st_size, file.stat().st_mtime_ns) for file in data.iterdir()}

    before = state()
    assert set(three_versions.current().open()) == set(three_versions.current().open())
    assert state() == before


def test_a_store_can_be_moved(three_versions, tmp_path):
    """Nothing in a store depends on where it lies."""
    before = set(three_versions.current().open())
    moved = three_versions.path.rename(tmp_path / "elsewhere")
    store = type(three_versions)(moved)
    assert set(store.current().open()) == before
    assert names(store) == ["v1", "v2", "v3*"]


def test_rolling_back_makes_the_previous_version_current(three_versions):
    """rollback() moves CURRENT one version back and keeps all versions."""
    assert three_versions.rollback().name == "v2"
    assert names(three_versions) == ["v1", "v2*", "v3"]
    assert three_versions.rollback().name == "v1"
    assert names(three_versions) == ["v1*", "v2", "v3"]


def test_rolling_back_to_a_name_goes_either_way(three_versions):
    """rollback(name) goes to any published version, also forward again."""
    assert three_versions.rollback("v1").name == "v1"
    assert three_versions.rollback("v3").is_current
    assert names(three_versions) == ["v1", "v2", "v3*"]


def test_there_is_nothing_before_the_first(store, publish, a_page):
    """rollback() on the first version raises VersionMissing and moves nothing."""
    publish(store, [a_page("report/r1")])
    with pytest.raises(VersionMissing, match="no version before v1"):
        store.rollback()
    assert names(store) == ["v1*"]


def test_a_number_is_never_used_twice(three_versions, publish, a_page):
    """After a rollback the next version is numbered after the highest ever published, and the rolled-back one stays."""
    three_versions.rollback("v1")
    assert publish(three_versions, [a_page("report/other")]).name == "v4"
    assert names(three_versions) == ["v1", "v2", "v3", "v4*"]


@pytest.mark.parametrize("damage", [spoil, lose_a_file, cut_a_file])
def test_a_damaged_version_gives_way_to_an_older_one(three_versions, damage):
    """What is served instead says what it stands in for and why; versions() leaves the damaged one to damaged()."""
    damage(three_versions.version("v3"))
    served = three_versions.current()
    assert (served.name, served.is_current, served.fallback_from.name) == ("v2", True, "v3")
    assert served.fallback_from.reason
    assert names(three_versions) == ["v1", "v2*"]
    assert [damaged.name for damaged in three_versions.damaged()] == ["v3"]
    with pytest.raises(StoreError, match="v3"):
        three_versions.version("v3")


def test_two_damaged_versions_give_way_to_a_third(three_versions):
    """The newest older version that holds is served."""
    lose_a_file(three_versions.version("v3"))
    lose_a_file(three_versions.version("v2"))
    assert three_versions.current().name == "v1"


def test_a_version_that_was_rolled_back_from_is_no_fallback(three_versions):
    """What was given up by a rollback is not served again because the older version is damaged."""
    three_versions.rollback("v2")
    lose_a_file(three_versions.version("v2"))
    assert three_versions.current().name == "v1"


def test_a_store_with_nothing_whole_is_an_error(store, publish, a_page):
    """Where no version holds, reading raises StoreError with the reason."""
    cut_a_file(publish(store, [a_page("report/r1")]))
    with pytest.raises(StoreError, match=r"v1: data/.* bytes; published with .*no older version holds"):
        store.current()


@pytest.mark.parametrize("text", ["", "v", "v0\n", "v3\nv2\n", "\x00\x00\x00"])
def test_an_unreadable_pointer_gives_way_to_the_newest_version(three_versions, text):
    """CURRENT without a version's name does not hide the store; the newest version is served with a note."""
    (three_versions.path / "CURRENT").write_text(text)
    served = three_versions.current()
    assert (served.name, served.fallback_from.name) == ("v3", "CURRENT")
    assert names(three_versions) == ["v1", "v2", "v3*"]


def test_a_lost_pointer_gives_way_to_the_newest_version(three_versions, publish, a_page):
    """A store that has published and lost CURRENT is not taken for an empty one: no version is removed."""
    (three_versions.path / "CURRENT").unlink()
    assert three_versions.current().fallback_from.reason == "CURRENT is missing"
    publish(three_versions, [a_page("report/other")])
    assert names(three_versions) == ["v1", "v2", "v3", "v4*"]


def test_rolling_back_settles_on_what_is_served(three_versions):
    """With a damaged current version, rollback() makes the one that is served anyway the current one."""
    lose_a_file(three_versions.version("v3"))
    target = three_versions.rollback()
    assert (target.name, target.fallback_from) == ("v2", None)
    assert three_versions.current().fallback_from is None


def test_rolling_back_to_a_damaged_version_is_refused(three_versions):
    """CURRENT never moves to a version that does not hold."""
    lose_a_file(three_versions.version("v1"))
    with pytest.raises(StoreError, match="v1"):
        three_versions.rollback("v1")
    assert names(three_versions) == ["v2", "v3*"]


def test_a_failed_rollback_leaves_the_pointer(three_versions, monkeypatch):
    """Whichever disk write of a rollback fails, the version that was current still is."""
    real = os.fsync
    for failing in range(1, 5):
        calls = iter(range(1, 100))

        def fail(handle, calls=calls, failing=failing):
            if next(calls) == failing:
                raise OSError(5, "Input/output error")
            real(handle)

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="Input/output error"):
            three_versions.rollback()
        monkeypatch.setattr(os, "fsync", real)
        assert names(three_versions) == ["v1", "v2", "v3*"]
        (three_versions.path / "NEWEST").unlink(missing_ok=True)
    assert three_versions.rollback().name == "v2"


def test_a_version_whose_files_are_spoilt_inside_says_so_when_opened(three_versions):
    """What RocksDB calls corruption is a StoreError, also where sizes have not changed."""
    version = three_versions.current()
    (version.data / "CURRENT").write_bytes(b"MANIFEST-999999\n")
    with pytest.raises(StoreError):
        version.open()


def test_the_example_in_the_documentation_runs():
    """VersionStore's example does what it shows."""
    assert doctest.testmod(versions).failed == 0
    assert doctest.testmod(versions).attempted > 0
