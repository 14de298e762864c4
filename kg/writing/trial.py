"""One write in a process of its own: whatever it reads and however it ends, it costs that write alone.

The process is a fork of the writer, which has loaded all it needs and never opens a store: the engine's threads are no
part of a fork. It may die at any step. What it published is found in the store; what it did not is as if never begun.
"""

from __future__ import annotations

import math
import os
import select
import signal
import time
from typing import Final, NoReturn

from kg.model.writes import Write, WriteOutcome, Written
from kg.query.messages import LENGTHS, unpacked_header
from kg.query.sandbox import Limits, confine, go_offline
from kg.writing.gate import Gate
from kg.writing.messages import read_written, written_frame

#: Signals that a process gets for what it does itself: a parser's stack overflows, or the engine gives up.
_OWN_FAULT: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGTRAP})
_PIECE: Final = 65536
_ATTEMPTS: Final = 2


def tried(gate: Gate, write: Write, mark: str) -> Written:
    """What became of a write; where its process was ended by another one, it is tried once more."""
    for _ in range(_ATTEMPTS):
        answer, status = _run(gate, write, mark)
        told = answer or gate.told(mark)
        if told:
            return told
        if status != -signal.SIGKILL:
            return gate.failed(*_fault(status, gate.options.deadline))
    return gate.failed(WriteOutcome.FAILED, "the process of this write was ended twice from outside; try again")


def _fault(status: int | None, deadline: float) -> tuple[WriteOutcome, str]:
    """Why a write's process gave no answer, by how it ended; None for one that took too long."""
    if status is None or status == -signal.SIGXCPU:
        return WriteOutcome.TIMED_OUT, f"the write took more than {deadline:g} s, and was stopped"
    if -status in _OWN_FAULT:
        return WriteOutcome.TOO_LARGE, "the write ended its process: it nests deeper than a process can bear"
    return WriteOutcome.FAILED, "the process of this write failed; the server's log says where"


def _run(gate: Gate, write: Write, mark: str) -> tuple[Written | None, int | None]:
    """The answer, and how the process ended: None where it took too long, below 0 the signal that ended it."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _answer(gate, write, mark, writing)
    os.close(writing)
    try:
        told = _read(reading, time.monotonic() + gate.options.deadline + gate.options.patience)
    finally:
        os.close(reading)
    if told is None:
        os.kill(process, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return (_answered(told), status) if told is not None else (None, None)


def _answer(gate: Gate, write: Write, mark: str, writing: int) -> NoReturn:
    """Applies the write, says what became of it, and ends this process."""
    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        confine(Limits(memory=gate.options.memory, processor=math.ceil(gate.options.deadline)))
        go_offline()
        try:
            written = gate.apply(write, mark)
        except MemoryError:
            written = gate.failed(WriteOutcome.TOO_LARGE, "the write needs more memory than a process may have")
        left = memoryview(written_frame(written))
        while left:
            left = left[os.write(writing, left) :]
        code = 0
    except BaseException:  # noqa: BLE001 - it is told, and ends this process, which must not go on as its parent
        _tell_fault()
    finally:
        os._exit(code)


def _tell_fault() -> None:
    import sys  # noqa: PLC0415 - where nothing fails, neither is needed
    import traceback  # noqa: PLC0415 - as above

    traceback.print_exc()
    sys.stderr.flush()


def _read(reading: int, until: float) -> bytes | None:
    """All that comes until the other end is closed; None where that takes too long."""
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        piece = os.read(reading, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def _answered(told: bytes) -> Written | None:
    """The answer that was read; None where it breaks off."""
    if len(told) < LENGTHS.size:
        return None
    header, _ = LENGTHS.unpack(told[: LENGTHS.size])
    written = told[LENGTHS.size :]
    return read_written(unpacked_header(written[:header])) if len(written) >= header else None
