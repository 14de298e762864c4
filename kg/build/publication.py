"""What a build tells of the version that it publishes: counts, digest, inputs, and the ledger of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kg import __version__
from kg.accounts import Standing
from kg.build.candidate import Candidate
from kg.build.ledger import PAGES, RUN, Together
from kg.build.stations import Stations
from kg.build.together import Judging
from kg.lines import Lines
from kg.model.verdict import Severity
from kg.store import Contents, Counts, Facts
from kg.store.digest import digested, written_digest
from kg.summary import Summary

_PUBLISHED: Final = Standing.PUBLISHED.value.encode()


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What is about to be published.

    Attributes:
        together: what was found beside the pages.
    """

    stations: Stations
    summary: Summary
    judging: Judging
    together: Together

    def facts(self) -> Facts:
        """The inputs by their digests."""
        recipe = dict(self.together.recipe)
        shapes = recipe.pop("shapes", "")
        inputs = {"pages": self._pages(), **{name: digest for name, digest in recipe.items() if digest}}
        found = self.summary.findings.by_severity
        kept_out = len(self.summary.quarantined) + len(self.summary.withheld)
        return Facts(
            inputs=inputs,
            shapes=shapes,
            code=__version__,
            findings=len(self.summary.findings),
            verdict={**{each.name.lower(): found[each] for each in Severity}, "quarantined": kept_out},
        )

    def contents(self, candidate: Candidate) -> Contents:
        """Counts and digest, summed up from what each page adds; and the ledger."""
        together = self._with_known()
        graphs = {**together.known_graphs, **self.judging.graphs}
        graphs.update(self._graphs())
        counts = Counts(
            statements=candidate.statements(),
            named_graphs=len(graphs),
            pages=len(self.summary.graphs),
            reports=self.summary.reports,
            gaps=self.summary.gaps + len(self.summary.others),
            findings=len(self.summary.findings),
        )
        total = int(together.known_digest, 16) + self.summary.digest + self.judging.digest
        lines = self.summary.lines.trimmed()
        pieces = _pieces(lines, {entry.graph for entry in self.judging.withdrawn})
        return Contents(
            counts=counts,
            digest=written_digest(total),
            graphs=graphs,
            records={PAGES: pieces, **lines.told.added(), RUN: [together.to_json()]},
            kept=lines.told.kept,
        )

    def _with_known(self) -> Together:
        """What was found beside the pages, with what is known beforehand, which is as it was where pages are known."""
        before = self.judging.before
        if before and before.known_digest:
            return replace(self.together, known_digest=before.known_digest, known_graphs=before.known_graphs)
        known = digested(self.stations.known)
        return replace(self.together, known_digest=f"{known.total:x}", known_graphs=known.graphs)

    def _pages(self) -> str:
        """SHA-256 over the pages that were read and their sources."""
        told = "\n".join(sorted(self.summary.inputs))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _graphs(self) -> Iterator[tuple[str, str]]:
        """The digest of each graph that is not empty; those of pages that were withdrawn are left out."""
        accepted = self.summary.graphs
        return ((graph, digest) for graph, digest in self.summary.graph_digests.items() if graph in accepted)


def _pieces(lines: Lines, graphs: Collection[str]) -> Iterable[bytes]:
    """A ledger in pieces, in which the pages with these graphs stand as withdrawn."""
    return (_withdrawn(line, graphs) for line in lines) if graphs else lines.pieces()


def _withdrawn(line: bytes, graphs: Collection[str]) -> bytes:
    mark, standing, page, graph, rest = line.split(b"\t", 4)
    if graph.decode() not in graphs or standing != _PUBLISHED:
        return line
    return b"\t".join((mark, Standing.WITHDRAWN.value.encode(), page, graph, rest))
