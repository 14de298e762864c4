"""What a build tells of the version that it publishes: counts, digest, inputs, and the ledger of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg import __version__
from kg.accounts import Standing
from kg.build.candidate import Candidate
from kg.build.ledger import PAGES, RUN, Together
from kg.build.stations import Stations
from kg.build.together import Judging
from kg.store import Contents, Counts, Facts
from kg.store.digest import digested, written_digest
from kg.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is about to be published.

    Attributes:
        lines: of the ledger, in reading order.
        together: what was found beside the pages.
    """

    stations: Stations
    summary: Summary
    judging: Judging
    lines: Sequence[bytes]
    together: Together

    def facts(self) -> Facts:
        """The inputs by their digests."""
        recipe = dict(self.together.recipe)
        shapes = recipe.pop("shapes", "")
        pages = hashlib.sha256("\n".join(sorted(self.summary.digests)).encode("utf-8", "surrogatepass")).hexdigest()
        inputs = {"pages": pages, **{name: digest for name, digest in recipe.items() if digest}}
        return Facts(inputs=inputs, shapes=shapes, code=__version__, findings=len(self.summary.findings))

    def contents(self, candidate: Candidate) -> Contents:
        """Counts and digest, summed up from what each page adds; and the ledger."""
        accepted, known = list(self.summary.accepted), digested(self.stations.known)
        graphs = {**known.graphs, **self.judging.graphs}
        graphs.update({each.graph: each.graph_digest for each in accepted if each.statements})
        counts = Counts(
            statements=candidate.statements(),
            named_graphs=len(graphs),
            pages=len(accepted),
            reports=self.summary.reports,
            gaps=self.summary.gaps + len(self.summary.others),
            findings=len(self.summary.findings),
        )
        total = known.total + sum(each.digest for each in accepted) + self.judging.digest
        lines = withdrawn_lines(self.lines, {account.graph for account in self.judging.withdrawn})
        return Contents(
            counts=counts,
            digest=written_digest(total),
            graphs=graphs,
            records={PAGES: lines, RUN: [self.together.to_json()]},
        )


def withdrawn_lines(lines: Sequence[bytes], graphs: Collection[str]) -> Sequence[bytes]:
    """The lines of a ledger, in which the pages with these graphs stand as withdrawn."""
    return [_withdrawn(line, graphs) for line in lines] if graphs else lines


def _withdrawn(line: bytes, graphs: Collection[str]) -> bytes:
    mark, standing, page, graph, rest = line.split(b"\t", 4)
    if graph.decode() not in graphs or standing.decode() != Standing.PUBLISHED.value:
        return line
    return b"\t".join((mark, Standing.WITHDRAWN.value.encode(), page, graph, rest))
