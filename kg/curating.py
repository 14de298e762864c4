"""Curated facts in a run: read before the pages, checked after them, since they speak of what the pages tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Store

from kg.check import Checker
from kg.model.errors import KnowledgeError
from kg.model.page import Page
from kg.model.verdict import Verdict
from kg.rdf.curated import CuratedFile, curated_file
from kg.rdf.iris import Minter
from kg.sources import PassedOver, Unreadable, find_curated
from kg.store.deposits import CURATED, Deposits

#: What the sources begin with of what clients wrote.
DEPOSITED: Final = "deposit:"
#: What the names of reports' graphs contain, and no other graph's.
_REPORTS: Final = "/graph/report/"


@dataclass(kw_only=True)
class Curation:
    """The files of curated facts of one run.

    Attributes:
        files: those that could be read, by path.
        unreadable: those that could not.
        passed_over: what lies beside them and is none.
    """

    files: list[CuratedFile] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    _names: dict[NamedNode, str] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Sequence[Path], minter: Minter, most_bytes: int) -> Curation:
        """Reads the files in these files and folders; one that is broken does not stop the others."""
        curation = cls()
        for taken in find_curated(paths, most_bytes):
            if isinstance(taken, Unreadable):
                curation.unreadable.append(taken)
            elif isinstance(taken, PassedOver):
                curation.passed_over.append(taken.source)
            else:
                curation._take(taken, minter)
        return curation

    def add(self, deposits: Deposits, minter: Minter) -> None:
        """Takes in the graphs of curated facts that clients wrote; they are no files, and no recipe knows them."""
        for name in deposits.under(CURATED):
            try:
                self._add(deposited_facts(name, deposits.payload(name), minter))
            except KnowledgeError as error:
                self.unreadable.append(Unreadable(source=error.file, reason=error.reason))

    def _take(self, page: Page, minter: Minter) -> None:
        try:
            self._add(curated_file(page, minter))
        except KnowledgeError as error:
            self.unreadable.append(Unreadable(source=page.source, reason=error.reason))

    def _add(self, file: CuratedFile) -> None:
        """Takes in a file whose graph no other one has; names are the same where they differ in capitals alone."""
        first = self._names.setdefault(file.quads.graph, file.page.source)
        if first != file.page.source:
            raise KnowledgeError(file.page.source, f"has the name of {first} but for capitals; rename one of them")
        self.files.append(file)

    @property
    def sources(self) -> frozenset[str]:
        """The names of all these files."""
        return frozenset([*(each.page.source for each in self.files), *(each.source for each in self.unreadable)])

    @property
    def digest(self) -> str:
        """SHA-256 over the names and contents of the files that could be read."""
        files = (each.page for each in self.files if not each.page.source.startswith(DEPOSITED))
        told = sorted(f"{each.id} {each.source}" for each in files)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def verdicts(self, checker: Checker, store: Store) -> Iterator[tuple[CuratedFile, Verdict]]:
        """The verdict on each file, beside what is known and what the pages in a store tell."""
        told = self._told(store) if self.files else []
        for file in self.files:
            verdict = checker.check_curated(file.quads, _about(told, file.nodes))
            placed = tuple(replace(each, where=file.place(each.focus)) for each in verdict.findings)
            yield (
                file,
                Verdict(findings=tuple(sorted(placed, key=lambda each: each.sort_key)), coverage=verdict.coverage),
            )

    def _told(self, store: Store) -> list[Quad]:
        """What reports state of the things that the files speak of, and of what they say these refer to."""
        told: dict[Quad, None] = {}
        for node in sorted(self._nodes):
            for quad in store.quads_for_pattern(NamedNode(node), None, None, None):
                if _REPORTS in str(quad.graph_name):
                    told[quad] = None
                    if isinstance(quad.object, NamedNode):
                        told.update(dict.fromkeys(store.quads_for_pattern(quad.object, None, None, quad.graph_name)))
        return list(told)

    @cached_property
    def _nodes(self) -> frozenset[str]:
        return frozenset().union(*(file.nodes for file in self.files))


def deposited_facts(name: str, payload: bytes, minter: Minter) -> CuratedFile:
    """A graph of curated facts that clients wrote.

    Args:
        name: of the deposit, `curated/NAME.nt`.
        payload: its statements in N-Triples.
        minter: of the deployment.

    Raises:
        KnowledgeError: they are no facts that may be curated.
    """
    short = name.removeprefix(CURATED)
    page = Page(source=DEPOSITED + short, media_type="application/n-triples", payload=payload)
    return curated_file(page, minter, short.removesuffix(".nt"))


def _about(quads: Sequence[Quad], nodes: frozenset[str]) -> list[Quad]:
    """The statements about some things, and about what these refer to: an authorship is part of its report."""
    referred = {_iri(quad.object) for quad in quads if _iri(quad.subject) in nodes}
    return [quad for quad in quads if _iri(quad.subject) in nodes or _iri(quad.subject) in referred]


def _iri(term: object) -> str | None:
    return term.value if isinstance(term, NamedNode) else None
