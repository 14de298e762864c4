"""A release's folder is there whole, or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from kg.model.errors import StoreError, UsageError
from kg.store.release import Outcome
from kg.store.release.folder import place, staged

DIES = """
import os, signal, sys
from pathlib import Path
from kg.store.release import folder
def dies(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(folder, sys.argv[2], dies)
target = Path(sys.argv[1])
with folder.staged(target) as staging:
    (staging / "graph.ttl").write_text("all of it")
    folder.place(staging, target)
"""


def made(target, text="all of it"):
    """A release of one file."""
    with staged(target) as folder:
        (folder / "graph.ttl").write_text(text)
        return place(folder, target)


@pytest.mark.parametrize("step", ["sha256", "sync_tree", "move_folder"])
def test_a_killed_release_leaves_no_folder_of_that_name(tmp_path, step):
    """Killed while it writes, syncs or just before the last step; the next release needs no repair."""
    target = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", DIES, str(target), step], env={**os.environ}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    assert made(target) is Outcome.WRITTEN
    assert [inner.name for inner in tmp_path.iterdir()] == ["out"]


def test_a_release_that_is_being_written_is_left_alone(tmp_path):
    """What looks like the rest of a dead release may be that of a living one."""
    with staged(tmp_path / "out") as folder:
        made(tmp_path / "out")
        assert folder.is_dir()


def test_an_error_leaves_nothing_behind(tmp_path):
    """What was written so far goes with the error."""
    with pytest.raises(StoreError):
        _fails(tmp_path / "out")
    assert not list(tmp_path.iterdir())


def _fails(target):
    with staged(target) as folder:
        (folder / "graph.ttl").write_text("half of it")
        raise StoreError(str(target), "the disk is full")


def test_a_release_that_was_touched_is_not_taken_for_the_same(tmp_path):
    """One byte changed, a file added or a file gone: it is refused, and left as it is."""
    target = tmp_path / "out"
    made(target)
    assert made(target) is Outcome.SAME
    for harm in (
        lambda: (target / "graph.ttl").write_text("all of iT"),
        lambda: (target / "more.txt").write_text(""),
        (target / "graph.ttl").unlink,
    ):
        harm()
        left = sorted(target.iterdir())
        with pytest.raises(UsageError, match="another release"):
            made(target)
        assert sorted(target.iterdir()) == left


def test_a_release_can_be_read_by_all(tmp_path):
    """A web server of another user can serve it."""
    made(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
