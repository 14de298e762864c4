"""The currency between mapping, checking and the store: one page's statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from kg.model.evidence import Place


@dataclass(frozen=True, kw_only=True)
class PageQuads:
    """What one page contributes to the graph, in a fixed order.

    Attributes:
        source: where the page came from, for messages.
        graph: the page's named graph.
        stated: the flat statements, in that named graph; two pages may state the same one.
        evidence: claims, passages, mentions and the page's own description, in the default graph. Their subjects' IRIs
            contain the report's key or the page's digest, so no other page contributes them.
        expected: for each (focus IRI, path IRI) the page was expected to state and did not, the place where it should
            stand.
    """

    source: str
    graph: NamedNode
    stated: tuple[Quad, ...]
    evidence: tuple[Quad, ...]
    expected: Mapping[tuple[str, str], Place] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Quad]:
        yield from self.stated
        yield from self.evidence
