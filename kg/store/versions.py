"""The store: immutable versions on disk, of which one is current."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model.errors import StoreError, StoreMissing, VersionMissing
from kg.store.durable import sync_folder
from kg.store.folder import Damage, Folder, Pointer, Version, storage_errors
from kg.store.lock import locked
from kg.store.writer import Start, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class VersionStore:
    """A folder of published versions; reading needs no lock, writing and rolling back hold the one there is.

    >>> import tempfile, pathlib
    >>> from kg.store import Facts
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = VersionStore(pathlib.Path(folder))
    ...     with store.writer("example") as writer:
    ...         version = writer.publish(Facts(inputs={}, shapes="", code="1"))
    ...     store.current().name
    'v1'
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = Folder(path)

    @property
    def pointer(self) -> Path:
        """The file that is replaced whenever another version becomes current, for whoever watches it."""
        return self.path / Pointer.CURRENT.value

    def current(self) -> Version:
        """The version to serve, its manifest and the sizes of its files checked.

        Where the one CURRENT names does not hold, it is the newest older one that does, with `fallback_from` saying
        what is damaged: tell the user, loudly.

        Raises:
            StoreMissing: nothing was ever published here.
            StoreError: nothing that was published holds.
        """
        try:
            number = self._folder.current_number()
        except StoreError as error:
            return self._fallback(Damage(name=Pointer.CURRENT.value, reason=error.reason), self._folder.numbers())
        if number is None:
            raise StoreMissing(str(self.path))
        try:
            return replace(self._folder.version(number), is_current=True)
        except StoreError as error:
            older = tuple(other for other in self._folder.numbers() if other < number)
            return self._fallback(Damage(name=f"v{number}", reason=error.reason), older)

    def current_or_none(self) -> Version | None:
        """None for a store without a version that holds: a build begins it, or heals it."""
        try:
            return self.current()
        except (StoreMissing, StoreError):
            return None

    def versions(self) -> tuple[Version, ...]:
        """Every published version that holds, oldest first, the current one marked; `damaged` names the others.

        Raises:
            StoreMissing: nothing was ever published here.
            StoreError: nothing that was published holds.
        """
        current = self.current()
        found = (self._checked(number) for number in self._folder.published_numbers())
        return tuple(
            current if version.number == current.number else version
            for version in found
            if isinstance(version, Version)
        )

    def damaged(self) -> tuple[Damage, ...]:
        """The published versions that do not hold, oldest first."""
        found = (self._checked(number) for number in self._folder.published_numbers())
        return tuple(version for version in found if isinstance(version, Damage))

    def version(self, name: str) -> Version:
        """The published version of this name, such as `v3`.

        Raises:
            StoreMissing: nothing was ever published here.
            VersionMissing: no version of that name was.
            StoreError: it was, and does not hold.
        """
        current = self.current()
        for number in self._folder.published_numbers():
            if self._folder.path(number).name == name:
                return current if number == current.number else self._folder.version(number)
        raise self._missing(name)

    def rollback(self, to: str | None = None) -> Version:
        """Make the previous version current, or the named one (which may be newer); nothing is removed.

        Raises:
            StoreLocked: a build is under way.
            StoreMissing: nothing was ever published here.
            VersionMissing: there is no such version, or none before the current one.
            StoreError: it does not hold, or CURRENT could not be moved; CURRENT is where it was.
        """
        self.current()  # no lock file where there is no store
        with storage_errors(self.path), locked(self._folder.lock, f"rollback to {to or 'the previous version'}"):
            target = self._previous() if to is None else self.version(to)
            published = self._folder.published_numbers()
            if published[-1] > target.number:
                self._folder.point(Pointer.NEWEST, published[-1])
            self._folder.point(Pointer.CURRENT, target.number)
        return replace(target, is_current=True, fallback_from=None)

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove all but the newest versions, and what dead writers left; the names of those removed, oldest first.

        The current version stays however old it is, and so does the last one that holds when newer ones are damaged.

        Args:
            keep: how many versions to keep, at least 1.

        Raises:
            StoreLocked: a build is under way.
            StoreMissing: nothing was ever published here.
            StoreError: one cannot be removed; those that were not reached are still there.
        """
        if keep < 1:
            raise ValueError(f"keep is {keep}; at least one version must stay")
        current = self.current().number
        with storage_errors(self.path), locked(self._folder.lock, f"prune to {keep}"):
            self._folder.sweep()
            published = self._folder.published_numbers()
            kept = {*published[-keep:], current}
            gone = [number for number in published if number not in kept]
            for number in gone:
                self._folder.remove(number)
        return tuple(self._folder.path(number).name for number in gone)

    @contextmanager
    def writer(self, command: str, start: Start = Start.EMPTY) -> Iterator[Writer]:
        """The one writer of this store, for the length of a `with` block; `command` is shown to those who must wait.

        First removes what dead writers left. Leaving the block without `publish` leaves the store as it was.

        Raises:
            StoreLocked: another process is writing; the error names it.
            StoreError: a write failed, here or anywhere in the block; what was current still is.
        """
        try:
            self._prepare()
            with locked(self._folder.lock, command):
                self._folder.sweep()
                writer = Writer(self._folder, self.current_or_none(), start)
                try:
                    writer.prepare()
                    yield writer
                finally:
                    writer.discard()
        except OSError as error:
            raise StoreError(str(self.path), str(error)) from error

    def _prepare(self) -> None:
        if not self._folder.versions.is_dir():
            self._folder.versions.mkdir(parents=True, exist_ok=True)
            sync_folder(self.path)
            sync_folder(self.path.absolute().parent)

    def _checked(self, number: int) -> Version | Damage:
        try:
            return self._folder.version(number)
        except StoreError as error:
            return Damage(name=f"v{number}", reason=error.reason)

    def _fallback(self, damage: Damage, candidates: tuple[int, ...]) -> Version:
        for number in reversed(candidates):
            version = self._checked(number)
            if isinstance(version, Version):
                return replace(version, is_current=True, fallback_from=damage)
        raise StoreError(str(self.path), f"{damage.name}: {damage.reason}; no older version holds")

    def _previous(self) -> Version:
        current = self.current()
        if current.fallback_from is not None:
            return current
        for version in reversed(self.versions()):
            if version.number < current.number:
                return version
        raise self._missing(f"before {current.name}")

    def _missing(self, wanted: str) -> VersionMissing:
        names = tuple(self._folder.path(number).name for number in self._folder.published_numbers())
        return VersionMissing(str(self.path), wanted, names)
