"""The dataset that a request names beside its update: the clauses USING of each operation."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import NamedNode

from kg.model.writes import Write, WriteOutcome
from kg.writing.declined import Declined
from kg.writing.operation import Operation, Update


def with_dataset(update: Update, write: Write) -> Update:
    """The update with the dataset that the request names (SPARQL 1.1 Protocol, section 2.2.3).

    Raises:
        Declined: an operation names one of its own, or what the request names is no IRI.
    """
    using = tuple(map(_written_iri, write.using_graphs))
    named = tuple(map(_written_iri, write.using_named_graphs))
    if not (using or named):
        return update
    clauses = " ".join([*(f"USING {each}" for each in using), *(f"USING NAMED {each}" for each in named)])
    return replace(update, operations=tuple(_with_using(part, using, named, clauses) for part in update.operations))


def _with_using(part: Operation, using: tuple[str, ...], named: tuple[str, ...], clauses: str) -> Operation:
    if part.scope or part.using or part.using_named:
        reason = "it has WITH or USING, and the request names using-graph-uri or using-named-graph-uri too; choose one"
        raise Declined(WriteOutcome.MALFORMED, reason)
    if part.where_at < 0:
        return part
    head, rest = part.text[: part.where_at], part.text[part.where_at :]
    return replace(part, text=f"{head} {clauses} {rest}", using=using, using_named=named)


def _written_iri(iri: str) -> str:
    try:
        return str(NamedNode(iri))
    except ValueError as error:
        raise Declined(WriteOutcome.MALFORMED, f"a graph that the request names is no absolute IRI: {error}") from error
