"""A version remembered: where no page came, went or changed, the last build's summary is told again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.accounts import Account, Standing
from kg.build.ledger import Ledger, Together
from kg.build.manner import Missing
from kg.build.walk import once
from kg.sources import PassedOver, Unreadable
from kg.sources.sightings import Seen
from kg.summary import Summary


def recalled(seen: Iterable[Seen], ledger: Ledger, missing: Missing) -> Summary | None:
    """What a build of these pages would tell, where they are those of the ledger, in its order; None where not."""
    summary = Summary()
    expected = ledger.marks()
    for each in once(seen, summary):
        if isinstance(each, PassedOver):
            summary.passed_over.append(each.source)
        elif isinstance(each, Unreadable):
            summary.unreadable.append(each)
        elif next(expected, None) != each.mark:
            return None
        else:
            _count(summary, ledger.account(each.mark))
    rest = [account for mark in expected if (account := ledger.account(mark))]
    if rest and (missing is Missing.RETRACTED or any(account.source in summary.sighted for account in rest)):
        return None
    for account in rest:
        summary.kept.append(account.source)
        _count(summary, account)
    _complete(summary, ledger.together)
    return summary


def kept(ledger: Ledger, summary: Summary) -> Iterator[Account]:
    """The pages of the ledger that were not sighted, once all others were; those that others settle are left out."""
    for account in ledger.accounts():
        if account.source not in summary.sighted and account.is_settled:
            summary.kept.append(account.source)
            yield account


def _count(summary: Summary, account: Account | None) -> None:
    if account is None:
        return
    if account.standing is Standing.WITHDRAWN:
        account = replace(account, standing=Standing.PUBLISHED)
    summary.count(account)
    if account.is_published:
        summary.accept(account)


def _complete(summary: Summary, together: Together) -> None:
    for graph in together.withdrawn:
        summary.withdraw([graph])
    summary.findings += together.findings
    summary.withheld += together.withheld
    summary.checked += (*together.published, *together.withheld)
    summary.curated = together.curated
