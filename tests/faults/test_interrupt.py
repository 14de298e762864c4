"""Ctrl-C at any moment leaves the old or the new, and nothing to be tidied up."""

from __future__ import annotations

import pytest

CALLS = ["sync", "rename", "link", "other"]
INTERRUPTED, TERMINATED = 130, 143


def staging(folder):
    """What a build has under way, or left."""
    return [inner.name for inner in (folder / "kg-store").iterdir() if "staging" in inner.name]


@pytest.mark.parametrize(
    ("name", "act", "code"),
    [
        ("first build", "interrupt", INTERRUPTED),
        ("full build", "interrupt", INTERRUPTED),
        ("changed page", "interrupt", INTERRUPTED),
        ("changed page", "terminate", TERMINATED),
        ("release", "interrupt", INTERRUPTED),
    ],
)
def test_an_interrupted_command_leaves_nothing_half_done(trial, name, act, code):
    """It ends with its own exit code and no traceback, removes what it made, and no process outlives it."""
    one = trial(name, 267)
    if not one.act.usual.watched:
        pytest.skip("this kernel announces no calls (seccomp_unotify)")
    number = sum(one.act.usual.counts[kind] for kind in CALLS)
    moments = one.chance.randint(1, number // 2), one.chance.randint(number // 2, number), number - 8
    for at in moments if name == "first build" else moments[1:]:
        ended, _ = one.fails(calls=CALLS, at=at, act=act)
        assert ended.code in (0, code), ended
        assert "Traceback" not in ended.err
        assert ended.code != INTERRUPTED or ended.err.endswith("kg: interrupted\n")
        assert not staging(one.folder)
        assert {inner.name for inner in one.folder.iterdir()} <= {"pages", "kg-store", "out"}
    one.heal()
