"""What is judged when each page has passed by itself: curated facts, and what pages break together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.accounts import Entry
from kg.build.candidate import Candidate, Changed
from kg.build.ledger import Together
from kg.build.stations import Stations
from kg.check.collection import Clash, Constraint
from kg.check.reach import Facts
from kg.check.witnesses import Witnesses
from kg.curating import Curation
from kg.model.verdict import Finding
from kg.rdf.curated import CuratedFile
from kg.store.digest import digested
from kg.summary import Summary


@dataclass(kw_only=True)
class Judging:
    """Judges a candidate as a whole.

    Attributes:
        before: what the version held that the candidate is a copy of; None where it was filled from nothing.
        withdrawn: the pages that were taken out.
        digest: sum over the curated facts that are in; graphs: the digests of their graphs, by IRI.
    """

    stations: Stations
    candidate: Candidate
    summary: Summary
    before: Together | None = None
    withdrawn: list[Entry] = field(default_factory=list)
    digest: int = 0
    graphs: dict[str, str] = field(default_factory=dict)
    _published: list[str] = field(default_factory=list)
    _findings: list[Finding] = field(default_factory=list)
    _clashes: dict[str, Sequence[Clash]] = field(default_factory=dict)
    _facts: Facts | None = None

    def judge(self, curation: Curation, recipe: Mapping[str, str]) -> Together:
        """Checks curated facts beside the pages, then runs the constraints over all; what came of it."""
        self.judge_curated(curation)
        return self.judge_together(recipe)

    def judge_curated(self, curation: Curation) -> None:
        """Checks curated facts beside the pages; those that pass are in the candidate then."""
        self.candidate.finish()
        self._curated(curation)
        self.candidate.finish()

    def judge_together(self, recipe: Mapping[str, str]) -> Together:
        """Runs the constraints over all, once curated facts were judged; what came of both."""
        for constraint in self.stations.constraints.members:
            self._clashes[constraint.shape] = self._judged(constraint)
        self._facts = None  # what was taken out of the store is not needed any more
        self.summary.findings += self._findings
        return Together(
            recipe=recipe,
            published=tuple(self._published),
            withheld=tuple(self.summary.withheld),
            curated=self.summary.curated,
            withdrawn=tuple(entry.graph for entry in self.withdrawn),
            findings=tuple(self._findings),
            clashes=self._clashes,
        )

    def _curated(self, curation: Curation) -> None:
        if not curation.files:
            return  # nobody needs a checker
        bars, shown = self.stations.severities.bars, self.stations.severities.shown
        for file, verdict in list(curation.verdicts(self.stations.checker, self.candidate.store)):
            self.summary.checked.append(file.page.source)
            self._findings += shown(verdict.findings)
            if any(map(bars, verdict.findings)):
                self.summary.withheld.append(file.page.source)
                self._keep_out(file)
            else:
                self._let_in(file)

    def _let_in(self, file: CuratedFile) -> None:
        self._published.append(file.page.source)
        self.summary.curated += len(file.quads.stated)
        added = digested(file.quads)
        self.digest += added.total
        self.graphs.update(added.graphs)
        if self.before is None or file.page.source not in self.before.published:
            self.candidate.put_file(file.quads)

    def _keep_out(self, file: CuratedFile) -> None:
        if self.before and file.page.source in self.before.published and isinstance(self.candidate, Changed):
            self.candidate.retract_file(file.quads)

    def _judged(self, constraint: Constraint) -> tuple[Clash, ...]:
        """The clashes that stay.

        A constraint that took something out looks again: of three reports with one number, two may have to go.
        """
        clashes = self._met(constraint)
        while clashes:
            self._findings += self.stations.severities.shown(dict.fromkeys(clash.finding for clash in clashes))
            barred = {clash.report for clash in clashes if self.stations.severities.bars(clash.finding)}
            if not (withdrawn := self.summary.withdraw(self._graphs(barred))):
                break
            self.withdrawn += withdrawn
            self.candidate.retract(entry.graph for entry in withdrawn)
            self._facts = Facts(self.candidate.store)
            clashes = clashes_after(clashes, constraint, self.candidate, self._facts)
        return clashes

    def _met(self, constraint: Constraint) -> tuple[Clash, ...]:
        """The clashes at first; where the version before is known, told from what was found there."""
        known = self.before.clashes.get(constraint.shape) if self.before else None
        if known is None:
            rows = constraint.rows(self.candidate.flat)
            return constraint.told(rows, Witnesses(self.candidate.store)) if rows else ()
        if not known and not self.candidate.may_have_changed(constraint.names):
            return ()
        self._facts = self._facts or Facts(self.candidate.store)
        return clashes_after(known, constraint, self.candidate, self._facts)

    def _graphs(self, reports: Collection[str]) -> Iterator[str]:
        minter = self.stations.minter
        return (minter.graph(str(minter.key(report))) for report in reports)


def clashes_after(
    before: Sequence[Clash], constraint: Constraint, candidate: Candidate, facts: Facts | None = None
) -> tuple[Clash, ...]:
    """What a constraint finds in a candidate, told from what it found before the candidate was changed.

    Args:
        before: its clashes then.
        constraint: what is judged.
        candidate: the store as it is now, and what was changed in it.
        facts: what is known of the candidate as it is now, where several constraints are asked.
    """
    moves = candidate.moves
    if moves is None:
        return constraint.clashes(candidate.store)
    return constraint.clashes_after(before, moves, facts or Facts(candidate.store))
