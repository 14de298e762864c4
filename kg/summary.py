"""What became of the pages of a run, one by one and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import Final, overload

from kg.accounts import NONE_FOUND, SEVERITIES, Entry, Standing
from kg.curating import Curation
from kg.lines import Lines
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


class Findings(Sequence[Finding]):
    """Findings in order; those in lines of a ledger are taken apart when somebody looks at them.

    Their number is known at once, and a build of which nobody reads the findings does not pay for them.
    """

    def __init__(self, found: Iterable[Finding] = (), excerpts: Mapping[Place, Excerpt] | None = None) -> None:
        taken = list(found)
        self._found: list[Finding | tuple[Lines, int]] = [*taken]
        self._by_severity = Counter(finding.severity for finding in taken)
        self._tallies: Counter[str] = Counter()
        self._length = len(taken)
        self._excerpts = dict(excerpts or {})

    def take(self, entry: Entry, lines: Lines, begins: int) -> None:
        """Takes in those of a page, whose line begins there."""
        if entry.found != NONE_FOUND:
            self._found.append((lines, begins))
            self._tallies[entry.found] += 1
            self._length += _number(entry.found)

    def __iadd__(self, found: Sequence[Finding]) -> Findings:  # noqa: PYI034 - nobody makes a class of this one
        self._found += found
        self._by_severity.update(finding.severity for finding in found)
        self._length += len(found)
        return self

    @property
    def by_severity(self) -> Counter[Severity]:
        """How many there are of each severity."""
        counted = Counter(self._by_severity)
        for tally, times in self._tallies.items():
            for severity, count in zip(SEVERITIES, tally.split(","), strict=True):
                counted[severity] += int(count) * times
        return counted

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        return list(self)[at]

    def __iter__(self) -> Iterator[Finding]:
        if any(isinstance(each, tuple) for each in self._found):
            self._found = list(self._all())
        return (each for each in self._found if isinstance(each, Finding))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # more may come

    @property
    def excerpts(self) -> dict[Place, Excerpt]:
        """The lines that they are about, by their places."""
        iter(self)
        return self._excerpts

    def _all(self) -> Iterator[Finding]:
        for each in self._found:
            if isinstance(each, Finding):
                yield each
                continue
            lines, begins = each
            entry = Entry.of(lines.at(begins))
            places = {finding.where for finding in entry.findings}
            self._excerpts.update({place: found for place, found in entry.excerpts.items() if place in places})
            yield from entry.findings


@dataclass(kw_only=True)
class Summary:
    """What a run did, page by page; silence is never success, so every page that came in is somewhere here."""

    reports: int = 0
    statements: int = 0
    gaps: int = 0
    others: list[tuple[str, str]] = field(default_factory=list)  # source, why it is no report
    repeated: list[tuple[str, str]] = field(default_factory=list)  # source, the source with the same bytes
    passed_over: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    checked: list[str] = field(default_factory=list)  # the sources that were read and checked
    curated: int = 0  # curated facts that may be published
    withheld: list[str] = field(default_factory=list)  # files of curated facts with a Violation
    digests: list[str] = field(default_factory=list)  # of the pages, each with its source
    read: int = 0  # pages that were read in this run, and not known from the current version
    sighted: set[str] = field(default_factory=set)  # the sources of the pages that are there
    kept: list[str] = field(default_factory=list)  # pages that are no longer there, and stay in the graph
    curated_digest: str = ""
    version: Version | None = None
    digest: int = 0  # sum over the statements of the accepted pages
    lines: Lines = field(default_factory=Lines)  # the ledger of the pages
    _lacking: Counter[str] = field(default_factory=Counter)  # the fields that a report lacks, as its line has them
    _accepted: dict[str, int] = field(default_factory=dict)  # where their lines begin, by the IRIs of the graphs

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
    def lacking(self) -> Counter[str]:
        """Fields, by the number of reports that lack them."""
        found: Counter[str] = Counter()
        for fields, times in self._lacking.items():
            found.update(dict.fromkeys(fields.split(","), times))
        return found

    @property
    def violated(self) -> bool:
        """Whether anything graver than a Warning was found."""
        return self.findings.by_severity[Severity.VIOLATION] > 0

    @property
    def excerpts(self) -> dict[Place, Excerpt]:
        """The lines that findings are about, by their places."""
        return self.findings.excerpts

    def count(self, entry: Entry, begins: int) -> None:
        """Takes in a page that was read and checked, or could not be, and whose line begins there."""
        source = entry.source
        if entry.standing == _UNREADABLE:
            self.unreadable.append(Unreadable(source=source, reason=entry.reason))
            return
        self.checked.append(source)
        self.digests.append(f"{entry.page} {source}")
        self.findings.take(entry, self.lines, begins)
        if not entry.is_published:
            self.quarantined.append(source)
            return
        self._add(entry, 1)
        self._accepted[entry.graph] = begins
        if not entry.is_report:
            self.others.append((source, entry.reason))

    def withdraw(self, graphs: Iterable[str]) -> list[Entry]:
        """Quarantines reports that were counted as accepted, known by their graphs' IRIs; those that were."""
        taken = [self._accepted.pop(graph) for graph in sorted(graphs) if graph in self._accepted]
        withdrawn = [Entry.of(self.lines.at(begins)) for begins in taken]
        for entry in withdrawn:
            self.quarantined.append(entry.source)
            self._add(entry, -1)
        return withdrawn

    @property
    def graphs(self) -> AbstractSet[str]:
        """The graphs of the pages that were accepted and not withdrawn."""
        return self._accepted.keys()

    def _add(self, entry: Entry, times: int) -> None:
        self.statements += times * int(entry.statements)
        self.digest += times * int(entry.digest, 16)
        if not entry.is_report:
            return
        self.reports += times
        if entry.lacking:
            self.gaps += times * (entry.lacking.count(",") + 1)
            self._lacking[entry.lacking] += times


@cache
def _number(tally: str) -> int:
    return sum(map(int, tally.split(",")))


_UNREADABLE: Final = Standing.UNREADABLE.value
