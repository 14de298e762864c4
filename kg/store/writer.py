"""One build under way: a store in a staging folder that becomes a version, or disappears."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import Store

from kg.model.errors import StoreError
from kg.store.deposits import Deposits
from kg.store.describe import summary
from kg.store.digest import content_digest, graph_digests
from kg.store.durable import is_same, move_folder, share_file, sync_tree
from kg.store.folder import Folder, Pointer, Version, storage_errors
from kg.store.hashing import Hashing
from kg.store.manifest import Contents, Counts, Facts, Manifest
from kg.store.records import GRAPHS, file_digest, graphs_record, record_damages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: Records of what clients wrote; builds publish what the current version has of them.
WRITES: Final = "writes.jsonl"
#: Bytes without which no build begins; RocksDB's own files take some of them.
_LEAST_SPACE: Final = 64 * 1024**2


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
        deposits: what clients wrote, as it will be published: that of the current version until it is changed.
    """

    def __init__(self, folder: Folder, current: Version | None, start: Start) -> None:
        self.current = current
        self._folder = folder
        self._staging = folder.root / f"staging-{os.getpid()}"
        self._start = start
        self._published = False
        self._store: Store | None = None
        self._hashing: Hashing | None = None
        self.deposits = Deposits.of(current)

    def prepare(self) -> None:
        """Make the staging folder.

        Raises:
            OSError: it cannot be made.
        """
        self._staging.mkdir()

    @property
    def store(self) -> Store:
        """The working store, made when it is first asked for; a build that changes nothing needs none.

        Raises:
            StoreError: the disk has no room for it, or it cannot be made.
        """
        if self._store is None:
            with storage_errors(self._folder.root):
                self._check_space()
                work = self._work
                if self.current is not None and self._start is Start.CURRENT:
                    self.current.open().backup(str(work))
                self._store = Store(str(work))
        return self._store

    def hashing(self) -> Hashing:
        """Hashes files of the working store before it is published; to be asked for before it gets those that stay."""
        self._hashing = Hashing(self._work)
        return self._hashing

    @property
    def _work(self) -> Path:
        return self._staging / "work"

    def begin(self, start: Start) -> None:
        """Choose what the working store holds at first, in place of what the writer was made with.

        Raises:
            RuntimeError: it has been used already.
        """
        if self._store is not None:
            raise RuntimeError("this writer's store has been used already")
        self._start = start

    def publish(self, facts: Facts, contents: Contents | None = None) -> Version:
        """Make what was written the current version; readers of older versions keep what they have.

        Nothing new is published when the current version has the same content (by its digest), inputs and shapes:
        that version is returned as it is, and a repeated build changes nothing on disk. A damaged current version is
        always replaced.

        Args:
            facts: what the build alone knows.
            contents: what the store holds, where that is known; else it is counted, which takes a pass over all of it.

        Raises:
            StoreError: it could not be written; what was current still is.
        """
        if self._published:
            raise RuntimeError("this writer has already published")
        candidate = self._staging / "version"
        with storage_errors(self._folder.root):
            manifest = self._seal(candidate, facts, contents)
            version = self._repeated(facts, manifest) or self._release(candidate, manifest)
        self._published = True
        return version

    @property
    def next_name(self) -> str:
        """The name that the next version will have."""
        return self._folder.path(self._folder.next_number()).name

    @property
    def room(self) -> Path:
        """A folder for what this writer needs and does not publish; it goes with the writer."""
        room = self._staging / "room"
        room.mkdir(exist_ok=True)
        return room

    def keep(self, name: str, text: Iterable[str]) -> None:
        """Set a file beside the versions that a later run may use, and may do without: a reader must know it whole.

        Where it cannot be written it holds what it held before: no failure of what was published already.

        Args:
            name: of the file.
            text: what it is to hold, in pieces.
        """
        with suppress(OSError):
            with (self._staging / name).open("w", encoding="utf-8") as out:
                out.writelines(text)
            (self._staging / name).replace(self._folder.root / name)

    def prune(self, keep: int) -> None:
        """Removes versions that single writes made, but for the newest ones; those of builds stay.

        The current version, and the one before it, stay always. What cannot be removed stays for the next time.

        Args:
            keep: how many to keep.
        """
        published = self._folder.published_numbers()
        pinned = {*published[-2:], self._folder.current_number()}
        written = [number for number in published if self._is_of_a_write(number)]
        with suppress(OSError):
            for number in written[:-keep]:
                if number not in pinned:
                    self._folder.remove(number)

    def _is_of_a_write(self, number: int) -> bool:
        """Whether a single write made a version; one that is damaged stays, and keeps nobody from the others."""
        try:
            return bool(self._folder.version(number).manifest.write)
        except StoreError:
            return False

    def discard(self) -> None:
        """Remove the staging folder as far as the disk lets us; the next writer removes the rest."""
        try:
            self._remove()
        except (KeyboardInterrupt, SystemExit):  # a signal: what was begun is ended first
            self._remove()
            raise

    def _remove(self) -> None:
        self._store = None
        with suppress(OSError):
            shutil.rmtree(self._staging)
        with suppress(OSError):
            self._folder.sweep()

    def _seal(self, candidate: Path, facts: Facts, contents: Contents | None) -> Manifest:
        """Snapshot the working store, read the snapshot back, and write what it holds to its manifest."""
        data = candidate / "data"
        candidate.mkdir()
        self.store.flush()
        if self._start is Start.EMPTY:
            self.store.optimize()  # half the reading time after many loads; a changed copy stays hard-linked instead
        self.store.backup(str(data))
        sealed = Store.read_only(str(data))
        contents = contents or _counted(sealed, facts)
        records = {GRAPHS: graphs_record(contents.graphs), **contents.records}
        manifest = Manifest(
            counts=contents.counts,
            digest=contents.digest,
            inputs=dict(facts.inputs),
            shapes=facts.shapes,
            code=facts.code,
            verdict=dict(facts.verdict),
            created=facts.created,
            files={file.name: file.stat().st_size for file in sorted(data.iterdir())},
            file_digests=self._file_digests(sorted(data.iterdir())),
            records={
                **self._carried(candidate, contents),
                **{name: _written(candidate / name, lines) for name, lines in records.items()},
            },
            deposits=self.deposits.write(candidate),
            write=dict(facts.write),
        )
        (candidate / "manifest.json").write_text(manifest.to_json(), "utf-8")
        return manifest

    def _file_digests(self, files: Sequence[Path]) -> Mapping[str, str]:
        """The SHA-256 of each file of the snapshot, two at a time: hashing holds no lock of Python."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - who only reads a store needs none

        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="digest") as hashing:
            return dict(zip((file.name for file in files), hashing.map(self._file_digest, files), strict=True))

    def _file_digest(self, file: Path) -> str:
        """The SHA-256 of a file of the snapshot, which is known where the current version has that very file."""
        if self.current is not None:
            before, known = self.current.data / file.name, self.current.manifest.file_digests.get(file.name)
            if known is not None and is_same(before, file):
                return known
        return self._hashing.digest(file) if self._hashing else file_digest(file)

    def _carried(self, candidate: Path, contents: Contents) -> Mapping[str, str]:
        """Hands on records of the current version as they are: what clients wrote, and what the contents name."""
        if self.current is None:
            return {}
        known, path = self.current.manifest.records, self.current.path
        names = {name for name in {WRITES, *contents.kept} - contents.records.keys() if name in known}
        for name in names:
            share_file(path / name, candidate / name)
        return {name: known[name] for name in names}

    def _check_space(self) -> None:
        """Refuse to begin what the disk has no room to finish: a second version of the size of the current one.

        A changed copy shares most of its files with the current version.
        """
        files = self.current.manifest.files.values() if self.current and self._start is Start.EMPTY else ()
        needed = max(sum(files), _LEAST_SPACE)
        free = shutil.disk_usage(self._folder.root).free
        if free < needed:
            raise OSError(
                errno.ENOSPC, f"{free:,} bytes are free, and a build needs at least {needed:,}; nothing was changed"
            )

    def _repeated(self, facts: Facts, manifest: Manifest) -> Version | None:
        current = self.current
        if current is None or current.fallback_from is not None:
            return None
        is_same = current.manifest.says_the_same_as(facts, manifest) and not tuple(record_damages(current))
        return current if is_same else None

    def _release(self, candidate: Path, manifest: Manifest) -> Version:
        """The steps whose order makes a crash harmless: contents, folder name, pointer."""
        number = self._folder.next_number()
        target = self._folder.path(number)
        sync_tree(candidate, self.current.path if self.current else None)
        move_folder(candidate, target)
        self._folder.point(Pointer.CURRENT, number)
        return Version(name=target.name, number=number, path=target, manifest=manifest, is_current=True)


def _counted(store: Store, facts: Facts) -> Contents:
    """What a store holds, counted and summed up."""
    counted = summary(store)
    counts = Counts(
        statements=counted.statements,
        named_graphs=counted.named_graphs,
        pages=counted.pages,
        reports=counted.reports,
        gaps=counted.gaps,
        findings=facts.findings,
    )
    return Contents(counts=counts, digest=content_digest(store), graphs=graph_digests(store))


def _written(file: Path, lines: Iterable[bytes]) -> str:
    """The SHA-256 of the lines, which now stand in the file."""
    digest = hashlib.sha256()
    with file.open("wb") as out:
        for line in lines:
            digest.update(line)
            out.write(line)
    return digest.hexdigest()
