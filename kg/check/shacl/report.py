"""Validation reports as RDF (SHACL §3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from kg.check.shacl.graph import TYPE_TERM
from kg.check.shacl.literals import is_blank, is_literal
from kg.check.shacl.paths import FIRST, NIL, REST, Path, PathKind
from kg.check.shacl.results import Result
from kg.rdf.vocab import SH, XSD

_REPORT: Final = "_:report"


def report_triples(results: Sequence[Result]) -> list[Triple]:
    """The validation report: whether the data conform, and each result.

    Blank nodes of the data and of the shapes keep their labels, which begin with `data` and `shape` here so that the
    report's own cannot meet them. Paths are copied, as SHACL §3.6.2.2 has it.
    """
    quads = parse(report_text(results), format=RdfFormat.N_TRIPLES)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def report_text(results: Sequence[Result]) -> str:
    """The report in N-Triples."""
    return "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in _triples(results))


def _triples(results: Sequence[Result]) -> Iterator[tuple[str, str, str]]:
    conforms = f'"{"false" if results else "true"}"^^{XSD("boolean")}'
    yield _REPORT, TYPE_TERM, str(SH("ValidationReport"))
    yield _REPORT, str(SH("conforms")), conforms
    fresh = (f"_:path{number}" for number in count(1))
    for number, result in enumerate(results, 1):
        node = f"_:result{number}"
        yield _REPORT, str(SH("result")), node
        yield from _result(node, result, fresh)


def _result(node: str, result: Result, fresh: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    yield node, TYPE_TERM, str(SH("ValidationResult"))
    yield node, str(SH("focusNode")), _apart(result.focus, "data")
    yield node, str(SH("sourceConstraintComponent")), result.component
    yield node, str(SH("sourceShape")), _apart(result.shape, "shape")
    yield node, str(SH("resultSeverity")), result.severity
    if result.value is not None:
        yield node, str(SH("value")), _apart(result.value, "data")
    if result.constraint is not None:
        yield node, str(SH("sourceConstraint")), _apart(result.constraint, "shape")
    for message in result.messages:
        yield node, str(SH("resultMessage")), message
    if result.path is not None:
        head, triples = path_triples(result.path, fresh)
        yield node, str(SH("resultPath")), head
        yield from triples


def path_triples(path: Path, fresh: Iterator[str]) -> tuple[str, list[tuple[str, str, str]]]:
    """The node of a path, and the triples that describe it.

    Args:
        path: the path.
        fresh: gives blank nodes that nobody else uses.
    """
    if path.kind is PathKind.PREDICATE:
        return path.predicate, []
    if path.kind is PathKind.SEQUENCE:
        return _listed(path.parts, fresh)
    node = next(fresh)
    if path.kind is PathKind.ALTERNATIVE:
        head, triples = _listed(path.parts, fresh)
    else:
        head, triples = path_triples(path.parts[0], fresh)
    return node, [(node, str(SH(path.kind.value)), head), *triples]


def _listed(parts: Iterable[Path], fresh: Iterator[str]) -> tuple[str, list[tuple[str, str, str]]]:
    head, triples = NIL, []
    for part in reversed(list(parts)):
        value, more = path_triples(part, fresh)
        node = next(fresh)
        triples += [(node, FIRST, value), (node, REST, head), *more]
        head = node
    return head, triples


def _apart(term: str, owner: str) -> str:
    """A term of the data or the shapes; a blank node's label is told apart from the report's own."""
    return f"_:{owner}.{term[2:]}" if is_blank(term) and not is_literal(term) else term
