"""`kg versions`, `kg rollback` and `kg prune`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import plural, say
from kg.cli.options import StoreFolder
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.store import Version


def versions(*, store: StoreFolder = None) -> None:
    """List the published versions, the current one marked with an asterisk.

    \b
    Example:
      kg versions --store kg-store
    """
    from kg.store import VersionStore

    held = VersionStore(store or read_settings().store)
    for version in held.versions():
        counts = version.manifest.counts
        mark = "*" if version.is_current else " "
        numbers = ", ".join(
            (
                plural(counts.pages, "page"),
                plural(counts.reports, "report"),
                plural(counts.statements, "statement"),
                plural(counts.findings, "finding"),
            )
        )
        typer.echo(f"{mark} {version.name}  {numbers}  sum-sha256:{version.manifest.digest[:12]}")
    for damage in held.damaged():
        say(f"{damage.name} does not hold: {damage.reason}")


def rollback(
    to: Annotated[str | None, typer.Argument(help="A version by name. Default: the one before the current.")] = None,
    *,
    store: StoreFolder = None,
) -> None:
    """Make an earlier version current; nothing is removed.

    \b
    Examples:
      kg rollback
      kg rollback v3
    """
    from kg.store import VersionStore

    version = VersionStore(store or read_settings().store).rollback(to)
    typer.echo(f"{version.name} is current")


def prune(
    *,
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many of the newest versions to keep.")],
    store: StoreFolder = None,
) -> None:
    """Remove all versions but the newest, and files that dead builds left.

    The current version always stays. Who reads a removed version keeps it until they close it.

    \b
    Example:
      kg prune --keep 3
    """
    from kg.store import VersionStore

    held = VersionStore(store or read_settings().store)
    gone = held.prune(keep)
    left = ", ".join(version.name for version in held.versions())
    typer.echo(f"removed {', '.join(gone)}; left: {left}" if gone else f"nothing to remove; left: {left}")


def current(folder: Path) -> Version:
    """The current version; a fallback from a damaged one is said aloud."""
    from kg.store import VersionStore

    version = VersionStore(folder).current()
    if version.fallback_from:
        damage = version.fallback_from
        say(f"WARNING: {damage.name} in {folder} does not hold ({damage.reason}); using {version.name}")
    return version
