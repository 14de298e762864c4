"""Servers that others wrote, started by the tests that need them; `.ci/services` installs what they are made of."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
JAR = Path(os.environ.get("KG_SERVICES", ROOT / "build" / "services")) / "jena-fuseki-server.jar"


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@contextmanager
def fuseki(folder):
    """Apache Jena Fuseki with an empty dataset in memory, open for writing: the address of the dataset."""
    if not JAR.is_file():
        pytest.skip(f"no Fuseki at {JAR}; .ci/services fetches it from Maven Central")
    if shutil.which("java") is None:
        pytest.skip("no Java to run Fuseki with")
    port = free_port()
    command = ["java", "-Xmx512m", "-jar", str(JAR), "--localhost", f"--port={port}", "--update", "--mem", "/data"]
    environment = {"PATH": os.environ["PATH"], "FUSEKI_BASE": str(folder / "base")}
    with (
        (folder / "fuseki.log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            until_it_listens(process, port, folder / "fuseki.log")
            yield f"http://127.0.0.1:{port}/data"
        finally:
            process.kill()


def until_it_listens(process, port, log):
    """Returns when somebody listens on the port; fails with the log where the process ends before."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
    raise AssertionError(f"the server does not listen: {log.read_text()}")
