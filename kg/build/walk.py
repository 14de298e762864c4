"""Pages in reading order, each once: what the current version knows of them, or what came of reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.accounts import NO_PLACE, Account, Entry, Standing
from kg.build.ledger import Ledger
from kg.build.stations import Stations
from kg.check.rules import ONE_PAGE_A_REPORT
from kg.model.evidence import Place
from kg.model.page import Page
from kg.model.severities import Severities
from kg.model.verdict import Finding, Severity
from kg.rdf.iris import Minter
from kg.sources import PassedOver, Unreadable
from kg.sources.sightings import Seen, Shelved, Sighting
from kg.summary import Summary


class Written(NamedTuple):
    """A page that went through the stations, as a worker hands it over.

    Attributes:
        line: of the ledger.
        payload: all that the page says, as N-Quads; nothing where it is not published, or known already.
        asked: of its flat statements those that constraints over all pages ask for, in the default graph.
    """

    line: bytes
    payload: bytes = b""
    asked: bytes = b""


#: What is no page to be read: the lines of some that are known, or what a source gives beside pages.
Aside = PassedOver | Unreadable | bytes
#: Told of each page when it was taken in, by its source; and when all were, with none.
Listener = Callable[[str, Summary], None]


def tasks(
    seen: Iterable[Seen], ledger: Ledger | None, most_bytes: int, summary: Summary, met: dict[str, str] | None = None
) -> Iterator[Page | Aside]:
    """The pages to be read; and of the others, what is known. Each page comes once, however many names it has.

    `met` takes in what `once` meets.
    """
    for each in once(seen, summary, met):
        if isinstance(each, Shelved):
            yield from _taken(each, ledger, most_bytes)
        elif isinstance(each, Sighting):
            (_, line), *_ = ledger.take([each.mark]) if ledger else [(1, b"")]
            yield line or each.load(most_bytes)
        else:
            yield each


def _taken(pages: Shelved, ledger: Ledger | None, most_bytes: int) -> Iterator[Page | Aside]:
    """The lines of pages that the ledger knows, and the others themselves."""
    if ledger is None:
        yield from (each.load(most_bytes) for each in pages.sightings())
        return
    at = 0
    for count, lines in ledger.take(pages.marks):
        if lines:
            yield lines
        else:
            yield from (each.load(most_bytes) for each in pages.part(at, at + count).sightings())
        at += count


def once(seen: Iterable[Seen], summary: Summary, met: dict[str, str] | None = None) -> Iterator[Seen]:
    """Each page once: the same bytes under another name are told to the summary, and left out.

    `met` takes in the source of each page by the SHA-256 of its bytes.
    """
    sources = {} if met is None else met
    for each in _apart(seen, sources):
        if isinstance(each, Shelved):
            found = dict(zip(each.pages, each.sources, strict=True))
            sources.update(found)
            summary.sighted.update(found.values())
            yield each
            continue
        summary.sighted.add(each.source)
        if isinstance(each, Sighting):
            earlier = sources.get(each.page)
            if earlier is not None:
                if earlier != each.source:  # a page named twice is one page
                    summary.repeated.append((each.source, earlier))
                continue
            sources[each.page] = each.source
        yield each


def _apart(seen: Iterable[Seen], known: Mapping[str, str]) -> Iterator[Seen]:
    """The same, in which pages of a shelf come one by one where several of them, or others before, are the same."""
    for each in seen:
        if isinstance(each, Shelved) and not (
            len(pages := set(each.pages)) == len(each) and known.keys().isdisjoint(pages)
        ):
            yield from each.sightings()
        else:
            yield each


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A page that its worker did not survive, or did not end with."""

    page: Page
    reason: str


@dataclass(kw_only=True)
class Walk:
    """Takes what came of pages, in reading order, and settles which one is a report that several are.

    Attributes:
        summary: what is counted.
        firsts: where the line begins of the page where each report was first met, by its key.
        last: the page that was taken last.
    """

    stations: Stations
    summary: Summary
    firsts: dict[str, int] = field(default_factory=dict)
    last: str = ""

    def take(self, result: Written | Lost | Aside) -> tuple[Entry, Written] | None:
        """Counts a page and gives its entry, with what is to be written; None for what was not read, or is no page."""
        if isinstance(result, Written):
            self.summary.read += 1
            return self._take(result, known=False)
        if isinstance(result, bytes):
            self._take_known(result)
        else:
            self._set_aside(result)
        return None

    def _take_known(self, lines: bytes) -> None:
        """Counts pages that stand side by side in the ledger: a hundred thousand, one by one, would take a second."""
        entries = Entry.all_of(lines)
        keys = [entry.key if entry.place_text != NO_PLACE else "" for entry in entries]
        named = [key for key in keys if key]
        if len(set(named)) < len(named) or not self.firsts.keys().isdisjoint(named):
            for line in lines.splitlines(keepends=True):
                self._take(Written(line), known=True)
            return
        begins = self.summary.lines.add_all(lines)
        self.firsts.update((key, at) for key, at in zip(keys, begins, strict=True) if key)
        self.last = entries[-1].source
        self.summary.count(entries, begins, known=True)
        self.summary.note(entries)

    def _take(self, written: Written, *, known: bool) -> tuple[Entry, Written]:
        entry = Entry.of(written.line)
        if entry.key and entry.key in self.firsts and entry.place_text != NO_PLACE:
            written = Written(self._repeated(written.line))
            entry = Entry.of(written.line)
        begins = self.summary.lines.put(written.line)
        if entry.key and entry.place_text != NO_PLACE:
            self.firsts.setdefault(entry.key, begins)
        self.last = entry.source
        self.summary.count([entry], [begins], known=known)
        self.summary.note([entry])
        return entry, written

    def _set_aside(self, result: PassedOver | Unreadable | Lost) -> None:
        if isinstance(result, PassedOver):
            self.summary.passed_over.append(result.source)
        elif isinstance(result, Unreadable):
            self.summary.unreadable.append(result)
        else:
            self.summary.unreadable.append(Unreadable(source=result.page.source, reason=result.reason))

    def _repeated(self, line: bytes) -> bytes:
        """The line of a page that is kept out with a Violation, since another one is this report already."""
        entry = Entry.of(self.summary.lines.told.together(line))
        earlier = Entry.of(self.summary.lines.at(self.firsts[entry.key])).place
        account = repeated(entry.account(), earlier, self.stations.minter, self.stations.severities)
        return account.to_line()


def repeated(account: Account, earlier: Place | None, minter: Minter, severities: Severities) -> Account:
    """The page, kept out with a Violation since another one, met at a place, is this report already."""
    finding = Finding(
        shape=ONE_PAGE_A_REPORT,
        focus=minter.thing("report", account.key),
        path=None,
        value=None,
        severity=Severity.VIOLATION,
        message=f"Another page is this report already: {earlier}. Leave out the one that says less.",
        where=account.place,
    )
    return account.standing_as(Standing.REPEATED, severities.shown([finding]))
