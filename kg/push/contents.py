"""What a version holds, graph by graph: a mark of each, and its lines to be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode, Store

if TYPE_CHECKING:
    from pyoxigraph import Quad

#: The name of the default graph, which no graph can have.
DEFAULT: Final = ""
_PIECE: Final = 64 * 1024
_MODULUS: Final = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What tells whether a graph is as it was: how many triples it holds, and a digest of them in whatever order."""

    triples: int
    digest: str


def marks(store: Store) -> Mapping[str, Mark]:
    """The mark of each graph by its name, the default graph last: one pass over everything, in little memory."""
    names = sorted(node.value for node in store.named_graphs() if isinstance(node, NamedNode))
    return {name: mark(store, name) for name in [*names, DEFAULT]}


def pieces(store: Store, graph: str) -> Iterator[bytes]:
    """A graph as N-Triples, in pieces that are worth a write."""
    waiting: list[str] = []
    size = 0
    for quad in quads(store, graph):
        waiting.append(f"{quad.triple} .\n")
        size += len(waiting[-1])
        if size >= _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()


def mark(store: Store, graph: str) -> Mark:
    """The mark of one graph."""
    total = triples = 0
    for quad in quads(store, graph):
        total += int.from_bytes(hashlib.sha256(str(quad.triple).encode()).digest())
        triples += 1
    return Mark(triples=triples, digest=f"{total % _MODULUS:064x}")


def quads(store: Store, graph: str) -> Iterator[Quad]:
    """The statements of one graph."""
    return store.quads_for_pattern(None, None, None, NamedNode(graph) if graph else DefaultGraph())
