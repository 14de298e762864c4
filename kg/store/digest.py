"""Digests of statements: of a version, which change with it, and of each named graph, which anybody can work out.

That of a version is brought up to date: what comes is added, what goes is taken away. It is the sum, modulo 2^256, of
the SHA-256 of each statement's N-Quads line. The order in which statements come plays no part, so what a page
contributes is a number of its own, worked out where the page is read, and a version whose millions of statements
changed in a few places has its digest at once. It tells whether two versions hold the same, and whether a disk kept
what was written; who could choose statements to forge a sum would rather change the manifest.

That of a named graph is the SHA-256 of its N-Quads lines in the order of their bytes, which is what `kg export --graph`
writes. There are no blank nodes, so these lines are also the graph's canonical form by RDFC-1.0.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.rdf.quads import with_stops

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

#: What stands before such a digest where people or programs read it.
SCHEME: Final = "sum-sha256"
_DEFAULT: Final = DefaultGraph()
_MODULUS: Final = 2**256
_sha256 = hashlib.sha256
_number = int.from_bytes


def lines_digest(lines: Iterable[str]) -> int:
    """The sum for statements in N-Quads syntax, without their final dot; each must come once."""
    return _sum(map(str.encode, lines))


def page_digests(lines: Sequence[bytes], stated: int) -> tuple[int, str]:
    """The sum for canonical N-Quads lines, each of which comes once, and the digest of a graph, in hexadecimal.

    Args:
        lines: without their final stops.
        stated: how many of them, from the first on, are that named graph.
    """
    return _sum(lines), _sha256(with_stops(sorted(lines[:stated]))).hexdigest()


def _sum(lines: Iterable[bytes]) -> int:
    """The sum of their digests, each begun as a copy: to look the function up anew takes 40 µs a thousand lines."""
    begun = _sha256().copy
    total = 0
    for line in lines:
        each = begun()
        each.update(line)
        total += _number(each.digest())
    return total % _MODULUS


@dataclass(frozen=True, slots=True)
class Digested:
    """Statements summed up: the sum over all, and the digest of each of their named graphs by its IRI."""

    total: int
    graphs: Mapping[str, str]


def digested(quads: Iterable[Quad]) -> Digested:
    """Sums up statements as a store gives them back, which writes numbers and dates in their canonical form."""
    store = Store()
    store.extend(quads)
    return Digested(lines_digest(map(str, cast("Iterable[Quad]", store))), graph_digests(store))


def written_digest(total: int) -> str:
    """A sum, however large, as 64 hexadecimal digits."""
    return f"{total % _MODULUS:064x}"


def graph_digest(lines: Collection[str]) -> str:
    """The digest of a named graph, in hexadecimal, for its statements in N-Quads syntax without their final dot."""
    return _sha256("".join([f"{line} .\n" for line in sorted(lines)]).encode()).hexdigest()


def named_graphs(store: Store) -> Iterator[tuple[str, list[str]]]:
    """The named graphs that hold a statement: each one's IRI and its statements, in N-Quads syntax without the dot."""
    for name in store.named_graphs():
        lines = [str(quad) for quad in store.quads_for_pattern(None, None, None, name)]
        if lines and isinstance(name, NamedNode):
            yield name.value, lines


def graph_digests(store: Store) -> Mapping[str, str]:
    """The digest of each named graph of a store, by its IRI."""
    return {iri: graph_digest(lines) for iri, lines in named_graphs(store)}


def content_digest(store: Store) -> str:
    """The digest of all that a store holds, in hexadecimal.

    What stands in the default graph only because a named graph states it is not counted again.
    """
    return written_digest(lines_digest(_own_lines(store, cast("Iterable[Quad]", store))))


def default_lines(store: Store) -> Iterator[str]:
    """The statements that stand in the default graph and in no other, in N-Quads syntax without the dot."""
    return _own_lines(store, store.quads_for_pattern(None, None, None, _DEFAULT))


def _own_lines(store: Store, quads: Iterable[Quad]) -> Iterator[str]:
    for quad in quads:
        if quad.graph_name != _DEFAULT or not is_stated(store, quad):
            yield str(quad)


def is_stated(store: Store, quad: Quad) -> bool:
    """Whether a named graph states this triple."""
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name != _DEFAULT for other in same)
