"""What a write takes out of the current version and puts into it, and what that makes of counts, digest and ledger."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from pyoxigraph import NamedNode, Quad, Store

from kg.accounts import Account
from kg.build.candidate import Changed
from kg.build.ledger import PAGES, RUN, Together
from kg.model.page import Page
from kg.model.verdict import Finding
from kg.rdf.curated import CuratedFile
from kg.rdf.quads import PageQuads
from kg.store import Contents, Counts, Version
from kg.store.digest import digested, written_digest
from kg.store.graphs import page_statements
from kg.store.records import record, recorded_graphs
from kg.store.writer import WRITES
from kg.told import Told
from kg.writing.history import Entry, History
from kg.writing.pages import PageLines


class Change:
    """A copy of the current version that a write changes.

    Attributes:
        candidate: the copy.
        together: what is known beside the pages, as the next version will have it.
        graphs: the digest of each named graph, by its IRI, as the next version will have it.
        findings: how many more findings the version will have.
        facts: the files of curated facts that came.
        named: the IRIs that statements of pages name that came or went.
        body: what the client sent, where findings about facts have their place in it.
        old, new: all statements that the write takes out or puts in, whether others state them too or not.
        before: the current version's store.
    """

    def __init__(self, current: Version, store: Store, together: Together) -> None:
        counts = current.manifest.counts
        self.current, self.together = current, together
        self.candidate = Changed(store, counts.statements)
        self.findings: int = 0
        self.facts: list[CuratedFile] = []
        self.named: set[str] = set()
        self.body: Page | None = None
        self.old: set[Quad] = set()
        self.new: set[Quad] = set()
        self.before = current.open()
        self._counts = counts
        self._digest = int(current.manifest.digest, 16)
        self.graphs = dict(recorded_graphs(current))

    @cached_property
    def pages(self) -> PageLines:
        """The ledger of the pages, as the next version will have it; a write of facts never asks for it.

        Raises:
            StoreError: it is not what was published.
        """
        return PageLines(io.BytesIO(record(self.current, PAGES)).readlines(), self._told)

    @cached_property
    def pages_digest(self) -> str | None:
        """The digest of the pages and their sources, where any came or went; to be asked for when all did."""
        return self.pages.digest if "pages" in vars(self) and self.pages.changed else None

    def replace_facts(self, old: CuratedFile | None, new: CuratedFile | None) -> None:
        """Puts a graph of curated facts into the place of another one; None for nothing."""
        published = list(self.together.published)
        if old and old.page.source in published:
            published.remove(old.page.source)
            self.candidate.retract_file(old.quads)
            self.old |= _all(old.quads)
            self._count(-1, old.quads)
        if new:
            published.append(new.page.source)
            self.candidate.put_file(new.quads)
            self.facts.append(new)
            self.new |= _all(new.quads)
            self._count(1, new.quads)
        gone = {each.page.source for each in (old, new) if each}
        withheld = tuple(source for source in self.together.withheld if source not in gone)
        self.together = replace(self.together, published=tuple(published), withheld=withheld)
        self.tell([], sources=gone)

    def put_page(self, account: Account, payload: bytes, quads: Iterable[Quad]) -> None:
        """Puts a page into the place of what its graph held."""
        self.new |= set(quads)
        self._note_page(account.graph)
        self.candidate.put(account.graph, payload)
        self._name(self.new)
        self._add(account, 1)

    def retract_page(self, graph: str) -> None:
        """Takes a page out."""
        self._note_page(graph)
        self.candidate.retract([graph])

    def drop_account(self, account: Account) -> None:
        """Counts a page no more that was published."""
        self._add(account, -1)

    def tell(self, findings: Sequence[Finding], *, sources: set[str]) -> None:
        """Sets what is told of curated facts of some sources."""
        before = self.together.findings
        kept = [each for each in before if each.where is None or each.where.source not in sources]
        self.together = replace(self.together, findings=(*kept, *findings))
        self.findings += len(kept) + len(findings) - len(before)

    def finish(self) -> None:
        """Brings all that was put into the store."""
        self.candidate.finish()

    @property
    def removed(self) -> int:
        """Number of statements that went, of the merged graph and of named ones."""
        return sum(1 for quad in self.old - self.new if quad not in self.candidate.store)

    @property
    def added(self) -> int:
        """Number of statements that came."""
        return sum(1 for quad in self.new - self.old if quad not in self.before)

    @property
    def merged_away(self) -> int:
        """Number of statements that the merged graph lost."""
        store = self.candidate.store
        return sum(
            1 for quad in self.old - self.new if not isinstance(quad.graph_name, NamedNode) and quad not in store
        )

    def contents(self, entry: Entry) -> Contents:
        """Counts and digest, brought up to date; the ledger, and the record of writes with this one."""
        counts = replace(
            self._counts,
            statements=self.candidate.statements(),
            named_graphs=len(self.graphs),
            findings=self._counts.findings + self.findings,
        )
        records: dict[str, Iterable[bytes]] = {
            RUN: [self.together.to_json()],
            WRITES: History.of(self.current).with_entry(entry),
        }
        told = self._told
        if self.pages_digest:
            lines = self.pages.with_told()
            told = lines.told
            records |= {PAGES: lines.pieces(), **told.added()}
        return Contents(
            counts=counts,
            digest=written_digest(self._digest),
            graphs=self.graphs,
            records=records,
            kept=(PAGES, *told.kept),
        )

    @cached_property
    def _told(self) -> Told:
        return Told(self.current)

    def _note_page(self, graph: str) -> None:
        old = page_statements(self.before, NamedNode(graph))
        self.old |= old
        self._name(old)

    def _name(self, quads: set[Quad]) -> None:
        terms = (
            term for quad in quads if isinstance(quad.graph_name, NamedNode) for term in (quad.subject, quad.object)
        )
        self.named.update(term.value for term in terms if isinstance(term, NamedNode))

    def _count(self, times: int, quads: PageQuads) -> None:
        summed = digested(quads)
        self._digest += times * summed.total
        self.graphs = {iri: digest for iri, digest in self.graphs.items() if iri not in summed.graphs}
        if times > 0:
            self.graphs.update(summed.graphs)
        self.together = replace(self.together, curated=self.together.curated + times * len(quads.stated))

    def _add(self, account: Account, times: int) -> None:
        counts = self._counts
        self._digest += times * account.digest
        self.findings += times * len(account.findings)
        self.graphs.pop(account.graph, None)
        if times > 0 and account.statements:
            self.graphs[account.graph] = account.graph_digest
        self._counts = Counts(
            statements=counts.statements,
            named_graphs=counts.named_graphs,
            pages=counts.pages + times,
            reports=counts.reports + times,
            gaps=counts.gaps + times * len(account.lacking),
            findings=counts.findings,
        )


def _all(quads: PageQuads) -> set[Quad]:
    """All that a file of curated facts writes."""
    return {*quads.stated, *(Quad(*quad.triple) for quad in quads.stated), *quads.evidence}
