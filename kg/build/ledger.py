"""The ledger of a version: what became of each page, kept beside the data, so that the next build need not read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.accounts import Entry, Standing, finding_of, finding_values
from kg.check.collection import Clash
from kg.lines import Lines
from kg.model.errors import StoreError
from kg.model.verdict import Finding
from kg.store import Version
from kg.store.records import record

PAGES: Final = "pages.tsv"
RUN: Final = "build.json"
_FORMAT: Final = 4
_SETTLED: Final = tuple(
    each.value.encode() for each in Standing if each not in (Standing.REPEATED, Standing.WITHDRAWN)
)
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
    """

    recipe: Mapping[str, str]
    published: Sequence[str] = ()
    withheld: Sequence[str] = ()
    curated: int = 0
    withdrawn: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    clashes: Mapping[str, Sequence[Clash]] = field(default_factory=dict)

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

    def __init__(self, lines: Lines, begins: dict[str, int], together: Together) -> None:
        self.together = together
        self.lines = lines
        self._begins = begins

    @classmethod
    def of(cls, version: Version | None) -> Ledger | None:
        """The ledger of a version; None where it has none, or its files are not what they were.

        Nothing is lost without it: the next build reads every page.
        """
        if version is None or version.fallback_from is not None:
            return None
        try:
            together = Together.of(version)
            lines = Lines((version.path / PAGES).open("rb"))
        except OSError:
            return None
        begins, digest = _begins(lines)
        return cls(lines, begins, together) if together and digest == version.manifest.records.get(PAGES) else None

    def __len__(self) -> int:
        return len(self._begins)

    def __contains__(self, mark: str) -> bool:
        return mark in self._begins

    def marks(self) -> Iterator[str]:
        """The marks of all pages, in reading order."""
        return iter(self._begins)

    def begins(self, mark: str) -> int:
        """Where the line of the page with this mark begins.

        Raises:
            KeyError: there is no such page.
        """
        return self._begins[mark]

    def entries(self) -> Iterator[Entry]:
        """The pages, in reading order."""
        return map(Entry.of, self.lines)

    def take(self, mark: str) -> bytes | None:
        """The line of the page with this mark, once; None where its own bytes alone do not make it what it is."""
        begins = self._begins.get(mark)
        if begins is None or not (line := self.lines.at(begins)).startswith(_SETTLED, _MARK + 1):
            return None
        del self._begins[mark]
        return line

    def left(self) -> Iterator[Entry]:
        """The pages that were not taken, in reading order."""
        for mark in list(self._begins):
            yield Entry.of(self.lines.at(self._begins[mark]))


def _begins(lines: Lines) -> tuple[dict[str, int], str]:
    """Where the line of each mark begins, and the SHA-256 of them all."""
    begins: dict[str, int] = {}
    digest, at = hashlib.sha256(), 0
    for line in lines:
        begins[line[:_MARK].decode()] = at
        at += len(line)
        digest.update(line)
    return begins, digest.hexdigest()


def _clash_values(clash: Clash) -> list[object]:
    return [clash.node, clash.report, finding_values(clash.finding)]


def _clash(values: Sequence[Any]) -> Clash:
    node, report, finding = values
    return Clash(finding=finding_of(finding), report=report, node=node)
