"""The flow: pages go in at one end, a checked and published version of the graph comes out at the other.

sources → pages → extract → rdf → check → store
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Store

from kg.build.ahead import Ahead
from kg.build.candidate import Nowhere, Taker
from kg.build.deposited import deposited_pages
from kg.build.fresh import fresh
from kg.build.ledger import Ledger
from kg.build.manner import USUAL, Extent, Manner, Strictness
from kg.build.plan import Plan, planned
from kg.build.reading import Reading
from kg.build.recall import Twice, recalled
from kg.build.recipe import recipe
from kg.build.run import Run, is_kept_back
from kg.build.stations import Stations
from kg.build.together import Judging
from kg.build.walk import Aside, Listener, Walk, Written, tasks
from kg.curating import Curation
from kg.model.errors import SourceError, StoreMissing
from kg.model.page import Page
from kg.rdf.quads import PageQuads
from kg.sources import Unreadable
from kg.sources.files import find_files
from kg.sources.sightings import Digests, Seen, sighting, sightings
from kg.store import VersionStore
from kg.store.deposits import Deposits
from kg.summary import Outcome, Summary

_TOGETHER: Final = 2  # pages: what one says by itself is judged with it
_IN_MEMORY: Final = 100  # pages: so many take about 100 MB; a store on the disk takes 70 ms longer
_COMMAND: Final = 200  # characters of its command that a build tells to those who must wait
#: The file of a store that keeps the digests of files of pages.
DIGESTS: Final = "DIGESTS"

T = TypeVar("T", bound=Taker)


class Builder(Stations):
    """The flow over many pages; what it is set up with is told in `Stations`."""

    def outcomes(self, sources: Sequence[Path], summary: Summary, listen: Listener) -> Iterator[Outcome]:
        """Every page read here, one by one; what is no page, or read before, goes to the summary.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        walk = Walk(stations=self, summary=summary)
        for task in self._all(sources, summary):
            if not isinstance(task, Page):
                walk.take(task)
                continue
            try:
                outcome = self.outcome(task)
            except SourceError as error:
                walk.take(Unreadable(source=error.source, reason=error.reason))
                continue
            taken = walk.take(Written(self.account(outcome, sighting(task).mark).to_line()))
            if taken and not taken[0].is_published:
                outcome = replace(outcome, quarantined=True, findings=taken[0].findings)
            yield outcome
            listen(task.source, summary)

    def check_pages(self, sources: Sequence[Path], listen: Listener, manner: Manner = USUAL) -> Summary:
        """Reads and checks some of the pages, and no curated facts: those may be about the other pages.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        summary = Summary()
        if manner.jobs > 1:
            self.set_up()
            reading = Reading(stations=self, manner=manner, listen=listen)
            reading.into(Nowhere, self._all(sources, summary), Walk(stations=self, summary=summary))
            return summary
        for _ in self.outcomes(sources, summary, listen):
            pass
        return summary

    def check(self, sources: Sequence[Path], listen: Listener, manner: Manner = USUAL) -> Summary:
        """Reads and checks pages and curated facts, together in a store that is thrown away; publishes nothing.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        if manner.jobs > 1:
            return self._check_by_workers(sources, listen, manner)
        summary = Summary()
        curation = Curation.read(self.curated, self.minter, self.most_bytes)
        accepted = (each.quads for each in self.outcomes(sources, summary, listen) if not each.quarantined)
        few = list(islice(accepted, _IN_MEMORY))
        if len(few) < _TOGETHER and not curation.files:
            summary.take(curation)
            return summary
        with _passing_store(few) as store:
            candidate = fresh(store, self.known)
            for quads in chain(few, accepted):
                candidate.put_file(quads)
            listen("", summary)
            candidate.finish()
            summary.take(curation)
            Judging(stations=self, candidate=candidate, summary=summary).judge(curation, {})
        return summary

    def _check_by_workers(self, sources: Sequence[Path], listen: Listener, manner: Manner) -> Summary:
        """The same by worker processes, as in a build."""
        summary = Summary()
        curation = Curation.read(self.curated, self.minter, self.most_bytes)
        with tempfile.TemporaryDirectory(prefix="kg-check-") as folder:
            self.set_up()
            ahead = Ahead(self._seen(sources, Digests(self.most_bytes), Deposits()))
            pages, walk = tasks(ahead, None, self.most_bytes, summary), Walk(stations=self, summary=summary)
            reading = Reading(stations=self, manner=manner, listen=listen)
            candidate = reading.into(lambda: fresh(Store(folder), self.known, ahead), pages, walk)
            summary.take(curation)
            Judging(stations=self, candidate=candidate, summary=summary).judge(curation, {})
        return summary

    def _all(self, sources: Sequence[Path], summary: Summary) -> Iterator[Page | Aside]:
        """Every page there is, to be read, as nothing is known beforehand."""
        return tasks(self._seen(sources, Digests(self.most_bytes), Deposits()), None, self.most_bytes, summary)

    def plan(self, sources: Sequence[Path], store: Path, manner: Manner = USUAL) -> Plan:
        """What a build would do; it reads files to learn which changed, and writes nothing.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        curation = Curation.read(self.curated, self.minter, self.most_bytes)
        versions = VersionStore(store)
        try:
            current = versions.current()
        except StoreMissing:
            current = None
        ledger, deposits = Ledger.of(current), Deposits.of(current)
        wanted = recipe(self, curation.digest) if manner.extent is Extent.CHANGED else {}
        return planned(self._seen(sources, _digests(store, self.most_bytes), deposits), ledger, wanted, manner.missing)

    def build(self, sources: Sequence[Path], store: Path, manner: Manner | Strictness, listen: Listener) -> Summary:
        """Reads what is new, checks it, and publishes a version of what conforms.

        Raises:
            SourceError: a source does not exist, or no page at all could be read; nothing is published then.
            StoreLocked: another process writes this store.
            StoreError: the disk fails; what was published before still is.
        """
        manner = manner if isinstance(manner, Manner) else Manner(strictness=manner)
        versions = VersionStore(store)
        with versions.writer(f"kg build {' '.join(map(str, sources))}"[:_COMMAND]) as writer:
            digests = _digests(store, self.most_bytes)
            curation = Curation.read(self.curated, self.minter, self.most_bytes)
            curation.add(writer.deposits, self.minter)
            wanted = recipe(self, curation.digest)
            ledger = Ledger.of(writer.current) if manner.extent is Extent.CHANGED else None
            if ledger is not None and ledger.together.recipe != wanted:
                ledger = None
            seen = Twice(lambda: self._seen(sources, digests, writer.deposits))
            known = ledger and recalled(seen, ledger, manner.missing)
            if known:
                known.take(curation)
                known.version = None if is_kept_back(known, manner) else writer.current
            ahead = Ahead(seen.second())
            reading = Reading(stations=self, manner=manner, listen=listen)
            run = Run(reading=reading, ahead=ahead, writer=writer, curation=curation, recipe=wanted, ledger=ledger)
            summary = known or run.summary(sources)
            if digests.are_news:
                writer.keep(DIGESTS, digests.pieces())
        return summary

    def _seen(self, sources: Sequence[Path], digests: Digests, deposits: Deposits) -> Iterator[Seen]:
        """The pages that clients wrote, then those of the sources: of two that are one report, the first one is it."""
        found = sightings(find_files(sources, self.records), digests, self.most_bytes)
        return chain(deposited_pages(deposits), found)


@contextmanager
def _passing_store(first: Sequence[PageQuads]) -> Iterator[Store]:
    """A store that is thrown away: in memory, unless the first pages are so many that more may follow."""
    if len(first) < _IN_MEMORY:
        yield Store()
        return
    with tempfile.TemporaryDirectory(prefix="kg-check-") as folder:
        yield Store(folder)


def _digests(store: Path, most_bytes: int) -> Digests:
    """The digests of files that earlier builds read; none where they cannot be told."""
    try:
        return Digests.parse((store / DIGESTS).read_text("utf-8"), most_bytes)
    except (OSError, UnicodeDecodeError):
        return Digests(most_bytes)
