"""A baseline: findings that are known, one a line, so that a check tells only of what is new."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.check.fingerprint import fingerprint
from kg.check.formats.checked import Stale
from kg.check.rules import UNREADABLE, rule_name
from kg.model.errors import UsageError
from kg.model.verdict import Finding

#: The first line; a later layout of the file will have another number.
_HEAD: Final = {"policy-kg-baseline": 1}
_KEYS: Final = ("source", "shape", "focus", "path", "value", "fingerprint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding that is known.

    Attributes:
        source: where it was found; None for what was not read from a page. It tells which entries a check of some pages
            can judge, and is no part of what makes two findings the same.
    """

    source: str | None
    shape: str
    focus: str
    path: str | None
    value: str | None
    fingerprint: str

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """The entry for a finding."""
        return cls(
            source=finding.where.source if finding.where else None,
            shape=rule_name(finding.shape),
            focus=finding.focus,
            path=finding.path,
            value=finding.value,
            fingerprint=fingerprint(finding),
        )

    @property
    def line(self) -> str:
        """The entry as it stands in a baseline."""
        return json.dumps({key: getattr(self, key) for key in _KEYS}, ensure_ascii=False)

    def __str__(self) -> str:
        return " ".join(part for part in (self.shape, f"<{self.focus}>", self.path, self.value) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The entries of a baseline, in its order.

    Attributes:
        file: its path, for messages.
    """

    file: str
    entries: tuple[Entry, ...] = ()

    def unknown(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that no entry is for. What could not be read is never known: nobody has looked at it."""
        known = {entry.fingerprint for entry in self.entries}
        return tuple(
            finding for finding in findings if finding.shape == UNREADABLE or fingerprint(finding) not in known
        )

    def stale(self, findings: Iterable[Finding], judged: Judged) -> tuple[Stale, ...]:
        """The entries that this check can judge and found nothing for."""
        found = set(map(fingerprint, findings))
        return tuple(
            Stale(file=self.file, line=number, entry=str(entry))
            for number, entry in enumerate(self.entries, start=2)
            if entry.fingerprint not in found and judged.covers(entry)
        )

    def renewed(self, findings: Iterable[Finding], judged: Judged) -> Baseline:
        """A baseline of what is found, and of the entries that this check cannot judge; sorted, each once."""
        kept = [entry for entry in self.entries if not judged.covers(entry)]
        found = [Entry.of(finding) for finding in findings if finding.shape != UNREADABLE]
        ordered = sorted({entry.line: entry for entry in (*kept, *found)}.values(), key=_order)
        return Baseline(file=self.file, entries=tuple(ordered))

    @property
    def text(self) -> str:
        """The file: a line that says what it is, then a line an entry."""
        return "".join(f"{line}\n" for line in (json.dumps(_HEAD), *(entry.line for entry in self.entries)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Which entries of a baseline a check can judge: those of sources it read, or that are there no more.

    Attributes:
        sources: what was read.
        knowledge: whether what is known beforehand was checked, and not pages.
    """

    sources: Collection[str]
    knowledge: bool = False

    def covers(self, entry: Entry) -> bool:
        """Whether the entry would have been found, were it still right."""
        if entry.source is None or self.knowledge:
            return self.knowledge and entry.source is None
        return entry.source in self.sources or _is_gone(entry.source)


def read_baseline(file: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        UsageError: there is none, or a line is no entry of a baseline.
    """
    try:
        lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except FileNotFoundError as error:
        hint = f"write one with: kg check --baseline {file} --write-baseline"
        raise UsageError(f"there is no baseline {file}; {hint}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the baseline {file} cannot be read: {error}") from error
    if _parsed(lines[0]) != _HEAD:
        raise UsageError(f"{file}:1: a baseline starts with {json.dumps(_HEAD)}; write it anew with --write-baseline")
    entries = [_entry(line, f"{file}:{number}") for number, line in enumerate(lines[1:], start=2)]
    return Baseline(file=file.as_posix(), entries=tuple(entries))


def _entry(line: str, place: str) -> Entry:
    said = _parsed(line)
    if not isinstance(said, dict) or set(said) != set(_KEYS) or not all(map(_is_text, said.values())):
        raise UsageError(f"{place}: this is no entry of a baseline, which has {', '.join(_KEYS)}")
    return Entry(**said)


def _parsed(line: str) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _order(entry: Entry) -> tuple[str, ...]:
    return tuple(getattr(entry, key) or "" for key in _KEYS)


def _is_gone(source: str) -> bool:
    """Whether a source was among the files here and is no more; of what lies elsewhere, only a check of it can tell."""
    file = Path(source.partition("#")[0])
    among = "://" not in source and (len(file.parts) == 1 or Path(file.parts[0]).is_dir())
    return among and not file.exists()
