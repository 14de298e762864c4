"""The W3C's SHACL tests as files: conformance as they say, and each finding at its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check.rdf_files.checker import RdfChecker
from kg.check.rdf_files.files import read_graph
from kg.check.rdf_files.reference import Reference
from kg.check.rdf_files.rules import MESSAGES
from kg.check.rdf_files.shapes_files import ShapesFiles
from kg.rdf.vocab import SH, Namespace

TESTS = Path(__file__).resolve().parents[4] / "shared" / "w3c" / "shacl"
SHT = Namespace("sht", "http://www.w3.org/ns/shacl-test#")
MF = Namespace("mf", "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
PARTS = ("focusNode", "value", "sourceShape", "sourceConstraintComponent")
FILES = sorted(
    path for path in TESTS.rglob("*.ttl") if not path.name.startswith("manifest") and "-data" not in path.name
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="the W3C's tests are not beside this checkout"),
]


class Case:
    """One test: its files, and the results that it expects."""

    def __init__(self, path):
        quads = list(parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri()))
        self.said = {(quad.predicate.value, quad.subject): quad.object for quad in quads}
        objects = {quad.predicate: quad.object for quad in quads}
        self.result = objects.get(MF("result"))
        report = {quad.predicate: quad.object for quad in quads if quad.subject == self.result}
        self.conforms = report[SH("conforms")].value == "true" if report else None
        results = [quad.object for quad in quads if quad.subject == self.result and quad.predicate == SH("result")]
        told = [{quad.predicate: str(quad.object) for quad in quads if quad.subject == each} for each in results]
        self.results = len(told)
        self.unlike = len({tuple(each.get(SH(part)) for part in PARTS) for each in told})
        self.data, self.shapes = (
            Path(objects[SHT(name)].value.removeprefix("file://")) for name in ("dataGraph", "shapesGraph")
        )


#: It says sh:nodeShape for sh:node, which changes no result and is refused all the same.
MISTYPED = "qualifiedValueShape-001"


def cases():
    """The tests that expect a report, but for one whose shapes have a mistyped term and those that expect a failure."""
    found = [path for path in FILES if b"sht:dataGraph" in path.read_bytes() and path.stem != MISTYPED]
    return [path for path in found if Case(path).conforms is not None]


@pytest.mark.parametrize("path", cases(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_finding_stands_at_its_words(path):
    """As many findings as the W3C expects, each with a place whose words stand there."""
    case = Case(path)
    graph = read_graph(case.data)
    checker = RdfChecker(ShapesFiles([graph if case.shapes == case.data else read_graph(case.shapes)]))
    found = checker.check([graph]).verdict.findings
    findings = [each for each in found if not each.shape.endswith(tuple(MESSAGES))]
    assert (not findings) is case.conforms
    assert case.unlike <= len(findings) <= case.results  # results in which nothing differs are told once
    for each in findings:
        assert each.where is not None
        text = Path(each.where.source).read_text(encoding="utf-8").split("\n")
        rest = "\n".join([text[each.where.line - 1][each.where.column - 1 :], *text[each.where.line :]])
        assert each.where.quote
        assert rest.startswith(each.where.quote)
        assert "nearest" not in each.message


def test_the_reference_finds_the_same():
    """pySHACL, fed the same files, points at the same places."""
    folder = TESTS / "core" / "property"
    compared = 0
    for path in sorted(set(folder.glob("*-001.ttl")) - {folder / f"{MISTYPED}.ttl"}):
        graph = read_graph(path)
        shapes = ShapesFiles([graph])
        ours = RdfChecker(shapes).check([graph]).verdict.findings
        theirs = RdfChecker(shapes, validate=Reference(shapes).results).check([graph]).verdict.findings
        assert {(each.where, each.shape, each.value) for each in ours} == {
            (each.where, each.shape, each.value) for each in theirs
        }, path.name
        compared += 1
    assert compared > 20
