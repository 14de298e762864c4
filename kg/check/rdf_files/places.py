"""What every format of RDF tells of its places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from pyoxigraph import Quad

from kg.model.evidence import Place


class Statement(NamedTuple):
    """A triple; terms are N-Triples texts, here and in all that tells places."""

    subject: str
    predicate: str
    object: str

    @classmethod
    def of(cls, quad: Quad) -> Statement:
        """The triple of a quad."""
        return cls(str(quad.subject), str(quad.predicate), str(quad.object))


class Precision(Enum):
    """How well a place is known."""

    EXACT = "exact"  # the words themselves; in JSON-LD and RDF/XML those that name the subject
    NEAR = "near"  # the nearest words that could be found


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, and how well it is known."""

    place: Place
    precision: Precision = Precision.EXACT


class Places(Protocol):
    """The places of one file. Making one is dear, so it is made when there is a finding to place."""

    def statement(self, statement: Statement) -> Spot | None:
        """Where the statement's object stands; None where the file does not make the statement."""
        ...

    def predicate(self, statement: Statement) -> Spot | None:
        """Where the statement's predicate stands."""
        ...

    def subject(self, node: str) -> Spot | None:
        """Where the file first says something about the node."""
        ...

    def mention(self, node: str) -> Spot | None:
        """Where the file first has the node as an object."""
        ...

    def label(self, node: str) -> str:
        """What to call a blank node: the file's label for it, or the line and column at which it stands."""
        ...


def stands_at(place: Place) -> str:
    """The name of a blank node that has none."""
    return f"_:line{place.line}column{place.column}"
