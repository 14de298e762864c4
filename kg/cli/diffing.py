"""`kg diff`."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import output
from kg.cli.options import Output, StoreFolder
from kg.cli.versions import current
from kg.model.errors import UsageError
from kg.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from kg.store import Version

DIFFERENT = 1
_CURRENT = "current"


class _Form(Enum):
    """The formats of `kg.store.diff.DiffFormat`, known before the store is imported."""

    HUMAN = "human"
    JSON = "json"
    MARKDOWN = "markdown"
    PATCH = "patch"
    ADDED = "nquads-added"
    REMOVED = "nquads-removed"


def diff(  # noqa: PLR0913 - two graphs and four options, each named by its user
    old: Annotated[
        str | None,
        typer.Argument(help="A version, or the file of an export. Default: the version before the current one."),
    ] = None,
    new: Annotated[str, typer.Argument(help="Another one.")] = _CURRENT,
    *,
    form: Annotated[_Form, typer.Option("--format", help="How the difference is written.")] = _Form.HUMAN,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when the two differ.")] = False,
    store: StoreFolder = None,
    out: Output = None,
) -> None:
    """Show what changed between two versions or exports, with the words that caused it.

    Things, statements and claims are added (+), removed (-) or changed (~). A patch is in RDF Patch: applied to the old
    graph it gives the new one. An export is a file such as graph.nq, graph.trig or graph.nq.gz.

    \b
    Examples:
      kg diff
      kg diff v1 v2 --format markdown -o changes.md
      kg diff last-year.nq.gz current --exit-code
    """
    from kg.store.diff import DiffFormat, changes, difference, rendered

    folder = store or read_settings().store
    before = _before_current(folder) if old is None else old
    with ExitStack() as stack:
        one, other = (stack.enter_context(opened(name, folder)) for name in (before, new))
        found = difference(one, other)
        lines = rendered(DiffFormat(form.value), found, changes(found, one, other), names=(before, new))
        with output(out) as stream:
            stream.writelines(f"{line}\n".encode() for line in lines)
    if exit_code and found:
        raise typer.Exit(DIFFERENT)


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Store]:
    """A version by name, or an export by its file."""
    from kg.store import VersionStore
    from kg.store.dumps import opened_dump

    if is_export(name):
        with opened_dump(Path(name)) as dump:
            yield dump
    else:
        yield (current(folder) if name == _CURRENT else VersionStore(folder).version(name)).open()


def is_export(name: str) -> bool:
    """Whether a name is that of an export's file rather than of a version."""
    from kg.store.dumps import is_dump

    return is_dump(Path(name)) and Path(name).exists()


def previous(folder: Path, of: Version) -> str | None:
    """The name of the version before this one, if any."""
    from kg.store import VersionStore

    older = [version.name for version in VersionStore(folder).versions() if version.number < of.number]
    return older[-1] if older else None


def _before_current(folder: Path) -> str:
    """The name of the version before the current one.

    Raises:
        UsageError: there is none.
    """
    present = current(folder)
    older = previous(folder, present)
    if older is None:
        raise UsageError(f"{present.name} is the first version in {folder}; name what to compare it with")
    return older
