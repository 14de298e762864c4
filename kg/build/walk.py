"""Pages in reading order, each once: what the current version knows of them, or what came of reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kg.accounts import Account, Standing
from kg.build.ledger import Ledger
from kg.build.stations import Read, Stations
from kg.check.rules import ONE_PAGE_A_REPORT
from kg.model.evidence import Place
from kg.model.page import Page
from kg.model.severities import Severities
from kg.model.verdict import Finding, Severity
from kg.rdf.iris import Minter
from kg.sources import PassedOver, Unreadable
from kg.sources.sightings import Seen, Sighting
from kg.summary import Summary

Aside = PassedOver | Unreadable | Account
Listener = Callable[[str, Summary], None]


def tasks(
    seen: Iterable[Seen], ledger: Ledger | None, most_bytes: int, summary: Summary
) -> Iterator[Page | Aside]:
    """The pages to be read; and of the others, what is known. Each page comes once, however many names it has."""
    for each in once(seen, summary):
        if not isinstance(each, Sighting):
            yield each
            continue
        account = ledger.account(each.mark) if ledger else None
        yield account if account and account.is_settled else each.load(most_bytes)


def once(seen: Iterable[Seen], summary: Summary) -> Iterator[Seen]:
    """Each page once: the same bytes under another name are told to the summary, and left out."""
    sources: dict[str, str] = {}
    for each in seen:
        summary.sighted.add(each.source)
        if isinstance(each, Sighting):
            earlier = sources.get(each.page)
            if earlier is not None:
                if earlier != each.source:  # a page named twice is one page
                    summary.repeated.append((each.source, earlier))
                continue
            sources[each.page] = each.source
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
        ledger: what the current version knows.
        lines: the ledger of the new one.
        places: where each report was first met, by its key.
        last: the page that was taken last.
    """

    stations: Stations
    summary: Summary
    ledger: Ledger | None = None
    lines: list[bytes] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    last: str = ""

    def take(self, result: Read | Lost | Aside) -> Read | None:
        """The account of a page, counted; None for what is no page. Known pages have nothing to write."""
        if not isinstance(result, (Read, Account)):
            self._set_aside(result)
            return None
        if isinstance(result, Read):
            self.summary.read += 1
        read = self._settled(result if isinstance(result, Read) else Read(account=result, payload=b""))
        self.last = read.account.source
        self.summary.count(read.account)
        if read.account.is_published:
            self.summary.accept(read.account)
        known = self.ledger.line(read.account.mark) if self.ledger and read.account is result else None
        self.lines.append(known or read.account.to_line())
        return read

    def _set_aside(self, result: PassedOver | Unreadable | Lost) -> None:
        if isinstance(result, PassedOver):
            self.summary.passed_over.append(result.source)
        elif isinstance(result, Unreadable):
            self.summary.unreadable.append(result)
        else:
            self.summary.unreadable.append(Unreadable(source=result.page.source, reason=result.reason))

    def _settled(self, read: Read) -> Read:
        """The page, kept out with a Violation where another one was this report already."""
        account = read.account
        if not account.key or account.place is None:
            return read
        earlier = self.places.setdefault(account.key, account.place)
        if earlier is account.place:
            return read
        return Read(
            account=repeated(account, earlier, self.stations.minter, self.stations.severities), payload=b""
        )


def repeated(account: Account, earlier: Place, minter: Minter, severities: Severities) -> Account:
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
