"""What all commands have in common: help with examples, streams and exit codes."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from kg import __version__
from kg.cli import app, main
from kg.model.errors import StoreError
from kg.store import VersionStore

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    "authority add",
    "authority find",
    "authority show",
    "build",
    "check",
    "diff",
    "export",
    "layout list",
    "layout try",
    "prune",
    "push",
    "query",
    "read",
    "release",
    "report",
    "rollback",
    "serve",
    "token add",
    "token list",
    "token revoke",
    "versions",
    "why",
    "why-not",
]


def help_of(command):
    """The help text."""
    return CliRunner().invoke(app, [*command.split(), "--help"], prog_name="kg").output


def examples_of(command):
    """The command lines in the help of a command."""
    return [shlex.split(line, comments=True) for line in re.findall(r"^ +(kg .+)$", help_of(command), re.MULTILINE)]


def test_these_are_the_commands():
    """A command is added here with its tests and its documentation."""
    assert sorted(_paths(get_command(app))) == COMMANDS


def _paths(command, path=()):
    """The names of every command, those of a group behind the group's."""
    members = getattr(command, "commands", None)
    if members is None:
        return [" ".join(path)]
    return [found for name, member in members.items() for found in _paths(member, (*path, name))]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_shows_an_example(command):
    """A reader can copy a command line from the help."""
    examples = examples_of(command)
    assert examples
    assert all(" ".join(example).startswith(f"kg {command}") for example in examples)


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_in_help_name_options_and_files_that_exist(command):
    """An example's options are the command's, and its files of the project are there."""
    options = set(re.findall(r"--?[a-z][a-z-]*", help_of(command)))
    for example in examples_of(command):
        assert {word for word in example if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= options
        for word in example:
            if word == "examples" or word.startswith(("ontology/", "layouts/", "examples/")):
                assert (ROOT / word).exists(), word


def test_every_argument_and_option_has_a_help_text():
    """No option stands in the help without words."""
    for command in COMMANDS:
        for line in re.findall(r"^  -.*$", help_of(command), re.MULTILINE):
            assert re.search(r"  \S", line[4:]) or len(line) > 25, f"{command}: {line}"


def test_the_version_is_printed(kg):
    """`kg --version` prints it and nothing else."""
    ran = kg("--version")
    assert (ran.code, ran.text, ran.err) == (0, f"kg {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["nosuch"], ["build", "--nosuch"], ["query", "ASK {}", "--format", "nosuch"], ["serve", "--port", "x"]],
)
def test_a_wrong_command_line_ends_with_code_2(kg, arguments):
    """What cannot be understood goes to standard error."""
    ran = kg(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert "Error: " in ran.err


@pytest.mark.parametrize(
    ("settings", "variables", "words"),
    [
        ("nonsense = 1\n", {}, "nonsense in kg.toml"),
        ("store = \n", {}, "kg.toml"),
        ("", {"KG_DEADLINE": "soon"}, "setting deadline is 'soon'; expected a number of at least 0.01"),
        ("", {"KG_BASE_IRI": "kg.example.org"}, "setting base_iri is 'kg.example.org'; expected an http or https IRI"),
    ],
)
def test_a_wrong_setting_ends_with_code_2(kg, settings, variables, words):
    """The message names the setting, its value and what was expected."""
    kg.page("kg.toml", settings)
    ran = kg("versions", **variables)
    assert (ran.code, ran.out) == (2, b"")
    assert words in ran.err


def test_an_expected_failure_is_one_line_without_a_traceback(monkeypatch, capsys):
    """An error of ours shows its message and ends with its own code."""
    monkeypatch.setattr(sys, "argv", ["kg", "versions"])
    monkeypatch.setattr(VersionStore, "versions", _failing(StoreError("kg-store", "the disk is full")))
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out, captured.err) == (4, "", "kg: store kg-store: the disk is full\n")


def test_a_bug_shows_its_traceback_and_ends_with_code_4(monkeypatch, capsys):
    """What nobody foresaw is shown whole, so that it can be reported."""
    monkeypatch.setattr(sys, "argv", ["kg", "versions"])
    monkeypatch.setattr(VersionStore, "versions", _failing(ZeroDivisionError("a bug")))
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out) == (4, "")
    assert captured.err.startswith("Traceback (most recent call last):")
    assert "\nZeroDivisionError: a bug\nkg: this is a bug in Policy KG" in captured.err


def _failing(error):
    def fail(_self):
        raise error

    return fail
