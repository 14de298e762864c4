"""A Policy KG as writes find it: pages and curated facts are replaced, and all that this can touch is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from kg import __version__
from kg.build.ledger import Together
from kg.build.recipe import recipe
from kg.build.stations import Stations
from kg.model.writes import Write, WriteKind, WriteOutcome, Written
from kg.store import Facts, Version, Writer
from kg.writing.change import Change
from kg.writing.curated import CuratedGraphs
from kg.writing.declined import Declined
from kg.writing.deletion import check_deletion
from kg.writing.history import Entry
from kg.writing.judgement import judge
from kg.writing.options import GateOptions
from kg.writing.page_writes import PageWrite

_PAGES: Final = frozenset({WriteKind.PUT_PAGE, WriteKind.DELETE_PAGE})
#: What has to be as it was when the version was built.
_KNOWN_BEFOREHAND: Final = ("ontology", "shapes", "layouts", "authority")


class Corpus:
    """What a Policy KG makes of a write; the stations are loaded once."""

    def __init__(self, options: GateOptions) -> None:
        self._options = options

    def set_up(self) -> None:
        """Loads the stations."""
        self.stations.set_up()
        _ = self.stations.constraints, self.recipe

    def written(self, write: Write, entry: Entry, writer: Writer) -> Written:
        """What becomes of a write whose turn it is.

        Raises:
            Declined: nothing is published.
        """
        current = _sound(writer.current)
        together = Together.of(current)
        if together is None:
            raise Declined(
                WriteOutcome.FAILED,
                f"{current.name} has no ledger of its pages that this program reads; build again first",
            )
        self._check_recipe(together, current)
        work = self._work(write, writer, together)
        if work.changes_nothing:
            return Written(outcome=WriteOutcome.UNCHANGED, version=current.name)
        change = Change(current, writer.store, together)
        created = work.apply(change)
        change.finish()
        findings = judge(change, self.stations)
        check_deletion(write, change.merged_away, current.manifest.counts.statements, self._options.most_deleted)
        entry = replace(entry, created=created, added=change.added, removed=change.removed)
        version = writer.publish(self._facts(change, entry), change.contents(entry))
        return replace(entry.written, version=version.name, findings=findings)

    def _work(self, write: Write, writer: Writer, together: Together) -> CuratedGraphs | PageWrite:
        if write.kind in _PAGES:
            return PageWrite(write, writer, self.stations)
        return CuratedGraphs(write, writer, self.stations.minter, together.published)

    def _facts(self, change: Change, entry: Entry) -> Facts:
        manifest = change.current.manifest
        return Facts(
            inputs={**manifest.inputs, **({"pages": change.pages_digest} if change.pages_digest else {})},
            shapes=manifest.shapes,
            code=__version__,
            verdict=manifest.verdict,
            findings=manifest.counts.findings + change.findings,
            created=entry.at,
            write=entry.told,
        )

    def _check_recipe(self, together: Together, current: Version) -> None:
        """What was built by other rules cannot be checked by these."""
        before = together.recipe
        changed = [name for name in _KNOWN_BEFOREHAND if before.get(name) != self.recipe[name]]
        if changed:
            reason = f"{current.name} was built with another {' and another '.join(changed)} than the server has"
            raise Declined(WriteOutcome.FAILED, f"{reason}; build again, with the settings of the server")

    @cached_property
    def stations(self) -> Stations:
        """The stations that pages and curated facts go through."""
        options = self._options
        return Stations(
            base=options.base,
            layouts=options.layouts,
            authority=options.authority,
            most_bytes=options.most_page_bytes,
            severities=options.severities,
            engine=options.engine,
        )

    @cached_property
    def recipe(self) -> Mapping[str, str]:
        """What pages are judged by here."""
        return recipe(self.stations, "")


def _sound(current: Version | None) -> Version:
    """The current version, where it can be written to."""
    if current is None:
        raise Declined(WriteOutcome.FAILED, "nothing was published here yet; build pages first: kg build")
    if current.fallback_from:
        damage = current.fallback_from
        raise Declined(WriteOutcome.FAILED, f"{damage.name} is damaged ({damage.reason}); build again first")
    return current
