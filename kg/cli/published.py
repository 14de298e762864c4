"""A store's version as the service needs it, and the news that another one is current."""

from __future__ import annotations

from pathlib import Path

from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.rdf.vocab import COORD
from kg.settings import Settings
from kg.store import Counts, Version, VersionStore
from kg.web import Published


class Watch:
    """Tells when another version is current: one `stat` each time it is asked, and the manifest when that differs."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._store, self._settings = VersionStore(folder), settings
        self._seen = self._mark()

    def __call__(self) -> Published | None:
        """The current version where CURRENT was written since this was asked last, else None.

        Raises:
            StoreMissing, StoreError: nothing that was published holds; the next question tries again.
        """
        mark = self._mark()
        if mark == self._seen:
            return None
        found = published(self._store.current(), self._settings)
        self._seen = mark
        return found

    def _mark(self) -> tuple[int, int] | None:
        try:
            found = self._store.pointer.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


def published(version: Version, settings: Settings) -> Published:
    """A version with its name, imprint and counts, all from its manifest and the settings."""
    edition = Edition(
        base=settings.base_iri,
        name=version.name,
        imprint=settings.dataset or Imprint(),
        issued=(version.manifest.created or "")[:10] or None,
        digest=version.manifest.identifier,
    )
    return Published(data=version.data, edition=edition, census=_census(version.manifest.counts))


def _census(counts: Counts) -> Census:
    """What the manifest knows of the version: nothing needs to be counted anew."""
    classes = {"Report": counts.reports, "Page": counts.pages, "Gap": counts.gaps}
    return Census(triples=counts.statements, classes={COORD(name).value: count for name, count in classes.items()})
