"""The command line: one function a subcommand, the only place that prints."""

from __future__ import annotations

import platform
import sys
import traceback
from types import TracebackType
from typing import Annotated

import typer

from kg import __version__
from kg.cli import (
    authority,
    building,
    checking,
    diffing,
    exporting,
    layouts,
    pushing,
    querying,
    reading,
    releasing,
    reporting,
    serving,
    tokens,
    versions,
    whynot,
)
from kg.cli.console import INTERRUPTED, Told
from kg.model.errors import KgError

INTERNAL = 4
_BUG = (
    "kg: this is a bug in Policy KG, not in your input. Please report the traceback above with the command and, where "
    "it may be shown, the page. Policy KG {version}, Python {python}"
)

app = typer.Typer(
    name="kg",
    help="""Policy KG: policy-research reports as a graph in which every statement carries its exact words.

    Start with: kg build examples, then kg serve.

    Settings come from kg.toml in the working folder and from KG_ variables (KG_STORE, KG_BASE_IRI, …).
    Exit codes: 0 clean, 1 findings, 2 usage or settings, 3 unreadable input, 4 internal.
    """,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    building.build,
    checking.check,
    reading.read,
    reporting.report,
    querying.query,
    querying.why,
    exporting.export,
    versions.versions,
):
    app.command()(command)
app.command()(versions.rollback)
app.command()(versions.prune)
app.command()(diffing.diff)
app.command()(releasing.release)
app.command()(pushing.push)
app.command()(serving.serve)
app.command("why-not")(whynot.why_not)
app.add_typer(layouts.app)
app.add_typer(authority.app)
app.add_typer(tokens.app)


@app.callback(invoke_without_command=True)
def _root(*, version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


class _ExitCodes:
    """Ends the process with the exit code an error calls for: ours with its message, a bug with its traceback."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KgError):
            typer.echo(f"kg: {error}", err=True)
            sys.exit(error.exit_code)
        if isinstance(error, SystemExit) and error.code == INTERRUPTED and not isinstance(error, Told):
            typer.echo("kg: interrupted", err=True)
        if isinstance(error, Exception):
            traceback.print_exception(kind, error, trace)
            typer.echo(_BUG.format(version=__version__, python=platform.python_version()), err=True)
            sys.exit(INTERNAL)


def main() -> None:
    """Runs the command line."""
    with _ExitCodes():
        app()
