"""The flow: pages go in at one end, a checked and published version of the graph comes out at the other.

sources → pages → extract → rdf → check → store
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Final, TypeVar

from pyoxigraph import Store

from kg.build.candidate import Candidate, Changed, Nowhere, Taker
from kg.build.deposited import deposited_pages
from kg.build.fresh import Fresh
from kg.build.ledger import Ledger
from kg.build.manner import USUAL, Extent, Manner, Missing, Strictness
from kg.build.plan import Plan, planned
from kg.build.publication import Publication
from kg.build.recall import Twice, kept, recalled
from kg.build.recipe import recipe
from kg.build.stations import Stations
from kg.build.together import Judging
from kg.build.walk import Aside, Listener, Walk, Written, tasks
from kg.curating import Curation
from kg.model.errors import SourceError, StoreMissing
from kg.model.page import Page
from kg.sources import Unreadable
from kg.sources.files import find_files
from kg.sources.sightings import Digests, Seen, sighting, sightings
from kg.rdf.quads import PageQuads
from kg.store import Start, VersionStore, Writer
from kg.store.deposits import Deposits
from kg.store.graphs import in_both
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
            taken = walk.take(Written(self.account(outcome, sighting(task).mark).to_line(), b""))
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
            self._walked(self._all(sources, summary), Walk(stations=self, summary=summary), manner, Nowhere, listen)
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
            candidate = self._fresh(store)
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
            pages, walk = self._all(sources, summary), Walk(stations=self, summary=summary)
            candidate = self._walked(pages, walk, manner, lambda: self._fresh(Store(folder)), listen)
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
                known.version = None if _is_kept_back(known, manner) else writer.current
            run = _Run(builder=self, writer=writer, manner=manner, curation=curation, recipe=wanted, ledger=ledger)
            summary = known or run.summary(sources, seen.second(), listen)
            if digests.are_news:
                writer.keep(DIGESTS, digests.text)
        return summary

    def _seen(self, sources: Sequence[Path], digests: Digests, deposits: Deposits) -> Iterator[Seen]:
        """The pages that clients wrote, then those of the sources: of two that are one report, the first one is it."""
        found = sightings(find_files(sources, self.records), digests, self.most_bytes)
        return chain(deposited_pages(deposits), found)

    def _walked(
        self,
        pages: Iterable[Page | Aside],
        walk: Walk,
        manner: Manner,
        candidate_made: Callable[[], T],
        listen: Listener,
    ) -> T:
        """The candidate with all pages in it: worker processes read them, and they are taken in the order of reading.

        The workers are forked before the store is opened, so that they share none of its threads and files.
        """
        from kg.build.crew import Crew  # noqa: PLC0415 - a check in this process needs no others

        self.set_up()
        with Crew[Written, Aside](self._written, manner.jobs, manner.page_deadline) as crew:
            candidate = candidate_made()
            try:
                for result in crew.results(pages):
                    taken = walk.take(result)
                    if taken and taken[1]:
                        candidate.put(taken[0].graph, taken[1])
                    listen(walk.last, walk.summary)
                listen("", walk.summary)
            except BaseException:  # Ctrl-C too: what is written to cannot be removed
                candidate.give_up()
                raise
        return candidate

    def _written(self, page: Page) -> Written:
        """What a worker makes of a page: bytes, which pass between processes as they are."""
        read = self.read(page)
        return Written(read.account.to_line(), read.payload)

    def _fresh(self, store: Store) -> Fresh:
        """A candidate with all that is known beforehand."""
        candidate = Fresh(store)
        candidate.add(in_both(self.known))
        return candidate


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One build that has something to do; what is known of pages comes from the ledger of the current version."""

    builder: Builder
    writer: Writer
    manner: Manner
    curation: Curation
    recipe: Mapping[str, str]
    ledger: Ledger | None

    def summary(self, sources: Sequence[Path], seen: Iterable[Seen], listen: Listener) -> Summary:
        """Reads, checks and publishes; what became of it."""
        builder, ledger, summary = self.builder, self.ledger, Summary()
        pages = tasks(seen, ledger, builder.most_bytes, summary)
        if ledger and self.manner.missing is Missing.KEPT:
            pages = chain(pages, kept(ledger, summary))
        candidate = builder._walked(  # noqa: SLF001 - the builder's own run
            pages, Walk(stations=builder, summary=summary), self.manner, self._candidate, listen
        )
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
            candidate.retract(sorted({entry.graph for entry in ledger.left() if entry.is_published} - summary.graphs))
        summary.take(self.curation)
        judging = Judging(stations=self.builder, candidate=candidate, summary=summary, before=before)
        judging.judge_curated(self.curation)
        candidate.settle()
        together = judging.judge_together(self.recipe)
        if _is_kept_back(summary, self.manner):
            return summary
        publication = Publication(stations=self.builder, summary=summary, judging=judging, together=together)
        facts, contents = publication.facts(), publication.contents(candidate)
        candidate.settled()
        summary.version = self.writer.publish(facts, contents)
        return summary

    def _candidate(self) -> Candidate:
        """A copy of the current version where its pages are known, else a store with what is known beforehand."""
        current = self.writer.current
        if self.ledger is None or current is None:
            self.writer.begin(Start.EMPTY)
            return self.builder._fresh(self.writer.store)  # noqa: SLF001 - as above
        self.writer.begin(Start.CURRENT)
        return Changed(self.writer.store, current.manifest.counts.statements)


@contextmanager
def _passing_store(first: Sequence[PageQuads]) -> Iterator[Store]:
    """A store that is thrown away: in memory, unless the first pages are so many that more may follow."""
    if len(first) < _IN_MEMORY:
        yield Store()
        return
    with tempfile.TemporaryDirectory(prefix="kg-check-") as folder:
        yield Store(folder)


def _is_kept_back(summary: Summary, manner: Manner) -> bool:
    return manner.strictness is Strictness.STRICT and bool(summary.quarantined or summary.withheld)


def _digests(store: Path, most_bytes: int) -> Digests:
    """The digests of files that earlier builds read; none where they cannot be told."""
    try:
        return Digests.parse((store / DIGESTS).read_text("utf-8"), most_bytes)
    except (OSError, UnicodeDecodeError):
        return Digests(most_bytes)


def _nothing_read(summary: Summary) -> str:
    reasons: Iterable[str] = (f"{each.source}: {each.reason}" for each in summary.unreadable)
    return "no page could be read; nothing is published\n" + "\n".join(f"  {reason}" for reason in reasons)
