"""The documents tell all there is to tell: every command, option, setting, key, error, rule and library."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from kg import __version__
from kg.check.formats import FindingsFormat
from kg.cli import app
from kg.cli.querying import AnswerFormat
from kg.cli.reading import RecordFormat
from kg.cli.reporting import GapsFormat
from kg.extract.grammar import FRAGMENTS
from kg.extract.layouts import FIELDS, Expectation, Layout, LineRule
from kg.model import errors
from kg.rdf.formats import GraphFormat
from kg.rdf.vocab import PREFIXES
from kg.settings import Settings
from kg.sources.kinds import ARCHIVES, MEDIA_TYPES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read(name):
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose():
    """The text of all documents but the generated ones."""
    written = [path for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))) if path.name != "commands.md"]
    return "\n".join(path.read_text(encoding="utf-8") for path in written)


def generator():
    """The script that writes the generated pages."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "reference/generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return generate


COMMANDS = sorted(" ".join(path) for path in generator().command_paths(get_command(app)))


def options_of(command):
    """The long options in the help of a command."""
    shown = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=200).output
    return set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)) - {"--help"}


@pytest.mark.parametrize("page", ["commands.md", "shapes.md"])
def test_generated_pages_are_current(page):
    """What `python docs/reference/generate.py` would write is what stands there."""
    assert read(f"docs/reference/{page}") == generator().PAGES[page](), "run: python docs/reference/generate.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_in_the_reference(command):
    """The reference holds each command's help whole."""
    section = read("docs/reference/commands.md").partition(f"## kg {command}\n")[2].partition("\n## ")[0]
    assert options_of(command) <= set(re.findall(r"--[a-z-]+", section))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_at_work(command):
    """A tutorial or a how-to page uses each command."""
    assert re.search(rf"\bkg {command}\b", prose())


def test_every_format_is_named():
    """The formats of answers, findings and exports stand in the reference."""
    reference = read("docs/reference/commands.md")
    for form in (*AnswerFormat, *FindingsFormat, *RecordFormat, *GapsFormat, *GraphFormat):
        assert form.value in reference


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_described_with_variable_and_default(field):
    """A row for each setting, with what holds when it is not set."""
    pattern = rf"^\| `{field.name}` \| `KG_{field.name.upper()}` \| (?P<default>[^|]+) \| \S.*\|$"
    row = re.search(pattern, read("docs/reference/settings.md"), re.MULTILINE)
    assert row, field.name
    default = next(iter(field.default), None) if isinstance(field.default, tuple) else field.default
    assert row["default"].strip("`") == ("none" if default is None else str(default))


def test_every_key_of_a_layout_is_described():
    """A row for each key of a layout, of a line rule and of an expectation, and each field by name."""
    reference = read("docs/reference/layouts.md")
    names = {"lines": "line", "finds": "find", "expectations": "expect", "source": "pattern"}
    for kind in (Layout, LineRule, Expectation):
        for field in dataclasses.fields(kind):
            assert f"| `{names.get(field.name, field.name)}` |" in reference
    for field in FIELDS:
        assert f"`{field}`" in reference
    for fragment in FRAGMENTS:
        assert f"`(?&{fragment})`" in reference


def test_every_kind_of_file_that_is_read_is_named():
    """A reader learns which files are pages."""
    page = read("docs/how-to/use-your-own-pages.md")
    for suffix in (*MEDIA_TYPES, *ARCHIVES):
        assert f"`{suffix}`" in page


def test_every_error_is_described_with_its_exit_code():
    """A row for each class of the error tree."""
    reference = read("docs/reference/errors-and-exit-codes.md")
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, errors.KgError):
            assert f"| `{error.__name__}` | {error.exit_code} |" in reference


def test_every_prefix_and_class_is_in_the_graph_profile():
    """The profile names each prefix with its namespace, and each class of the ontology."""
    reference = read("docs/reference/graph.md")
    for prefix, namespace in PREFIXES.items():
        assert f"| `{prefix}:` | `{namespace}` |" in reference
    terms = read("ontology/coord.ttl")
    for name in re.findall(r"^(coord:\w+) a owl:Class", terms, re.MULTILINE):
        assert f"`{name}`" in reference, name


def test_every_library_has_its_reason():
    """The decisions name each dependency."""
    decisions = read("docs/explanation/decisions.md")
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    for requirement in wanted:
        name = re.match(r"[\w.-]+", requirement)[0]
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", decisions), name


def test_the_version_is_the_same_everywhere():
    """Package, project and citation agree, and the changelog knows the version."""
    assert PROJECT["project"]["version"] == __version__
    assert f"\nversion: {__version__}\n" in read("CITATION.cff")
    assert __version__ in read("CHANGELOG.md")
