"""What a writer leaves behind: a version, or nothing."""

from __future__ import annotations

import os

import pytest
from pyoxigraph import Store

from kg.model.errors import StoreError
from kg.store import Facts, Start, VersionStore, replace_page, retract_page, write_graphs

FACTS = Facts(inputs={"pages": "a"}, shapes="s", code="0.1.0")


class SourceGoneError(Exception):
    """Stands for any error of the code that uses a writer."""


def test_a_writer_that_does_not_publish_leaves_nothing(three_versions):
    """Leaving the block without publish removes the staging folder and keeps CURRENT."""
    with three_versions.writer("tests") as writer:
        writer.store.extend([])
        assert [inner.name for inner in three_versions.path.glob("staging-*")]
    assert not list(three_versions.path.glob("staging-*"))
    assert three_versions.current().name == "v3"


def test_an_error_in_the_block_comes_through(three_versions):
    """An error of the caller's own is raised as it is; nothing is published."""
    with pytest.raises(SourceGoneError), three_versions.writer("tests"):
        raise SourceGoneError
    assert not list(three_versions.path.glob("staging-*"))
    assert three_versions.current().name == "v3"


def test_an_error_of_the_pages_comes_through_a_write(store, a_page):
    """What the iterator of pages raises in the middle of a load reaches the caller unchanged."""

    def pages():
        yield a_page("report/r1")
        raise SourceGoneError

    with pytest.raises(SourceGoneError), store.writer("tests") as writer:
        write_graphs(writer.store, (), pages())


def test_a_full_disk_in_the_block_is_a_store_error(three_versions):
    """An OSError that leaves the block is a StoreError that names the store."""
    with pytest.raises(StoreError, match=r"kg-store: .*No space left"), three_versions.writer("tests"):
        raise OSError(28, "No space left on device")
    assert three_versions.current().name == "v3"


def test_repeating_a_build_makes_no_version(store, publish, a_page, a_label):
    """The same content, inputs and shapes give the current version back, however the quads came in."""
    pages = [a_page("report/r1", a_label("b", "Body")), a_page("report/r2", a_label("b", "Body"))]
    first = publish(store, pages)
    assert publish(store, pages[::-1]) == first
    assert [version.name for version in store.versions()] == ["v1"]
    assert not list(store.path.glob("staging-*"))


@pytest.mark.parametrize("change", [{"inputs": {"pages": "b"}}, {"shapes": "t"}])
def test_other_inputs_or_shapes_make_a_version(store, change):
    """The same content from other inputs, or checked against other shapes, is a new version."""
    facts = {"inputs": {"pages": "a"}, "shapes": "s", "code": "0.1.0"}
    for given in (facts, {**facts, **change}):
        with store.writer("tests") as writer:
            version = writer.publish(Facts(**given))
    assert version.name == "v2"
    assert version.manifest.digest == store.version("v1").manifest.digest


def test_a_damaged_version_is_replaced_by_the_same_content(store, publish, a_page):
    """A rebuild heals a store whose current version is damaged, although nothing changed."""
    pages = [a_page("report/r1")]
    publish(store, pages)
    second = publish(store, pages, inputs="other")
    (second.path / "manifest.json").unlink()
    publish(store, pages)
    assert (store.current().name, store.current().fallback_from) == ("v3", None)


def test_a_store_with_nothing_whole_is_healed_by_a_build(store, publish, a_page):
    """Where no version holds, a build publishes the next one."""
    version = publish(store, [a_page("report/r1")])
    (version.path / "manifest.json").unlink()
    assert publish(store, [a_page("report/r1")]).name == "v2"
    assert store.current().name == "v2"


def test_a_writer_starts_empty_unless_told(three_versions):
    """By default a build begins from nothing."""
    with three_versions.writer("tests") as writer:
        assert len(writer.store) == 0
        assert writer.current.name == "v3"


def test_a_writer_can_start_from_the_current_version(three_versions, a_page, a_label):
    """Changing the current version's content makes a new version and leaves the old one as it was."""
    before = set(three_versions.current().open())
    page = a_page("report/new", a_label("n", "New body"))
    with three_versions.writer("tests", Start.CURRENT) as writer:
        assert set(writer.store) == before
        replace_page(writer.store, page)
        writer.publish(FACTS)
    assert set(three_versions.version("v3").open()) == before
    assert three_versions.current().manifest.counts.pages == 4
    with three_versions.writer("tests", Start.CURRENT) as writer:
        retract_page(writer.store, page.graph)
        writer.publish(FACTS)
    assert set(three_versions.current().open()) == before
    assert three_versions.current().manifest.digest == three_versions.version("v3").manifest.digest


def test_starting_from_current_in_an_empty_store_starts_empty(store):
    """The first build may ask for the current version: there is none, and it begins from nothing."""
    with store.writer("tests", Start.CURRENT) as writer:
        assert (len(writer.store), writer.current) == (0, None)


def test_a_kept_reference_cannot_reach_a_published_version(store, a_page):
    """Writing to the working store after publication does not touch what was published."""
    with store.writer("tests") as writer:
        kept = writer.store
        write_graphs(kept, (), [a_page("report/r1")])
        version = writer.publish(FACTS)
        before = set(version.open())
        retract_page(kept, a_page("report/r1").graph)
        kept.flush()
        assert len(kept) == 0
    assert set(version.open()) == before
    assert store.current() == version


def test_a_writer_publishes_once(store):
    """Publishing twice is a mistake of the program."""
    with store.writer("tests") as writer:
        writer.publish(FACTS)
        with pytest.raises(RuntimeError, match="already published"):
            writer.publish(FACTS)


def test_a_foreign_folder_is_left_alone(store, publish, a_page):
    """What a writer did not make itself it does not remove, even where its own folders would lie."""
    publish(store, [a_page("report/r1")])
    for foreign in ("staging-area", "versions/v7", "versions/notes"):
        (store.path / foreign).mkdir(parents=True)
        (store.path / foreign / "mine.txt").write_text("mine")
    assert publish(store, [a_page("report/r2")]).name == "v8"
    assert len(list(store.path.rglob("mine.txt"))) == 3


def test_a_place_that_cannot_be_written_is_a_store_error(tmp_path):
    """A file where the store's folder should be is a StoreError."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"), VersionStore(tmp_path / "file").writer("tests"):
        pass


def test_a_published_version_opens_in_pyoxigraph_itself(store, publish, a_page):
    """`Version.data` is a plain pyoxigraph folder."""
    version = publish(store, [a_page("report/r1")])
    assert len(Store.read_only(str(version.data))) == len(version.open())


def test_what_may_be_done_without_fails_in_silence(store, monkeypatch):
    """A file that only speeds up the next build is no failure of the version that was published before it."""
    with store.writer("tests") as writer:
        version = writer.publish(Facts(inputs={}, shapes="", code=""))
        writer.keep("DIGESTS", ["old"])
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", _fails)
            writer.keep("DIGESTS", ["new"])
    assert store.current().name == version.name
    assert (store.path / "DIGESTS").read_text() == "old"


def _fails(*_):
    raise OSError(28, "No space left on device")
