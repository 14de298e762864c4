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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from kg.model.mapping import Record
from kg.model.page import Page
from kg.sources.page_files import Found, PageFile, Shelf
from kg.sources.stdin import STDIN
from kg.sources.taken import MOST_BYTES, PassedOver, Unreadable

_DIGEST: Final = 64  # hexadecimal digits
_STATUS: Final = attrgetter("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")
_WORDED: Final = "%d %d %d %d %d"
_TOGETHER: Final = 512  # pages: so many are asked about at once
_SETTLED: Final = 2_000_000_000
_UNKNOWN: Final = "-"
_HEAD: Final = "policy-kg-digests 3"


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


@dataclass(frozen=True, slots=True)
class Shelved:
    """Files of one folder that are a page each, none of them in memory; what is asked of them is asked of all at once.

    Attributes:
        pages: SHA-256 of the payload of each.
    """

    shelf: Shelf
    pages: Sequence[str]

    def __len__(self) -> int:
        return len(self.pages)

    @property
    def sources(self) -> list[str]:
        """Where they come from."""
        above = self.shelf.above
        return [above + name for name in self.shelf.names]

    @property
    def marks(self) -> list[str]:
        """Of each page, as a sighting has it."""
        return list(map(_mark, self.sources, self.shelf.kinds, self.pages))

    def part(self, begin: int, end: int) -> Shelved:
        """Some of them that stand side by side."""
        return Shelved(self.shelf.part(begin, end), self.pages[begin:end])

    def sightings(self) -> Iterator[Sighting]:
        """Each by itself."""
        for file, page in zip(self.shelf.files(), self.pages, strict=True):
            yield Sighting(source=file.source, page=page, mark=_mark(file.source, file.kind, page), origin=file)


Seen = Sighting | Shelved | PassedOver | Unreadable


class Digests:
    """The digests of files that were read before, by folder.

    A file's status is its device, inode, size, and the times of the last change of its bytes and of itself in
    nanoseconds, as words: so they are compared and kept without being taken apart, a hundred thousand times.

    Args:
        most_bytes: the largest page that is read.
        known: for each folder, a line for each file: its name, its status and its digest.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, known: Mapping[str, str] | None = None) -> None:
        self._most_bytes = most_bytes
        self._known = dict(known or {})
        self._met: dict[str, list[str]] = {}
        self._last: tuple[str, Mapping[str, str]] = ("", {})

    @classmethod
    def parse(cls, text: str, most_bytes: int = MOST_BYTES) -> Digests:
        """What `pieces` gave, joined; nothing where it is damaged or told for larger pages: all can be found out."""
        *blocks, sum_told = text.split("\n\n")
        is_whole = bool(blocks) and blocks[0].startswith(_HEAD) and sum_told == _checksum(blocks)
        if not is_whole or int(blocks[0].removeprefix(_HEAD)) > most_bytes:
            return cls(most_bytes)
        folders = (block.partition("\n") for block in blocks[1:])
        return cls(most_bytes, {folder: f"{lines}\n" for folder, _, lines in folders})

    def pieces(self) -> Iterator[str]:
        """The files met in this run, a line each below their folder, folders parted by empty lines; and a checksum."""
        whole = hashlib.sha256()
        told = (f"{folder}\n{lines}\n" for folder, lines in self._told().items())  # each line ends with a line feed
        for piece in chain([f"{_HEAD} {self._most_bytes}\n\n"], told):
            whole.update(piece.encode())
            yield piece
        yield whole.hexdigest()

    @property
    def are_news(self) -> bool:
        """Whether this run met files that were not known, or not those that were."""
        return self._told() != self._known

    def of(self, shelf: Shelf) -> list[str | PassedOver | Unreadable]:
        """The digest of each file, which is read where that is not known; else why it cannot be read."""
        folder = os.path.abspath(shelf.within)  # noqa: PTH100 - resolve() would follow links
        known = self._of(folder)
        told = _told([shelf.within + name for name in shelf.names])
        lines = [known.get(name, "") for name in shelf.names]
        digests: list[str | PassedOver | Unreadable] = [
            line[-_DIGEST:] if line[: -_DIGEST - 1] == status else "" for line, status in zip(lines, told, strict=True)
        ]
        read = [at for at, digest in enumerate(digests) if not digest]
        for at in read:
            digests[at], lines[at] = self._read(shelf.file(at), told[at])
        before = self._known.get(folder, "")
        is_as_before = not read and len(known) == len(lines) == before.count("\n")
        self._met.setdefault(folder, []).append(before if is_as_before else _written(shelf.names, lines))
        return digests

    def _of(self, folder: str) -> Mapping[str, str]:
        """What is known of the files of a folder, by name; files named one by one ask often for the same."""
        if self._last[0] != folder:
            lines = self._known.get(folder, "").split("\n")[:-1]
            self._last = folder, dict(line.split("\t") for line in lines)
        return self._last[1]

    def _read(self, file: PageFile, told: str) -> tuple[str | PassedOver | Unreadable, str]:
        """What comes of reading a file, and its line; none where its bytes may yet change with no other status."""
        begun = time.time_ns()
        page = next(file.pages(self._most_bytes))
        if not isinstance(page, Page):
            return page, ""
        is_settled = told != _UNKNOWN and begun - max(map(int, told.split()[-2:])) > _SETTLED
        is_settled = is_settled and _told([file.path]) == [told]
        return page.id, f"{told} {page.id}" if is_settled else ""

    def _told(self) -> dict[str, str]:
        """The lines of each folder that can be written down."""
        return {
            folder: lines[0] if len(lines) == 1 else "".join(lines)
            for folder, lines in self._met.items()
            if folder.isprintable() and any(lines)
        }


def sightings(found: Iterator[Found], digests: Digests, most_bytes: int) -> Iterator[Seen]:
    """The pages of some files, each file read only where its digest is not known."""
    for each in found:
        if isinstance(each, Shelf):
            yield from _sighted(each, digests)
        elif not isinstance(each, PageFile):
            yield each
        elif each.is_one_page and each.path != str(STDIN):
            yield from _sighted(each.alone(), digests)
        else:
            for taken in each.pages(most_bytes):
                yield sighting(taken) if isinstance(taken, Page) else taken


def _sighted(shelf: Shelf, digests: Digests) -> Iterator[Shelved | PassedOver | Unreadable]:
    """The files of a shelf that are pages, as many as stand side by side; and those that are none."""
    begin, pages = 0, list[str]()
    for at, told in enumerate(digests.of(shelf)):
        if isinstance(told, str) and len(pages) < _TOGETHER:
            pages.append(told)
            continue
        if pages:
            yield Shelved(shelf.part(begin, at), pages)
        if isinstance(told, str):
            begin, pages = at, [told]
        else:
            begin, pages = at + 1, []
            yield told
    if pages:
        yield Shelved(shelf.part(begin, len(shelf.names)), pages)


def sighting(page: Page) -> Sighting:
    """A page that was read already, as one that is there."""
    told = repr((page.fields, page.mapping, page.table, page.row_line)) if isinstance(page, Record) else ""
    return Sighting(
        source=page.source, page=page.id, mark=_mark(page.source, page.media_type, page.id, told), origin=page
    )


def _mark(source: str, kind: str, page: str, told: str = "") -> str:
    return hashlib.sha256(f"{source}\n{kind}\n{page}\n{told}".encode("utf-8", "surrogatepass")).hexdigest()


def _told(files: Sequence[str]) -> list[str]:
    """The status of each file, in words; a dash for one that has none."""
    try:
        return [_WORDED % _STATUS(os.stat(file)) for file in files]  # noqa: PTH116 - a path for each of a hundred thousand files takes seconds
    except OSError:
        return [_UNKNOWN] if len(files) == 1 else [each for file in files for each in _told([file])]


def _written(names: Sequence[str], lines: Sequence[str]) -> str:
    """A line for each file that is known and whose name can be written down."""
    return "".join(
        [f"{name}\t{line}\n" for name, line in zip(names, lines, strict=True) if line and name.isprintable()]
    )


def _checksum(blocks: Iterable[str]) -> str:
    """SHA-256 over blocks of lines; one by one, since all of them are as long as a line for each page."""
    whole = hashlib.sha256()
    for block in blocks:
        whole.update(f"{block}\n\n".encode())
    return whole.hexdigest()
