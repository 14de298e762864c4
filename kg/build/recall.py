"""A version remembered: where no page came, went or changed, the last build's summary is told again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator
from itertools import accumulate
from typing import Final

from kg.accounts import Entry, Standing
from kg.build.ledger import Ledger, Together
from kg.build.manner import Missing
from kg.build.walk import once
from kg.model.page import Page
from kg.sources import PassedOver, Unreadable
from kg.sources.sightings import Seen, Shelved, Sighting
from kg.summary import Summary

_KEPT: Final = 4 * 1024 * 1024  # bytes of pages
_WITHDRAWN: Final = Standing.WITHDRAWN.value
_PUBLISHED: Final = Standing.PUBLISHED.value


class Twice:
    """Sightings that are gone through once or twice, with one look at each file.

    Pages of archives and records are in memory while they are sighted, so only few are kept: where there are more, all
    is looked at again.
    """

    def __init__(self, look: Callable[[], Iterator[Seen]]) -> None:
        self._look = look
        self._rest = look()
        self._met: deque[Seen] = deque()
        self._left = _KEPT

    def first(self) -> Iterator[Seen]:
        """The sightings; who has enough may stop."""
        for each in self._rest:
            if isinstance(each, Sighting) and isinstance(each.origin, Page):
                self._left -= len(each.origin.payload)
            if self._left >= 0:
                self._met.append(each)
            else:
                self._met.clear()
            yield each

    def second(self) -> Iterator[Seen]:
        """The same from the beginning, once; they are let go meanwhile."""
        if self._left < 0:
            yield from self._look()
            return
        while self._met:
            yield self._met.popleft()
        yield from self._rest


def recalled(seen: Twice, ledger: Ledger, missing: Missing) -> Summary | None:
    """What a build of these pages would tell, where they are those of the ledger, in its order; None where not."""
    summary = Summary(lines=ledger.lines)
    at = 0
    for each in once(seen.first(), summary):
        if isinstance(each, PassedOver):
            summary.passed_over.append(each.source)
        elif isinstance(each, Unreadable):
            summary.unreadable.append(each)
        else:
            marks = each.marks if isinstance(each, Shelved) else [each.mark]
            if ledger.marks(at, at + len(marks)) != marks:
                return None
            at += len(marks)
    if at < len(ledger):
        summary.kept += [entry.source for entry in ledger.entries(at)]
        if missing is Missing.RETRACTED or not summary.sighted.isdisjoint(summary.kept):
            return None
    _count(summary, ledger)
    _complete(summary, ledger.together)
    return summary


def kept(ledger: Ledger, summary: Summary, met: Container[str]) -> Iterator[bytes]:
    """The pages of the ledger that were not sighted, once all others were; those that others settle are left out.

    So are those whose bytes, by their SHA-256, were met under another name: they are not missing.
    """
    for entry in ledger.left():
        if entry.source in summary.sighted or entry.page in met:
            continue
        for _, line in ledger.take([entry.mark]):
            if line:
                summary.kept.append(entry.source)
                yield line


def _count(summary: Summary, ledger: Ledger) -> None:
    """As pages counted before others broke a shape with them: that is told again by `_complete`."""
    ends = 0
    for batch in ledger.lines.batches():
        *begins, ends = accumulate(map(len, batch), initial=ends)
        entries = Entry.all_of(b"".join(batch))
        summary.count(
            [entry._replace(standing=_PUBLISHED) if entry.standing == _WITHDRAWN else entry for entry in entries],
            begins,
            known=True,
        )


def _complete(summary: Summary, together: Together) -> None:
    for graph in together.withdrawn:
        summary.withdraw([graph])
    summary.findings += together.findings
    summary.withheld += together.withheld
    summary.checked += (*together.published, *together.withheld)
    summary.curated = together.curated
