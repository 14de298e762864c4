"""What a graph has gained since an earlier version, where it has lost nothing: that much is enough to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.push.contents import Mark, mark, quads

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

#: Bytes that are added in one request; what is more is not much less than the graph.
_MOST: Final = 32 * 1024 * 1024


def growth(earlier: Store, store: Store, graph: str, there: Mark) -> tuple[bytes, ...] | None:
    """The triples (N-Triples, a line each) that a graph holds and an earlier version of it, which is there, does not.

    None where there is another graph than that earlier one, where it has lost triples as well, where a server would
    take what is added for something new (blank nodes), or where it is much.
    """
    if mark(earlier, graph) != there:
        return None
    found: list[bytes] = []
    size = kept = 0
    for quad in quads(store, graph):
        if quad in earlier:
            kept += 1
            continue
        found.append(f"{quad.triple} .\n".encode())
        size += len(found[-1])
        if size > _MOST or not _has_names(quad):
            return None
    return tuple(found) if kept == there.triples else None


def _has_names(quad: Quad) -> bool:
    """Whether a triple means the same whenever it is sent."""
    return isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
