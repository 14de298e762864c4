"""The audit: what it makes of pip-audit's findings, and the bill of materials."""

from __future__ import annotations

import http.server
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Where `make audit` has pip-audit.
PYTHON = Path(os.environ.get("KG_AUDIT", ROOT / ".venv" / "audit")) / "bin" / "python"
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import audit
audit.ROOT = Path(sys.argv[2])
audit.SOURCES = tuple(("--vulnerability-service", "osv", "--osv-url", url) for url in sys.argv[3:])
sys.argv = ["audit.py"]
sys.exit(audit.main())
"""


@pytest.fixture(scope="module")
def audit():
    """The script."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "supply" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


def told(*packages):
    """What pip-audit tells of some packages."""
    return {"dependencies": list(packages)}


SOUND = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (1)"}
WEAK = {"name": "c", "version": "1", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["2"], "description": ""}]}


@pytest.mark.parametrize(
    ("packages", "outcome"),
    [
        ((SOUND,), "SOUND"),
        ((), "NOT_AUDITED"),
        ((UNKNOWN,), "NOT_AUDITED"),
        ((SOUND, UNKNOWN), "NOT_AUDITED"),
        ((SOUND, WEAK), "WEAK"),
        ((WEAK, UNKNOWN), "WEAK"),
    ],
)
def test_outcomes(audit, packages, outcome):
    """That no weakness is known counts only where every package was looked up."""
    assert audit.read_findings(told(*packages)).outcome.name == outcome
    assert [each.value for each in audit.Outcome] == [0, 1, 3]


def test_second_source_is_asked(audit):
    """Where the first source could not look, the second one's word counts."""
    silent, sound = audit.read_findings(told(UNKNOWN)), audit.read_findings(told(SOUND))
    assert audit.best(iter([silent, sound])) is sound
    assert audit.best(iter([sound, silent])) is sound
    assert audit.best(iter([silent, silent])).outcome.name == "NOT_AUDITED"


@pytest.mark.parametrize(
    ("arguments", "packages", "ends"),
    [
        ([], UNKNOWN, (3, False)),
        (["--may-skip"], UNKNOWN, (0, True)),
        (["--may-skip"], WEAK, (1, False)),
        ([], SOUND, (0, False)),
    ],
)
def test_nothing_audited_fails(audit, monkeypatch, capsys, arguments, packages, ends):  # noqa: PLR0913, PLR0917 - fixtures
    """A run that could look nothing up fails, or passes where that is allowed and says SKIPPED; no weakness passes."""
    monkeypatch.setattr(sys, "argv", ["audit.py", *arguments])
    monkeypatch.setattr(audit, "audited", lambda _: audit.read_findings(told(packages)))
    monkeypatch.setattr(audit, "bill_of_materials", lambda _: '{"components": []}')
    assert (audit.main(), "SKIPPED" in capsys.readouterr().out) == ends


def test_every_locked_package_is_a_component(audit):
    """Name, version and at least one hash of each package that the lock file names."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    components = list(audit.components(lock))
    assert len(components) == len(re.findall(r"(?m)^[a-z0-9].*==", lock))
    assert all(hashes for _, _, hashes in components)
    assert "pyoxigraph" in {name for name, _, _ in components}


@contextmanager
def advisories(weak, status=200):
    """The address of a source of advisories in OSV's way that knows these packages as weak, and what it was asked."""
    asked = []

    class Source(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            package = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
            asked.append(package)
            told = json.dumps({"vulns": [advisory(package)]} if package in weak else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Source) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        finally:
            server.shutdown()


def advisory(package):
    """A weakness of all versions below 999, as OSV's schema has it."""
    events = [{"introduced": "0"}, {"fixed": "999"}]
    affected = {"package": {"name": package, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return {"id": "PYSEC-2026-1", "summary": "weak", "modified": "2026-11-01T00:00:00Z", "affected": [affected]}


def run_audit(root, *sources):
    """The audit of what requirements.txt locks, by pip-audit itself, with these sources."""
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    for name in ("requirements-dev.txt", "requirements-audit.txt"):
        (root / name).write_text("", encoding="utf-8")
    command = [PYTHON, "-c", DRIVER, ROOT / "supply", root, *sources]
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "NO_PROXY": "*"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not PYTHON.exists(), reason="there is no pip-audit; make audit installs it")
@pytest.mark.parametrize(
    ("weak", "statuses", "code", "told"),
    [
        ((), [200], 0, "0 known weaknesses, 0 not audited"),
        (("fastapi",), [200], 1, "PYSEC-2026-1, mended in ['999']"),
        ((), [500], 3, "0 packages audited"),
        ((), [500, 200], 0, "0 known weaknesses, 0 not audited"),
        (("fastapi",), [500, 200], 1, "1 known weaknesses, 0 not audited"),
    ],
    ids=["clean", "weak", "silent", "second-clean", "second-weak"],
)
def test_whole_audit(tmp_path, weak, statuses, code, told):
    """All that is locked is asked for; a weakness fails; a source that fails is no clean one, and the next is asked."""
    sources = [advisories(weak, status) for status in statuses]
    with sources[0] as (first, asked), sources[1] if sources[1:] else advisories(()) as (second, asked_next):
        done = run_audit(tmp_path, *[first, second][: len(statuses)])
        last = asked_next if sources[1:] else asked
    assert (done.returncode, told in done.stdout) == (code, True), done.stdout + done.stderr
    locked = set(re.findall(r"(?m)^([a-z0-9._-]+)==", (tmp_path / "requirements.txt").read_text(encoding="utf-8")))
    if statuses[-1] == 200:
        assert {name.lower().replace("_", "-") for name in last} >= {"fastapi", "pyoxigraph"}
        assert f"{len(set(last))} packages audited" in done.stdout
        assert len(set(last)) <= len(locked)
    assert ("NOT AUDITED" in done.stderr) == (code == 3)
    assert json.loads((tmp_path / "build" / "sbom.cdx.json").read_text(encoding="utf-8"))["components"]
