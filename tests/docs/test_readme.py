"""What the documents tell a reader to type works, and writes what they say."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from kg.cli import app
from kg.extract.layouts import read_layout
from kg.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
_GROUP = get_command(app)


def test_every_console_command_writes_what_its_document_says(console, workplace):
    """A reader who types the commands of a document, in order, sees the output it shows."""
    commands = [command for command in console.commands() if not command.text.startswith("make ")]
    for path, text in console.files().items():
        workplace.write(path, text)
    outputs = workplace.outputs(commands)
    assert len(outputs) == len(commands)
    for command, written in zip(commands, outputs, strict=True):
        expected = "\n".join(command.output)
        assert command.pattern.fullmatch(written), (
            f"{console.name}:{command.line}: $ {command.text}\nexpected:\n{expected}\nwritten:\n{written}"
        )


def test_every_make_target_that_is_named_exists(document):
    """Documents name targets of the Makefile alone."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shell = "\n".join(body for kind in ("console", "sh") for _, body in document.blocks(kind))
    named = set(re.findall(r"^(?:\$ )?make ([a-z]+)", shell, re.MULTILINE))
    assert named | set(re.findall(r"`make ([a-z]+)`", document.text)) <= targets


def test_every_command_that_is_only_shown_has_options_that_exist(document):
    """Commands in blocks that are not run (`sh`) name subcommands and options of `kg`."""
    for line, body in document.blocks("sh"):
        for text in body.replace("\\\n", " ").splitlines():
            words = shlex.split(text, comments=True)
            if "kg" not in words or words[-1] == "kg":
                continue
            path, arguments = _command(words[words.index("kg") + 1 :])
            assert path, f"{document.name}:{line}: {text}"
            shown = CliRunner().invoke(app, [*path, "--help"]).output
            options = {word.partition("=")[0] for word in arguments if re.match(r"--?[a-z]", word)}
            assert options <= set(re.findall(r"--?[a-z][a-z-]*", shown)), f"{document.name}:{line}: {text}"


def _command(words):
    """The command's name, with its group's before it, and its arguments."""
    path, group = [], _GROUP
    while words and words[0] in getattr(group, "commands", {}):
        path, group, words = [*path, words[0]], group.commands[words[0]], words[1:]
    return path, words


def test_every_settings_example_is_read(document, tmp_path):
    """A TOML block that begins with `# kg.toml` is one."""
    for line, body in document.blocks("toml"):
        if body.startswith("# kg.toml"):
            (tmp_path / "kg.toml").write_text(body, encoding="utf-8")
            settings = read_settings(tmp_path, {})
            for name, value in tomllib.loads(body).items():
                assert getattr(settings, name) is not None, f"{document.name}:{line}: {name} = {value!r}"


def test_every_whole_layout_is_read(document, tmp_path):
    """A TOML block that begins with `# my-layouts/` is a whole layout."""
    for _, body in document.blocks("toml"):
        if body.startswith("# my-layouts/"):  # the path from where the reader stands
            file = tmp_path / "layout.toml"
            file.write_text(body, encoding="utf-8")
            assert read_layout(file).lines


def test_the_readme_names_both_commands_and_a_quote_on_its_first_screens():
    """A newcomer meets `make demo`, `make test` and a query within 60 lines."""
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:60])
    for needed in ("make demo", "make test", "kg build examples", "kg query"):
        assert needed in first
