"""What became of the pages of a run, one by one and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from kg.accounts import Account, Standing
from kg.curating import Curation
from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.page import Page
from kg.model.records import Reading
from kg.model.verdict import Finding, Severity, Verdict
from kg.rdf.quads import PageQuads
from kg.sources import Unreadable
from kg.store import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one page that was read.

    Attributes:
        quarantined: whether none of it may be published.
        findings: what is shown of the verdict.
        excerpts: the lines that the findings are about, by their places.
        place: where the words stand that make it a report.
    """

    page: Page
    reading: Reading
    quads: PageQuads
    verdict: Verdict
    quarantined: bool
    findings: tuple[Finding, ...]
    excerpts: Mapping[Place, Excerpt]
    place: Place | None = None


@dataclass(kw_only=True)
class Summary:
    """What a run did, page by page; silence is never success, so every page that came in is somewhere here."""

    reports: int = 0
    statements: int = 0
    gaps: int = 0
    lacking: Counter[str] = field(default_factory=Counter)  # fields, by the number of reports that lack them
    others: list[tuple[str, str]] = field(default_factory=list)  # source, why it is no report
    repeated: list[tuple[str, str]] = field(default_factory=list)  # source, the source with the same bytes
    passed_over: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    excerpts: dict[Place, Excerpt] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)  # the sources that were read and checked
    curated: int = 0  # curated facts that may be published
    withheld: list[str] = field(default_factory=list)  # files of curated facts with a Violation
    digests: list[str] = field(default_factory=list)  # of the pages, each with its source
    read: int = 0  # pages that were read in this run, and not known from the current version
    sighted: set[str] = field(default_factory=set)  # the sources of the pages that are there
    kept: list[str] = field(default_factory=list)  # pages that are no longer there, and stay in the graph
    curated_digest: str = ""
    version: Version | None = None
    _accepted: dict[str, Account] = field(default_factory=dict)  # by the IRIs of the graphs

    def take(self, curation: Curation) -> None:
        """Takes in which files of curated facts there are, and which of them cannot be read."""
        self.unreadable += curation.unreadable
        self.passed_over = [each for each in self.passed_over if each not in curation.sources]
        self.passed_over += [each for each in curation.passed_over if each not in self.passed_over]
        self.curated_digest = curation.digest

    @property
    def pages(self) -> int:
        """The pages that were read."""
        return self.reports + len(self.others) + len(self.quarantined)

    @property
    def violated(self) -> bool:
        """Whether anything graver than a Warning was found."""
        return any(finding.severity is Severity.VIOLATION for finding in self.findings)

    def count(self, account: Account) -> None:
        """Takes in a page that was read and checked, or could not be."""
        if account.standing is Standing.UNREADABLE:
            self.unreadable.append(Unreadable(source=account.source, reason=account.reason))
            return
        self.checked.append(account.source)
        self.digests.append(f"{account.page} {account.source}")
        self.findings += account.findings
        if account.findings:
            places = {finding.where for finding in account.findings}
            self.excerpts.update({place: found for place, found in account.excerpts.items() if place in places})
        if not account.is_published:
            self.quarantined.append(account.source)
            return
        self._add(account, 1)
        if account.reason:
            self.others.append((account.source, account.reason))

    def accept(self, account: Account) -> None:
        """Remembers what a page that may be published by itself counts for."""
        self._accepted[account.graph] = replace(account, findings=(), excerpts={}, place=None)

    def withdraw(self, graphs: Iterable[str]) -> list[Account]:
        """Quarantines reports that were counted as accepted, known by their graphs' IRIs; those that were."""
        withdrawn = [self._accepted.pop(graph) for graph in sorted(graphs) if graph in self._accepted]
        for account in withdrawn:
            self.quarantined.append(account.source)
            self._add(account, -1)
        return withdrawn

    @property
    def accepted(self) -> Iterable[Account]:
        """The pages that were accepted and not withdrawn."""
        return self._accepted.values()

    @property
    def graphs(self) -> AbstractSet[str]:
        """The graphs of the pages that were accepted and not withdrawn."""
        return self._accepted.keys()

    def _add(self, account: Account, times: int) -> None:
        self.statements += times * account.statements
        if account.reason:
            return
        self.reports += times
        self.gaps += times * len(account.lacking)
        for name in set(account.lacking):
            self.lacking[name] += times
