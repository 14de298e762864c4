"""Environments with nothing in them but what a test installs."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Environment:
    """A fresh virtual environment, without pip of its own; the running one's pip installs into it."""

    def __init__(self, folder: Path) -> None:
        venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
        self.folder = folder
        self.python = folder / "bin/python"

    def install(self, *arguments: str) -> None:
        """`pip install` with these arguments."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", *arguments], check=True, timeout=300)

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """A command with this environment's programs on the path, and nothing of the checkout."""
        return subprocess.run(
            command, cwd=cwd, env=self.variables, capture_output=True, encoding="utf-8", check=False, timeout=60
        )

    @property
    def variables(self) -> dict[str, str]:
        """Its environment variables; the developer's own are left out."""
        return {"PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def environment(tmp_path):
    """A fresh environment."""
    return Environment(tmp_path / "environment")


@pytest.fixture
def wheel(tmp_path):
    """A wheel of the checkout, built without the network."""
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(tmp_path / "dist"),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (built,) = (tmp_path / "dist").glob("*.whl")
    return built
