"""`kg release`."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.console import plural, say
from kg.cli.diffing import is_export, opened, previous
from kg.cli.options import StoreFolder
from kg.cli.versions import current
from kg.model.errors import UsageError
from kg.model.imprint import Imprint
from kg.settings import read_settings

if TYPE_CHECKING:
    from kg.store import Version
    from kg.store.release import Earlier

_URL = re.compile(r"https?://[^\s<>\"{}|\\^`?#\x00-\x20]+")


class _Packed(Enum):
    """The packings of `kg.store.export.packing`, known before the store is imported."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


def release(  # noqa: PLR0913 - one option for each thing that only a person knows
    folder: Annotated[Path, typer.Argument(help="The folder to write; a new one, or empty.")],
    *,
    version: Annotated[
        str | None, typer.Option("--version", help="A version by name. Default: the current one.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="What to compare with: a version, or an export. Default: the version before."),
    ] = None,
    issued: Annotated[
        str | None, typer.Option("--issued", help="Date of the release, such as 2026-11-30. Default: none.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where the folder will lie. Default: dataset/VERSION/ below base_iri.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the dataset.")] = None,
    author: Annotated[
        list[str] | None, typer.Option("--author", help="An author: Family, Given, or a team's name. May be repeated.")
    ] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who publishes it.")] = None,
    license_: Annotated[
        str | None, typer.Option("--license", help="An identifier of the SPDX list, or an address.")
    ] = None,
    packed: Annotated[
        _Packed, typer.Option("--packed", help="How Turtle and JSON-LD are packed; N-Quads always are, by gzip.")
    ] = _Packed.NONE,
    store: StoreFolder = None,
) -> None:
    """Write a version as a folder to publish: dumps, description, changes, citation and checksums.

    The folder appears whole or not at all, and the same version and options give the same bytes: no clock is read.
    Title, authors, publisher and licence come from the setting `dataset` where no option gives them.

    \b
    Examples:
      kg release graph-v1
      kg release /srv/www/2026-11 --issued 2026-11-30 --license CC-BY-4.0 --author "Doe, Jane"
      kg release graph-v3 --version v3 --since last-year.nq.gz --packed gzip
    """
    from kg.rdf.dataset import Edition
    from kg.store import VersionStore
    from kg.store.export.packing import Packing
    from kg.store.release import Order
    from kg.store.release import release as write

    settings = read_settings()
    held = store or settings.store
    chosen = VersionStore(held).version(version) if version else current(held)
    edition = Edition(
        base=settings.base_iri,
        name=chosen.name,
        imprint=_imprint(
            settings.dataset or Imprint(), title=title, authors=author, publisher=publisher, license=license_
        ),
        digest=chosen.manifest.identifier,
        issued=_date(issued) or (chosen.manifest.created or "")[:10] or None,
    )
    with ExitStack() as stack:
        order = Order(
            edition=edition,
            url=_url(url or f"{edition.version.value}/"),
            earlier=_earlier(since, held, chosen, stack),
            packing=Packing[packed.name],
        )
        done = write(chosen, order, folder)
    for reason in done.missing:
        say(f"left out {reason}")
    typer.echo(f"{folder}: {chosen.name} in {plural(len(done.files), 'file')}, {done.outcome.value}")


def _imprint(settled: Imprint, **given: Any) -> Imprint:  # noqa: ANN401 - words, or a list of them
    """The imprint of the settings with what the options say instead."""
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if value is not None
    }
    return replace(settled, **told)


def _date(text: str | None) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise UsageError(f"--issued {text} is no date; expected one such as 2026-11-30") from error


def _url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise UsageError(f"--url {text} is no address; expected one such as https://data.example.org/graph/v1/")
    return text if text.endswith("/") else f"{text}/"


def _earlier(since: str | None, folder: Path, chosen: Version, stack: ExitStack) -> Earlier | None:
    from kg.store.release import Earlier

    name = since or previous(folder, chosen)
    if name is None:
        return None
    if name == chosen.name:
        raise UsageError(f"--since {name} is the version to release; name an earlier one")
    exported = is_export(name)
    return Earlier(
        name=Path(name).name if exported else name,
        store=stack.enter_context(opened(name, folder)),
        is_version=not exported,
    )
