"""A disk that fails or is full ends a command with an error, and leaves the old or the new; the next start heals it.

The calls that fail are those of the whole run: of Python, of the engine's threads, of the workers. Every run of the
tests takes a few, `make soak` up to KG_SOAK_CALLS of each kind in each command, alone and with all that follow.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from kg.store import VersionStore

SEED = os.environ.get("KG_SOAK_SEED", "267")
ACTS = ("full build", "changed page", "prune", "rollback", "release")
KINDS = ("write", "sync", "rename", "link")
#: Of how many calls of a kind each fails in its turn in a soak; of more, so many are chosen.
CALLS = int(os.environ.get("KG_SOAK_CALLS", "60"))
FULL = 20
STORE_FAILED = 4


@pytest.fixture
def failing(trial):
    """Tries an act; skipped where the kernel announces no calls."""

    def tried(name):
        one = trial(name, SEED)
        if not one.act.usual.watched:
            pytest.skip("this kernel announces no calls (seccomp_unotify)")
        return one

    return tried


def ended_well(ended):
    """An exit code that says what happened, in words of our own."""
    assert ended.code in (0, STORE_FAILED), ended
    assert (ended.code == 0) == (not ended.err.startswith("kg: ")), ended


def fails_at(one, kind, points):
    """Each of these calls of a kind fails, alone or with all of its kind that follow."""
    for number, at in enumerate(points):
        act = "die" if number % 2 else "fail"
        ended, _ = one.fails(calls=[kind], at=at, act=act, error=(errno.EIO, errno.ENOSPC)[number // 2 % 2])
        if kind != "write" or ended.code == STORE_FAILED:
            ended_well(ended)


@pytest.mark.parametrize("name", ACTS)
def test_a_call_that_fails_leaves_old_or_new(failing, name):
    """Of each kind one call fails, and in builds in another run one and all that follow; nothing is half done."""
    one = failing(name)
    runs = 2 if one.act.arguments[0] == "build" else 1
    for kind in KINDS:
        count = one.act.usual.counts[kind]
        fails_at(one, kind, [one.chance.randint(1, count) for _ in range(runs if count else 0)])
    one.heal()


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_call_that_fails_leaves_old_or_new(failing, name, kind):
    """The same for each call in its turn, alone and with all that follow."""
    one = failing(name)
    calls = range(1, one.act.usual.counts[kind] + 1)
    points = sorted(one.chance.sample(calls, CALLS)) if len(calls) > CALLS else calls
    fails_at(one, kind, [at for at in points for _ in range(2)])
    one.heal()
    sys.stdout.write(
        f"{name}: {len(points)} of {len(calls)} calls of kind {kind} failed, alone and with all that follow\n"
    )


@pytest.mark.parametrize("name", ["full build", "changed page"])
def test_a_full_disk_leaves_what_was_published(failing, name):
    """At ten moments of each of two builds there is no room left for another byte: it fails and says so."""
    one = failing(name)
    count = one.act.usual.counts["write"]
    for number in range(FULL // 2):
        at = 1 + number * count * 2 // FULL
        ended, shown = one.fails(calls=["write"], at=at, act="die", error=errno.ENOSPC)
        assert (ended.code, shown.value) == (STORE_FAILED, "old"), ended
        assert "No space left on device" in ended.err
    one.heal()


@pytest.mark.parametrize("limit", [0, 17, 5_000, 66_000, 200_000])
def test_files_that_may_not_grow_leave_what_was_published(trial, limit):
    """With a limit on the size of files, a build fails wherever it first passes it, and says so."""
    one = trial("full build", SEED)
    ended, shown = one.fails(limit=limit)
    assert (ended.code, shown.value) == (STORE_FAILED, "old"), ended
    assert "File too large" in ended.err
    one.heal()


def test_a_disk_without_room_is_told_before_anything_is_written(nursery, act_of, tmp_path):
    """On a small file system a build says how much it needs, and leaves no file behind."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "kg", disk]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root mounts file systems")
    try:
        pages = act_of("first build").base / "pages"
        ended = nursery(tmp_path, ("build", str(pages), "--store", str(disk / "kg-store")))
        assert ended.code == STORE_FAILED
        assert "bytes are free, and a build needs at least 67,108,864; nothing was changed" in ended.err
        assert [inner.name for inner in (disk / "kg-store").iterdir() if inner.name not in ("LOCK", "versions")] == []
        assert VersionStore(disk / "kg-store").damaged() == ()
    finally:
        subprocess.run(["umount", disk], check=True)
