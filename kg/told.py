"""What was told of each page, apart from the lines of the ledger: findings, and the words that they are about.

They are four fifths of what a ledger tells, and hardly ever asked for. So they stand in files to which is only ever
added, each text known by where it begins in all of them together; a line says where. A version takes over the files of
the one before under other names of the same files, and adds its own:

    told-0-162845120.jsonl           what was told of all pages, when they were read
    told-162845120-162847300.jsonl   of those that changed since

What was added is joined as it grows, so there are few files; once it outweighs the first one, all is written anew.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import IO, Final

from kg.accounts import Entry
from kg.lines import Lines
from kg.model.errors import StoreError
from kg.store import Version

_NAME: Final = re.compile(r"told-([0-9]+)-([0-9]+)\.jsonl")
_NAMED: Final = "told-{}-{}.jsonl"
_PIECE: Final = 1024 * 1024  # bytes
_TEXT: Final = b"{"  # how a text begins, and no place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A file of a version: what stands from one place to another."""

    name: str
    file: IO[bytes]
    begin: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.begin

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(0)
        while piece := self.file.read(_PIECE):
            yield piece


class Told:
    """Texts, each known by its place: those of a version, and those that came since.

    Args:
        version: none where nothing is known.

    Raises:
        StoreError: a file of the version is not there, or has not the size that it had.
    """

    def __init__(self, version: Version | None = None) -> None:
        self._parts: list[_Part] = []
        self._parts += _parts(version) if version else ()
        self._parts.sort(key=lambda part: part.begin)
        self._end = self._parts[-1].end if self._parts else 0
        self._new = Lines()
        self._size = 0

    def __del__(self) -> None:
        for part in self._parts:
            part.file.close()

    def apart(self, line: bytes) -> bytes:
        """A line of the ledger with the place of what it tells, instead of that itself, which is taken in."""
        head, tab, text = line[:-1].rpartition(b"\t")
        if not text.startswith(_TEXT):
            return line
        begin = self._end + self._new.add(text + b"\n")
        self._size += len(text) + 1
        return b"%b%b%d,%08x\n" % (head, tab, begin, zlib.crc32(text))

    def together(self, line: bytes) -> bytes:
        """The line as it was before `apart`.

        Raises:
            StoreError: what it tells is not what was published.
        """
        head, tab, place = line[:-1].rpartition(b"\t")
        if place.startswith(_TEXT):
            return line
        begin, _, check = place.partition(b",")
        text = self._at(int(begin))
        if b"%08x" % zlib.crc32(text) != check:
            reason = "what was found there is damaged in the store; build again with --all"
            raise StoreError(Entry.of(line).source, reason)
        return b"%b%b%b\n" % (head, tab, text)

    @property
    def is_outgrown(self) -> bool:
        """Whether so much came since all was written that it is to be written anew."""
        return bool(self._parts) and not self._stay

    @property
    def kept(self) -> list[str]:
        """The names of the version's files that stay as they are."""
        return [part.name for part in self._stay]

    def added(self) -> Mapping[str, Iterable[bytes]]:
        """The file to be written, if anything came: its name and its text, that of files which it replaces first."""
        if not self._size:
            return {}
        stay = self._stay
        begin = stay[-1].end if stay else 0
        joined = chain.from_iterable(part.pieces() for part in self._parts[len(stay) :])
        return {_NAMED.format(begin, self._end + self._size): chain(joined, self._new.pieces())}

    @property
    def _stay(self) -> list[_Part]:
        """The files that are larger than all that came after them; the others are joined, so that few remain."""
        stay, size = list(self._parts), self._size
        while size and stay and stay[-1].size <= size:
            size += stay.pop().size
        return stay

    def _at(self, begin: int) -> bytes:
        if begin >= self._end:
            return self._new.at(begin - self._end)[:-1]
        *_, part = takewhile(lambda each: each.begin <= begin, self._parts)
        part.file.seek(begin - part.begin)
        return part.file.readline()[:-1]


class AccountLines(Lines):
    """The lines of a ledger, and what was told of each page.

    Args:
        told: what is known of that.
        file: the lines, where they stand already.
    """

    def __init__(self, told: Told | None = None, file: IO[bytes] | None = None) -> None:
        super().__init__(file)
        self.told = told or Told()

    def put(self, line: bytes) -> int:
        """Adds the line of an account, of which what it tells is kept apart; where it begins.

        Raises:
            OSError: the disk fails.
        """
        return self.add(self.told.apart(line))

    def entry(self, begins: int) -> Entry:
        """The whole account that begins there.

        Raises:
            StoreError: what was told of the page is not what was published.
        """
        return Entry.of(self.told.together(self.at(begins)))

    def trimmed(self) -> AccountLines:
        """The same; where most of what was told is of pages as they were once, without that."""
        if not self.told.is_outgrown:
            return self
        lines = AccountLines()
        for line in self:
            lines.put(self.told.together(line))
        return lines


def _parts(version: Version) -> Iterator[_Part]:
    for name in version.manifest.records:
        if numbers := _NAME.fullmatch(name):
            begin, end = map(int, numbers.groups())
            yield _Part(name=name, file=_opened(version, name, end - begin), begin=begin, end=end)


def _opened(version: Version, name: str, size: int) -> IO[bytes]:
    try:
        file = (version.path / name).open("rb")
    except OSError as error:
        raise StoreError(str(version.path), f"{name}: {error.strerror or error}") from error
    if os.fstat(file.fileno()).st_size != size:
        file.close()
        raise StoreError(str(version.path), f"{name} is not what was published")
    return file
