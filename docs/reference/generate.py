# ruff: noqa: INP001 - a script
"""Writes the two generated pages of the reference: `python docs/reference/generate.py`.

commands.md comes from the help texts of `kg`, shapes.md from the shapes; tests/docs checks that both are current.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from kg import assets
from kg.check.rules import read_rules
from kg.check.shapes import SHAPE, Scope, ShapeSet, has_shapes, read_shapes
from kg.check.terms import text
from kg.cli import app
from kg.rdf.vocab import NAMESPACES, SH

HERE = Path(__file__).resolve().parent
_NOTE = "<!-- Written by docs/reference/generate.py; change the {source} instead. -->\n\n"
_WIDTH = 100
_ABOUT_COMMANDS = """\
Results go to standard output, all else to standard error.
[Errors and exit codes](errors-and-exit-codes.md) says how commands end.
"""
_ABOUT_SHAPES = f"""\
Each row is one constraint. A Violation keeps its page out of the version. A Warning tells what the page does not say
though pages of its kind say it, and where it contradicts the authority. Info is about style. Findings show the last
part of a shape's IRI in brackets; before it stands `{SHAPE}`.
"""
_ABOUT_FILES = {
    Scope.CROSS_PAGE: """\
These are run once over all pages of a build or a check, when each page has passed by itself. What breaks a Violation is
taken out again: of two reports, the one whose page's name comes later.

""",
    Scope.ONTOLOGY: """\
These are run by `kg check --knowledge` alone, over the ontology's own terms.

""",
}
_HEAD = "| shape | looks at | severity | message |\n|---|---|---|---|\n"
_ABOUT_RULES = """
## Rules beside the shapes

These see what shapes cannot: what no shape targets, what nobody defined, and what two pages say together. They are
Violations, but for those about comments in RDF files (`suppression-`) and about terms in shapes files (`shapes-`).

| rule | message |
|---|---|
"""


def commands_page() -> str:
    """commands.md: the help of each command."""
    parts = [
        "# Commands\n\n",
        _NOTE.format(source="help texts in kg/cli/"),
        _ABOUT_COMMANDS,
        _section("kg", []),
        *(_section(f"kg {' '.join(path)}", path) for path in command_paths(get_command(app))),
    ]
    return "".join(parts)


def command_paths(command: object, path: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The names of every command, those of a group behind the group's: `["layout", "try"]`."""
    members = getattr(command, "commands", None)
    if members is None:
        yield list(path)
        return
    for name, member in members.items():
        yield from command_paths(member, (*path, name))


def _section(title: str, arguments: list[str]) -> str:
    shown = CliRunner().invoke(
        app, [*arguments, "--help"], prog_name="kg", terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    lines = "\n".join(line.rstrip() for line in shown.output.strip().splitlines())
    return f"\n## {title}\n\n```text\n{lines}\n```\n"


def shapes_page() -> str:
    """shapes.md: each constraint with its severity and its message."""
    parts = [
        "# Shapes\n\n",
        _NOTE.format(source="files in shapes/"),
        _ABOUT_SHAPES,
    ]
    for scope in (scope for scope in Scope if has_shapes(assets.shapes(), scope)):
        shapes = read_shapes(assets.shapes(), scope)
        for file, members in _by_file(shapes).items():
            parts.append(f"\n## {file}\n\n{_ABOUT_FILES.get(scope, '')}{_HEAD}")
            parts += [_row(shapes, shape) for shape in members]
    beside = [rule for rule in read_rules(assets.shapes()).values() if rule.file is None]
    parts += [_ABOUT_RULES, *(f"| `{rule.name}` | {rule.message} |\n" for rule in beside)]
    return "".join(parts)


def _by_file(shapes: ShapeSet) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for members in shapes.members.values():
        for shape in members:
            found[shapes.files[shape]].add(shape)
    return {file: sorted(found[file]) for file in sorted(found)}


def _row(shapes: ShapeSet, shape: str) -> str:
    looks_at = ", ".join(
        f"`{_short(value)}`" for value in (*_values(shapes, shape, "targetClass"), *_path(shapes, shape))
    )
    severity = next(iter(_values(shapes, shape, "severity"))).removeprefix(SH.iri)
    message = " ".join(_values(shapes, shape, "message"))
    return f"| `{shape.removeprefix(SHAPE)}` | {looks_at} | {severity} | {message.replace('|', '&#124;')} |\n"


def _path(shapes: ShapeSet, shape: str) -> Iterator[str]:
    return (value for value in _values(shapes, shape, "path") if "://" in value)


def _values(shapes: ShapeSet, shape: str, local: str) -> Iterator[str]:
    wanted = SH(local)
    return (text(quad.object) for quad in shapes.quads if text(quad.subject) == shape and quad.predicate == wanted)


def _short(iri: str) -> str:
    for namespace in NAMESPACES:
        if iri.startswith(namespace.iri):
            return f"{namespace.prefix}:{iri.removeprefix(namespace.iri)}"
    return iri


PAGES = {"commands.md": commands_page, "shapes.md": shapes_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")
