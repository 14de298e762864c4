"""A wire between two processes: values pass whole, each behind its length.

Those of `multiprocessing` do the same. A page's statements have 150 kB, which they copy once more as they come, and
they make a selector for each wait: together 60 µs a page.
"""

from __future__ import annotations

import pickle
import select
import socket
from collections.abc import Iterable
from typing import Any, Final

_LENGTH: Final = 8  # bytes
_MILLISECONDS: Final = 1000


class Wire:
    """One end of a wire, which pickles what is sent: only processes of one program should hold its ends."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    @classmethod
    def pair(cls) -> tuple[Wire, Wire]:
        """Both ends."""
        one, other = socket.socketpair()
        return cls(one), cls(other)

    @property
    def number(self) -> int:
        """The file descriptor."""
        return self._end.fileno()

    def send(self, value: object) -> None:
        """Sends a value; waits while the wire is full.

        Raises:
            OSError: nobody holds the other end.
        """
        told = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._end.sendall(len(told).to_bytes(_LENGTH))
        self._end.sendall(told)

    def receive(self) -> Any:  # noqa: ANN401 - whatever was sent
        """The next value; waits for it.

        Raises:
            EOFError: nobody holds the other end.
            OSError: the same, where something sent was not yet read.
        """
        return pickle.loads(self._exactly(int.from_bytes(self._exactly(_LENGTH))))  # noqa: S301 - from a fork of ours

    def close(self) -> None:
        """Lets go of this end."""
        self._end.close()

    def _exactly(self, size: int) -> bytes:
        read = self._end.recv(size, socket.MSG_WAITALL)
        while len(read) < size:  # a signal came meanwhile, or the end
            more = self._end.recv(size - len(read), socket.MSG_WAITALL)
            if not more:
                raise EOFError
            read += more
        return read


def ready(wires: Iterable[Wire], seconds: float) -> frozenset[int]:
    """The numbers of those wires on which something came or that ended; waits for one, but no longer."""
    waiting = select.poll()
    for wire in wires:
        waiting.register(wire.number, select.POLLIN)
    return frozenset(number for number, _ in waiting.poll(seconds * _MILLISECONDS))
