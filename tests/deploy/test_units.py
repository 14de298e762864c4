"""The units of systemd and the Dockerfile: what can be told of them without running them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
#: Of 10, by systemd's own measure; 9.6 is a service without any of it.
MOST_EXPOSED = 2.0

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")


@systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_is_read(tmp_path, unit):
    """Systemd reads each unit without a word."""
    program = unit.read_text(encoding="utf-8").replace("/opt/policy-kg/bin/kg", sys.executable)
    copy = tmp_path / unit.name
    copy.write_text(program, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    about = [line for line in (done.stderr + done.stdout).splitlines() if unit.name in line]
    assert about == []


@systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_exposes_little(unit):
    """By systemd's own measure each unit exposes little of the machine."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED


def instructions():
    """The Dockerfile's instructions: name and rest, continued lines joined; the last stage's are marked."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def test_container_runs_as_nobody_special():
    """The image's last stage has a user of its own, a health check and no shell between it and signals."""
    last = instructions()[max(at for at, (name, _) in enumerate(instructions()) if name == "FROM") :]
    told = dict(last)
    assert told["USER"] == "10001"
    assert "/health/ready" in told["HEALTHCHECK"]
    assert told["ENTRYPOINT"] == '["kg"]'
    assert "KG_STORE=/data/store" in told["ENV"]


def test_container_takes_what_is_locked():
    """What is installed from outside is installed by its hashes; what is copied from here is there."""
    runs = " ".join(rest for name, rest in instructions() if name == "RUN")
    installs = re.findall(r"pip install ([^&]+)", runs)
    assert installs
    assert all("--require-hashes" in each or "--no-index" in each for each in installs)
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            assert all((ROOT / source).exists() for source in rest.split()[:-1])
