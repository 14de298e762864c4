"""`kill -9` at any moment of a command that changes a store leaves the old or the new, and the next start no trace.

15 kills are part of every run of the tests; `make soak` runs 200. Moments are chosen by a seed, which is printed:
KG_SOAK_SEED and KG_SOAK_KILLS choose others.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest

SEED = os.environ.get("KG_SOAK_SEED", "267")
KILLS = int(os.environ.get("KG_SOAK_KILLS", "200"))
#: The calls that a moment is chosen from; the engine writes too often to be stopped each time.
CALLS = ["sync", "rename", "link", "other"]
#: How many of the 15 fall into each act.
USUAL = {
    "first build": 2, "full build": 3, "changed page": 3, "publication": 3, "prune": 2, "rollback": 1, "release": 1,
}  # fmt: skip


def told(line):
    """Says what is done: shown when a test fails, and by `make soak`."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def moment(act, chance):
    """When to kill: at a call that changes the disk, or after a time; with the workers or without."""
    alone = chance.random() < 0.5
    if act.usual.watched and chance.random() < 0.5:
        number = sum(act.usual.counts[kind] for kind in CALLS)
        at = chance.randint(max(int(act.window * number), 1), number)
        return {"calls": CALLS, "at": at, "act": "kill", "alone": alone}
    return {"after": round(act.usual.seconds * chance.uniform(act.window, 1.0), 4), "alone": alone}


def killed(trial, kills):
    """So many kills of one act; what was shown after them, counted."""
    shown = Counter()
    for _ in range(20 * kills):
        if sum(shown.values()) - shown["ended before"] == kills:
            return shown
        how = moment(trial.act, trial.chance)
        told(f"  {trial.act.name}: kill {how}")
        ended, found = trial.fails(**how)
        if ended.code == 0:
            shown["ended before"] += 1
            continue
        assert ended.code == -9, ended.err
        shown[found.value] += 1
    raise AssertionError(f"too few moments fell into {trial.act.name}: {shown}")


@pytest.mark.parametrize("name", USUAL)
def test_a_killed_command_leaves_old_or_new(trial, name):
    """Versions and release are those of before or after, whole; what was acknowledged is there; no process is left."""
    one = trial(name, SEED)
    killed(one, USUAL[name])
    one.heal()


@pytest.mark.parametrize("name", ["first build", "changed page", "rollback", "release"])
def test_a_kill_between_the_last_steps_leaves_old_or_new(trial, name):
    """Killed before each of the last renames: those that give a version its name, move CURRENT, and what follows."""
    one = trial(name, SEED)
    if not one.act.usual.watched:
        pytest.skip("this kernel announces no calls (seccomp_unotify)")
    last = one.act.usual.counts["rename"]
    for at in range(max(last - 2, 1), last + 1):
        ended, _ = one.fails(calls=["rename"], at=at, act="kill")
        assert ended.code == -9, ended
    one.heal()


@pytest.mark.soak
def test_many_kills_leave_old_or_new(trial):
    """The same, 200 times."""
    told(f"\nKG_SOAK_SEED={SEED} KG_SOAK_KILLS={KILLS}")
    names = list(USUAL)
    total = Counter()
    for number, name in enumerate(names):
        kills = KILLS * (number + 1) // len(names) - KILLS * number // len(names)
        one = trial(name, f"{SEED} soak")
        shown = killed(one, kills)
        one.heal()
        told(f"{name}: {kills} kills, {dict(shown)}")
        total += shown
    kills = sum(total.values()) - total["ended before"]
    told(f"{kills} kills: {dict(total)}")
    assert kills == KILLS
