"""What a build tells of the version that it publishes: counts, digest, inputs, and the ledger of its pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

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
_UNREADABLE: Final = Standing.UNREADABLE.value.encode()
#: Places of cells in a line of the ledger, and how many there are before those that are left together.
_STANDING, _PAGE, _GRAPH, _STATEMENTS, _DIGEST, _SOURCE, _CELLS = 1, 2, 3, 6, 8, 9, 10


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
        inputs = {"pages": self._told.pages, **{name: digest for name, digest in recipe.items() if digest}}
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
        known = digested(self.stations.known)
        graphs = {**known.graphs, **self.judging.graphs, **self._told.graphs}
        counts = Counts(
            statements=candidate.statements(),
            named_graphs=len(graphs),
            pages=len(self.summary.graphs),
            reports=self.summary.reports,
            gaps=self.summary.gaps + len(self.summary.others),
            findings=len(self.summary.findings),
        )
        total = known.total + self.summary.digest + self.judging.digest
        lines = _pieces(self.summary.lines, {entry.graph for entry in self.judging.withdrawn})
        return Contents(
            counts=counts,
            digest=written_digest(total),
            graphs=graphs,
            records={PAGES: lines, RUN: [self.together.to_json()]},
        )

    @cached_property
    def _told(self) -> _Told:
        """What the ledger tells of all pages, in one pass over it."""
        accepted, pages, graphs = self.summary.graphs, list[bytes](), dict[str, str]()
        for batch in self.summary.lines.batches():
            cells = [line.split(b"\t", _CELLS) for line in batch]
            read = [each for each in cells if each[_STANDING] != _UNREADABLE]
            pages += [each[_PAGE] + b" " + _source(each[_SOURCE]) for each in read]
            stating = [each for each in cells if each[_STATEMENTS] != b"0" and each[_STANDING] == _PUBLISHED]
            digests = [(each[_GRAPH].decode(), each[_DIGEST].decode()) for each in stating]
            graphs.update([each for each in digests if each[0] in accepted])
        return _Told(hashlib.sha256(b"\n".join(sorted(pages))).hexdigest(), graphs)


class _Told(NamedTuple):
    """SHA-256 over the pages that were read and their sources; and the digest of each graph that is not empty."""

    pages: str
    graphs: dict[str, str]


def _source(text: bytes) -> bytes:
    return str(json.loads(text)).encode("utf-8", "surrogatepass") if b"\\" in text else text[1:-1]


def _pieces(lines: Lines, graphs: Collection[str]) -> Iterable[bytes]:
    """A ledger in pieces, in which the pages with these graphs stand as withdrawn."""
    return (_withdrawn(line, graphs) for line in lines) if graphs else lines.pieces()


def _withdrawn(line: bytes, graphs: Collection[str]) -> bytes:
    mark, standing, page, graph, rest = line.split(b"\t", 4)
    if graph.decode() not in graphs or standing != _PUBLISHED:
        return line
    return b"\t".join((mark, Standing.WITHDRAWN.value.encode(), page, graph, rest))
