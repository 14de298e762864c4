"""One build under way: a store in a staging folder that becomes a version, or disappears."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.store.describe import summary
from kg.store.durable import move_folder, sync_tree
from kg.store.export import export_digest
from kg.store.folder import Folder, Pointer, Version, storage_errors
from kg.store.manifest import Counts, Facts, Manifest

if TYPE_CHECKING:
    from pathlib import Path


class Start(Enum):
    """What a writer's store holds at first."""

    EMPTY = "empty"
    CURRENT = "current"


class Writer:
    """The one writer of a store, made by `VersionStore.writer`.

    What is written goes to a working store that is never served. Publishing takes a snapshot of it (hard links where
    the file system has them), so nothing that still refers to the working store can reach a published version.

    Attributes:
        current: the version that was current when the writer began, if any.
        store: the working store, for writing.
    """

    def __init__(self, folder: Folder, current: Version | None, start: Start) -> None:
        self.current = current
        self._folder = folder
        self._staging = folder.root / f"staging-{os.getpid()}"
        self._start = start
        self._published = False
        self._staging.mkdir()
        work = self._staging / "work"
        with storage_errors(folder.root):
            if current is not None and start is Start.CURRENT:
                current.open().backup(str(work))
            self.store = Store(str(work))

    def publish(self, facts: Facts) -> Version:
        """Make what was written the current version; readers of older versions keep what they have.

        Nothing new is published when the current version has the same content (by export digest), inputs and shapes:
        that version is returned as it is, and a repeated build changes nothing on disk. A damaged current version is
        always replaced.

        Raises:
            StoreError: it could not be written; what was current still is.
        """
        if self._published:
            raise RuntimeError("this writer has already published")
        candidate = self._staging / "version"
        with storage_errors(self._folder.root):
            manifest = self._seal(candidate, facts)
            version = self._repeated(facts, manifest.digest) or self._release(candidate, manifest)
        self._published = True
        return version

    def discard(self) -> None:
        """Remove the staging folder as far as the disk lets us; the next writer removes the rest."""
        del self.store
        with suppress(OSError):
            shutil.rmtree(self._staging)
        with suppress(OSError):
            self._folder.sweep()

    def _seal(self, candidate: Path, facts: Facts) -> Manifest:
        """Snapshot the working store, read the snapshot back, and write what it holds to its manifest."""
        data = candidate / "data"
        candidate.mkdir()
        self.store.flush()
        if self._start is Start.EMPTY:
            self.store.optimize()  # half the reading time after many loads; a changed copy stays hard-linked instead
        self.store.backup(str(data))
        sealed = Store.read_only(str(data))
        counted = summary(sealed)
        manifest = Manifest(
            counts=Counts(
                statements=counted.statements,
                named_graphs=counted.named_graphs,
                pages=counted.pages,
                reports=counted.reports,
                gaps=counted.gaps,
                findings=facts.findings,
            ),
            digest=export_digest(sealed, scratch=self._staging),
            inputs=dict(facts.inputs),
            shapes=facts.shapes,
            code=facts.code,
            created=facts.created,
            files={file.name: file.stat().st_size for file in sorted(data.iterdir())},
        )
        (candidate / "manifest.json").write_text(manifest.to_json(), "utf-8")
        return manifest

    def _repeated(self, facts: Facts, digest: str) -> Version | None:
        current = self.current
        if current is None or current.fallback_from is not None:
            return None
        return current if current.manifest.says_the_same_as(facts, digest) else None

    def _release(self, candidate: Path, manifest: Manifest) -> Version:
        """The steps whose order makes a crash harmless: contents, folder name, pointer."""
        number = self._folder.next_number()
        target = self._folder.path(number)
        sync_tree(candidate)
        move_folder(candidate, target)
        self._folder.point(Pointer.CURRENT, number)
        return Version(name=target.name, number=number, path=target, manifest=manifest, is_current=True)
