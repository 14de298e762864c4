"""The last writes that were published, kept with the version that they led to: who wrote what, and how it ended.

So a write that is asked for twice is done once, also where the writer died between publishing and answering.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from kg.model.writes import Write, WriteOutcome, Written
from kg.store import Version
from kg.store.writer import WRITES
from kg.writing.messages import write_digest

#: How many writes a version remembers.
REMEMBERED: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A write that was published.

    Attributes:
        mark: of the asking that was answered.
        digest: of all that was asked for.
        at: when it was published, an xsd:dateTime.
    """

    mark: str
    author: str
    key: str
    digest: str
    kind: str
    target: str
    at: str
    version: str
    created: bool = False
    added: int = 0
    removed: int = 0

    @classmethod
    def of(cls, write: Write, mark: str, version: str) -> Entry:
        """The entry of a write that will be published as this version, now; what it did is told when it was done."""
        return cls(
            mark=mark,
            author=write.author,
            key=write.idempotency_key,
            digest=write_digest(write),
            kind=write.kind.value,
            target=write.target,
            at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            version=version,
        )

    @property
    def written(self) -> Written:
        """The answer that was given, or would have been."""
        return Written(
            outcome=WriteOutcome.PUBLISHED,
            version=self.version,
            created=self.created,
            added=self.added,
            removed=self.removed,
        )

    @property
    def line(self) -> bytes:
        """The entry as a line of the record."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True).encode() + b"\n"

    @property
    def told(self) -> Mapping[str, str]:
        """What the version's manifest says of it."""
        return {
            "kind": self.kind,
            "target": self.target,
            "author": self.author,
            "digest": self.digest,
            "mark": self.mark,
        }


class History:
    """The writes that a version remembers, oldest first."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    @classmethod
    def of(cls, version: Version | None) -> History:
        """That of a version; empty where it has none.

        Raises:
            OSError: it cannot be read.
        """
        if version is None or WRITES not in version.manifest.records:
            return cls([])
        return cls((version.path / WRITES).read_bytes().splitlines(keepends=True))

    def __len__(self) -> int:
        return len(self._lines)

    def of_mark(self, mark: str) -> Written | None:
        """What became of this asking, where it was published."""
        return next((entry.written for entry in self._entries(mark) if entry.mark == mark), None)

    def of_key(self, write: Write) -> Written | None:
        """What became of the write that bore the author's key first; REUSED where that was another one."""
        key = write.idempotency_key
        if not key:
            return None
        for entry in self._entries(json.dumps(key)[1:-1]):
            if (entry.author, entry.key) == (write.author, key):
                return entry.written if entry.digest == write_digest(write) else _reused(entry)
        return None

    def with_entry(self, entry: Entry) -> list[bytes]:
        """The lines of the next version's record."""
        return [*self._lines[-(REMEMBERED - 1) :], entry.line]

    def _entries(self, word: str) -> Iterator[Entry]:
        """The entries whose lines hold a word."""
        for line in self._lines:
            if word.encode() in line:
                told: dict[str, Any] = json.loads(line)
                yield Entry(**told)


def _reused(entry: Entry) -> Written:
    reason = (
        f"the key was used for another write, {entry.kind} {entry.target}".rstrip() + f", published as {entry.version}"
    )
    return Written(outcome=WriteOutcome.REUSED, reason=f"{reason}; choose a key of its own for each write")
