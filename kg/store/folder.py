"""A store's folder: where its versions, pointers and half-built versions lie.

    versions/vN/data/            the RocksDB of version N, never written again
    versions/vN/manifest.json
    versions/vN/deposits/        what clients wrote; writes.jsonl: the last writes
    versions/vN/pages.tsv        what became of each page; build.json: what it was judged by
    versions/vN/told-A-B.jsonl   what was told of each page: findings, and the lines that they are about
    CURRENT                      `vN`: what is published
    NEWEST                       `vN`: the highest number ever published; written when CURRENT is moved back
    LOCK                         held by the one writer
    DIGESTS                      of files of pages, by their size and times; any build can do without
    staging-…                    a build under way, or one that died

A version becomes visible by CURRENT alone. A folder in `versions/` whose number is above both pointers was left by a
writer that died between the last two steps: nothing shows it, and the next writer removes it.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.model.errors import StoreError
from kg.store.durable import move_folder, replace_text, sync_folder
from kg.store.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"v([1-9][0-9]*)")
_LEFT_BEHIND = re.compile(r"staging-(?:[0-9]+|CURRENT|NEWEST|pruned-v[0-9]+)")


class Pointer(Enum):
    """The files that name a version; the value is the file's name."""

    CURRENT = "CURRENT"
    NEWEST = "NEWEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something in a store that does not hold what it should: a version's name, or `CURRENT`; and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A published version.

    Attributes:
        name, number: `v3` and 3.
        path: its folder.
        is_current: whether it is the one to serve.
        fallback_from: what is damaged, when this version is served only because a newer one cannot be. Tell the user.
    """

    name: str
    number: int
    path: Path
    manifest: Manifest
    is_current: bool = False
    fallback_from: Damage | None = None

    @property
    def data(self) -> Path:
        """The folder of its RocksDB, for a process that opens it itself with `Store.read_only`."""
        return self.path / "data"

    def open(self) -> Store:
        """The store, read-only.

        Any number of processes may do so, also without the right to write; nothing is written to the folder. Each call
        opens anew (about 10 ms). What the store shows never changes.

        Raises:
            StoreError: RocksDB finds the files damaged.
        """
        with storage_errors(self.data):
            return Store.read_only(str(self.data))


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Raise what the file system and RocksDB say as StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # pyoxigraph raises RuntimeError where RocksDB finds corruption
        raise StoreError(str(path), str(error)) from error


class Folder:
    """Names, pointers and checks; no decision about what to serve."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.versions = root / "versions"
        self.lock = root / "LOCK"

    def path(self, number: int) -> Path:
        """Where a version lies or will lie."""
        return self.versions / f"v{number}"

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all version folders, ascending, whether published or not."""
        if not self.versions.is_dir():
            return ()
        names = (_NAME.fullmatch(inner.name) for inner in self.versions.iterdir())
        return tuple(sorted(int(name[1]) for name in names if name))

    def pointed(self, pointer: Pointer) -> int | None:
        """The number a pointer names; None where there is no such file.

        Raises:
            StoreError: the file is there and names no version.
        """
        path = self.root / pointer.value
        try:
            text = path.read_text("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        name = _NAME.fullmatch(text.strip())
        if name is None:
            raise StoreError(str(self.root), f"{pointer.value} holds {text[:40]!r}; expected the name of a version")
        return int(name[1])

    def current_number(self) -> int | None:
        """The number CURRENT names; None where nothing was ever published.

        Raises:
            StoreError: CURRENT is damaged, or gone from a store that had published.
        """
        number = self.pointed(Pointer.CURRENT)
        if number is None and any(other > 1 for other in self.numbers()):
            raise StoreError(str(self.root), "CURRENT is missing")
        return number

    def published_numbers(self) -> tuple[int, ...]:
        """The numbers that were ever published and are there, ascending; all there are where a pointer is damaged."""
        try:
            top = max(self.current_number() or 0, self.pointed(Pointer.NEWEST) or 0)
        except StoreError:
            return self.numbers()
        return tuple(number for number in self.numbers() if number <= top)

    def next_number(self) -> int:
        """A number that no version has had."""
        taken = [*self.numbers(), 0]
        for pointer in Pointer:
            try:
                taken.append(self.pointed(pointer) or 0)
            except StoreError:
                continue  # a damaged pointer names no number; the versions on disk still do
        return max(taken) + 1

    def version(self, number: int) -> Version:
        """A version whose manifest and files hold; its size does not matter to the time this takes (well below 1 ms).

        Raises:
            StoreError: they do not; the reason says what is missing or changed.
        """
        path = self.path(number)
        manifest = _manifest(path)
        for name, size in manifest.files.items():
            _check_size(path / "data" / name, size, within=path)
        return Version(name=path.name, number=number, path=path, manifest=manifest)

    def point(self, pointer: Pointer, number: int) -> None:
        """Move a pointer; with CURRENT this is the publication.

        Raises:
            OSError: the pointer is where it was.
        """
        temporary = self.root / f"staging-{pointer.value}"
        replace_text(self.root / pointer.value, f"v{number}\n", temporary=temporary)

    def remove(self, number: int) -> None:
        """Take a version away: out of sight in one step, then off the disk; only for the holder of the lock.

        A process that has it open keeps what it has. After a crash in between the next writer finishes the work.

        Raises:
            OSError: it cannot be removed.
        """
        hidden = self.root / f"staging-pruned-v{number}"
        move_folder(self.path(number), hidden)
        sync_folder(self.versions)
        shutil.rmtree(hidden)

    def sweep(self) -> None:
        """Remove what dead writers left; only for the holder of the lock.

        Raises:
            OSError: something cannot be removed.
        """
        for inner in self.root.iterdir():
            if _LEFT_BEHIND.fullmatch(inner.name):
                if inner.is_dir():
                    shutil.rmtree(inner)
                else:
                    inner.unlink()
        for number in sorted(set(self.numbers()) - set(self.published_numbers())):
            if (self.path(number) / "manifest.json").is_file():
                shutil.rmtree(self.path(number))


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.from_json((path / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(str(path), f"manifest.json: {error}") from error


def _check_size(file: Path, size: int, *, within: Path) -> None:
    try:
        found = file.stat().st_size
    except OSError as error:
        raise StoreError(str(within), f"data/{file.name} is missing") from error
    if found != size:
        raise StoreError(str(within), f"data/{file.name} has {found} bytes; published with {size}")
