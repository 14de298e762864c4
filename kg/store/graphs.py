"""Pages' graphs and the merged graph.

A page's flat statements stand in its named graph, and once in the default graph however many pages state them. Its
evidence stands in the default graph only. So the default graph is the merged graph as a set: a count over it counts
each statement once.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.rdf.vocab import COORD, DCTERMS, OA
from kg.store.digest import is_stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.rdf.quads import PageQuads

_DEFAULT = DefaultGraph()
PIECE: Final = (
    16 * 1024 * 1024
)  # bytes: a bulk load costs 33 ms whatever its size, and one of a million quads takes over 1 GB


def write_graphs(store: Store, knowledge: Sequence[Quad], pages: Iterable[PageQuads]) -> None:
    """Write what is known and what the pages say; the pages are taken one at a time and let go.

    More than 100,000 quads a second on two cores, in about 200 MB however many there are.

    Raises:
        OSError: the disk fails. What the iterator of pages raises comes through as it is. In both cases the store is
            to be given up.
    """
    load(store, _loads(_chunks(knowledge, pages)))


def load(store: Store, pieces: Iterable[bytes]) -> None:
    """Write statements in N-Quads syntax, a piece after the other; pieces of `PIECE` bytes are worth the call.

    Raises:
        OSError: the disk fails; the store is to be given up.
    """
    for lines in pieces:
        store.bulk_load(lines, RdfFormat.N_QUADS, lenient=True)


def retract_page(store: Store, graph: NamedNode) -> int:
    """Remove a page: its graph, its evidence, and from the merged graph what no other named graph states.

    The evidence is found by its links to the graph's own node: `…/graph/report/KEY` is the graph of `…/id/report/KEY`,
    and `…/graph/page/KEY` that of a page without a report. A graph that is not there is no error.

    Returns:
        The number of statements that left the merged graph.
    """
    node = node_of(graph)
    return _remove(store, graph, _evidence(store, node)) + _remove_unstated(store, list(_about(store, node)))


def page_statements(store: Store, graph: NamedNode) -> set[Quad]:
    """All that a page says in a store: its graph, the same in the merged graph, and its evidence."""
    node = node_of(graph)
    stated = list(store.quads_for_pattern(None, None, None, graph))
    return {*stated, *map(_merged, stated), *_evidence(store, node), *_about(store, node)}


def retract_file(store: Store, file: PageQuads) -> int:
    """Remove a file of curated facts, as it was written; the number of statements that left the merged graph."""
    return _remove(store, file.graph, file.evidence)


def replace_page(store: Store, page: PageQuads) -> None:
    """Put a page's statements and evidence in the place of what its graph held, if anything."""
    retract_page(store, page.graph)
    store.extend(chain(page.stated, map(_merged, page.stated), page.evidence))


def insert(store: Store, lines: bytes) -> int:
    """Write statements in N-Quads syntax, in one step; the number of those that were not in the merged graph.

    Raises:
        OSError: the disk fails; the store is to be given up.
    """
    quads = set(parse(lines, RdfFormat.N_QUADS, lenient=True))
    entering = sum(1 for quad in quads if quad.graph_name == _DEFAULT and quad not in store)
    store.extend(quads)
    return entering


def payload(page: PageQuads) -> bytes:
    """All that a page writes to a store, as N-Quads."""
    return b"".join([page.flat, *page.groups, page.merged])


def _remove(store: Store, graph: NamedNode, evidence: Iterable[Quad]) -> int:
    """Takes out a graph and its evidence."""
    stated = [_merged(quad) for quad in store.quads_for_pattern(None, None, None, graph)]
    store.remove_graph(graph)
    gone = 0
    for quad in evidence:
        gone += quad in store
        store.remove(quad)
    return gone + _remove_unstated(store, stated)


def _remove_unstated(store: Store, quads: Iterable[Quad]) -> int:
    gone = 0
    for quad in quads:
        if quad in store and not is_stated(store, quad):
            store.remove(quad)
            gone += 1
    return gone


def _chunks(knowledge: Sequence[Quad], pages: Iterable[PageQuads]) -> Iterator[bytes]:
    yield in_both(knowledge)
    for page in pages:
        yield payload(page)


def _loads(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks joined to pieces that are worth a bulk load."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def in_both(quads: Iterable[Quad]) -> bytes:
    """N-Quads lines for the quads in their named graph and in the default graph."""
    return "".join([f"{quad} .\n{quad.triple} .\n" for quad in quads]).encode()


def _merged(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)


def node_of(graph: NamedNode) -> NamedNode:
    """The report or page that a graph is about."""
    base, _, key = graph.value.rpartition("/graph/")
    return NamedNode(f"{base}/id/{key}")


def _evidence(store: Store, node: NamedNode) -> list[Quad]:
    return [quad for inner in _evidence_nodes(store, node) for quad in _about(store, inner)]


def _evidence_nodes(store: Store, node: NamedNode) -> set[NamedNode]:
    """The nodes of the evidence layer that link to a report or page: no other page describes them."""
    pages = _objects(store, {node}, COORD("readFrom"))
    passages = _subjects(store, DCTERMS("isPartOf"), {node, *pages})
    mentions = _subjects(store, OA("hasTarget"), passages)
    candidates = _objects(store, mentions, COORD("candidate"))
    gaps = _subjects(store, COORD("gapOf"), {node, *pages})
    claims = _subjects(store, COORD("statedIn"), {node})
    return pages | passages | mentions | candidates | gaps | claims


def _subjects(store: Store, link: NamedNode, objects: set[NamedNode]) -> set[NamedNode]:
    found = (store.quads_for_pattern(None, link, target, _DEFAULT) for target in objects)
    return {cast("NamedNode", quad.subject) for quads in found for quad in quads}


def _objects(store: Store, subjects: set[NamedNode], link: NamedNode) -> set[NamedNode]:
    found = (store.quads_for_pattern(subject, link, None, _DEFAULT) for subject in subjects)
    return {cast("NamedNode", quad.object) for quads in found for quad in quads}


def _about(store: Store, node: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(node, None, None, _DEFAULT)
