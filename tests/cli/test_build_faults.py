"""Builds beside one another, and builds whose pages or workers fail."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.store import VersionStore

LONGEST = 60.0  # seconds that a test waits for what must come


def until(question):
    """What a question gives, once it gives something."""
    last = time.monotonic() + LONGEST
    while time.monotonic() < last:
        if found := question():
            return found
        time.sleep(0.001)
    raise AssertionError("it never came")


def children(process):
    """The processes that a process started."""
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


@contextmanager
def building(kg, *arguments, **variables):
    """A build under way."""
    process = subprocess.Popen(
        kg.command("build", *arguments),
        cwd=kg.folder,
        env=kg.environment(**variables),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def pages(kg, seed):
    """`kg` in a folder with twelve reports in `pages/`."""
    for number in range(12):
        text = seed.replace("No.267", f"No.{300 + number}").replace("(Total 6332)", f"(Total {6400 + number})")
        kg.page(f"pages/{number:02}.txt", text)
    return kg


def test_the_second_of_two_builds_says_who_holds_the_lock(pages):
    """It names the process and its command, ends with exit code 2, and the first one publishes as if alone."""
    with building(pages, "pages", "--jobs", "1") as first:
        lock = pages.folder / "kg-store" / "LOCK"
        until(lambda: lock.exists() and lock.read_text())
        first.send_signal(signal.SIGSTOP)
        second = pages("build", "pages")
        first.send_signal(signal.SIGCONT)
        _, told = first.communicate(timeout=LONGEST)
    assert second.code == 2
    expected = f"kg: kg-store is being written by process {first.pid} (kg build pages); wait for it to end\n"
    assert second.err == expected
    assert first.returncode == 0, told
    assert VersionStore(pages.folder / "kg-store").current().manifest.counts.reports == 12


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGKILL, "the process that read it was ended by SIGKILL"),
        (signal.SIGSTOP, "it was not read within 2 s (setting page_deadline)"),
    ],
    ids=["crashed", "hung"],
)
def test_a_worker_that_crashes_or_hangs_costs_its_page(pages, number, reason):
    """The page is named with the reason, the exit code is 3, and all others are published."""
    with building(pages, "pages", "--jobs", "1", KG_PAGE_DEADLINE="2") as build:
        (worker,) = until(lambda: children(build.pid))
        os.kill(worker, number)
        _, told = build.communicate(timeout=LONGEST)
    assert build.returncode == 3, told
    (line,) = [line for line in told.splitlines() if "unreadable" in line]
    assert line.startswith("pages/")
    assert line.endswith(f".txt: unreadable: {reason}")
    assert VersionStore(pages.folder / "kg-store").current().manifest.counts.reports == 11


def test_a_new_page_that_cannot_be_read_makes_no_version(kg, seed):
    """Alone it changes nothing that is published; the exit code tells of it, each time."""
    kg.page("pages/good.txt", seed)
    kg("build", "pages")
    kg.page("pages/bad.txt", b"\x00\x01")
    for _ in range(2):
        ran = kg("build", "pages")
        assert ran.code == 3
        assert "pages/bad.txt: unreadable: " in ran.err
        assert [version.name for version in VersionStore(kg.folder / "kg-store").versions()] == ["v1"]
    assert not list((kg.folder / "kg-store").glob("staging-*"))
