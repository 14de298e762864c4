"""A worker process: `python -m kg.query.worker DATA …` answers queries over its standard input, a socket, one by one.

It shares nothing with the service that started it, holds the store open for reading only, and may be killed any moment.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import Store

from kg.model.errors import QueryError, QueryFailed, QueryRefused
from kg.query.evaluate import answer
from kg.query.messages import LENGTHS, Header, Query, error_frame, frame, unpacked_header

_NICER: Final = 5
_SET_PARENT_DEATH_SIGNAL: Final = 1


def main() -> None:
    """Opens the store, says so, then answers until the service closes the connection."""
    options = _options()
    _confine(options.memory)
    with open(os.dup(0), "rb") as requests, open(os.dup(0), "wb", buffering=0) as answers:  # noqa: PTH123  (descriptors)
        try:
            store = Store.read_only(str(options.data))
        except (OSError, ValueError) as error:
            _send(answers, error_frame(QueryFailed(f"the store in {options.data} cannot be opened: {error}")))
            return
        _send(answers, frame({"ready": os.getpid()}))
        _silence()
        while (request := _receive(requests)) is not None:
            _send(answers, _reply(store, Query.unframe(*request), options.base))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kg.query.worker")
    parser.add_argument("data", type=Path)
    parser.add_argument("--base")
    parser.add_argument("--memory", type=int, required=True)
    return parser.parse_args()


def _confine(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends its workers itself
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _silence() -> None:
    """From here on nothing a query makes the engine print reaches the service's log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _reply(store: Store, query: Query, base: str | None) -> bytes:
    try:
        return answer(store, query, base).frame()
    except (QueryError, QueryRefused) as error:
        return error_frame(error)
    except MemoryError:
        return error_frame(QueryFailed("the query needs more memory than a worker has"))


def _receive(stream: BinaryIO) -> tuple[Header, bytes] | None:
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header, payload = LENGTHS.unpack(lengths)
    return unpacked_header(stream.read(header)), stream.read(payload)


def _send(stream: BinaryIO, message: bytes) -> None:
    left = memoryview(message)
    while left:
        left = left[stream.write(left) :]


if __name__ == "__main__":
    main()
