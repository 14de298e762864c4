"""A digest of a set of statements that can be brought up to date: what comes is added, what goes is taken away.

It is the sum, modulo 2^256, of the SHA-256 of each statement's N-Quads line. The order in which statements come plays
no part, so what a page contributes is a number of its own, worked out where the page is read, and a version whose
millions of statements changed in a few places has its digest at once. It tells whether two versions hold the same, and
whether a disk kept what was written; who could choose statements to forge a sum would rather change the manifest.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, cast

from pyoxigraph import DefaultGraph, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

#: What stands before such a digest where people or programs read it.
SCHEME: Final = "sum-sha256"
_DEFAULT: Final = DefaultGraph()
_MODULUS: Final = 2**256
_sha256 = hashlib.sha256
_number = int.from_bytes


def lines_digest(lines: Iterable[str]) -> int:
    """The sum for statements in N-Quads syntax, without their final dot; each must come once."""
    return sum([_number(_sha256(line.encode()).digest()) for line in lines]) % _MODULUS


def stored_digest(quads: Iterable[Quad]) -> int:
    """The sum for statements as a store gives them back, which writes numbers and dates in their canonical form."""
    store = Store()
    store.extend(quads)
    return lines_digest(map(str, cast("Iterable[Quad]", store)))


def written_digest(total: int) -> str:
    """A sum, however large, as 64 hexadecimal digits."""
    return f"{total % _MODULUS:064x}"


def content_digest(store: Store) -> str:
    """The digest of all that a store holds, in hexadecimal.

    What stands in the default graph only because a named graph states it is not counted again.
    """
    return written_digest(lines_digest(_own_lines(store)))


def _own_lines(store: Store) -> Iterator[str]:
    for quad in cast("Iterable[Quad]", store):
        if quad.graph_name != _DEFAULT or not is_stated(store, quad):
            yield str(quad)


def is_stated(store: Store, quad: Quad) -> bool:
    """Whether a named graph states this triple."""
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name != _DEFAULT for other in same)
