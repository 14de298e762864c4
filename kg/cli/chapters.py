"""How a version is told in the list of versions, to people and to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from kg.cli.console import plural

if TYPE_CHECKING:
    from kg.build.history import Changes, Chapter
    from kg.store import Damage, Manifest

_MEGABYTE: Final = 1_000_000
_SHOWN: Final = 12


def chapter_text(chapter: Chapter) -> str:
    """Two lines: what the version holds, and when it was published, how large it is and what it changed."""
    version, counts = chapter.version, chapter.version.manifest.counts
    numbers = ", ".join(
        (
            plural(counts.pages, "page"),
            plural(counts.reports, "report"),
            plural(counts.statements, "statement"),
            plural(counts.findings, "finding"),
        )
    )
    mark = "*" if version.is_current else " "
    room = f"{_megabytes(chapter.own)} of its own, {_megabytes(chapter.size - chapter.own)} shared"
    changes = f"; {_changed(chapter.changes)}" if chapter.changes else ""
    return (
        f"{mark} {version.name}  {numbers}  {_identifier(version.manifest)}\n"
        f"      {chapter.published:%Y-%m-%d %H:%M %Z}, {room}{changes}"
    )


def chapter_values(chapter: Chapter, damages: tuple[Damage, ...] | None) -> dict[str, object]:
    """The same as values that JSON holds.

    Args:
        chapter: the version in the history of its store.
        damages: what was found when it was read through; None where it was not.
    """
    version, changes = chapter.version, chapter.changes
    found = {} if damages is None else {"damages": [f"{damage.name}: {damage.reason}" for damage in damages]}
    return {
        "version": version.name,
        "current": version.is_current,
        "published": chapter.published.isoformat(),
        "digest": version.manifest.identifier,
        **asdict(version.manifest.counts),
        "verdict": dict(version.manifest.verdict),
        "bytes": chapter.size,
        "own_bytes": chapter.own,
        "changes": {**asdict(changes), "unit": changes.unit.value} if changes else None,
        **found,
    }


def _identifier(manifest: Manifest) -> str:
    """As much of the digest as tells versions apart."""
    scheme, digest = manifest.identifier.split(":")
    return f"{scheme}:{digest[:_SHOWN]}"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def _changed(changes: Changes) -> str:
    unit = changes.unit.value
    counted = ((changes.added, "added"), (changes.changed, "changed"), (changes.removed, "removed"))
    told = [f"{plural(number, unit)} {what}" for number, what in counted if number]
    return f"since {changes.since} {', '.join(told) or f'no {unit} changed'}, {changes.statements:+,} statements"
