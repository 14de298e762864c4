"""Clients that others wrote ask a running server: the scripts of docs/how-to/clients.md print what the page says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = "http://127.0.0.1:8000/"
PLACE = Path(os.environ.get("KG_CLIENTS", ROOT / "build" / "clients"))
_SCRIPT = re.compile(
    r"^<!-- file: (?P<name>client\S+) -->\n```\w+\n(?P<body>.*?)^```\n\n```text\n(?P<output>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
_SCRIPTS = {
    found["name"]: found for found in _SCRIPT.finditer((ROOT / "docs/how-to/clients.md").read_text(encoding="utf-8"))
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a server over the example pages, with which IRIs begin, and a token that is good for writing."""
    store = tmp_path_factory.mktemp("clients") / "store"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "kg"]
    environment = {**os.environ, "KG_BASE_IRI": address, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [*command, "build", ROOT / "examples", "--store", store, "--quiet"], env=environment, check=True, cwd=ROOT
    )
    token = subprocess.run(
        [*command, "token", "add", "ada", "--scope", "curate", "--store", store],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    serving = [*command, "serve", "--store", store, "--port", str(port)]
    with subprocess.Popen(
        serving, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert any(address in line for line in server.stdout), "the server says where it listens"
            yield address, token.strip()
        finally:
            server.terminate()


def _command(name, body, folder):
    """What runs a script, or a skip that says what is missing."""
    if name.endswith(".sh"):
        return ["bash", name] if shutil.which("curl") else pytest.skip("there is no curl")
    if name.endswith(".mjs"):
        modules = PLACE / "node_modules"
        if shutil.which("node") is None or not (modules / "@comunica/query-sparql").exists():
            pytest.skip(f"no node, or no Comunica in {modules}; tests/clients/install installs it")
        (folder / "node_modules").symlink_to(modules)
        return ["node", name]
    modules = ", ".join(set(_IMPORTED.findall(body)))
    for python in (Path(sys.executable), PLACE / "venv/bin/python"):
        if python.exists() and _succeeds([python, "-c", f"import {modules}"]):
            return [python, name]
    return pytest.skip(f"no Python here imports {modules}; tests/clients/install installs them")


def _succeeds(command):
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


@pytest.mark.parametrize("name", _SCRIPTS)
def test_clients_print_what_the_page_says(name, served, tmp_path):
    """A reader who runs a script of the page sees what stands below it."""
    base, token = served
    body = _SCRIPTS[name]["body"].replace(DEFAULT, base)
    (tmp_path / name).write_text(body, encoding="utf-8")
    command = _command(name, body, tmp_path)
    environment = {**os.environ, "KG_TOKEN": token}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.returncode) == (_SCRIPTS[name]["output"].replace(DEFAULT, base), 0), done.stderr


def test_the_page_has_a_script_for_each_client():
    """None of the scripts slips past the test."""
    page = (ROOT / "docs/how-to/clients.md").read_text(encoding="utf-8")
    assert len(_SCRIPTS) == len(re.findall("<!-- file: client", page)) >= 5
