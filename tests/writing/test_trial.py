"""The process of one write: how it ends is told, and it has no way to the network."""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
from types import SimpleNamespace

import pytest

from kg.model.writes import Write, WriteKind, WriteOutcome, Written
from kg.writing.trial import tried

WRITE = Write(kind=WriteKind.UPDATE)
GIB = 1024**3


class Stub:
    """A gate that does as it is told in the process of a write."""

    def __init__(self, does, published=None):
        self.options = SimpleNamespace(deadline=1.0, patience=0.0, memory=4 * GIB)
        self.does, self.published = does, published

    def apply(self, write, mark):
        """What it was made to do."""
        return self.does(write, mark)

    def failed(self, outcome, reason):
        """An answer where nothing was published."""
        return Written(outcome=outcome, reason=reason)

    def told(self, mark):  # noqa: ARG002 - as a gate has it
        """What the store knows of an asking."""
        return self.published


def ended_by(sign):
    """Ends the process that it runs in, which says no more of it: it is meant."""

    def end(*_):
        faulthandler.disable()
        os.kill(os.getpid(), sign)

    return end


def test_the_answer_comes_back():
    """Whole, with its findings and its words."""
    answer = Written(outcome=WriteOutcome.REFUSED, version="v3", reason="wörds", line=2, column=3)
    assert tried(Stub(lambda *_: answer), WRITE, "m") == answer


@pytest.mark.parametrize("sign", [signal.SIGSEGV, signal.SIGABRT])
def test_a_process_that_ends_itself_asked_too_much(sign):
    """That is how a parser ends whose stack overflows."""
    assert tried(Stub(ended_by(sign)), WRITE, "m").outcome is WriteOutcome.TOO_LARGE


def test_memory_that_runs_out_is_told():
    """The write asked for too much."""
    assert tried(Stub(lambda *_: bytearray(8 * GIB)), WRITE, "m").outcome is WriteOutcome.TOO_LARGE


def test_a_process_that_takes_too_long_is_ended():
    """By the clock, whatever it waits for."""
    assert tried(Stub(lambda *_: signal.pause()), WRITE, "m").outcome is WriteOutcome.TIMED_OUT


def test_a_fault_of_ours_fails_one_write(capfd):
    """Its traceback stands in the log."""
    assert tried(Stub(lambda *_: 1 // 0), WRITE, "m").outcome is WriteOutcome.FAILED
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_write_whose_process_was_killed_is_tried_again(tmp_path):
    """Once."""
    mark = tmp_path / "been here"

    def killed_once(*_):
        if mark.exists():
            return Written(outcome=WriteOutcome.PUBLISHED)
        mark.touch()
        return os.kill(os.getpid(), signal.SIGKILL)

    assert tried(Stub(killed_once), WRITE, "m").outcome is WriteOutcome.PUBLISHED
    assert tried(Stub(ended_by(signal.SIGKILL)), WRITE, "m").outcome is WriteOutcome.FAILED


def test_what_was_published_before_the_end_is_found():
    """A process that dies between publishing and answering has published."""
    published = Written(outcome=WriteOutcome.PUBLISHED, version="v7")
    assert tried(Stub(ended_by(signal.SIGKILL), published), WRITE, "m") == published


def test_no_write_reaches_the_network():
    """Sockets are refused in the process of a write."""

    def reaching(*_):
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=0.1).close()
        except PermissionError:
            return Written(outcome=WriteOutcome.FORBIDDEN)
        except OSError as error:
            return Written(outcome=WriteOutcome.FAILED, reason=str(error))
        return Written(outcome=WriteOutcome.PUBLISHED)

    assert tried(Stub(reaching), WRITE, "m").outcome is WriteOutcome.FORBIDDEN
