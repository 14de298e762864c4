"""What a build would do, told beforehand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from kg.build.ledger import Ledger
from kg.build.manner import Missing
from kg.build.walk import once
from kg.sources import Unreadable
from kg.sources.sightings import Seen, Shelved, Sighting
from kg.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The pages that a build would read, and those that it would take out of the graph.

    Attributes:
        new, changed, vanished, kept: sources, in reading order.
        unchanged: number of pages that would not be read again.
        causes: why every page is read, where every page is: what else changed since the current version.
        unreadable: what could not be read now.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    unchanged: int = 0
    causes: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the build would publish nothing new."""
        return not (self.new or self.changed or self.vanished or self.causes)


def planned(seen: Iterable[Seen], ledger: Ledger | None, recipe: Mapping[str, str], missing: Missing) -> Plan:
    """The plan for these pages, against the ledger of the current version.

    Args:
        seen: the pages that there are.
        ledger: of the current version, if there is one.
        recipe: what pages would be judged by; empty where all of them are to be read.
        missing: what becomes of pages that are no longer there.
    """
    before = {entry.source: entry.mark for entry in ledger.entries()} if ledger else {}
    causes = _causes(ledger, recipe)
    summary = Summary()
    new, changed, unchanged = list[str](), list[str](), 0
    met: dict[str, str] = {}
    for each in once(seen, summary, met):
        if isinstance(each, Unreadable):
            summary.unreadable.append(each)
        for source, mark in _pages(each):
            if source not in before:
                new.append(source)
            elif before[source] != mark or causes:
                changed.append(source)
            else:
                unchanged += 1
    gone = tuple(source for source in before if source not in summary.sighted)
    holds = missing is Missing.KEPT and not causes
    kept = _kept(ledger, set(gone), met) if ledger and holds else ()
    held = set(kept)
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        vanished=tuple(source for source in gone if source not in held),
        kept=kept,
        unchanged=unchanged,
        causes=causes,
        unreadable=tuple(summary.unreadable),
    )


def _kept(ledger: Ledger, gone: Container[str], met: Container[str]) -> tuple[str, ...]:
    """Of the pages that are gone, those whose bytes are not there under another name."""
    return tuple(entry.source for entry in ledger.entries() if entry.source in gone and entry.page not in met)


def _pages(seen: Seen) -> Iterable[tuple[str, str]]:
    """The sources and the marks of pages."""
    if isinstance(seen, Shelved):
        return zip(seen.sources, seen.marks, strict=True)
    return [(seen.source, seen.mark)] if isinstance(seen, Sighting) else []


def _causes(ledger: Ledger | None, recipe: Mapping[str, str]) -> tuple[str, ...]:
    if ledger is None:
        return ("there is no version yet that says what its pages were",)
    if not recipe:
        return ("it was asked for",)
    before = ledger.together.recipe
    return tuple(f"{name} changed" for name in recipe if recipe[name] != before.get(name))
