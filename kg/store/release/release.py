"""A release from the first file to the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model.errors import StoreError
from kg.rdf.dataset import described
from kg.rdf.formats import GraphFormat
from kg.store.release.census import census
from kg.store.release.contents import NQUADS, write_contents
from kg.store.release.description import description
from kg.store.release.folder import Outcome, place, staged
from kg.store.release.words import CHANGES, CITATION, DESCRIPTION, README, changes_report, citation, readme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.store.folder import Version
    from kg.store.release.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release that is there: its files by name, and what was left out, each with its reason."""

    outcome: Outcome
    files: tuple[str, ...]
    missing: tuple[str, ...]


def release(version: Version, order: Order, target: Path) -> Release:
    """Write a release of a version; equal versions, orders and installed libraries give equal bytes.

    Memory grows with the changes that are told, and with the graph by what the store keeps of its files alone.

    Raises:
        UsageError: the target is taken, or cannot be written; or the graph was built with another base.
        StoreError: the disk fails.
    """
    try:
        with staged(target) as folder:
            missing = _fill(folder, version, order)
            outcome = place(folder, target)
    except OSError as error:
        raise StoreError(str(target), str(error)) from error
    return Release(outcome=outcome, files=tuple(sorted(file.name for file in target.iterdir())), missing=missing)


def _fill(folder: Path, version: Version, order: Order) -> tuple[str, ...]:
    store, manifest, edition, earlier = version.open(), version.manifest, order.edition, order.earlier
    contents = write_contents(store, folder, order, shapes=manifest.shapes)
    counted = census(folder / NQUADS, edition.base)
    told = description(order, manifest, counted, contents.files)
    (folder / DESCRIPTION).write_bytes(described(told, GraphFormat.TURTLE))
    compared = (earlier.name, earlier.store) if earlier else None
    _write(folder / CHANGES, changes_report(edition, store, compared))
    _write(folder / CITATION, citation(edition, manifest))
    _write(folder / README, readme(edition, manifest, counted, contents))
    return contents.missing


def _write(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines)
