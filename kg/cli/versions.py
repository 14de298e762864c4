"""`kg versions`, `kg rollback` and `kg prune`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import plural, say
from kg.cli.options import StoreFolder
from kg.cli.progress import counting
from kg.model.errors import StoreError
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.store import Damage, Version


def versions(
    name: Annotated[str | None, typer.Argument(help="A version by name. Default: all of them.")] = None,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file and every graph, and compare them with their digests.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Tell it as JSON.")] = False,
    store: StoreFolder = None,
) -> None:
    """List the published versions: what each holds and changed, when it was published, and what it takes on the disk.

    The current one is marked with an asterisk. With --verify each is read through, and the exit code is 4 where one
    does not hold what it was published with.

    \b
    Examples:
      kg versions --store kg-store
      kg versions v3 --verify
    """
    from kg.build.history import history
    from kg.cli.chapters import chapter_text, chapter_values
    from kg.store import VersionStore

    held = VersionStore(store or read_settings().store)
    chosen = [held.version(name)] if name else held.versions()
    chapters = [each for each in history(held.versions()) if each.version.number in {one.number for one in chosen}]
    found = {each.name: _verified(each, is_told=not json_) for each in chosen} if verify else {}
    damaged = () if name else held.damaged()
    if json_:
        told = [chapter_values(chapter, found.get(chapter.version.name)) for chapter in chapters]
        told += [{"version": damage.name, "damages": [damage.reason]} for damage in damaged]
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
    elif not verify:
        typer.echo("\n".join(map(chapter_text, chapters)))
    for damage in damaged:
        say(f"{damage.name} does not hold: {damage.reason}")
    if any(found.values()) or (verify and damaged):
        raise typer.Exit(StoreError.exit_code)


def _verified(version: Version, *, is_told: bool) -> tuple[Damage, ...]:
    """What of a version is not what it was published with; told as it is found."""
    from kg.store.verification import verified

    with counting(f"Reading {version.name}", "graphs", version.manifest.counts.named_graphs) as listen:
        found = verified(version, listen)
    for damage in found.damages:
        say(f"{version.name} does not hold: {damage.name}: {damage.reason}")
    if is_told and not found.damages:
        files = len(version.manifest.file_digests)
        typer.echo(f"{version.name} holds: {plural(files, 'file')}, {plural(found.graphs, 'graph')}")
    return found.damages


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
