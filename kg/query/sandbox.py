"""What a worker is kept from, and how: limits, priority, and a barrier between it and everything else.

Each means is tried in the order of its strength, and what is in force is found out by trying what it forbids. Where a
system offers less, the worker still answers, and says what it lacks.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, Final, Self

from kg.query import seccomp

_SET_PARENT_DEATH_SIGNAL: Final = 1
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
_DISCARD: Final = ("127.0.0.1", 9)


class Barrier(Enum):
    """What stands between a worker and the network, strongest first."""

    SECCOMP = "seccomp"  # the kernel refuses the calls that open sockets, run programs and change files
    NAMESPACE = "network-namespace"  # a network of its own, without any interface
    DESCRIPTORS = "descriptors"  # not one more file or socket can be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What is in force in a worker.

    Attributes:
        barrier: what keeps it from the network; None where nothing does but the lexer before it.
        programs: whether it is kept from running programs and from forking.
        files: whether it is kept from changing any file.
        memory: bytes of address space it may use, None where the system sets no such limit.
        processor: seconds of processor time after which one query ends it, None where the system sets no such limit.
        parent: whether it ends with the service, even when that is killed.
        priority: whether it yields to other processes.
    """

    barrier: Barrier | None
    programs: bool
    files: bool
    memory: int | None
    processor: int | None
    parent: bool
    priority: bool

    @property
    def described(self) -> Mapping[str, Any]:
        """The same as JSON holds it."""
        return {**asdict(self), "barrier": self.barrier and self.barrier.value}

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """The sandbox that was described so."""
        barrier = described["barrier"]
        return cls(**{**described, "barrier": None if barrier is None else Barrier(barrier)})

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is not in force, for those who run the service."""
        return tuple(name for name, value in asdict(self).items() if value is None or value is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may use.

    Attributes:
        memory: bytes of address space.
        processor: seconds of processor time for one query.
        niceness: how much it yields to other processes, up to 19.
    """

    memory: int
    processor: int
    niceness: int = 1


def confine(limits: Limits) -> Callable[[Iterable[Barrier]], Sandbox]:
    """Sets the limits that hold while the store is opened; the returned function then closes the worker off.

    The barrier comes second, since under the weakest one no file can be opened any more.
    """
    memory = _limited(resource.RLIMIT_AS, limits.memory)
    _limited(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends its workers itself
    parent = die_with_parent()
    niceness = os.nice(limits.niceness)
    processor = begin_query(limits)

    def close_off(barriers: Iterable[Barrier]) -> Sandbox:
        sizes = _limited(resource.RLIMIT_FSIZE, 0)
        barrier = next((each for each in barriers if _RAISED[each]() and not _reaches_network()), None)
        return Sandbox(
            barrier=barrier,
            programs=barrier is Barrier.SECCOMP and not _runs_programs() and not _forks(),
            files=barrier is Barrier.SECCOMP and sizes and not _changes_files(),
            memory=limits.memory if memory else None,
            processor=limits.processor if processor else None,
            parent=parent,
            priority=niceness > 0,
        )

    return close_off


def go_offline() -> bool:
    """Closes a process off from the network that has to change files; whether the system obeys."""
    machine = seccomp.machine()
    return machine is not None and seccomp.install(machine, seccomp.Reach.FILES) and not _reaches_network()


def begin_query(limits: Limits, seconds: float | None = None) -> bool:
    """Gives the next query its processor time, on top of what this process has used; whether the system obeys.

    Args:
        limits: what any query has.
        seconds: how long this one may run, where that is not the usual time.

    The kernel ends the process with SIGXCPU when it is used up: a second guard behind the service's own deadline.
    """
    given = limits.processor if seconds is None else math.ceil(seconds) + 1
    until = math.ceil(time.process_time()) + given
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    except (OSError, ValueError):
        return False
    return True


def _limited(which: int, most: int) -> bool:
    try:
        resource.setrlimit(which, (most, most))
    except (OSError, ValueError):  # macOS knows the names of limits that it does not set
        return False
    return True


def die_with_parent() -> bool:
    """Has the kernel end this process with its parent; whether it will.

    A parent that was gone before this has closed our standard input, which ends us as well.
    """
    return sys.platform == "linux" and bool(ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL) == 0)


def _filtered() -> bool:
    machine = seccomp.machine()
    return machine is not None and seccomp.install(machine)


def _alone() -> bool:
    if sys.platform != "linux":
        return False
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    return bool(unshare(_NEW_NETWORK) == 0 or unshare(_NEW_NETWORK | _NEW_USERS) == 0)


def _without_descriptors() -> bool:
    """Descriptors that are open stay so; a new one would need a number beyond the limit."""
    free = os.dup(0)
    os.close(free)
    return _limited(resource.RLIMIT_NOFILE, free)


_RAISED: Final[Mapping[Barrier, Callable[[], bool]]] = {
    Barrier.SECCOMP: _filtered,
    Barrier.NAMESPACE: _alone,
    Barrier.DESCRIPTORS: _without_descriptors,
}


def _reaches_network() -> bool:
    """Whether a socket can be opened and has a way even to this machine; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.connect(_DISCARD)
    except OSError:
        return False
    return True


def _runs_programs() -> bool:
    try:
        os.execv("/", ["/"])  # noqa: S606 - a folder: where programs may be run, EACCES says that this is none
    except PermissionError as error:
        return error.errno == errno.EACCES
    except OSError:
        return True


def _forks() -> bool:
    try:
        child = os.fork()
    except PermissionError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def _changes_files() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_WRONLY))
    except PermissionError:
        return False
    return True
