"""A filter of system calls, built here and installed by the kernel's `seccomp`: Linux on x86_64 and aarch64.

The program is classic BPF over `struct seccomp_data` (seccomp(2)). A refused call fails with EPERM, so that whoever
tries it gets an error rather than its end; what remains allowed is all that was allowed before.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

from kg.query.syscalls import (
    CHANGES_AND_PROGRAMS,
    CLONE,
    OPEN,
    OPENAT,
    PRLIMIT64,
    REFUSED,
    SECCOMP,
    TGKILL,
    UNKNOWN,
    Numbers,
)

# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6]
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x45,
    0x06,
)  # BPF_LD|W|ABS, BPF_JMP|JEQ|JGE|JSET, BPF_RET
_ALLOWED: Final = 0x7FFF0000
_ERROR: Final = 0x00050000
_X32_CALLS: Final = 0x40000000  # the same calls once more, under other numbers

_NO_NEW_PRIVILEGES: Final = 38
_SET_FILTER, _ALL_THREADS = 1, 1
_THREAD_FLAG: Final = 0x00010000  # CLONE_THREAD

Instruction = tuple[int, int, int, int]


class Machine(Enum):
    """A kind of processor: which of the two numbers of a call holds, and the kernel's name for its calls."""

    X86_64 = (0, 0xC000003E)
    AARCH64 = (1, 0xC00000B7)

    def number(self, numbers: Numbers) -> int | None:
        """The call's number here, None where there is no such call."""
        return numbers[self.value[0]]


def machine() -> Machine | None:
    """What this interpreter runs on; None where no filter is known for it."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32 or sys.byteorder != "little":
        return None
    return {"x86_64": Machine.X86_64, "aarch64": Machine.AARCH64}.get(platform.machine())


class Reach(Enum):
    """What a confined process still does by itself."""

    NOTHING = "nothing"  # it answers, and changes nothing
    FILES = "files"  # it changes files, and starts readers of files: no network, no other process's memory


def install(on: Machine, reach: Reach = Reach.NOTHING) -> bool:
    """Filters the calls of this process, of all its threads, for good; False where the kernel does not let it."""
    calls = filter_program(on, os.getpid()) if reach is Reach.NOTHING else offline_program(on)
    program = b"".join(struct.pack("<HBBI", *instruction) for instruction in calls)
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    call = on.number(SECCOMP)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or call is None:
        return False
    return bool(library.syscall(ctypes.c_long(call), _SET_FILTER, _ALL_THREADS, described) == 0)


def filter_program(on: Machine, process: int) -> tuple[Instruction, ...]:
    """The program: what it returns for a call is what the kernel does with it.

    Args:
        on: the machine whose calls are filtered; those of another, such as 32-bit ones, are refused altogether.
        process: number of this process, the only one whose threads may be signalled.
    """
    return (
        *_of_machine(on),
        *_whatever_the_arguments(on, REFUSED, errno.EPERM),
        *_whatever_the_arguments(on, UNKNOWN, errno.ENOSYS),
        *_unless(on, CLONE, 0, (_ANY_BIT, 0, 1, _THREAD_FLAG)),
        *_unless(on, TGKILL, 0, (_EQUAL, 0, 1, process)),
        *_unless(on, PRLIMIT64, 0, (_EQUAL, 0, 1, 0)),  # its own limits
        *_unless(on, OPEN, 1, (_ANY_BIT, 1, 0, _WRITING)),
        *_unless(on, OPENAT, 2, (_ANY_BIT, 1, 0, _WRITING)),
        (_RETURN, 0, 0, _ALLOWED),
    )


def offline_program(on: Machine) -> tuple[Instruction, ...]:
    """The same for a process that changes files and starts programs: the network and the kernel's tools are refused."""
    refused = {name: numbers for name, numbers in REFUSED.items() if name not in CHANGES_AND_PROGRAMS}
    return (
        *_of_machine(on),
        *_whatever_the_arguments(on, refused, errno.EPERM),
        (_RETURN, 0, 0, _ALLOWED),
    )


def _of_machine(on: Machine) -> tuple[Instruction, ...]:
    """Refuses the calls of other machines, and loads the number of the call."""
    return (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, on.value[1]),
        _failing(errno.EPERM),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32_CALLS),
        _failing(errno.EPERM),
    )


_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _whatever_the_arguments(on: Machine, calls: Mapping[str, Numbers], error: int) -> Iterator[Instruction]:
    for numbers in calls.values():
        number = on.number(numbers)
        if number is not None:
            yield (_EQUAL, 0, 1, number)
            yield _failing(error)


def _unless(on: Machine, numbers: Numbers, argument: int, passing: Instruction) -> Iterator[Instruction]:
    """Refuses a call unless the test of one argument goes on to what follows it; 32 bits of the argument count."""
    number = on.number(numbers)
    if number is None:
        return
    yield (_EQUAL, 0, 4, number)
    yield (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)
    yield passing
    yield (_RETURN, 0, 0, _ALLOWED)
    yield _failing(errno.EPERM)


def _failing(error: int) -> Instruction:
    return (_RETURN, 0, 0, _ERROR | error)
