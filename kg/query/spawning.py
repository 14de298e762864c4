"""How processes that answer are started: clean, by a socket, with a C library that keeps memory at hand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

# The C library sets 64 MiB of addresses aside for each thread that allocates. The engine opens a store with up to 16
# threads, so that under the cap on address space one now and then could not start, and the worker died; one shared
# arena takes 200 MiB in all where there were 460. Huge pages, and more freed pieces at hand, take a tenth off the
# processor time of a query; a C library that does not know these words passes over them.
_ARENAS: Final = {"MALLOC_ARENA_MAX": "1"}
_ALLOCATION: Final = {**_ARENAS, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=4000"}
#: What forks share they copy where they write. Pieces at hand are taken from all over the memory, and written to; huge
#: pages are taken apart.
SHARED: Final = {**_ARENAS, "GLIBC_TUNABLES": "glibc.malloc.tcache_count=100"}


def spawned(
    command: Sequence[str],
    *,
    kind: socket.SocketKind = socket.SOCK_STREAM,
    allocation: Mapping[str, str] = _ALLOCATION,
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A process with this command line, and our end of the socket that is its standard input.

    It is told where code lies and little more.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    with theirs:
        process = subprocess.Popen(  # noqa: S603  (our own module, run by our own interpreter)
            command,
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={"PYTHONPATH": code_path(), **allocation},
        )
    return process, ours


def code_path() -> str:
    """Where code lies, for processes that start clean."""
    return os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
