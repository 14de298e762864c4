"""Digests of statements: of a version, which change with it, and of each named graph, which anybody can work out.

That of a named graph is the SHA-256 of its N-Quads lines in the order of their bytes, which is what `kg export --graph`
writes. There are no blank nodes, so these lines are also the graph's canonical form by RDFC-1.0.

That of a version is brought up to date: what comes is added, what goes is taken away. It is the sum, modulo 2^256, of
the digests of groups: each named graph, and of what no named graph states each subject with all its lines. The order
in which groups come plays no part, so what a page contributes is a number of its own, worked out where the page is
read, and a version whose millions of statements changed in a few places has its digest at once. No two contributors
say anything of one subject outside named graphs: what they say there is of nodes that are named for them. It tells
whether two versions hold the same, and whether a disk kept what was written; who could choose statements to forge a
sum would rather change the manifest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode, Store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pyoxigraph import Quad

_DEFAULT: Final = DefaultGraph()
_MODULUS: Final = 2**256
_sha256 = hashlib.sha256
_number = int.from_bytes


class Scheme(Enum):
    """How the digest of a version is worked out; the value stands before it where people or programs read it.

    Versions that were published before groups were summed up have the sum over each statement's line by itself,
    without its final dot. They are read and verified as they are; none is published with it any more.
    """

    GROUPS = "sum-sha256-groups"
    LINES = "sum-sha256"

    def number(self, group: Collection[str]) -> int:
        """What a group adds to the sum, given its statements in N-Quads syntax without their final dot."""
        if self is Scheme.LINES:
            return sum(_number(_sha256(line.encode()).digest()) for line in group)
        return int(graph_digest(group), 16)


def page_digests(graph: bytes, groups: Iterable[bytes]) -> tuple[int, str]:
    """The sum for what a page says, and the digest of its named graph in hexadecimal.

    Args:
        graph: the statements of the named graph as N-Quads, sorted by their bytes; none where there is no such graph.
        groups: what is said of each subject outside it, in the same form.
    """
    named = _sha256(graph)
    total = _number(named.digest()) if graph else 0
    for group in groups:
        total += _number(_sha256(group).digest())
    return total % _MODULUS, named.hexdigest()


@dataclass(frozen=True, slots=True)
class Digested:
    """Statements summed up: the sum over all, and the digest of each of their named graphs by its IRI."""

    total: int
    graphs: Mapping[str, str]


def digested(quads: Iterable[Quad]) -> Digested:
    """Sums up statements as a store gives them back, which writes numbers and dates in their canonical form."""
    store = Store()
    store.extend(quads)
    graphs = graph_digests(store)
    return Digested(_total(store, graphs), graphs)


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
    return written_digest(_total(store, graph_digests(store)))


def default_lines(store: Store) -> Iterator[str]:
    """The statements that stand in the default graph and in no other, in N-Quads syntax without the dot."""
    for quad in store.quads_for_pattern(None, None, None, _DEFAULT):
        if not is_stated(store, quad):
            yield str(quad)


def subject_groups(lines: Iterable[str]) -> Iterator[list[str]]:
    """The statements of each subject, where they follow each other, as they do when sorted and in a store on disk.

    Such a store finds triples by a key that begins with the subject. One in memory gives them back as they came.
    """
    return (list(group) for _, group in groupby(lines, key=_subject))


def is_stated(store: Store, quad: Quad) -> bool:
    """Whether a named graph states this triple."""
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name != _DEFAULT for other in same)


def _total(store: Store, graphs: Mapping[str, str]) -> int:
    """The sum over a store whose graphs have these digests."""
    subjects = subject_groups(sorted(default_lines(store)))
    return sum(int(digest, 16) for digest in graphs.values()) + sum(map(Scheme.GROUPS.number, subjects))


def _subject(line: str) -> str:
    return line.partition(" ")[0]
