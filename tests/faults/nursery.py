"""A process that has loaded `kg` and forks a run of it at each request, which it ends as it is told to.

A request is an object of JSON a line on standard input, the answer one on standard output:

    arguments, folder, variables    what is run, where, and with what in its environment
    after                           kill -9 after so many seconds
    calls                           the kinds of calls that are watched, of those that touch a file below the folder
    at                              at the so-many-th of them …
    act                             … `kill` the run, `interrupt` it as Ctrl-C does, `terminate` it, `fail` the call
                                    with `error`, or fail this and all others (`die`)
    limit                           no file may pass so many bytes (RLIMIT_FSIZE)
    alone                           kill the run and not its workers: those must end by themselves

Calls are those that reach the kernel from any thread of the run or of its workers, also from the engine's own: a filter
hands them to this process before they are carried out (seccomp_unotify(2), Linux 5.5 or newer on x86_64).
"""

from __future__ import annotations

import array
import ctypes
import errno
import fcntl
import json
import os
import platform
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.cli import building
from kg.cli import main as command_line
from kg.settings import read_settings

# The calls that change what is on the disk, by kind; numbers of x86_64. The first argument of the first six is a file.
WRITES = {1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 328: "pwritev2", 77: "ftruncate"}
SYNCS = {74: "fsync", 75: "fdatasync", 277: "sync_file_range"}
RENAMES = {82: "rename", 264: "renameat", 316: "renameat2"}
LINKS = {86: "link", 265: "linkat"}
OTHERS = {83: "mkdir", 258: "mkdirat", 87: "unlink", 263: "unlinkat", 84: "rmdir"}
KINDS = {
    number: kind
    for kind, calls in {"write": WRITES, "sync": SYNCS, "rename": RENAMES, "link": LINKS, "other": OTHERS}.items()
    for number in calls
}

ARCHITECTURE = 0xC000003E
SECCOMP, SET_FILTER, NEW_LISTENER, NO_NEW_PRIVILEGES, SUBREAPER = 317, 1, 8, 38, 36
RECEIVE, SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND
GO_ON = 1
LIBRARY = ctypes.CDLL(None, use_errno=True)


def listener(kinds):
    """Filters calls of these kinds in this process from now on; the file on which they are announced."""
    if platform.machine() != "x86_64":
        raise OSError(errno.ENOSYS, "these numbers are those of x86_64")
    program = [(0x20, 0, 0, 4), (0x15, 1, 0, ARCHITECTURE), (0x06, 0, 0, 0x7FFF0000), (0x20, 0, 0, 0)]
    for number in (number for number, kind in KINDS.items() if kind in kinds):
        program += [(0x15, 0, 1, number), (0x06, 0, 0, 0x7FC00000)]
    program.append((0x06, 0, 0, 0x7FFF0000))
    packed = b"".join(struct.pack("<HBBI", *each) for each in program)
    held = ctypes.create_string_buffer(packed, len(packed))
    described = struct.pack("@HP", len(program), ctypes.addressof(held))
    if LIBRARY.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    found = LIBRARY.syscall(ctypes.c_long(SECCOMP), SET_FILTER, NEW_LISTENER, described)
    if found < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return found


class Watch:
    """Sees each call of a run before it is carried out, and does to one of them what was asked."""

    def __init__(self, wanted, group, announced):
        self.wanted, self.group, self.announced = wanted, group, announced
        self.counts = dict.fromkeys(KINDS.values(), 0)
        self.number = 0

    def answer(self):
        """Takes one call and lets it go on, unless it is the one."""
        told = bytearray(80)
        try:
            fcntl.ioctl(self.announced, RECEIVE, told)
        except OSError:  # whoever called is dead
            return
        which, process, _, number, _, _, first = struct.unpack_from("<QIIiIQQ", told)
        error = self._error(process, number, first)
        with suppress(OSError):
            fcntl.ioctl(self.announced, SEND, bytearray(struct.pack("<QqiI", which, 0, -error, 0 if error else GO_ON)))

    def _error(self, process, number, first):
        kind = KINDS[number]
        if not self._is_ours(process, kind, first):
            return 0
        self.counts[kind] += 1
        self.number += 1
        at, act = self.wanted.get("at"), self.wanted.get("act")
        if at is None or self.number < at or (self.number > at and act != "die"):
            return 0
        if act == "kill":
            end(self.group, alone=self.wanted.get("alone"))
            return errno.EIO
        if act in ("interrupt", "terminate"):
            os.killpg(self.group, signal.SIGINT if act == "interrupt" else signal.SIGTERM)
            return 0
        return self.wanted.get("error", errno.EIO)

    def _is_ours(self, process, kind, first):
        """Whether a call touches a file below the folder; names are taken for such."""
        if kind not in ("write", "sync"):
            return True
        try:
            return str(Path(f"/proc/{process}/fd/{first & 0xFFFFFFFF}").readlink()).startswith(
                self.wanted["folder"] + "/"
            )
        except OSError:
            return False


def end(group, *, alone):
    """Kills a run, with its workers or without."""
    with suppress(ProcessLookupError):
        (os.kill if alone else os.killpg)(group, signal.SIGKILL)


def run(wanted, said, channel):
    """The run itself; never returns."""
    os.setpgid(0, 0)
    os.chdir(wanted["folder"])
    os.environ.update(wanted.get("variables", {}))
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *said)):
        os.dup2(source, target)
    sys.argv = ["kg", *wanted["arguments"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if wanted.get("limit") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["limit"], wanted["limit"]))
    if channel is not None:
        try:
            announced = listener(wanted["calls"])
        except OSError:  # no such kernel: said by closing the channel
            os._exit(0)
        channel.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [announced]))])
        channel.close()
        os.close(announced)
    code = 70  # what no command ends with
    try:
        command_line()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def carried_out(wanted):
    """What came of a request."""
    with pipe() as (out, to_out), pipe() as (err, to_err):
        begun = time.monotonic()
        ours, theirs = socket.socketpair() if wanted.get("calls") else (None, None)
        child = os.fork()
        if child == 0:
            if ours is not None:
                ours.close()
            run(wanted, (to_out, to_err), theirs)
        with suppress(OSError):
            os.setpgid(child, child)  # whichever of the two comes first
        watch = None
        if ours is not None:
            theirs.close()
            _, announced, _, _ = socket.recv_fds(ours, 1, 1)
            ours.close()
            watch = Watch(wanted, child, announced[0]) if announced else None
        code, seconds, is_left = waited(wanted, child, begun, watch)
        if watch is not None:
            os.close(watch.announced)
        return {
            "code": code, "seconds": seconds, "left": is_left, "counts": watch.counts if watch else {},
            "number": watch.number if watch else 0, "watched": watch is not None, "out": text(out), "err": text(err),
        }  # fmt: skip


def waited(wanted, child, begun, watch):
    """How a run ended, after how long, and whether a process of it did not end within ten seconds after it."""
    code, seconds, killed, last = None, 0.0, False, None
    while True:
        try:
            found, status = os.waitpid(-child, os.WNOHANG)
        except ChildProcessError:
            return code, seconds, False
        now = time.monotonic()
        if found == child:
            code, seconds, last = os.waitstatus_to_exitcode(status), now - begun, now + 10
        elif found == 0:
            if last is not None and now > last:
                end(child, alone=False)
                return code, seconds, True
            after = wanted.get("after")
            if after is not None and not killed and now - begun >= after:
                end(child, alone=wanted.get("alone"))
                killed = True
            pause(watch, 0.002 if last is not None or after is not None else 0.01)


def pause(watch, seconds):
    """Waits a little, or for a call."""
    if watch is None:
        time.sleep(seconds)
        return
    poll = select.poll()
    poll.register(watch.announced, select.POLLIN)
    for _, event in poll.poll(seconds * 1000):
        if event & select.POLLIN:
            watch.answer()
        else:
            time.sleep(seconds)


@contextmanager
def pipe():
    """Two ends for what a run says, which is read when it has ended; no limit on files touches it."""
    ends = os.pipe()
    fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, 1024 * 1024)
    os.set_blocking(ends[0], False)
    yield ends
    for each in ends:
        os.close(each)


def text(read):
    """What was written to a pipe."""
    with suppress(BlockingIOError):
        return os.read(read, 1024 * 1024).decode("utf-8", "replace")
    return ""


def warm():
    """Loads all that runs need, once: moments then fall into the work and not into loading."""
    stations = building.set_up(read_settings())
    stations.set_up()
    _ = stations.known, stations.constraints
    building.set_up = lambda *_: stations


def main():
    """Answers requests until there are no more."""
    os.chdir("/")  # no kg.toml of the developer's own
    LIBRARY.prctl(SUBREAPER, 1, 0, 0, 0)
    warm()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(carried_out(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
