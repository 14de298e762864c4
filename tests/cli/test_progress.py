"""How far long work is: a bar on a terminal, lines elsewhere, objects for programs, nothing on request."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import time

import pytest

from kg.cli.buildlog import json_log
from kg.cli.progress import counting, progress
from kg.summary import Summary

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def pages(kg):
    """`kg` in a folder with the five example pages, and nothing that is none."""
    kg.examples().rename(kg.folder / "pages")
    (kg.folder / "pages" / "README.md").unlink()
    return kg


def on_terminal(kg, *arguments):
    """What a command shows on a terminal, without its control sequences, and its exit code."""
    ours, theirs = pty.openpty()
    environment = kg.environment(TERM="xterm", COLUMNS="160")
    with subprocess.Popen(kg.command(*arguments), cwd=kg.folder, env=environment, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
    os.close(ours)
    return CONTROL.sub("", shown.decode()), run.returncode


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody has the other end any more
        return b""


def test_a_terminal_shows_pages_speed_findings_and_time_left(pages):
    """The bar counts to the last page, then says that all pages are judged together."""
    shown, code = on_terminal(pages, "build", "pages")
    assert code == 0
    assert re.search(r"Reading +\S+ +0/5 pages +0 statements/s, 0 findings", shown), shown
    assert re.search(r"All together +\S+ +5/5 pages +[\d,]+ statements/s, 0 findings +0:00:00 left", shown), shown
    assert "version v1 in kg-store" in shown


@pytest.mark.parametrize("command", [("build", "pages"), ("check", "pages")])
def test_quiet_shows_nothing_on_a_terminal(pages, command):
    """Neither a bar nor words, where nothing is wrong."""
    assert on_terminal(pages, *command, "--quiet") == ("", 0)


def test_a_pipe_gets_no_bar(pages):
    """A build that is over before half a minute tells only what came of it."""
    told = pages("build", "pages").err
    assert "\x1b" not in told
    assert "statements/s" not in told
    assert told.count("\n") == 2


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by what is added to it."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_pipe_gets_a_line_every_half_minute(clock, capsys):
    """It tells pages of all pages, statements a second, findings, and the time left."""
    summary = Summary()
    with progress(lambda: 1200, quiet=False) as listen:
        for seconds in (29, 1, 1, 29):
            clock.now += seconds
            summary.reports += 100
            summary.statements += 9000
            listen("page.txt", summary)
    assert capsys.readouterr().err.splitlines() == [
        "200 of 1,200 pages, 600 statements/s, 0 findings, 2.5 min left",
        "400 of 1,200 pages, 600 statements/s, 0 findings, 2.0 min left",
    ]


def test_programs_get_an_object_every_few_seconds(clock, capsys):
    """It tells the same in numbers."""
    summary = Summary()
    with json_log(lambda: 40) as listen:
        clock.now += 5
        summary.reports, summary.statements = 10, 900
        listen("page.txt", summary)
        listen("page.txt", summary)
    (told,) = map(json.loads, capsys.readouterr().err.splitlines())
    expected = {
        "event": "progress", "source": "page.txt", "seconds": 5.0, "of_pages": 40, "statements_per_second": 180,
        "seconds_left": 15, "pages": 10, "statements": 900,
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("arguments", "event", "code"),
    [
        (("pages",), "done", 0),
        (("pages", "--dry-run"), "planned", 0),
        (("nowhere",), "error", 3),
        (("nowhere", "--dry-run"), "error", 3),
    ],
)
def test_every_line_of_a_log_is_an_object(pages, arguments, event, code):
    """Whatever comes of a build, also an error that ends it; nothing else is written."""
    ran = pages("build", *arguments, "--log-json")
    told = [json.loads(line) for line in ran.err.splitlines()]
    assert (told[-1]["event"], ran.code, ran.out) == (event, code, b"")
    if event == "error":
        assert told[-1]["message"] == "nowhere: there is no such file or folder"
        assert (told[-1]["kind"], told[-1]["exit_code"]) == ("SourceError", 3)


def test_counting_tells_nothing_to_a_pipe(capsys):
    """A log wants no bars."""
    with counting("Reading v1", "graphs", 3) as listen:
        listen(3)
    assert capsys.readouterr().err == ""
