"""What became of the pages of a run, one by one and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.curating import Curation
from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.page import Page
from kg.model.records import OtherPage, Reading
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
    """

    page: Page
    reading: Reading
    quads: PageQuads
    verdict: Verdict
    quarantined: bool
    findings: tuple[Finding, ...]
    excerpts: Mapping[Place, Excerpt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a report counts for in the summary, for the case that it is withdrawn again."""

    source: str
    graph: NamedNode
    statements: int
    lacking: tuple[str, ...]  # the field of each gap

    @classmethod
    def of(cls, outcome: Outcome) -> Accepted:
        """What an outcome without a Violation adds."""
        gaps = () if isinstance(outcome.reading, OtherPage) else outcome.reading.gaps
        return cls(
            source=outcome.page.source,
            graph=outcome.quads.graph,
            statements=len(outcome.quads.stated),
            lacking=tuple(gap.field for gap in gaps),
        )


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
    digests: list[str] = field(default_factory=list)  # of the pages that were read, each with its source
    curated_digest: str = ""
    version: Version | None = None
    _accepted: dict[str, Accepted] = field(default_factory=dict)  # by the IRIs of the graphs

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

    def count(self, outcome: Outcome) -> None:
        """Takes in a page that was read and checked."""
        self.checked.append(outcome.page.source)
        self.findings += outcome.findings
        self.excerpts.update(outcome.excerpts)
        if outcome.quarantined:
            self.quarantined.append(outcome.page.source)
            return
        self.statements += len(outcome.quads.stated)
        if isinstance(outcome.reading, OtherPage):
            self.others.append((outcome.page.source, outcome.reading.reason))
        else:
            self.reports += 1
            self.gaps += len(outcome.reading.gaps)
            self.lacking.update({gap.field for gap in outcome.reading.gaps})

    def accept(self, outcome: Outcome) -> None:
        """Remembers what a page that may be published by itself counts for."""
        self._accepted[outcome.quads.graph.value] = Accepted.of(outcome)

    def withdraw(self, graphs: Iterable[str]) -> list[Accepted]:
        """Quarantines reports that were counted as accepted, known by their graphs' IRIs; those that were."""
        withdrawn = [self._accepted.pop(graph) for graph in sorted(graphs) if graph in self._accepted]
        for accepted in withdrawn:
            self.quarantined.append(accepted.source)
            self.reports -= 1
            self.statements -= accepted.statements
            self.gaps -= len(accepted.lacking)
            self.lacking -= Counter(set(accepted.lacking))
        return withdrawn
