"""Commands that change a store, and what the store may be when one of them did not end well."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import pytest

from kg.model.errors import StoreMissing
from kg.store import VersionStore
from kg.store.verification import file_damages, verified

ROOT = Path(__file__).resolve().parents[2]
SEED = "drc-2021-267.txt"
OTHER = "mcrp-2022-14.txt"
SIGNALS = ("interrupt", "terminate")
#: What a store's folder and a version's may hold when nobody writes; DIGESTS can be done without.
ROOMS = {"CURRENT", "NEWEST", "LOCK", "DIGESTS", "versions"}
VERSION = {"data", "manifest.json", "graphs.tsv", "pages.tsv", "build.json"}
TOLD = re.compile(r"told-[0-9]+-[0-9]+\.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: `code` is its exit code, or -9; `counts` are its calls by kind, where they were watched."""

    code: int
    seconds: float
    left: bool
    counts: dict[str, int]
    number: int
    watched: bool
    out: str
    err: str


class Nursery:
    """The process that forks runs of `kg`."""

    def __init__(self, home):
        environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "TMPDIR": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __call__(self, folder, arguments, **how):
        """A run of `kg` in a folder, and how it ended; `how` is told in `nursery.py`."""
        wanted = {"folder": str(folder), "arguments": list(arguments), **how}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self):
        """Ends it."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Shown(Enum):
    """What is shown after a fault; pruning takes versions away one by one."""

    OLD = "old"
    BETWEEN = "between"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a folder shows: the current version, the digest of each version, and the bytes of a release."""

    current: str | None
    versions: dict[str, str]
    release: dict[str, str]

    @classmethod
    def of(cls, folder):
        """What a folder shows now; every file of every version is read, and holds what was published."""
        out = folder / "out"
        files = sorted(out.iterdir()) if out.is_dir() else []
        release = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
        store = VersionStore(folder / "kg-store")
        try:
            current = store.current()
        except StoreMissing:
            return cls(current=None, versions={}, release=release)
        assert current.fallback_from is None
        assert store.damaged() == ()
        versions = store.versions()
        for version in versions:
            assert file_damages(version) == ()
        digests = {version.name: version.manifest.digest for version in versions}
        return cls(current=current.name, versions=digests, release=release)


@dataclass(kw_only=True)
class Act:
    """A command, the folder it begins with, what that shows before and after, and how the command ends usually."""

    name: str
    arguments: tuple[str, ...]
    base: Path
    before: State
    after: State
    usual: Ended
    window: float = 0.0  # the part of its calls that moments are not chosen from


@dataclass(kw_only=True)
class Trial:
    """An act tried again and again in one folder, with something failing each time."""

    nursery: Nursery
    act: Act
    folder: Path
    chance: random.Random
    since: int = 0

    def __post_init__(self):
        shutil.copytree(self.act.base, self.folder)

    def fails(self, **how):
        """Runs the act with a fault; what is shown afterwards is old or new, and what was acknowledged is there."""
        ended = self.nursery(self.folder, self.act.arguments, **how)
        what = f"{self.act.name} {how}: code {ended.code}\n{ended.out}{ended.err}"
        assert not ended.left, f"a process outlived {what}"
        assert "bug in Policy KG" not in ended.err, what
        state = self.state(what)
        shown = self.shown(state)
        assert shown is not Shown.BETWEEN or self.act.name == "prune", what
        if ended.code == 0:
            assert state == self.act.after, f"acknowledged and not there: {what}"
        elif ended.code > 0 and how.get("act") not in ("die", *SIGNALS):
            assert shown is not Shown.NEW or self.act.name == "prune", f"said to have failed, and published: {what}"
        self.since += 1
        if how.get("act") not in SIGNALS and (state != self.act.before or self.since == 5):
            self.heal()
        return ended, shown

    def shown(self, state):
        """Whether a state is that of before or after."""
        if state == self.act.before:
            return Shown.OLD
        return Shown.NEW if state == self.act.after else Shown.BETWEEN

    def state(self, what):
        """What the folder shows: nothing but the old and the new."""
        before, after = self.act.before, self.act.after
        state = State.of(self.folder)
        assert state.current in (before.current, after.current), what
        assert state.release in (before.release, after.release), what
        assert set(state.versions.items()) <= {*before.versions.items(), *after.versions.items()}, what
        assert set(state.versions.items()) >= before.versions.items() & after.versions.items(), what
        return state

    def heal(self):
        """The next start ends the work, and leaves nothing lying about; then all begins anew."""
        ended = self.nursery(self.folder, self.act.arguments)
        assert ended.code == 0, ended.err
        assert State.of(self.folder) == self.act.after
        store = self.folder / "kg-store"
        assert {inner.name for inner in store.iterdir()} <= ROOMS
        assert {inner.name for inner in (store / "versions").iterdir()} == set(self.act.after.versions)
        for version in (store / "versions").iterdir():
            assert {inner.name for inner in version.iterdir() if not TOLD.fullmatch(inner.name)} <= VERSION
        assert (store / "LOCK").read_text() == ""
        assert {inner.name for inner in self.folder.iterdir()} <= {"pages", "kg-store", "out"}
        shutil.rmtree(self.folder)
        shutil.copytree(self.act.base, self.folder)
        self.since = 0


def change(folder, number):
    """Another edition of the first page."""
    text = (ROOT / "examples" / SEED).read_text(encoding="utf-8")
    (folder / "pages" / SEED).write_text(text.replace("(Total 6332)", f"(Total {7000 + number})"), encoding="utf-8")


def with_pages(nursery, folder, versions):
    """A folder with two pages and a store with so many versions of them, of which the newest is not the pages'."""
    (folder / "pages").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / OTHER, folder / "pages")
    for number in range(versions):
        change(folder, number)
        assert nursery(folder, ("build", "pages", "--jobs", "2")).code == 0
    change(folder, versions)


BUILD = ("build", "pages", "--jobs", "2")
#: Each act: how many versions there are at first, its command, and from which part of its calls on moments are chosen.
ACTS: dict[str, tuple[int, tuple[str, ...], float]] = {
    "first build": (0, BUILD, 0.0),
    "full build": (1, (*BUILD, "--all"), 0.0),
    "changed page": (1, BUILD, 0.0),
    "publication": (1, BUILD, 0.9),
    "prune": (3, ("prune", "--keep", "1"), 0.0),
    "rollback": (3, ("rollback", "v2"), 0.0),
    "release": (1, ("release", "out"), 0.0),
}


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """The process that forks runs of `kg`."""
    if not sys.platform.startswith("linux"):
        pytest.skip("processes are adopted and watched as Linux does it")
    process = Nursery(tmp_path_factory.mktemp("home"))
    yield process
    process.close()


@pytest.fixture(scope="session")
def act_of(nursery, tmp_path_factory) -> Callable[[str], Act]:
    """An act by its name, with what it begins with and leads to; made when it is first asked for."""
    made: dict[str, Act] = {}

    @cache
    def folder(versions):
        base = tmp_path_factory.mktemp("base") / "folder"
        with_pages(nursery, base, versions)
        return base

    def act(name):
        if name not in made:
            versions, arguments, window = ACTS[name]
            base = folder(versions)
            goal = tmp_path_factory.mktemp("goal") / "folder"
            shutil.copytree(base, goal)
            usual = nursery(goal, arguments, calls=["write", "sync", "rename", "link", "other"])
            assert usual.code == 0, usual.err
            made[name] = Act(
                name=name, arguments=arguments, base=base, before=State.of(base), after=State.of(goal), usual=usual,
                window=window,
            )  # fmt: skip
            assert verified(VersionStore(goal / "kg-store").current(), lambda _: None).damages == ()
        return made[name]

    return act


@pytest.fixture
def trial(nursery, act_of, tmp_path):
    """Tries an act, by its name, with faults at moments that a seed chooses."""

    def tried(name, seed):
        chance = random.Random(f"{seed} {name}")  # noqa: S311 - moments, not secrets
        return Trial(nursery=nursery, act=act_of(name), folder=tmp_path / name.replace(" ", "-"), chance=chance)

    return tried
