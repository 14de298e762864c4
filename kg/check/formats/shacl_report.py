"""Findings as a SHACL validation report in Turtle, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.check.formats.checked import Checked, is_unreadable
from kg.check.formats.path_turtle import path_turtle
from kg.model.evidence import Place
from kg.model.verdict import Finding
from kg.rdf.vocab import COORD, OA, RDFS, SH, XSD

_PREFIXES: Final = "".join(f"@prefix {each.prefix}: <{each.iri}> .\n" for each in (COORD, OA, RDFS, SH, XSD))

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shacl_report(checked: Checked) -> str:
    """A report (SHACL, section 3.6) with a result for each finding, in the order in which a person reads them.

    Beside what SHACL asks for, a result has the place in the source: coord:sourcePath, coord:line, coord:column and, as
    oa:exact, the words. The focus of an input that could not be read is its name, a literal. A rule that is no SHACL
    shape is its own constraint component.
    """
    results = [_result(finding) for finding in checked.findings]
    conforms = "false" if results else "true"  # whatever its severity, a result is a failure of conformance
    said = " ;\n".join(["    sh:conforms " + conforms, *(f"    sh:result {result}" for result in results)])
    report = f"{_PREFIXES}\n[] a sh:ValidationReport ;\n{said} .\n"
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04X}", report)  # they stand in literals, if anywhere


def _result(finding: Finding) -> str:
    lines = "".join(f"        {predicate} {value} ;\n" for predicate, value in _said(finding))
    return f"[\n        a sh:ValidationResult ;\n{lines}    ]"


def _said(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "sh:focusNode", str(Literal(finding.focus)) if is_unreadable(finding) else _focus(finding)
    if finding.path is not None:
        yield "sh:resultPath", path_turtle(finding.path)
    if finding.value is not None:
        yield "sh:value", finding.value
    yield "sh:resultSeverity", f"sh:{finding.severity.value}"
    yield "sh:sourceShape", _shape(finding.shape)
    yield "sh:sourceConstraintComponent", _shape(finding.component or finding.shape)
    yield "sh:resultMessage", str(Literal(finding.message, language="en"))
    if finding.where:
        yield from _place(finding.where)


def _place(place: Place) -> Iterator[tuple[str, str]]:
    yield "coord:sourcePath", str(Literal(place.source))
    yield "coord:line", str(place.line)
    yield "coord:column", str(place.column)
    if place.quote:
        yield "oa:exact", str(Literal(place.quote))


def _focus(finding: Finding) -> str:
    """The focus as Turtle has it."""
    return _node(finding.focus) if finding.focus_term.startswith("<") else finding.focus_term


def _shape(name: str) -> str:
    """The shape's IRI; one without is a blank node, as in the shapes, labelled with what findings call it."""
    node = _node(name)
    return node if node.startswith("<") else f"[ rdfs:label {node} ]"


def _node(name: str) -> str:
    """The IRI as Turtle has it; what is none, such as the name of a shape without one, as a text."""
    try:
        return str(NamedNode(name))
    except ValueError:
        return str(Literal(name))
