"""Connections to other servers: one module, verified certificates, nothing followed."""

from __future__ import annotations

import ast
import asyncio
import socket
import ssl
import threading
from pathlib import Path

import pytest

import kg
from kg.model.errors import RemoteError, UsageError
from kg.network import Address, Credential, Remote, Request

#: The modules that use sockets, and what for.
SOCKETS = {
    "build/wire.py": "a pair to talk to a worker that reads pages",
    "network.py": "the only one that reaches other servers",
    "query/memory_worker.py": "the pair that its service talks to it by",
    "query/nursery.py": "pairs to talk to the process that holds a version in memory, and to its forks",
    "query/process.py": "its end of a pair to talk to a worker",
    "query/sandbox.py": "finds out that none can be opened",
    "query/spawning.py": "pairs to talk to workers",
    "web/server.py": "listens",
    "writing/process.py": "a pair to talk to the writer",
}


def imports(file):
    """The modules that a file imports, in full."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_other_module_reaches_out():
    """Standard modules that open connections are imported where the list says, and by the one module of the network."""
    root = Path(kg.__file__).parent
    using = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if {"socket", "http.client", "urllib.request", "ssl", "ftplib", "smtplib"} & set(imports(file))
    }
    assert using == set(SOCKETS)


def serving(answer):
    """A server on this machine that sends these bytes to one client, whatever it asks: its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def asked(port, *, scheme="http", most=1000, patience=5.0):
    """The body of what a server answers."""

    async def work():
        remote = Remote(Address.read(f"{scheme}://127.0.0.1:{port}/"), patience=patience)
        async with remote.exchange(Request(method="GET", target="/")) as response:
            return await response.read(most)

    return asyncio.run(work())


def test_body_is_read():
    """What the server sends comes back."""
    assert asked(serving(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")) == b"hello"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "breaks off"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "breaks off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "breaks off"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "more than 1,000 bytes"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, "breaks off"),
    ],
)
def test_bad_answers(answer, reason):
    """An answer that breaks off, is no HTTP or is too long is an error that says so."""
    with pytest.raises(RemoteError, match=reason):
        asked(serving(answer))


def test_silence():
    """A server that says nothing is given up."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(RemoteError, match=r"no answer within 0\.2 s"),
    ):
        asked(listener.getsockname()[1], patience=0.2)


def test_certificates_are_verified():
    """A server that shows no certificate of the system's list gets no request."""
    with pytest.raises(RemoteError, match="no trusted connection"):
        asked(serving(b"HTTP/1.1 200 OK\r\n\r\n"), scheme="https")
    tls = Remote(Address.read("https://127.0.0.1/"))._tls  # noqa: SLF001 - what is set is all there is to see
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize(
    ("secret", "header"),
    [("abc.DEF-1", "Bearer abc.DEF-1"), ("user:pass word", None), ("user:a:b", "Basic dXNlcjphOmI=")],
)
def test_credentials(secret, header):
    """A token is a bearer's, user and password are Basic; what no header holds is refused."""
    if header is None:
        with pytest.raises(UsageError):
            Credential.read(secret)
    else:
        assert Credential.read(f"{secret}\n").header == header
