"""The ledger of a version: what became of each page, kept beside the data, so that the next build need not read it."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Any, Final

from kg.accounts import Entry, Standing, finding_of, finding_values
from kg.check.collection import Clash
from kg.model.errors import StoreError
from kg.model.verdict import Finding
from kg.store import Version
from kg.store.records import record
from kg.told import AccountLines, Told

PAGES: Final = "pages.tsv"
RUN: Final = "build.json"
_FORMAT: Final = 7
_SETTLED: Final = tuple(each.value.encode() for each in Standing if each not in (Standing.REPEATED, Standing.WITHDRAWN))
_STRETCH: Final = 256  # lines: some hundred such may wait for a page that is being read
_MARK: Final = 64  # characters of an account's mark, which begins its line


@dataclass(frozen=True, kw_only=True)
class Together:
    """What was found beside the pages, each by itself.

    Attributes:
        recipe: digests of what pages were judged by.
        published: the files of curated facts that are in the version; withheld: those that are not.
        curated: number of curated facts in the version.
        withdrawn: graphs of the pages that were taken out, in the order in which they were.
        findings: those about curated facts and over several pages, as they are shown.
        clashes: constraints over all pages, each with what it found at last.
        known_digest: sum over what is known beforehand, in hexadecimal; known_graphs: the digests of its graphs.
    """

    recipe: Mapping[str, str]
    published: Sequence[str] = ()
    withheld: Sequence[str] = ()
    curated: int = 0
    withdrawn: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    clashes: Mapping[str, Sequence[Clash]] = field(default_factory=dict)
    known_digest: str = ""
    known_graphs: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The text of `build.json`."""
        told = {
            **vars(self),
            "findings": [finding_values(each) for each in self.findings],
            "clashes": {shape: list(map(_clash_values, clashes)) for shape, clashes in self.clashes.items()},
            "format": _FORMAT,
        }
        return json.dumps(told, ensure_ascii=True, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def of(cls, version: Version) -> Together | None:
        """What was found in a version; None where it does not say, or says so in another form."""
        try:
            return cls.from_json(record(version, RUN))
        except StoreError:
            return None

    @classmethod
    def from_json(cls, text: bytes) -> Together | None:
        """What `to_json` wrote; None where the lines of the ledger have another form."""
        told: dict[str, Any] = json.loads(text)
        if told.pop("format", 1) != _FORMAT:
            return None
        clashes = {shape: tuple(map(_clash, values)) for shape, values in told["clashes"].items()}
        return cls(**{**told, "findings": tuple(map(finding_of, told["findings"])), "clashes": clashes})


class Ledger:
    """The pages of a version, in reading order, each found by its mark.

    Attributes:
        lines: where their lines stand.
    """

    def __init__(self, lines: AccountLines, index: _Index, together: Together) -> None:
        self.together = together
        self.lines = lines
        self._marks, self._begins, self._unsettled = index.marks, index.begins, index.unsettled
        self._rows = {mark: row for row, mark in enumerate(index.marks)}
        self._taken = bytearray(len(index.marks))

    @classmethod
    def of(cls, version: Version | None) -> Ledger | None:
        """The ledger of a version; None where it has none, or its files are not what they were.

        Nothing is lost without it: the next build reads every page.
        """
        if version is None or version.fallback_from is not None:
            return None
        try:
            together = Together.of(version)
            lines = AccountLines(Told(version), (version.path / PAGES).open("rb"))
        except (OSError, StoreError):
            return None
        index = _Index.of(lines)
        return cls(lines, index, together) if together and index.digest == version.manifest.records.get(PAGES) else None

    def __len__(self) -> int:
        return len(self._marks)

    def marks(self, begin: int, end: int) -> Sequence[str]:
        """The marks of some pages that follow each other in reading order, by their places in it."""
        return self._marks[begin:end]

    def entries(self, begin: int = 0) -> Iterator[Entry]:
        """The pages in reading order, from one of them on."""
        return (Entry.of(self._lines_of(row, row + 1)) for row in range(begin, len(self)))

    def take(self, marks: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        """The lines of the pages with these marks, once, as many together as stand side by side, up to 256.

        Each time how many pages these are, and their lines; one page and no line where there is none, or its own bytes
        alone do not make the page what it is.
        """
        rows = [self._rows.get(mark, -1) for mark in marks]
        begin = 0
        while begin < len(rows):
            first, end = rows[begin], begin + 1
            if first < 0 or first in self._unsettled or self._taken[first]:
                yield 1, b""
                begin = end
                continue
            last = min(begin + _STRETCH, len(rows))
            while end < last and rows[end] == first + end - begin and rows[end] not in self._unsettled:
                end += 1
            count = end - begin
            self._taken[first : first + count] = b"\1" * count
            yield count, self._lines_of(first, first + count)
            begin = end

    def gone(self, graphs: Collection[str]) -> list[str]:
        """The graphs that held pages which were not taken, in order, but for these; and forgets all pages."""
        gone = sorted({entry.graph for entry in self.left() if entry.is_published} - set(graphs))
        self._marks, self._rows, self._begins = [], {}, array("Q", [0])
        self._taken, self._unsettled = bytearray(), frozenset()
        return gone

    def left(self) -> Iterator[Entry]:
        """The pages that were not taken, in reading order."""
        row = self._taken.find(0)
        while row >= 0:
            yield Entry.of(self._lines_of(row, row + 1))
            row = self._taken.find(0, row + 1)

    def _lines_of(self, row: int, end: int) -> bytes:
        return self.lines.between(self._begins[row], self._begins[end])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Where the pages of a ledger stand.

    Attributes:
        marks: in reading order; begins: where the line of each begins, and where the last one ends.
        unsettled: places of the pages that are not what their own bytes alone make them.
        digest: SHA-256 of all lines.
    """

    marks: list[str]
    begins: array[int]
    unsettled: frozenset[int]
    digest: str

    @classmethod
    def of(cls, lines: AccountLines) -> _Index:
        marks, begins, unsettled, digest = list[str](), array("Q", [0]), set[int](), hashlib.sha256()
        for batch in lines.batches():
            digest.update(b"".join(batch))
            settled = [line.startswith(_SETTLED, _MARK + 1) for line in batch]
            if not all(settled):
                unsettled.update(len(marks) + at for at, is_so in enumerate(settled) if not is_so)
            marks += [line[:_MARK].decode() for line in batch]
            begins.extend(islice(accumulate(map(len, batch), initial=begins[-1]), 1, None))
        return cls(marks=marks, begins=begins, unsettled=frozenset(unsettled), digest=digest.hexdigest())


def _clash_values(clash: Clash) -> list[object]:
    return [clash.node, clash.report, finding_values(clash.finding), list(clash.rests)]


def _clash(values: Sequence[Any]) -> Clash:
    node, report, finding, rests = values
    return Clash(finding=finding_of(finding), report=report, node=node, rests=tuple(rests))
