"""Replacing a file's text in one step."""

from __future__ import annotations

import os

import pytest

from kg.store.durable import replace_text


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
