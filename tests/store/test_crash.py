"""A crash or a failed write at any step leaves the old version or the new one, whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.model.errors import StoreError
from kg.store import VersionStore, content_digest

STEPS = ("fsync", "replace", "rename")
REMOVALS = ("unlink", "rmdir")

GENERATIONS = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from kg.store import Facts, VersionStore

store = VersionStore(Path(sys.argv[1]))
generation = int(sys.argv[2])
print("ready", flush=True)
while True:
    generation += 1
    with store.writer("generations") as writer:
        value = Literal(str(generation))
        predicate = NamedNode("http://example.org/generation")
        subjects = (NamedNode(f"http://example.org/{number}") for number in range(500))
        writer.store.bulk_extend(Quad(subject, predicate, value) for subject in subjects)
        writer.publish(Facts(inputs={"generation": str(generation)}, shapes="", code=""))
    print(generation, flush=True)
"""


class Disk:
    """The file system's calls, counted; the one chosen fails, and with `dies` every one after it as well."""

    def __init__(self, monkeypatch):
        self.calls = 0
        self.failing = 0
        self.dies = False
        for name in (*STEPS, *REMOVALS):
            monkeypatch.setattr(os, name, self._wrapped(getattr(os, name), is_step=name in STEPS))

    def _wrapped(self, real, *, is_step):
        def call(*args, **kwargs):
            self.calls += is_step
            if self.failing and self._fails_now(is_step=is_step):
                raise OSError(5, "Input/output error")
            return real(*args, **kwargs)

        return call

    def _fails_now(self, *, is_step):
        return self.calls >= self.failing if self.dies else is_step and self.calls == self.failing

    def rest(self):
        """Fail no more."""
        self.calls = self.failing = 0


def holds_all(version):
    """Whether a version holds what its manifest says."""
    return content_digest(version.open()) == version.manifest.digest


@pytest.fixture
def disk(monkeypatch):
    """The disk, working."""
    return Disk(monkeypatch)


@pytest.mark.parametrize("dies", [False, True])
def test_a_failure_between_any_two_steps_leaves_old_or_new(store, publish, a_page, disk, dies):
    """For every disk call of a publication: when it fails, alone or with all that follow, the store opens whole.

    When it fails alone, publish raises StoreError and the old version is current. When the disk dies there, as in a
    crash, old or new is current. Either way the next writer removes what was left and publishes.
    """
    publish(store, [a_page("report/old")])
    trial = VersionStore(store.path.with_name("count"))
    shutil.copytree(store.path, trial.path)
    disk.rest()
    publish(trial, [a_page("report/new")])
    steps = disk.calls
    assert steps > 10
    disk.dies = dies
    for failing in range(1, steps + 1):
        trial = VersionStore(store.path.with_name(f"trial-{failing}"))
        shutil.copytree(store.path, trial.path)
        disk.rest()
        disk.failing = failing
        with pytest.raises(StoreError, match="Input/output error"):
            publish(trial, [a_page("report/new")])
        disk.rest()
        current = trial.current()
        assert current.name == "v1" or (dies and current.name == "v2")
        assert current.fallback_from is None
        assert holds_all(current)
        assert publish(trial, [a_page("report/newer")]).number == current.number + 1
        assert [version.name for version in trial.versions()] == [f"v{n + 1}" for n in range(current.number + 1)]
        assert sorted(inner.name for inner in trial.path.iterdir()) == ["CURRENT", "LOCK", "versions"]
        assert len(list((trial.path / "versions").iterdir())) == current.number + 1


@pytest.mark.parametrize("dies", [False, True])
def test_a_failure_in_the_first_publication_leaves_none_or_all(a_page, publish, tmp_path, disk, dies):
    """A first build that fails at any step leaves a store without versions, or with v1; the next build heals it."""
    publish(VersionStore(tmp_path / "count"), [a_page("report/r")])
    steps = disk.calls
    for failing in range(1, steps + 1):
        trial = VersionStore(tmp_path / f"trial-{failing}")
        disk.rest()
        disk.dies, disk.failing = dies, failing
        with pytest.raises(StoreError, match="Input/output error"):
            publish(trial, [a_page("report/r")])
        disk.rest()
        assert not (trial.path / "CURRENT").exists() or holds_all(trial.current())
        assert publish(trial, [a_page("report/r")]).name == "v1"
        assert sorted(inner.name for inner in trial.path.iterdir()) == ["CURRENT", "LOCK", "versions"]


def test_contents_reach_the_disk_before_names(store, publish, a_page, monkeypatch):
    """Every file is synced before its folder gets its name, and that name before CURRENT is replaced."""
    trace = []
    synced, renamed, replaced = os.fsync, os.rename, os.replace

    def fsync(handle):
        trace.append(Path(f"/proc/self/fd/{handle}").readlink())
        synced(handle)

    def rename(*paths):
        trace.append("rename")
        renamed(*paths)

    def replace(*paths):
        trace.append("replace")
        replaced(*paths)

    publish(store, [a_page("report/old")])
    for name, function in (("fsync", fsync), ("rename", rename), ("replace", replace)):
        monkeypatch.setattr(os, name, function)
    version = publish(store, [a_page("report/new")])
    before, after = trace[: trace.index("rename")], trace[trace.index("rename") + 1 :]
    staged = store.path / f"staging-{os.getpid()}" / "version"
    assert {path.relative_to(staged) for path in before} == {
        Path(),
        *(path.relative_to(version.path) for path in version.path.rglob("*")),
    }
    assert after == [store.path / "versions", store.path / "staging-CURRENT", "replace", store.path]


def _seconds_a_generation(store):
    """How long the machine takes now, in another store: moments must fall into the work, however busy it is."""
    command = [sys.executable, "-c", GENERATIONS, f"{store.path}-measured", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        assert process.stdout.readline() == "1\n"
        process.kill()
    return time.monotonic() - begun


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs SIGKILL and processes of its own")
def test_a_killed_writer_leaves_old_or_new(store):
    """SIGKILL at random moments of writing and publishing: the store always opens with one whole generation.

    It is never older than the last one whose publication was reported.
    """
    moments = random.Random(20210915)  # noqa: S311 - moments, not secrets
    last, usual = 0, _seconds_a_generation(store)
    for _ in range(8):
        command = [sys.executable, "-c", GENERATIONS, str(store.path), str(last)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0.0, 3 * usual))
            process.kill()
            reported = [int(line) for line in process.stdout.read().split()]
        if not (store.path / "CURRENT").exists():
            assert not reported
            continue
        version = store.current()
        generation = int(version.manifest.inputs["generation"])
        assert generation >= max([last, *reported])
        assert version.fallback_from is None
        assert holds_all(version)
        assert {quad.object.value for quad in version.open()} == {str(generation)}
        assert version.manifest.counts.statements == 500
        assert store.damaged() == ()
        last = generation
    assert last > 0
    with store.writer("tests"):
        assert [inner.name for inner in store.path.glob("staging-*")] == [f"staging-{os.getpid()}"]
    assert sorted(inner.name for inner in store.path.iterdir()) == ["CURRENT", "LOCK", "versions"]
