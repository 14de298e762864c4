"""The flow: pages go in at one end, a checked and published version of the graph comes out at the other.

sources → pages → extract → rdf → check → store
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import Quad, Store

from kg import __version__, assets
from kg.check import Checker, Constraints
from kg.check.engine import EngineKind
from kg.check.rules import ONE_PAGE_A_REPORT
from kg.check.style import style_verdict
from kg.curating import Curation
from kg.extract import Layout, Patterns, Reader, read_layouts
from kg.model.errors import SourceError
from kg.model.evidence import Place
from kg.model.excerpt import excerpts
from kg.model.knowledge import Knowledge
from kg.model.mapping import RecordMapping
from kg.model.records import Report
from kg.model.severities import Severities
from kg.model.verdict import Finding, Severity, Verdict
from kg.pages import read_page
from kg.rdf.iris import Minter
from kg.rdf.knowledge import KeptFiles, knowledge_of, quads_of
from kg.rdf.mapping import page_quads
from kg.rdf.quads import PageQuads
from kg.sources import MOST_BYTES, PassedOver, Taken, Unreadable, find_pages
from kg.store import Facts, VersionStore
from kg.store.graphs import retract_page, write_graphs
from kg.summary import Outcome, Summary

_TOGETHER = 2  # pages: what one says by itself is judged with it
_IN_MEMORY = 100  # pages: so many take about 100 MB; a store on the disk takes 70 ms longer


class Strictness(Enum):
    """What a page with a Violation costs: itself, or the whole version."""

    QUARANTINE = "quarantine"
    STRICT = "strict"


class Builder:
    """The stations, set up once for many pages.

    Args:
        base: public base of every IRI.
        layouts: a folder with more layouts than those that come with Policy KG.
        authority: a folder with more entries of the authority.
        curated: files and folders of curated facts.
        records: which files hold records, and which column tells which field.
        most_bytes: the largest page that is read.
        severities: what the deployment makes of the shapes.
        engine: the validator.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing a deployment may set
        self,
        *,
        base: str,
        layouts: Path | None = None,
        authority: Path | None = None,
        curated: Sequence[Path] = (),
        records: Sequence[RecordMapping] = (),
        most_bytes: int = MOST_BYTES,
        severities: Severities | None = None,
        engine: EngineKind = EngineKind.COMPILED,
    ) -> None:
        self.minter = Minter(base)
        self._authority = authority
        self._curated = curated
        self._records = records
        self._layout_folders = [assets.layouts(), *([layouts] if layouts else [])]
        self._most_bytes = most_bytes
        self.severities = severities or Severities()
        self._engine = engine

    @cached_property
    def reader(self) -> Reader:
        """Text → report."""
        return Reader(self.layouts, self.knowledge)

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        """Every layout, those that come with Policy KG first."""
        ours, *own = self._layout_folders
        layouts = [read_layouts(ours, Patterns.AT_USE), *map(read_layouts, own)]
        return tuple(chain.from_iterable(layouts))

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known beforehand, as plain data."""
        return knowledge_of(self._kept, self.minter)

    @cached_property
    def checker(self) -> Checker:
        """Quads → verdict."""
        return Checker.load(assets.shapes(), self.known, self._engine)

    @cached_property
    def constraints(self) -> Constraints:
        """What is judged over all pages together."""
        return Constraints.load(assets.shapes())

    @cached_property
    def known(self) -> tuple[Quad, ...]:
        """What is known beforehand, as quads."""
        return quads_of(self._kept, self.minter)

    @cached_property
    def _kept(self) -> KeptFiles:
        return KeptFiles.read(assets.ontology(), self.minter, self._authority)

    def outcomes(self, sources: Sequence[Path], summary: Summary, listen: Listener) -> Iterator[Outcome]:
        """Every page through reading, mapping and checking; what is no page, or read before, goes to the summary."""
        seen = _Seen()
        for taken in find_pages(sources, most_bytes=self._most_bytes, mappings=self._records):
            outcome = self._outcome(taken, summary, seen)
            if outcome:
                summary.count(outcome)
                yield outcome
            listen(taken.source, summary)

    def check_pages(self, sources: Sequence[Path], listen: Listener) -> Summary:
        """Reads and checks some of the pages, and no curated facts: those may be about the other pages.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        summary = Summary()
        for _ in self.outcomes(sources, summary, listen):
            pass
        return summary

    def check(self, sources: Sequence[Path], listen: Listener) -> Summary:
        """Reads and checks pages and curated facts, together in a store that is thrown away; publishes nothing.

        Raises:
            SourceError: a source does not exist or holds no page.
        """
        summary = Summary()
        accepted = self._accepted(sources, summary, listen)
        few = list(islice(accepted, _IN_MEMORY))
        if len(few) < _TOGETHER:
            return summary
        with _passing_store(few) as store:
            write_graphs(store, self.known, chain(few, accepted))
            self._judge_together(store, summary)
        return summary

    def check_knowledge(self) -> Verdict:
        """The verdict on the vocabularies and the authority, and on how the ontology's own terms are written."""
        told = self.checker.check_knowledge()
        written = style_verdict(assets.shapes(), assets.ontology() / "questions", self.known)
        return told.with_other(written)

    def build(self, sources: Sequence[Path], store: Path, strictness: Strictness, listen: Listener) -> Summary:
        """Reads, checks and publishes a version of what conforms.

        Raises:
            SourceError: a source does not exist, or no page at all could be read; nothing is published then.
            StoreLocked: another process writes this store.
            StoreError: the disk fails; what was published before still is.
        """
        summary = Summary()
        with VersionStore(store).writer("kg build") as writer:
            write_graphs(writer.store, self.known, self._accepted(sources, summary, listen))
            writer.store.optimize()  # publishing would do it anyway, and the constraints then take half the time
            self._judge_together(writer.store, summary)
            if not summary.digests:
                raise SourceError(", ".join(map(str, sources)), _nothing_read(summary))
            if strictness is Strictness.STRICT and (summary.quarantined or summary.withheld):
                return summary
            summary.version = writer.publish(self._facts(summary))
        return summary

    def _accepted(self, sources: Sequence[Path], summary: Summary, listen: Listener) -> Iterator[PageQuads]:
        """What may be published: of the pages, then of the curated facts, which speak of what the pages tell."""
        curation = Curation.read(self._curated, self.minter, self._most_bytes)
        for outcome in self.outcomes(sources, summary, listen):
            summary.digests.append(f"{outcome.page.id} {outcome.page.source}")
            if not outcome.quarantined:
                summary.accept(outcome)
                curation.hear(outcome.quads)
                yield outcome.quads
        summary.take(curation)
        for file, verdict in curation.verdicts(self.checker):
            summary.checked.append(file.page.source)
            summary.findings += self.severities.shown(verdict.findings)
            if any(map(self.severities.bars, verdict.findings)):
                summary.withheld.append(file.page.source)
            else:
                summary.curated += len(file.quads.stated)
                yield file.quads

    def _judge_together(self, store: Store, summary: Summary) -> None:
        """One constraint at a time, the gravest first: what one takes out of the graph, the next no longer sees.

        A constraint that took something out looks again: of three reports with one number, two may have to go.
        """
        for constraint in self.constraints.members:
            clashes = constraint.clashes(store)
            while clashes:
                summary.findings += self.severities.shown(clash.finding for clash in clashes)
                barred = {clash.report for clash in clashes if self.severities.bars(clash.finding)}
                withdrawn = summary.withdraw(self.minter.graph(str(self.minter.key(report))) for report in barred)
                for accepted in withdrawn:
                    retract_page(store, accepted.graph)
                clashes = constraint.clashes(store) if withdrawn else ()

    def _outcome(self, taken: Taken, summary: Summary, seen: _Seen) -> Outcome | None:
        if isinstance(taken, PassedOver):
            summary.passed_over.append(taken.source)
            return None
        if isinstance(taken, Unreadable):
            summary.unreadable.append(taken)
            return None
        earlier = seen.pages.get(taken.id)
        if earlier is not None:
            if earlier != taken.source:  # a page named twice is one page
                summary.repeated.append((taken.source, earlier))
            return None
        seen.pages[taken.id] = taken.source
        try:
            text = read_page(taken)
        except SourceError as error:
            summary.unreadable.append(Unreadable(source=error.source, reason=error.reason))
            return None
        reading = self.reader.read(text)
        quads = page_quads(text, reading, self.minter)
        verdict = self.checker.check(quads)
        if isinstance(reading, Report):
            verdict = seen.with_repeat(verdict, reading, text.place(reading.type.evidence.span), self.minter)
        findings = self.severities.shown(verdict.findings)
        return Outcome(
            page=taken,
            reading=reading,
            quads=quads,
            verdict=verdict,
            quarantined=any(map(self.severities.bars, verdict.findings)),
            findings=findings,
            excerpts=excerpts(text, dict.fromkeys(finding.where for finding in findings if finding.where)),
        )

    def _facts(self, summary: Summary) -> Facts:
        inputs = {
            "pages": hashlib.sha256("\n".join(sorted(summary.digests)).encode()).hexdigest(),
            "ontology": assets.digest(assets.ontology()),
            "layouts": " ".join(assets.digest(folder) for folder in self._layout_folders),
        }
        if self._authority:
            inputs["authority"] = assets.digest(self._authority)
        if self._curated:
            inputs["curated"] = summary.curated_digest
        return Facts(
            inputs=inputs, shapes=assets.digest(assets.shapes()), code=__version__, findings=len(summary.findings)
        )


Listener = Callable[[str, Summary], None]


@dataclass(slots=True)
class _Seen:
    """What a run has met: pages by digest, reports by key."""

    pages: dict[str, str] = field(default_factory=dict)
    reports: dict[str, Place] = field(default_factory=dict)

    def with_repeat(self, verdict: Verdict, report: Report, place: Place, minter: Minter) -> Verdict:
        """The verdict, with a Violation where another page was this report already."""
        earlier = self.reports.get(report.key)
        if earlier is None:
            self.reports[report.key] = place
            return verdict
        finding = Finding(
            shape=ONE_PAGE_A_REPORT,
            focus=minter.thing("report", report.key),
            path=None,
            value=None,
            severity=Severity.VIOLATION,
            message=f"Another page is this report already: {earlier}. Leave out the one that says less.",
            where=place,
        )
        findings = sorted((*verdict.findings, finding), key=lambda each: each.sort_key)
        return Verdict(findings=tuple(findings), coverage=verdict.coverage)


@contextmanager
def _passing_store(first: Sequence[PageQuads]) -> Iterator[Store]:
    """A store that is thrown away: in memory, unless the first pages are so many that more may follow."""
    if len(first) < _IN_MEMORY:
        yield Store()
        return
    with tempfile.TemporaryDirectory(prefix="kg-check-") as folder:
        yield Store(folder)


def _nothing_read(summary: Summary) -> str:
    reasons: Iterable[str] = (f"{each.source}: {each.reason}" for each in summary.unreadable)
    return "no page could be read; nothing is published\n" + "\n".join(f"  {reason}" for reason in reasons)
