"""The process of a nursery: `python -m kg.query.memory_worker DATA` loads a store, and forks workers as told.

It takes no word from clients. What it forks confines itself as every worker does; the memory that is shared counts as
none of its own.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import get_native_id
from typing import Any, Final

from pyoxigraph import Store

from kg.query.nursery import MOST_TOLD, PID
from kg.query.sandbox import Barrier, Limits, die_with_parent
from kg.query.worker import answer_all

_LARGE: Final = 64 * 1024  # bytes: for so many the C library sorts 10,000 freed pieces first
_SORTED: Final = 2000
_NICER: Final = 15  # how much loading yields to all others


def main() -> None:
    """Loads the store, says how much it holds, then forks until the service closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how its children ended
    die_with_parent()
    line = socket.socket(fileno=os.dup(0))
    store = Store()
    with ThreadPoolExecutor(1) as loader:
        loader.submit(_load, store, sys.argv[1]).result()
    _tidy()
    line.send(json.dumps({"resident": _held(1)}).encode())
    while True:
        told, descriptors, _, _ = socket.recv_fds(line, MOST_TOLD, 1)
        if not told:
            return
        child = os.fork()
        if child == 0:
            line.close()
            os.dup2(descriptors[0], 0)
            os.close(descriptors[0])
            _work(store, json.loads(told))
            os._exit(0)
        os.close(descriptors[0])
        line.send(PID.pack(child))


def _load(store: Store, data: str) -> None:
    """Yields to all others meanwhile. That cannot be taken back, so it is for a thread that ends with this."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICER)
    store.bulk_extend(iter(Store.read_only(data)))


def _tidy() -> None:
    """Puts what was freed in order here, once: each fork would do it for itself, and so copy a sixth of the memory."""
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the GNU C library
    if trim is not None:
        trim(0)
    for _ in range(_SORTED):
        bytearray(_LARGE)


def _work(store: Store, told: dict[str, Any]) -> None:
    limits = Limits(memory=told["memory"] + _held(0), processor=told["processor"], niceness=told["niceness"])
    answer_all(lambda: store, limits, [Barrier(each) for each in told["barriers"]], told["base"])


def _held(column: int) -> int:
    """Bytes of addresses (0) or of memory (1) that this process has."""
    return int(Path("/proc/self/statm").read_bytes().split()[column]) * resource.getpagesize()


if __name__ == "__main__":
    main()
