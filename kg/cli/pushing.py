"""`kg push`."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kg.cli.console import plural, say
from kg.cli.options import Quiet, StoreFolder, TokenFile
from kg.cli.versions import current
from kg.model.errors import StoreError, UsageError, VersionMissing
from kg.settings import Settings, read_settings

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.network import Credential
    from kg.push import Listener
    from kg.store import VersionStore

_PATIENCE: Final = 600.0  # seconds without a byte: a server may index a large graph before it answers
_EVERY: Final = 10.0  # seconds


def push(  # noqa: PLR0913 - what, where to and how are the user's choices
    url: Annotated[str, typer.Argument(help="The graph store: http://127.0.0.1:3030/data/data, for one.")],
    *,
    version: Annotated[
        str | None, typer.Option("--version", help="A version by name. Default: the current one.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Send every graph, whatever was pushed before.")] = False,
    delete_missing: Annotated[
        bool, typer.Option("--delete-missing", help="Delete graphs that were pushed before and are in it no more.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be sent; change nothing.")] = False,
    token_file: TokenFile = None,
    store: StoreFolder = None,
    quiet: Quiet = False,
) -> None:
    """Publish a version to another SPARQL server, by the Graph Store HTTP Protocol.

    Each named graph is put in the place of its older self, then the merged graph in that of the default graph, of which
    the new triples alone are sent where it only grew; graphs that did not change since the last push are left alone,
    and each that was sent is counted there. Readers of the other server see the graphs change one after the other.
    After a failure the same command goes on where it ended.

    \b
    Examples:
      kg push http://127.0.0.1:3030/data/data
      kg push https://sparql.example.org/store --token-file token.txt --delete-missing
      KG_REMOTE_TOKEN=user:password kg push https://sparql.example.org/store --version v3
    """
    import asyncio

    from kg.network import Address, Remote
    from kg.push import GraphStore, Missing, Order, Scope
    from kg.push import plan as planned
    from kg.push import push as run
    from kg.store import VersionStore

    settings = read_settings()
    folder = store or settings.store
    target = GraphStore(Remote(Address.read(url), credential(token_file, settings), patience=_PATIENCE))
    chosen = VersionStore(folder).version(version) if version else current(folder)
    order = Order(
        version=chosen.name,
        base=settings.base_iri,
        scope=Scope.ALL if everything else Scope.CHANGED,
        missing=Missing.DELETE if delete_missing else Missing.KEEP,
    )
    if dry_run:
        work = asyncio.run(planned(chosen.open(), order, target))
        counts = (len(work.write), len(work.unchanged), len(work.gone))
        typer.echo(f"{chosen.name}: would write {counts[0]:,} graphs; {counts[1]:,} unchanged, {counts[2]:,} gone")
        return
    earlier = partial(_opened, VersionStore(folder))
    done = asyncio.run(run(chosen.open(), order, target, _silent if quiet else _lines(), earlier))
    if done.unverified:
        say(f"{plural(done.unverified, 'graph')} could not be counted there: the server writes no N-Triples")
    if done.left:
        say(f"{plural(done.left, 'graph')} there, pushed before, are in {chosen.name} no more; --delete-missing")
    typer.echo(
        f"{chosen.name}: {plural(done.written, 'graph')} written ({plural(done.triples, 'triple')}), "
        f"{done.unchanged:,} unchanged, {done.deleted:,} deleted"
    )


def credential(file: Path | None, settings: Settings) -> Credential | None:
    """The credential in a file, or else in the settings.

    Raises:
        UsageError: the file cannot be read, or holds none.
    """
    from kg.network import Credential

    if file is None:
        return None if settings.remote_token is None else Credential.read(settings.remote_token)
    try:
        return Credential.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error


def _opened(versions: VersionStore, name: str) -> Store | None:
    """An earlier version; None where it was pruned, or holds no more."""
    try:
        return versions.version(name).open()
    except (StoreError, VersionMissing):
        return None


def _lines() -> Listener:
    """Says how far a long push is."""
    last = time.monotonic()

    def listen(done: int, of: int) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= _EVERY:
            last = now
            say(f"{done:,} of {plural(of, 'graph')}")

    return listen


def _silent(_done: int, _of: int) -> None:
    return
