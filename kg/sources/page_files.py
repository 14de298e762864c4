"""Files that are pages or hold pages, found and not opened yet; and what comes of opening them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.model.mapping import RecordMapping
from kg.model.page import Page
from kg.sources.archives import archived_pages
from kg.sources.kinds import is_archive
from kg.sources.records import records
from kg.sources.stdin import STDIN, stdin_page
from kg.sources.taken import MOST_BYTES, PassedOver, Taken, Unreadable


class PageFile(NamedTuple):
    """A file that is a page or holds pages; or standard input, whose path is `-`.

    Attributes:
        source: its name for people.
        kind: its media type; empty where its name tells none.
        mapping: how its records are read, where it holds records.
    """

    path: str
    source: str
    kind: str
    mapping: RecordMapping | None = None

    @property
    def is_one_page(self) -> bool:
        """Whether the file's bytes are a page's."""
        return bool(self.kind) and self.mapping is None  # no archive's name tells a kind

    def alone(self) -> Shelf:
        """The file as a shelf of its own."""
        within, slash, name = self.path.rpartition("/")
        return Shelf(within + slash, self.source.removesuffix(name), (name,), (self.kind,))

    def pages(self, most_bytes: int = MOST_BYTES) -> Iterator[Taken]:
        """Its pages, or why there are none.

        Raises:
            SettingsError: the mapping names a column that the file has not.
        """
        file = Path(self.path)
        if file == STDIN:
            yield stdin_page(most_bytes)
        elif self.mapping and _is_regular(file):
            yield from records(file, self.source, self.mapping, most_bytes)
        elif is_archive(self.path) and _is_regular(file):
            yield from archived_pages(file, self.source, most_bytes)
        else:
            yield file_page(file, self.source, self.kind, most_bytes)


class Shelf(NamedTuple):
    """Files of one folder that are a page each, by name: they are looked at together, since most did not change.

    Attributes:
        within: the folder's path, with a slash behind it.
        above: what their names for people begin with.
        names: their names in the folder; kinds: their media types.
    """

    within: str
    above: str
    names: Sequence[str]
    kinds: Sequence[str]

    def file(self, at: int) -> PageFile:
        """One of them."""
        name = self.names[at]
        return PageFile(path=self.within + name, source=self.above + name, kind=self.kinds[at])

    def files(self) -> Iterator[PageFile]:
        """All of them."""
        return map(self.file, range(len(self.names)))

    def part(self, begin: int, end: int) -> Shelf:
        """Some of them that stand side by side."""
        return self._replace(names=self.names[begin:end], kinds=self.kinds[begin:end])


Found = PageFile | Shelf | PassedOver | Unreadable


def _is_regular(file: Path) -> bool:
    """Whether the file can be read as one; what it is instead, reading it as a page tells."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False


def file_page(file: Path, source: str, kind: str, most_bytes: int) -> Page | Unreadable:
    """The file as a page of this media type, or why it is none."""
    try:
        payload = _payload(file, most_bytes)
    except OSError as error:
        return Unreadable(source=source, reason=error.strerror or str(error))
    if isinstance(payload, bytes):
        return Page(source=source, media_type=kind, payload=payload)
    return Unreadable(source=source, reason=payload)


def _payload(file: Path, most_bytes: int) -> bytes | str:
    """The file's bytes, or why they are not read; a file that grows meanwhile is not read past the limit."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        return "it is no regular file"
    size = status.st_size
    if size <= most_bytes:
        with file.open("rb", buffering=0) as stream:  # as large as it was told: 20 µs less than room for the largest
            payload = stream.read(size + 1)
        if len(payload) != size:  # it changes meanwhile
            with file.open("rb") as stream:
                payload = stream.read(most_bytes + 1)
        if len(payload) <= most_bytes:
            return payload
        size = len(payload)
    return f"the file has {size:,} bytes; a page may have {most_bytes:,} (setting most_page_bytes)"
