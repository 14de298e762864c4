"""A page that a client puts as a report, or takes away again."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.accounts import Account, Standing
from kg.build.deposited import deposited_page
from kg.build.stations import Read, Stations
from kg.curating import DEPOSITED
from kg.model.writes import Write, WriteKind, WriteOutcome
from kg.store import Writer
from kg.store.deposits import PAGES
from kg.writing.change import Change
from kg.writing.declined import Declined
from kg.writing.judgement import refuse
from kg.writing.pages import SUFFIXES, deposit_of, is_key


class PageWrite:
    """A write of one page, read and judged by itself.

    Raises:
        Declined: it cannot be read, is not the report that it is put as, or breaks a shape by itself.
    """

    def __init__(self, write: Write, writer: Writer, stations: Stations) -> None:
        self._key, self._writer, self._stations = write.target, writer, stations
        if not is_key(self._key):
            raise Declined(WriteOutcome.MALFORMED, f"{self._key!r} is no key of a report; keys look like drc-2021-267")
        self._old = deposit_of(self._key, writer.deposits)
        self._new: str | None = None
        self._read: Read | None = None
        if write.kind is WriteKind.PUT_PAGE:
            self._new = self._name(write)
            if not self._is_held(write.body):
                self._read = self._sound(stations.read(deposited_page(self._new, write.body)))
        self._body = write.body

    @property
    def changes_nothing(self) -> bool:
        """Whether the same page is there already."""
        return self._new is not None and self._read is None

    def apply(self, change: Change) -> bool:
        """Puts the page in or takes it out; whether the report is new."""
        known = change.pages.published(self._key)
        gone = known if self._read else self._take_away(known, change)
        if gone:
            change.drop_account(gone)
            change.pages.reconsider()
        if self._read:
            self._put(self._read, change)
        return known is None

    def _take_away(self, known: Account | None, change: Change) -> Account | None:
        """Takes out the page that a client wrote; it, where it is published."""
        if self._old is None:
            raise self._missing(known.source if known else "")
        self._writer.deposits.remove(self._old)
        change.pages.remove(self._key)
        if known is None or not known.source.startswith(DEPOSITED):
            return None
        change.retract_page(known.graph)
        return known

    def _put(self, read: Read, change: Change) -> None:
        if self._old:
            self._writer.deposits.remove(self._old)
        self._writer.deposits.put(self._new or "", self._body)
        twin = change.pages.put(read.account, self._stations.minter, self._stations.severities)
        change.findings += len(twin.findings) if twin else 0
        quads = parse(read.payload, RdfFormat.N_QUADS, lenient=True)
        change.put_page(read.account, read.payload, quads)

    def _name(self, write: Write) -> str:
        suffix = SUFFIXES.get(write.media_type.casefold())
        if suffix is None:
            reason = f"pages of type {write.media_type or '(none)'} are not read; {', '.join(SUFFIXES)} are"
            raise Declined(WriteOutcome.UNSUPPORTED, reason)
        return f"{PAGES}{self._key}{suffix}"

    def _is_held(self, body: bytes) -> bool:
        """Whether this very page is published; one that a build kept out is tried again."""
        if self._old is None or self._old != self._new or self._writer.deposits.payload(self._old) != body:
            return False
        graph = NamedNode(self._stations.minter.graph("report", self._key))
        current = self._writer.current
        return current is not None and current.open().contains_named_graph(graph)

    def _sound(self, read: Read) -> Read:
        """The page, where it is the report that it is put as."""
        account = read.account
        if account.standing is Standing.UNREADABLE:
            raise Declined(WriteOutcome.MALFORMED, f"the page cannot be read: {account.reason}")
        if not account.key:
            raise Declined(WriteOutcome.MALFORMED, f"the page is no report: {account.reason}")
        if account.key != self._key:
            reason = f"the page is the report {account.key}, not {self._key}; put it to the address of that one"
            raise Declined(WriteOutcome.MALFORMED, reason)
        if not account.is_published:
            barred = [each for each in account.findings if self._stations.severities.bars(each)]
            raise refuse(barred or account.findings)
        return read

    def _missing(self, source: str) -> Declined:
        if source and not source.startswith(DEPOSITED):
            reason = f"the report {self._key} is read from {source}; take that page away and build again"
            return Declined(WriteOutcome.FORBIDDEN, reason)
        return Declined(WriteOutcome.MISSING, f"no client wrote a page for a report {self._key}")
