"""Pages known by what they are, before anybody reads them: whether a page is new is told without opening its file.

A file's digest is kept with its size, its inode and the two times that the file system keeps of it. A file that has all
of these as before has the same bytes: the time of its last change (ctime) moves with every write and rename, and no
program can set it. A file that was changed less than two seconds before it was read is not kept, since a second change
in the same tick of a coarse clock would leave no mark.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kg.model.mapping import Record
from kg.model.page import Page
from kg.sources.files import Found, PageFile
from kg.sources.stdin import STDIN
from kg.sources.taken import MOST_BYTES, PassedOver, Unreadable

_DIGEST: Final = 64  # hexadecimal digits
_TOLD: Final = re.compile(r"(?:[0-9]+ ){5}[0-9a-f]{64}")
_SETTLED: Final = 2_000_000_000
_HEAD: Final = "policy-kg-digests 2"


class Sighting(NamedTuple):
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
    origin: Page | PageFile

    def load(self, most_bytes: int = MOST_BYTES) -> Page | PassedOver | Unreadable:
        """The page itself; its bytes may have changed since it was seen."""
        if isinstance(self.origin, Page):
            return self.origin
        return next(self.origin.pages(most_bytes))


Seen = Sighting | PassedOver | Unreadable


class Digests:
    """The digests of files that were read before, by path.

    A file's status is its device, inode, size, and the times of the last change of its bytes and of itself in
    nanoseconds, as words: so they are compared and kept without being taken apart, a hundred thousand times.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})
        self._met: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    @classmethod
    def parse(cls, text: str) -> Digests:
        """What `text` wrote; nothing where it is damaged, for all of it can be found out again."""
        head, *lines = text.split("\n")
        if head != _HEAD or (lines and lines[-1]):
            return cls()
        known = {path: told for path, _, told in (line.partition("\t") for line in lines[:-1])}
        return cls(known) if all(map(_TOLD.fullmatch, known.values())) else cls()

    @property
    def text(self) -> str:
        """The files met in this run, a line each."""
        lines = (f"{path}\t{told}\n" for path, told in self._met.items() if path.isprintable())
        return f"{_HEAD}\n{''.join(lines)}"

    @property
    def are_news(self) -> bool:
        """Whether this run met files that were not known, or not those that were."""
        return self._met != self._known

    def of(self, file: PageFile, most_bytes: int) -> str | Page | PassedOver | Unreadable:
        """The digest of a file that is one page, else the page, read now, or why it cannot be."""
        path = self._absolute(file.path)
        try:
            status = os.stat(path)  # noqa: PTH116 - a path for each of a hundred thousand files takes seconds
        except OSError:
            return next(file.pages(most_bytes))
        told, known = _told(status), self._known.get(path)
        if known is not None and known.startswith(told) and known[len(told)] == " " and status.st_size <= most_bytes:
            self._met[path] = known
            return known[-_DIGEST:]
        page = next(file.pages(most_bytes))
        age = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns)
        if isinstance(page, Page) and age > _SETTLED and _is_still(path, told):
            self._met[path] = f"{told} {page.id}"
        return page

    def _absolute(self, path: str) -> str:
        """The same as `os.path.abspath`, for which a folder's name is worked out once."""
        folder, slash, name = path.rpartition("/")
        if not slash or name in ("", ".", ".."):
            return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = os.path.abspath(f"{folder}/").rstrip("/")  # noqa: PTH100 - as above
        return f"{found}/{name}"


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


def _told(status: os.stat_result) -> str:
    return f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _is_still(path: str, before: str) -> bool:
    try:
        return _told(os.stat(path)) == before  # noqa: PTH116 - as above
    except OSError:
        return False
