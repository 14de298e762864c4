"""What a worker cannot do even when a query slips past the gate, or its code is no longer ours."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from kg.model.errors import QueryFailed
from kg.query import Query
from kg.query.process import WorkerProcess
from kg.query.sandbox import Barrier, Sandbox
from kg.query.seccomp import Machine, filter_program, machine

NUMBERS = "GRAPH <http://example.org/numbers> {{ {} }}"
PATTERNS = [f"?s{n} <http://example.org/number> ?n{n}" for n in range(4)]
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {NUMBERS.format(' . '.join(PATTERNS))} FILTER(?n0+?n1+?n2+?n3 < 0) }}"
SHORT = f"SELECT (COUNT(*) AS ?n) {{ {NUMBERS.format(' . '.join(PATTERNS[:2]))} FILTER(?n0 < 200) }}"

filtered = pytest.mark.skipif(machine() is None, reason="no filter of system calls is known for this system")
linux = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

CONFINED = """
import os, socket, sys
from kg.query.sandbox import Barrier, Limits, confine
listener = int(sys.argv[1])
sandbox = confine(Limits(memory=1 << 30, processor=10))([Barrier.SECCOMP])
assert sandbox.barrier is Barrier.SECCOMP
try:
    {attempt}
except OSError as error:
    print(type(error).__name__)
else:
    print("done")
"""
ATTEMPTS = {
    "socket": "socket.socket()",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "pair of sockets": "socket.socketpair()",
    "connect": "socket.create_connection(('127.0.0.1', listener))",
    "run a program": "os.execv('/bin/sh', ['sh', '-c', 'echo ran'])",
    "run one by descriptor": "os.execve(os.open('/bin/sh', os.O_RDONLY), ['sh', '-c', 'echo ran'], {})",
    "fork": "os.fork() or os._exit(0)",
    "spawn": "os.posix_spawn('/bin/sh', ['sh', '-c', 'echo ran'], {})",
    "signal the parent": "os.kill(os.getppid(), 0)",
    "write a file": "open(sys.argv[2], 'w')",
    "append to a file": "open(sys.argv[2], 'a')",
    "remove a file": "os.unlink(sys.argv[2])",
    "rename a file": "os.rename(sys.argv[2], sys.argv[2] + '2')",
    "leave the network": "__import__('ctypes').CDLL(None, use_errno=True).unshare(0x40000000) and os.close(-1)",
}


@pytest.fixture
def listener():
    """A listener on the loopback interface that nobody should reach."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(0)
        yield opened


def service(listener):
    """A federated query to a listener; the gate would not let it pass."""
    return Query(text=f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}")


def ask(options, query):
    """What a worker of its own answers, past the gate; and its sandbox."""

    async def main():
        worker = await WorkerProcess.start(options)
        try:
            return worker.sandbox, await worker.ask(query)
        except QueryFailed as error:
            return worker.sandbox, error
        finally:
            await worker.stop()

    return asyncio.run(main())


@filtered
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_confined_code_is_refused(attempt, listener, tmp_path):
    """Confined Python code opens no socket, runs nothing, signals nobody and changes no file."""
    file = tmp_path / "file"
    file.write_text("kept")
    command = [sys.executable, "-c", CONFINED.replace("{attempt}", attempt)]
    place = str(listener.getsockname()[1])
    ran = subprocess.run([*command, place, str(file)], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) in {("PermissionError\n", ""), ("OSError\n", "")}
    assert file.read_text() == "kept"
    with pytest.raises(BlockingIOError):
        listener.accept()


@filtered
def test_threads_and_reading_stay_possible(tmp_path):
    """What the engine needs is not refused: threads, and reading files."""
    attempt = "open(sys.argv[2]).read(); t = __import__('threading').Thread(target=int); t.start(); t.join()"
    file = tmp_path / "file"
    file.write_text("kept")
    command = [sys.executable, "-c", CONFINED.replace("{attempt}", attempt), "0", str(file)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "done\n"


@filtered
def test_everything_is_in_force_here(options):
    """Where the kernel filters calls, a worker says that nothing is missing."""
    sandbox, _ = ask(options, Query(text="ASK {}"))
    assert (sandbox.barrier, sandbox.missing) == (Barrier.SECCOMP, ())
    assert (sandbox.memory, sandbox.processor) == (options.memory, options.processor)


@linux
@pytest.mark.parametrize("barrier", Barrier)
def test_service_reaches_nothing_behind_any_barrier(options, barrier, listener):
    """SERVICE that slipped past the gate fails in the worker, whichever barrier the system offers."""
    sandbox, outcome = ask(replace(options, barriers=(barrier,)), service(listener))
    if sandbox.barrier is None:
        pytest.skip(f"this system offers no {barrier.value}")
    assert isinstance(outcome, QueryFailed)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_service_reaches_the_listener_where_nothing_stands_between(options):
    """The control: without a barrier the same query does reach the listener, and the worker says what is missing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        reached = []

        def accept():
            connection, _ = listener.accept()
            with connection:
                reached.append(connection.recv(4))

        accepting = threading.Thread(target=accept)
        accepting.start()
        sandbox, _ = ask(replace(options, barriers=()), service(listener))
        accepting.join()
    assert reached == [b"POST"]
    assert {"barrier", "programs", "files"} <= set(sandbox.missing)


@linux
@pytest.mark.parametrize("barrier", Barrier)
def test_answers_are_the_same_behind_any_barrier(options, barrier):
    """Rows, triples, sorting and regular expressions are answered behind each barrier."""
    query = Query(text='SELECT ?s { ?s ?p ?o FILTER(REGEX(STR(?o), "^o")) } ORDER BY ?s')
    _, answer = ask(replace(options, barriers=(barrier,)), query)
    assert b"http://example.org/a" in answer.payload


@linux
def test_processor_time_is_capped(options):
    """Where the service does not stop a query, the kernel does, by the processor time it used."""
    _, outcome = ask(replace(options, processor=1), Query(text=ENDLESS))
    assert isinstance(outcome, QueryFailed)


@linux
def test_processor_time_is_given_anew_to_each_query(options):
    """A worker does not die of the sum of its queries: each has the whole time."""

    async def main():
        worker = await WorkerProcess.start(replace(options, processor=1))
        try:
            used = 0
            while used < 2 * os.sysconf("SC_CLK_TCK"):
                await worker.ask(Query(text=SHORT))
                with open(f"/proc/{worker.pid}/stat") as stat:  # noqa: ASYNC230, PTH123 - /proc is memory
                    used = sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))
            return used
        finally:
            await worker.stop()

    assert asyncio.run(main())


def verdict(program, number, arguments=(), architecture=None):
    """What the kernel would do with a call, by running the program as bpf(4) describes."""
    on = architecture or Machine.X86_64.value[1]
    data = struct.pack("<IIQ6Q", number, on, 0, *(*arguments, *([0] * 6))[:6])
    at, held = 0, 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        match code:
            case 0x20:
                held = struct.unpack_from("<I", data, value)[0]
            case 0x06:
                return value
            case 0x15:
                at += yes if held == value else no
            case 0x35:
                at += yes if held >= value else no
            case 0x45:
                at += yes if held & value else no


@pytest.mark.parametrize("on", Machine)
def test_filter_of_each_machine(on):
    """The program for each machine refuses by number and argument, and all calls of another machine."""
    program, refused, allowed = filter_program(on, 77), 0x50001, 0x7FFF0000
    clone, tgkill, openat, socket_ = ((56, 234, 257, 41), (220, 131, 56, 198))[on.value[0]]
    here = on.value[1]
    assert verdict(program, socket_, architecture=here) == refused
    assert verdict(program, 0, architecture=here) == allowed
    assert verdict(program, clone, (0x10000,), here) == allowed
    assert verdict(program, clone, (0x11,), here) == refused
    assert verdict(program, tgkill, (77,), here) == allowed
    assert verdict(program, tgkill, (78,), here) == refused
    assert verdict(program, openat, (0, 0, os.O_RDONLY | os.O_CLOEXEC), here) == allowed
    assert verdict(program, openat, (0, 0, os.O_RDWR), here) == refused
    assert verdict(program, 435, architecture=here) == 0x50026
    assert verdict(program, 0, architecture=0x40000003) == refused
    assert verdict(program, 0x40000000, architecture=here) == refused


def test_sandbox_as_json():
    """A worker's report crosses the pipe unchanged."""
    sandbox = Sandbox(
        barrier=Barrier.NAMESPACE, programs=False, files=False, memory=None, processor=9, parent=True, priority=True
    )
    assert Sandbox.of(sandbox.described) == sandbox
    assert sandbox.missing == ("programs", "files", "memory")
