"""Replacing a file's text in one step."""

from __future__ import annotations

import os

import pytest

from kg.store.durable import replace_text, share_file, sync_tree


@pytest.mark.parametrize("before", [None, "old\n"])
@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_failed_replacement_leaves_the_file_as_it_was(tmp_path, monkeypatch, before, failing):
    """Whether the rename fails or the sync of the folder after it, the old text stands, or still no file."""
    path, temporary = tmp_path / "CURRENT", tmp_path / "staging-CURRENT"
    if before is not None:
        path.write_text(before)
    real, calls = getattr(os, failing), []

    def fail(*args):
        calls.append(args)
        if len(calls) == (2 if failing == "fsync" else 1):
            raise OSError(5, "Input/output error")
        return real(*args)

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="Input/output error"):
        replace_text(path, "new\n", temporary=temporary)
    assert (path.read_text() if path.exists() else None) == before


def test_a_replaced_file_has_the_new_text(tmp_path):
    """Afterwards there is the new text and no temporary file."""
    for text in ("v1\n", "v2\n"):
        replace_text(tmp_path / "CURRENT", text, temporary=tmp_path / "staging-CURRENT")
        assert [file.read_text() for file in tmp_path.iterdir()] == [text]


def test_what_is_safe_already_is_not_pushed_to_the_disk_again(tmp_path, monkeypatch):
    """A file that is the very same one in a folder that is safe; new ones, changed ones and folders are pushed."""
    safe, folder = tmp_path / "safe", tmp_path / "new"
    for place in (safe / "inner", folder / "inner"):
        place.mkdir(parents=True)
    (safe / "inner/shared").write_text("old")
    share_file(safe / "inner/shared", folder / "inner/shared")
    for name in ("changed", "inner/changed"):
        (safe / name).write_text("old")
        (folder / name).write_text("old")
    (folder / "added").write_text("new")
    names = {inner.stat().st_ino: inner for inner in (folder, *folder.rglob("*"))}
    pushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: pushed.append(names[os.fstat(handle).st_ino]))
    sync_tree(folder, safe)
    told = [path.relative_to(tmp_path).as_posix() for path in pushed]
    assert told == ["new/added", "new/changed", "new/inner/changed", "new/inner", "new"]


def test_a_file_is_copied_where_there_are_no_links(tmp_path, monkeypatch):
    """As on some network drives."""

    def refused(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "a").write_text("text")
    share_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "text"
