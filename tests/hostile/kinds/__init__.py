"""The corpus: queries that are meant to hurt, each with the statuses that may answer it and why it hurts.

200 is an answer in time; 400 no SPARQL; 403 it would reach other machines; 413 too long, too deep or too many tokens;
422 its worker ended (memory, stack) or the answer passed a limit; 503 stopped at the deadline. A long answer that fails
after its beginning was sent is broken off, so that no client takes it for whole.
"""

from __future__ import annotations

from kinds.graphs import GRAPHS
from kinds.kind import BROKEN_OFF, EX, Kind
from kinds.nesting import NESTING
from kinds.paths import PATHS
from kinds.products import PRODUCTS
from kinds.reaching import REACHING
from kinds.strings import STRINGS

__all__ = ["BROKEN_OFF", "EX", "KINDS", "Kind"]

KINDS: tuple[Kind, ...] = (*PRODUCTS, *PATHS, *STRINGS, *NESTING, *GRAPHS, *REACHING)
if len({kind.name for kind in KINDS}) != len(KINDS):
    raise ValueError("two kinds of one name")
