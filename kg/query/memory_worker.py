"""The process of a nursery: `python -m kg.query.memory_worker DATA` loads a store, and forks workers as told.

It takes no word from clients. What it forks confines itself as every worker does; the memory that is shared counts as
none of its own.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kg.query.nursery import MOST_TOLD, PID
from kg.query.sandbox import Barrier, Limits, die_with_parent
from kg.query.worker import answer_all


def main() -> None:
    """Loads the store, says how much it holds, then forks until the service closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how its children ended
    die_with_parent()
    line = socket.socket(fileno=os.dup(0))
    store = Store()
    store.bulk_extend(iter(Store.read_only(sys.argv[1])))
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


def _work(store: Store, told: dict[str, Any]) -> None:
    limits = Limits(memory=told["memory"] + _held(0), processor=told["processor"], niceness=told["niceness"])
    answer_all(lambda: store, limits, [Barrier(each) for each in told["barriers"]], told["base"])


def _held(column: int) -> int:
    """Bytes of addresses (0) or of memory (1) that this process has."""
    return int(Path("/proc/self/statm").read_bytes().split()[column]) * resource.getpagesize()


if __name__ == "__main__":
    main()
