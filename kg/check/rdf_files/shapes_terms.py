"""Terms of the SHACL namespace that are no words of shapes: those of reports, and of extensions without a part here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.places import Spot, Statement
from kg.check.rdf_files.rules import MESSAGES, SEVERITIES
from kg.check.shapes import SHAPE
from kg.model.verdict import Finding
from kg.rdf.vocab import SH

_SHACL: Final = f"<{SH.iri}"
_RULE: Final = "shapes-advanced-term"

#: What a validation report is made of (SHACL §3.6), which may stand beside shapes.
_REPORT: Final = frozenset(
    """
    ValidationReport conforms result shapesGraphWellFormed AbstractResult ValidationResult focusNode resultPath value
    sourceShape sourceConstraint sourceConstraintComponent detail resultMessage resultSeverity
    """.split()  # noqa: SIM905 # as below
)
#: SHACL Advanced Features and SHACL JavaScript Extensions.
_ADVANCED: Final = frozenset(
    """
    Target TargetType SPARQLTarget SPARQLTargetType target Function SPARQLFunction returnType expression
    ExpressionConstraintComponent filterShape nodes intersection union count distinct groupConcat min max sum orderBy
    limit offset desc if then else exists minus Rule TripleRule SPARQLRule rule condition construct subject predicate
    object this values annotationProperty annotationVarName annotationValue resultAnnotation ResultAnnotation
    SPARQLExecutable SPARQLAskExecutable SPARQLConstructExecutable SPARQLSelectExecutable SPARQLUpdateExecutable update
    Parameterizable js JSConstraint JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType JSValidator
    jsFunctionName jsLibrary jsLibraryURL
    """.split()  # noqa: SIM905 # a hundred quoted words would be harder to read
)


def is_known_elsewhere(term: str) -> bool:
    """Whether it is a word of validation reports or of SHACL's extensions."""
    local = _local(term)
    return local in _REPORT or local in _ADVANCED or local.endswith("ConstraintComponent")


def idle_terms(graphs: Iterable[LocatedGraph]) -> Iterator[Finding]:
    """A finding for each use of an extension in shapes files."""
    for graph in graphs:
        for statements in graph.described.values():
            for each in statements:
                if _is_advanced(each.predicate):
                    yield _finding(each, each.predicate, graph.places.predicate(each))
                if _is_advanced(each.object):
                    yield _finding(each, each.object, graph.places.statement(each))


def _is_advanced(term: str) -> bool:
    return term.startswith(_SHACL) and _local(term) in _ADVANCED


def _finding(statement: Statement, term: str, spot: Spot | None) -> Finding:
    return Finding(
        shape=SHAPE + _RULE,
        focus=statement.subject[1:-1] if statement.subject.startswith("<") else statement.subject,
        path=statement.predicate[1:-1],
        value=statement.object,
        severity=SEVERITIES[_RULE],
        message=f"sh:{_local(term)}: {MESSAGES[_RULE]}",
        where=None if spot is None else spot.place,
    )


def _local(term: str) -> str:
    return term.removeprefix(_SHACL)[:-1]
