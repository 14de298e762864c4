"""The ledger of a version: what became of each page, kept beside the data, so that the next build need not read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.accounts import Account, Standing, finding_of, finding_values
from kg.model.errors import StoreError
from kg.model.verdict import Finding
from kg.store import Version
from kg.store.records import record

PAGES: Final = "pages.tsv"
RUN: Final = "build.json"
_PUBLISHED: Final = Standing.PUBLISHED.value.encode()
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
    clashes: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The text of `build.json`."""
        told = {**vars(self), "findings": [finding_values(each) for each in self.findings]}
        return json.dumps(told, ensure_ascii=True, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Together:
        """What `to_json` wrote."""
        told: dict[str, Any] = json.loads(text)
        return cls(**{**told, "findings": tuple(map(finding_of, told["findings"]))})


class Ledger:
    """The accounts of a version's pages, in reading order; each is taken apart only when it is asked for."""

    def __init__(self, lines: Sequence[bytes], together: Together) -> None:
        self.together = together
        self._lines = {line[:_MARK].decode(): line for line in lines}

    @classmethod
    def of(cls, version: Version | None) -> Ledger | None:
        """The ledger of a version; None where it has none, or its files are not what they were.

        Nothing is lost without it: the next build reads every page.
        """
        if version is None or version.fallback_from is not None:
            return None
        texts = {name: _text(version, name) for name in (PAGES, RUN)}
        if any(text is None for text in texts.values()):
            return None
        return cls((texts[PAGES] or b"").splitlines(keepends=True), Together.from_json(texts[RUN] or b"{}"))

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, mark: str) -> bool:
        return mark in self._lines

    def marks(self) -> Iterator[str]:
        """The marks of all pages, in reading order."""
        return iter(self._lines)

    def account(self, mark: str) -> Account | None:
        """The account of the page with this mark."""
        line = self._lines.get(mark)
        return None if line is None else Account.from_line(line)

    def accounts(self) -> Iterator[Account]:
        """All accounts, in reading order."""
        return map(Account.from_line, self._lines.values())

    def published(self) -> frozenset[str]:
        """The graphs of the pages that are in the version."""
        cells = (line.split(b"\t", 4) for line in self._lines.values())
        return frozenset(each[3].decode() for each in cells if each[1] == _PUBLISHED)

    def line(self, mark: str) -> bytes | None:
        """The line of the page with this mark."""
        return self._lines.get(mark)


def _text(version: Version, name: str) -> bytes | None:
    try:
        return record(version, name)
    except StoreError:
        return None
