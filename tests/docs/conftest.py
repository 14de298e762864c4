"""The project's documents, and their console blocks as commands with the output they promise."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^<!-- file: (?P<path>\S+) -->\n```\w*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_END = "\x1e"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, and the lines that must follow it."""

    line: int
    text: str
    output: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the output must match: `...` stands for any lines, or inside a line for any characters."""
        pieces = []
        for line in self.output:
            words = ".*".join(re.escape(part) for part in line.split("..."))
            pieces.append("(?:.*\n)*" if line.strip() == "..." else f"{words}\n")
        return re.compile("".join(pieces))


class Document:
    """A Markdown file of the project."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.text = path.read_text(encoding="utf-8")

    def blocks(self, kind: str) -> list[tuple[int, str]]:
        """The fenced blocks of a kind, each with the number of its first line."""
        return [
            (self.text.count("\n", 0, match.start("body")) + 1, match["body"])
            for match in _FENCE.finditer(self.text)
            if match["kind"] == kind
        ]

    def files(self) -> dict[str, str]:
        """The files that the reader is asked to write, by path."""
        return {match["path"]: match["body"] for match in _FILE.finditer(self.text)}

    def commands(self) -> list[Command]:
        """The commands of all console blocks, in order; a command goes on until its quotes are closed."""
        return [command for line, body in self.blocks("console") for command in _commands(line, body)]


def _commands(first: int, body: str) -> list[Command]:
    found: list[Command] = []
    lines = list(enumerate(body.splitlines(), start=first))
    while lines:
        number, text = lines.pop(0)
        assert text.startswith("$ "), f"line {number}: a console block begins with a command"
        text = text.removeprefix("$ ")
        while not _is_whole(text):
            text += "\n" + lines.pop(0)[1]
        output = []
        while lines and not lines[0][1].startswith("$ "):
            output.append(lines.pop(0)[1])
        found.append(Command(number, text, tuple(output)))
    return found


def _is_whole(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return not text.endswith("\\")


class Workplace:
    """A folder as a newcomer has it after a checkout, with the project's commands on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("examples", "ontology", "shapes", "layouts"):
            shutil.copytree(ROOT / name, folder / name)

    def write(self, path: str, text: str) -> None:
        """A file that a document asks for."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def outputs(self, commands: list[Command]) -> list[str]:
        """What each command writes, to whichever stream, when a shell is given them one after the other."""
        script = "".join(f"{command.text}\n__status=$?\nprintf '{_END}'\n(exit $__status)\n" for command in commands)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {"PATH": path, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        return done.stdout.decode().replace("\r\n", "\n").split(_END)[: len(commands)]


def _documents() -> list[Document]:
    paths = [*sorted(ROOT.glob("*.md")), ROOT / "examples/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [Document(path) for path in paths]


@pytest.fixture(scope="session")
def documents():
    """Every document of the project."""
    return _documents()


@pytest.fixture
def workplace(tmp_path):
    """A fresh workplace."""
    return Workplace(tmp_path)


def pytest_generate_tests(metafunc):
    """A test that asks for `document` runs once a document; one that asks for `console` once each that has commands."""
    for name in {"document", "console"} & set(metafunc.fixturenames):
        found = [document for document in _documents() if name == "document" or document.commands()]
        metafunc.parametrize(name, found, ids=[document.name for document in found])
