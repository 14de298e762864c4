"""One writer at a time, across processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from kg.model.errors import StoreLocked

HOLD = """
import sys
from pathlib import Path
from kg.store import VersionStore
with VersionStore(Path(sys.argv[1])).writer("kg build examples"):
    print("held", flush=True)
    sys.stdin.read()
"""
HOLD_AND_FORK = """
import os, signal, sys
from pathlib import Path
from kg.store import VersionStore
with VersionStore(Path(sys.argv[1])).writer("kg build examples"):
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        signal.pause()
    sys.stdin.read()
"""


@contextmanager
def holder(script, path):
    """Run a script that takes the lock; gives the process and the first line it says, and kills it at the end."""
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_the_second_writer_is_told_who_holds_the_lock(store):
    """StoreLocked names the holder's process and command; its staging folder is left alone."""
    with holder(HOLD, store.path) as (process, _):
        with pytest.raises(StoreLocked, match=rf"process {process.pid} \(kg build examples\)"), store.writer("tests"):
            pass
        assert [inner.name for inner in store.path.glob("staging-*")] == [f"staging-{process.pid}"]


def test_the_lock_of_a_killed_process_is_free(store):
    """SIGKILL frees the lock at once, and the next writer removes what was left."""
    with holder(HOLD, store.path) as (process, _):
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert list(store.path.glob("staging-*"))
    with store.writer("tests"):
        assert [inner.name for inner in store.path.glob("staging-*")] == [f"staging-{os.getpid()}"]


def test_a_forked_child_does_not_keep_the_lock(store):
    """A child forked while the lock was held does not hold it after its parent's death."""
    with holder(HOLD_AND_FORK, store.path) as (process, child):
        process.kill()
        process.wait()
        try:
            with store.writer("tests"):
                os.kill(int(child), 0)
        finally:
            os.kill(int(child), signal.SIGKILL)


def test_a_store_that_is_being_written_cannot_be_rolled_back(three_versions):
    """rollback() needs the lock too."""
    with (
        three_versions.writer("kg build pages"),
        pytest.raises(StoreLocked, match=rf"process {os.getpid()} \(kg build pages\)"),
    ):
        three_versions.rollback()
    assert three_versions.rollback().name == "v2"


def test_reading_needs_no_lock(three_versions):
    """Versions are listed and opened while a build is under way."""
    with three_versions.writer("tests"):
        assert len(three_versions.current().open()) > 0
        assert len(three_versions.versions()) == 3


def test_a_command_of_several_lines_is_told_in_one(store):
    """The lock's file is one line, whatever the command."""
    with store.writer("kg build\n  pages"), pytest.raises(StoreLocked, match=r"\(kg build pages\)"), store.writer("x"):
        pass


def test_a_disk_that_fails_as_the_lock_is_let_go_undoes_nothing(three_versions, monkeypatch):
    """The name of the holder stays in the file; what was done under the lock is told as done."""
    real, calls = os.ftruncate, []

    def fails(*args):
        calls.append(args)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(*args)

    monkeypatch.setattr(os, "ftruncate", fails)
    assert three_versions.rollback().name == "v2"
    assert len(calls) == 2
    assert three_versions.rollback("v3").name == "v3"
