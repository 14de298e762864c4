"""Terms in SHACL's namespace that play no part in a check, though somebody wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from kg.check.rdf_files.files import LocatedGraph
from kg.check.rdf_files.places import Spot, Statement
from kg.check.rdf_files.rules import MESSAGES, SEVERITIES
from kg.check.shacl.vocabulary import TERMS
from kg.check.shapes import SHAPE
from kg.model.verdict import Finding
from kg.rdf.vocab import SH

_SHACL: Final = f"<{SH.iri}"

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


def idle_terms(graphs: Iterable[LocatedGraph]) -> Iterator[Finding]:
    """A finding for each use of such a term in shapes files."""
    for graph in graphs:
        for statements in graph.described.values():
            for each in statements:
                if (rule := _rule(each.predicate)) is not None:
                    yield _finding(rule, each, each.predicate, graph.places.predicate(each))
                if (rule := _rule(each.object)) is not None:
                    yield _finding(rule, each, each.object, graph.places.statement(each))


def _rule(term: str) -> str | None:
    if not term.startswith(_SHACL):
        return None
    local = _local(term)
    if local in TERMS or local in _REPORT or local.endswith("ConstraintComponent"):
        return None
    return "shapes-advanced-term" if local in _ADVANCED else "shapes-unknown-term"


def _finding(rule: str, statement: Statement, term: str, spot: Spot | None) -> Finding:
    near = get_close_matches(_local(term), TERMS, n=1) if rule == "shapes-unknown-term" else []
    return Finding(
        shape=SHAPE + rule,
        focus=statement.subject[1:-1] if statement.subject.startswith("<") else statement.subject,
        path=statement.predicate[1:-1],
        value=statement.object,
        severity=SEVERITIES[rule],
        message=f"sh:{_local(term)}: {MESSAGES[rule]}" + (f" Did you mean sh:{near[0]}?" if near else ""),
        where=None if spot is None else spot.place,
    )


def _local(term: str) -> str:
    return term.removeprefix(_SHACL)[:-1]
