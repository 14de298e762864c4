"""What docs/how-to/writing.md tells a reader to send is answered as the page says."""

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
PAGE = (ROOT / "docs/how-to/writing.md").read_text(encoding="utf-8")
_SCRIPT = re.compile(
    r"^<!-- file: (?P<name>writing-\S+) -->\n```bash\n(?P<body>.*?)^```\n\n```text\n(?P<output>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture
def told(tmp_path):
    """What the scripts print, one after another, sent to a server over the example pages."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        base = f"http://127.0.0.1:{free.getsockname()[1]}/"
    environment = {**os.environ, "KG_BASE_IRI": base, "KG_STORE": str(tmp_path / "store"), "PYTHONPATH": str(ROOT)}
    kg = [sys.executable, "-m", "kg"]
    subprocess.run([*kg, "build", ROOT / "examples", "--quiet"], env=environment, check=True)
    added = subprocess.run(
        [*kg, "token", "add", "ada", "--scope", "curate"], env=environment, capture_output=True, text=True, check=True
    )
    environment["TOKEN"] = added.stdout.strip()
    serving = [*kg, "serve", "--port", base.rpartition(":")[2].strip("/")]
    with subprocess.Popen(serving, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert any(base in line for line in server.stderr), "the server says where it listens"
            yield lambda script: subprocess.run(
                ["bash", "-c", script.replace(DEFAULT, base)],
                cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
            ).stdout.replace(base, DEFAULT)  # fmt: skip
        finally:
            server.terminate()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_what_the_page_sends_is_answered_as_it_says(told):
    """A reader who runs the scripts in their order sees what stands below each."""
    scripts = list(_SCRIPT.finditer(PAGE))
    assert len(scripts) == len(re.findall("<!-- file: writing-", PAGE)) >= 5
    assert {script["name"]: told(script["body"]) for script in scripts} == {
        script["name"]: script["output"] for script in scripts
    }
