"""Writes of pages: the ledger's lines as they will be, and which page is a report that several pages are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.accounts import Account, Entry, Standing
from kg.build.walk import repeated
from kg.curating import DEPOSITED
from kg.model.severities import Severities
from kg.rdf.iris import Minter
from kg.sources.kinds import MEDIA_TYPES
from kg.store.deposits import PAGES, Deposits
from kg.told import AccountLines, Told

#: The ends of names of pages, by media type; the first one of each.
SUFFIXES: Final[Mapping[str, str]] = {kind: suffix for suffix, kind in reversed(list(MEDIA_TYPES.items()))}
_KEY: Final = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_LONGEST_KEY: Final = 200
_CELLS: Final = 10
_STANDING, _REPORT, _SOURCE = 1, 4, 9
_PUBLISHED, _REPEATED, _WITHDRAWN = (
    each.value.encode() for each in (Standing.PUBLISHED, Standing.REPEATED, Standing.WITHDRAWN)
)


def is_key(text: str) -> bool:
    """Whether a text may be a report's key."""
    return len(text) <= _LONGEST_KEY and _KEY.fullmatch(text) is not None


def deposit_of(key: str, deposits: Deposits) -> str | None:
    """The name of the deposit of this report; None where no client wrote it."""
    return next((name for name in deposits.under(PAGES) if name.removeprefix(PAGES).rpartition(".")[0] == key), None)


class PageLines:
    """The ledger's lines, pages that clients wrote first.

    Attributes:
        lines: as they will be published; of those that came, what they tell is not apart yet.
        changed: whether pages came or went.
    """

    def __init__(self, lines: Sequence[bytes], told: Told) -> None:
        self.lines = list(lines)
        self._told = told
        self.changed = False

    def published(self, key: str) -> Account | None:
        """The page that is published as this report."""
        wanted = key.encode()
        for line in self.lines:
            cells = line.split(b"\t", _CELLS)
            if cells[_REPORT] == wanted and cells[_STANDING] == _PUBLISHED:
                return self._account(line)
        return None

    def put(self, account: Account, minter: Minter, severities: Severities) -> Account | None:
        """Sets the page that a client wrote as a report; the other page that was it, as it stands now."""
        self.changed = True
        twin: Account | None = None
        kept: list[bytes] = []
        for line in self.lines:
            cells = line.split(b"\t", _CELLS)
            if cells[_REPORT] != account.key.encode():
                kept.append(line)
            elif not _is_deposit(cells):
                known = self._account(line)
                if known.is_published and account.place:
                    known = twin = repeated(known, account.place, minter, severities)
                kept.append(known.to_line())
        deposited = [line for line in kept if _is_deposit(line.split(b"\t", _CELLS))]
        others = kept[len(deposited) :]
        self.lines = [*sorted([*deposited, account.to_line()], key=_source), *others]
        return twin

    def remove(self, key: str) -> None:
        """Takes out the page that a client wrote; the next build looks anew at those that it kept out."""
        self.changed = True
        wanted = key.encode()
        self.lines = [line for line in self.lines if not _is_about(line.split(b"\t", _CELLS), wanted)]

    def reconsider(self) -> None:
        """Forgets the pages that other pages had kept out: the next build looks at them anew."""
        self.lines = [line for line in self.lines if line.split(b"\t", 2)[_STANDING] != _WITHDRAWN]

    def with_told(self) -> AccountLines:
        """The lines as they will be published, with what is told of the pages apart."""
        lines = AccountLines(self._told)
        for line in self.lines:
            lines.put(line)
        return lines.trimmed()

    @property
    def digest(self) -> str:
        """SHA-256 over the pages and their sources, as a build works it out."""
        told = sorted(_told(self.lines))
        return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()

    def _account(self, line: bytes) -> Account:
        return Entry.of(self._told.together(line)).account()


def _told(lines: Sequence[bytes]) -> Iterator[str]:
    for line in lines:
        entry = Entry.of(line)
        if entry.standing != Standing.UNREADABLE.value:
            yield f"{entry.page} {entry.source}"


def _is_about(cells: list[bytes], key: bytes) -> bool:
    return cells[_REPORT] == key and (_is_deposit(cells) or cells[_STANDING] == _REPEATED)


def _is_deposit(cells: list[bytes]) -> bool:
    return cells[_SOURCE].startswith(b'"' + DEPOSITED.encode())


def _source(line: bytes) -> bytes:
    return line.split(b"\t", _CELLS)[_SOURCE]
