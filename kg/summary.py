"""What became of the pages of a run, one by one and in sum."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple, overload

from kg.accounts import NONE_FOUND, SEVERITIES, Entry, Standing
from kg.curating import Curation
from kg.model.evidence import Place
from kg.model.excerpt import Excerpt
from kg.model.page import Page
from kg.model.records import Reading
from kg.model.verdict import Finding, Severity, Verdict
from kg.rdf.quads import PageQuads
from kg.sources import Unreadable
from kg.store import Version
from kg.told import AccountLines


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


class _InLines(NamedTuple):
    """Findings that stand in a ledger, in the lines that begin there; of each line, whether it is old news."""

    lines: AccountLines
    begins: array[int]
    are_old: bytearray


class Findings(Sequence[Finding]):
    """Findings in order; those in lines of a ledger are taken apart when somebody looks at them.

    Their number is known at once, and a build of which nobody reads the findings does not pay for them.
    """

    def __init__(self, found: Iterable[Finding] = (), excerpts: Mapping[Place, Excerpt] | None = None) -> None:
        taken = list(found)
        self._found: list[Finding | _InLines] = [*taken]
        self._by_severity = Counter(finding.severity for finding in taken)
        self._tallies: Counter[str] = Counter()
        self._length = len(taken)
        self._excerpts = dict(excerpts or {})

    def take(self, entries: Sequence[Entry], lines: AccountLines, begins: Sequence[int], *, known: bool) -> None:
        """Takes in those of some pages.

        Args:
            entries: the pages.
            lines: where their lines stand.
            begins: where the line of each begins there.
            known: whether the version before had these pages, so that a build of it told of them.
        """
        found = [(entry.found, at) for entry, at in zip(entries, begins, strict=True) if entry.found != NONE_FOUND]
        if not found:
            return
        tallies = Counter([tally for tally, _ in found])
        last = self._found[-1] if self._found else None
        if not isinstance(last, _InLines) or last.lines is not lines:
            self._found.append(last := _InLines(lines, array("Q"), bytearray()))
        last.begins.extend([at for _, at in found])
        last.are_old.extend([known and _is_mild(tally) for tally, _ in found])
        self._tallies.update(tallies)
        self._length += sum(_number(tally) * times for tally, times in tallies.items())

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

    @property
    def news(self) -> Findings:
        """Those that no build told before, and those that keep a page out; of the others, nobody takes lines apart."""
        found: list[Finding | _InLines] = []
        for each in self._found:
            if isinstance(each, _InLines):
                new = array("Q", [at for at, is_old in zip(each.begins, each.are_old, strict=True) if not is_old])
                found.append(_InLines(each.lines, new, bytearray(len(new))))
            else:
                found.append(each)
        excerpts = dict(self._excerpts)
        return Findings(list(self._all(found, excerpts)), excerpts)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        return list(self)[at]

    def __iter__(self) -> Iterator[Finding]:
        if any(isinstance(each, _InLines) for each in self._found):
            self._found = list(self._all(self._found, self._excerpts))
        return (each for each in self._found if isinstance(each, Finding))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # more may come

    @property
    def excerpts(self) -> dict[Place, Excerpt]:
        """The lines that they are about, by their places."""
        iter(self)
        return self._excerpts

    @staticmethod
    def _all(found: Iterable[Finding | _InLines], excerpts: dict[Place, Excerpt]) -> Iterator[Finding]:
        for each in found:
            if isinstance(each, Finding):
                yield each
                continue
            for begins in each.begins:
                entry = each.lines.entry(begins)
                findings = entry.findings
                places = {finding.where for finding in findings}
                excerpts.update({place: line for place, line in entry.excerpts.items() if place in places})
                yield from findings


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
    read: int = 0  # pages that were read in this run, and not known from the current version
    sighted: set[str] = field(default_factory=set)  # the sources of the pages that are there
    kept: list[str] = field(default_factory=list)  # pages that are no longer there, and stay in the graph
    curated_digest: str = ""
    version: Version | None = None
    inputs: list[str] = field(default_factory=list)  # of each page that was read, what its bytes are, and its source
    graph_digests: dict[str, str] = field(default_factory=dict)  # of each graph that is not empty, by its IRI
    digest: int = 0  # sum over the statements of the accepted pages
    lines: AccountLines = field(default_factory=AccountLines)  # the ledger of the pages
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

    def count(self, entries: Sequence[Entry], begins: Sequence[int], *, known: bool) -> None:
        """Takes in pages that were read and checked, or could not be.

        Args:
            entries: the pages.
            begins: where their lines begin.
            known: whether they come from the version before.
        """
        self.findings.take(entries, self.lines, begins, known=known)
        if {entry.standing for entry in entries} - {_PUBLISHED}:
            entries, begins = self._count_apart(entries, begins)
        else:
            self.checked += [entry.source for entry in entries]
        self.others += [(entry.source, entry.reason) for entry in entries if not entry.is_report]
        self._accepted.update(zip([entry.graph for entry in entries], begins, strict=True))
        self._add(entries, 1)

    def _count_apart(self, entries: Sequence[Entry], begins: Sequence[int]) -> tuple[Sequence[Entry], Sequence[int]]:
        """Takes in those that are not published; the others."""
        unread = [entry for entry in entries if entry.standing == _UNREADABLE]
        self.unreadable += [Unreadable(source=entry.source, reason=entry.reason) for entry in unread]
        read = [entry for entry in entries if entry.standing != _UNREADABLE]
        self.checked += [entry.source for entry in read]
        self.quarantined += [entry.source for entry in read if entry.standing != _PUBLISHED]
        places = [at for entry, at in zip(entries, begins, strict=True) if entry.standing == _PUBLISHED]
        return [entry for entry in read if entry.standing == _PUBLISHED], places

    def note(self, entries: Iterable[Entry]) -> None:
        """Takes in what a version tells of pages: the bytes of those that were read, the digests of their graphs."""
        read = [entry for entry in entries if entry.standing != _UNREADABLE]
        self.inputs += [f"{entry.page} {entry.source}" for entry in read]
        stating = [each for each in read if each.statements != "0" and each.standing == _PUBLISHED]
        self.graph_digests.update([(each.graph, each.graph_digest) for each in stating])

    def withdraw(self, graphs: Iterable[str]) -> list[Entry]:
        """Quarantines reports that were counted as accepted, known by their graphs' IRIs; those that were."""
        taken = [self._accepted.pop(graph) for graph in sorted(graphs) if graph in self._accepted]
        withdrawn = [Entry.of(self.lines.at(begins)) for begins in taken]
        for entry in withdrawn:
            self.quarantined.append(entry.source)
        self._add(withdrawn, -1)
        return withdrawn

    @property
    def graphs(self) -> AbstractSet[str]:
        """The graphs of the pages that were accepted and not withdrawn."""
        return self._accepted.keys()

    def _add(self, entries: Sequence[Entry], times: int) -> None:
        self.statements += times * sum([int(entry.statements) for entry in entries])
        self.digest += times * sum([int(entry.digest, 16) for entry in entries])
        lacking = Counter([entry.lacking for entry in entries if entry.is_report])
        self.reports += times * lacking.total()
        lacking.pop("", None)
        for fields, pages in lacking.items():
            self.gaps += times * pages * (fields.count(",") + 1)
            self._lacking[fields] += times * pages


@cache
def _number(tally: str) -> int:
    return sum(map(int, tally.split(",")))


@cache
def _is_mild(tally: str) -> bool:
    """Whether none of them keeps a page out."""
    return tally.split(",")[SEVERITIES.index(Severity.VIOLATION)] == "0"


_UNREADABLE: Final = Standing.UNREADABLE.value
_PUBLISHED: Final = Standing.PUBLISHED.value
