"""What every validator offers, whatever it runs on."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Protocol

from pyoxigraph import Quad

from kg.model.verdict import Finding


class EngineKind(Enum):
    """The validators there are; the value is what the command line calls them."""

    COMPILED = "compiled"  # shapes become Python closures; the usual one
    PYSHACL = "pyshacl"  # the reference, some hundred times slower


class Engine(Protocol):
    """Validates triples against the shapes it was made with."""

    def findings(self, quads: Iterable[Quad], subjects: AbstractSet[str]) -> list[Finding]:
        """What the shapes find about these subjects, in no particular order and without places.

        Args:
            quads: all triples that may be looked at; in which graph each stands plays no part.
            subjects: IRIs of the nodes to judge; the others only lend their types.
        """
        ...
