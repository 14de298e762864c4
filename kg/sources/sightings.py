"""Pages known by what they are, before anybody reads them: whether a page is new is told without opening its file.

A file's digest is kept with its size, its inode and the two times that the file system keeps of it. A file that has all
of these as before has the same bytes: the time of its last change (ctime) moves with every write and rename, and no
program can set it. A file that was changed less than two seconds before it was read is not kept, since a second change
in the same tick of a coarse clock would leave no mark.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.model.mapping import Record
from kg.model.page import Page
from kg.sources.files import Found, PageFile
from kg.sources.stdin import STDIN
from kg.sources.taken import MOST_BYTES, PassedOver, Unreadable

_SETTLED: Final = 2_000_000_000
_HEAD: Final = "policy-kg-digests 1"

#: Device, inode, size, and the times of the last change of the bytes and of the file, in nanoseconds.
Status = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A page that is there.

    Attributes:
        source: where it comes from.
        page: SHA-256 of its payload.
        mark: tells apart all that reading depends on: name, kind, bytes, and for a record its fields.
        origin: the page, or the file that it is.
    """

    source: str
    page: str
    mark: str
    origin: Page | PageFile = field(repr=False)

    def load(self, most_bytes: int = MOST_BYTES) -> Page | PassedOver | Unreadable:
        """The page itself; its bytes may have changed since it was seen."""
        if isinstance(self.origin, Page):
            return self.origin
        return next(self.origin.pages(most_bytes))


Seen = Sighting | PassedOver | Unreadable


class Digests:
    """The digests of files that were read before, by path, status and limit of size."""

    def __init__(self, known: Mapping[str, tuple[Status, str]] | None = None) -> None:
        self._known = dict(known or {})
        self._met: dict[str, tuple[Status, str]] = {}

    @classmethod
    def parse(cls, text: str) -> Digests:
        """What `text` wrote; nothing where it is damaged, for all of it can be found out again."""
        head, *lines = text.split("\n")
        if head != _HEAD or (lines and lines[-1]):
            return cls()
        known: dict[str, tuple[Status, str]] = {}
        try:
            for line in lines[:-1]:
                device, inode, size, changed, touched, digest, path = line.split(" ", 6)
                known[path] = ((int(device), int(inode), int(size), int(changed), int(touched)), digest)
        except ValueError:
            return cls()
        return cls(known)

    @property
    def text(self) -> str:
        """The files met in this run, a line each."""
        lines = (
            f"{device} {inode} {size} {changed} {touched} {digest} {path}\n"
            for path, ((device, inode, size, changed, touched), digest) in self._met.items()
            if "\n" not in path and path.isprintable()
        )
        return f"{_HEAD}\n{''.join(lines)}"

    @property
    def are_news(self) -> bool:
        """Whether this run met files that were not known, or not those that were."""
        return self._met != self._known

    def of(self, file: PageFile, most_bytes: int) -> str | Page | PassedOver | Unreadable:
        """The digest of a file that is one page, else the page, read now, or why it cannot be."""
        path = os.path.abspath(file.path)  # noqa: PTH100 - resolve() would follow links, and there may be many files
        try:
            before = _status(path)
        except OSError:
            return next(file.pages(most_bytes))
        known = self._known.get(path)
        if known and known[0] == before and before[2] <= most_bytes:
            self._met[path] = known
            return known[1]
        page = next(file.pages(most_bytes))
        if isinstance(page, Page) and time.time_ns() - max(before[3:]) > _SETTLED and _is_still(path, before):
            self._met[path] = before, page.id
        return page


def sightings(found: Iterator[Found], digests: Digests, most_bytes: int) -> Iterator[Seen]:
    """The pages of some files, each file read only where its digest is not known."""
    for each in found:
        if not isinstance(each, PageFile):
            yield each
        elif each.is_one_page and each.path != str(STDIN):
            told = digests.of(each, most_bytes)
            if isinstance(told, (PassedOver, Unreadable)):
                yield told
                continue
            page = told if isinstance(told, str) else told.id
            yield Sighting(source=each.source, page=page, mark=_mark(each.source, each.kind, page), origin=each)
        else:
            for taken in each.pages(most_bytes):
                yield sighting(taken) if isinstance(taken, Page) else taken


def sighting(page: Page) -> Sighting:
    """A page that was read already, as one that is there."""
    told = repr((page.fields, page.mapping, page.table, page.row_line)) if isinstance(page, Record) else ""
    return Sighting(
        source=page.source, page=page.id, mark=_mark(page.source, page.media_type, page.id, told), origin=page
    )


def _mark(source: str, kind: str, page: str, told: str = "") -> str:
    return hashlib.sha256(f"{source}\n{kind}\n{page}\n{told}".encode("utf-8", "surrogatepass")).hexdigest()


def _status(path: str) -> Status:
    status = os.stat(path)  # noqa: PTH116 - as above
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _is_still(path: str, before: Status) -> bool:
    try:
        return _status(path) == before
    except OSError:
        return False
