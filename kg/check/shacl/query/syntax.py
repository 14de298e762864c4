"""SPARQL's SELECT and ASK as data, as far as the compiled engine answers them itself (SPARQL 1.1 §19.8).

What is beyond it (aggregates, ORDER BY, VALUES and so on) is `Beyond`, no error: Oxigraph answers such a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.check.shacl.paths import Path

#: A variable is its name behind a question mark; every other term is its N-Triples text.
Term = str


class Beyond(Exception):  # noqa: N818 - says where the query goes, not that it is wrong
    """The query has a part that the compiled engine leaves to Oxigraph."""


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, by its sign or its name in capitals, with its arguments."""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS; NOT EXISTS is the call of `!` on it."""

    group: Group


Expression = str | Call | Exists


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern; the predicate is a term or a path."""

    subject: Term
    predicate: Term | Path
    value: Term

    @property
    def terms(self) -> tuple[str, str, str]:
        """Subject, predicate and object, a path as SPARQL writes it."""
        return self.subject, str(self.predicate), self.value


@dataclass(frozen=True, slots=True)
class Filter:
    """FILTER."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Bind:
    """BIND."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Optional:
    """OPTIONAL."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """Two groups or more, of which each gives solutions."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class InGraph:
    """GRAPH."""

    name: Term
    group: Group


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in braces."""

    elements: tuple[Pattern | Filter | Bind | Optional | Union | InGraph | Group | Select, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT query, or with no projection an ASK query.

    Attributes:
        projection: variable to the expression it stands for, itself where it is only selected; None for `*`.
    """

    projection: Mapping[str, Expression] | None
    group: Group
    ask: bool = False
