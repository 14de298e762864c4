"""Pages' graphs and the merged graph.

A page's flat statements stand in its named graph, and once in the default graph however many pages state them. Its
evidence stands in the default graph only. So the default graph is the merged graph as a set: a count over it counts
each statement once.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from kg.rdf.vocab import COORD, DCTERMS, OA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.rdf.quads import PageQuads

_DEFAULT = DefaultGraph()
_LOAD = 16 * 1024 * 1024  # bytes: a bulk load costs 33 ms whatever its size, and one of a million quads takes over 1 GB


def write_graphs(store: Store, knowledge: Sequence[Quad], pages: Iterable[PageQuads]) -> None:
    """Write what is known and what the pages say; the pages are taken one at a time and let go.

    More than 100,000 quads a second on two cores, in about 200 MB however many there are.

    Raises:
        OSError: the disk fails. What the iterator of pages raises comes through as it is. In both cases the store is
            to be given up.
    """
    for lines in _loads(_chunks(knowledge, pages)):
        store.bulk_load(lines, RdfFormat.N_QUADS, lenient=True)


def retract_page(store: Store, graph: NamedNode) -> None:
    """Remove a page: its graph, its evidence, and from the merged graph what no other named graph states.

    The evidence is found by its links to the graph's own node: `…/graph/report/KEY` is the graph of `…/id/report/KEY`,
    and `…/graph/page/KEY` that of a page without a report. A graph that is not there is no error.
    """
    base, _, key = graph.value.rpartition("/graph/")
    node = NamedNode(f"{base}/id/{key}")
    evidence = [quad for inner in _evidence_nodes(store, node) for quad in _about(store, inner)]
    stated = [_merged(quad) for quad in store.quads_for_pattern(None, None, None, graph)]
    store.remove_graph(graph)
    for quad in evidence:
        store.remove(quad)
    for quad in chain(stated, list(_about(store, node))):
        if not _is_stated(store, quad):
            store.remove(quad)


def replace_page(store: Store, page: PageQuads) -> None:
    """Put a page's statements and evidence in the place of what its graph held, if anything."""
    retract_page(store, page.graph)
    store.extend(chain(page.stated, map(_merged, page.stated), page.evidence))


def _chunks(knowledge: Sequence[Quad], pages: Iterable[PageQuads]) -> Iterator[bytes]:
    yield _in_both(knowledge)
    for page in pages:
        yield _in_both(page.stated)
        yield "".join([f"{quad} .\n" for quad in page.evidence]).encode()


def _loads(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks joined to pieces that are worth a bulk load."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _LOAD:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _in_both(quads: Iterable[Quad]) -> bytes:
    """N-Quads lines for the quads in their named graph and in the default graph."""
    return "".join([f"{quad} .\n{quad.triple} .\n" for quad in quads]).encode()


def _merged(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)


def _is_stated(store: Store, quad: Quad) -> bool:
    """Whether a named graph states this triple."""
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name != _DEFAULT for other in same)


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
