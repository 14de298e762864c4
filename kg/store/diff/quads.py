"""Two graphs' difference as two sets of quads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one graph holds and the other does not, each in the order of N-Quads lines."""

    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.removed)


def difference(old: Store, new: Store) -> Difference:
    """What must be added to and removed from the old graph to make it the new one.

    Memory grows with the difference, not with the graphs. Nothing that we publish has blank nodes; where another graph
    has some, they are compared by their labels.
    """
    return Difference(added=_lacking(new, old), removed=_lacking(old, new))


def _lacking(held: Store, other: Store) -> tuple[Quad, ...]:
    quads = cast("Iterable[Quad]", held)
    return tuple(sorted((quad for quad in quads if quad not in other), key=str))
