"""A build that has something to do: pages are read, judged together, and published as a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.build.ahead import Ahead
from kg.build.candidate import Candidate, Changed
from kg.build.fresh import fresh
from kg.build.ledger import Ledger
from kg.build.manner import Manner, Missing, Strictness
from kg.build.publication import Publication
from kg.build.reading import Reading
from kg.build.recall import kept
from kg.build.together import Judging
from kg.build.walk import Walk, tasks
from kg.curating import Curation
from kg.model.errors import SourceError
from kg.store import Start, Writer
from kg.summary import Summary
from kg.told import AccountLines


@dataclass(frozen=True, kw_only=True)
class Run:
    """One build that has something to do; what is known of pages comes from the ledger of the current version."""

    reading: Reading
    writer: Writer
    curation: Curation
    recipe: Mapping[str, str]
    ledger: Ledger | None
    ahead: Ahead

    def summary(self, sources: Sequence[Path]) -> Summary:
        """Reads, checks and publishes; what became of it."""
        stations, ledger = self.reading.stations, self.ledger
        if ledger is None:
            stations.set_up()
        summary = Summary(lines=AccountLines(ledger.lines.told)) if ledger else Summary()
        met: dict[str, str] = {}
        pages = tasks(self.ahead, ledger, stations.most_bytes, summary, met)
        if ledger and self.reading.manner.missing is Missing.KEPT:
            pages = chain(pages, kept(ledger, summary, met))
        candidate = self.reading.into(self._candidate, pages, Walk(stations=stations, summary=summary))
        try:
            candidate.finish()
            if not summary.checked:
                raise SourceError(", ".join(map(str, sources)), _nothing_read(summary))
            return self._settled(candidate, summary)
        finally:
            candidate.give_up()

    def _settled(self, candidate: Candidate, summary: Summary) -> Summary:
        """Judges and publishes what the pages say; the store is made fast to read meanwhile."""
        ledger, before = self.ledger, self.ledger.together if self.ledger else None
        if ledger:
            candidate.retract(ledger.gone(summary.graphs))
        summary.take(self.curation)
        judging = Judging(stations=self.reading.stations, candidate=candidate, summary=summary, before=before)
        judging.judge_curated(self.curation)
        candidate.settle(self.writer.hashing().look)
        together = judging.judge_together(self.recipe)
        if is_kept_back(summary, self.reading.manner):
            return summary
        publication = Publication(stations=self.reading.stations, summary=summary, judging=judging, together=together)
        facts, contents = publication.facts(), publication.contents(candidate)
        candidate.settled()
        summary.version = self.writer.publish(facts, contents)
        return summary

    def _candidate(self) -> Candidate:
        """A copy of the current version where its pages are known, else a store with what is known beforehand."""
        current = self.writer.current
        if self.ledger is None or current is None:
            self.writer.begin(Start.EMPTY)
            return fresh(self.writer.store, self.reading.stations.known, self.ahead)
        self.writer.begin(Start.CURRENT)
        return Changed(self.writer.store, current.manifest.counts.statements)


def is_kept_back(summary: Summary, manner: Manner) -> bool:
    """Whether nothing is published because not everything conforms."""
    return manner.strictness is Strictness.STRICT and bool(summary.quarantined or summary.withheld)


def _nothing_read(summary: Summary) -> str:
    reasons: Iterable[str] = (f"{each.source}: {each.reason}" for each in summary.unreadable)
    return "no page could be read; nothing is published\n" + "\n".join(f"  {reason}" for reason in reasons)
