"""`kg` as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = "drc-2021-267.txt"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Its results as text."""
        return self.out.decode()


class Desk:
    """A folder in which `kg` is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, stdin: bytes = b"", **variables: str) -> Ran:
        """Runs `kg` with these arguments and environment variables."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**variables),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    @contextmanager
    def serving(self, *options: str, **variables: str) -> Iterator[str]:
        """The address of a `kg serve` that runs meanwhile."""
        command = self.command("serve", "--port", "0", *options)
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment(**variables), stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                yield next(found[1] for line in process.stderr if (found := re.search(r"Open (http\S+)", line)))
            finally:
                process.kill()

    def command(self, *arguments: str) -> list[str]:
        """The command line of `kg`."""
        return [sys.executable, "-m", "kg", *arguments]

    def environment(self, **variables: str) -> dict[str, str]:
        """An environment without settings of the developer's own."""
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), **variables}

    def examples(self) -> Path:
        """The example pages, in `examples/`."""
        return Path(shutil.copytree(ROOT / "examples", self.folder / "examples"))

    def page(self, name: str, text: str | bytes) -> Path:
        """A file at this path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path


@pytest.fixture(scope="session")
def seed():
    """The text of the seed page."""
    return (ROOT / "examples" / SEED).read_text(encoding="utf-8")


@pytest.fixture
def kg(tmp_path):
    """`kg` in an empty folder."""
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """`kg` in a folder with the example pages and the store built from them; tests only read there."""
    desk = Desk(tmp_path_factory.mktemp("built"))
    desk.examples()
    ran = desk("build", "examples")
    assert ran.code == 0, ran.err
    return desk
