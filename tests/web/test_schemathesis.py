"""Schemathesis sends a running server what its OpenAPI document allows, and a little of what it does not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Path(os.environ.get("KG_CLIENTS", ROOT / "build" / "clients"))
PROGRAM = CLIENTS / "venv/bin/schemathesis"
_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture
def served(tmp_path):
    """The address of a server that takes writes from anybody, and its store."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base, store, kg = f"http://127.0.0.1:{port}/", tmp_path / "store", [sys.executable, "-m", "kg"]
    environment = {**os.environ, "KG_BASE_IRI": base, "PYTHONPATH": str(ROOT), "KG_STORE": str(store)}
    subprocess.run([*kg, "build", ROOT / "examples", "--quiet"], env=environment, check=True)
    serving = [*kg, "serve", "--port", str(port), "--open-writes"]
    with subprocess.Popen(serving, env=environment, stderr=subprocess.PIPE) as server:
        try:
            assert base.encode() in server.stderr.readline()
            yield base, store
        finally:
            server.terminate()


@pytest.mark.skipif(not PROGRAM.exists(), reason="there is no schemathesis; tests/clients/install installs it")
def test_no_request_ends_in_a_server_error(served, tmp_path):
    """Whatever is sent, writes among it, the answer is no 5xx; its status, media type and members are those told."""
    base, store = served
    asked = [PROGRAM, "run", f"{base}openapi.json", "--checks", _CHECKS, "--seed", "1", "--max-examples", "3"]
    hooks = {"SCHEMATHESIS_HOOKS": str(ROOT / "tests/clients/schemathesis_bodies.py")}
    done = subprocess.run(
        [*asked, "--phases", "examples,coverage,fuzzing", "--no-color"],
        cwd=tmp_path,
        env={**os.environ, **hooks},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert '"outcome":"published"' in (store / "audit.jsonl").read_text(), "writes reach the gate"
