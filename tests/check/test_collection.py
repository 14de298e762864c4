"""Constraints over all pages together: each one query, with the place of both sides."""

import shutil

import pytest
from pyoxigraph import Quad, Store

from kg import assets
from kg.check import Constraints
from kg.check.shapes import CANARY_BASE, SHAPE, Scope, read_shapes, read_turtle
from kg.model.errors import KnowledgeError
from kg.model.evidence import Place
from kg.model.verdict import Severity


@pytest.fixture(scope="module")
def constraints():
    """Our constraints."""
    return Constraints.load(assets.shapes())


@pytest.fixture
def shapes(tmp_path):
    """A copy of our shapes, to be broken."""
    return shutil.copytree(assets.shapes(), tmp_path / "shapes")


def store(*quads):
    """A store whose merged graph holds these triples."""
    filled = Store()
    filled.extend(Quad(*quad.triple) for quad in quads)
    return filled


def canary(name):
    """The failing example of a node shape."""
    return read_turtle(assets.shapes() / "canaries" / f"{name}.ttl", base=CANARY_BASE)


def test_each_constraint_of_the_file_is_run(constraints):
    """No shape of the file is left out, and each has shown that it fails."""
    shapes = read_shapes(assets.shapes(), Scope.CROSS_PAGE)
    assert {each.shape for each in constraints.members} == set(shapes.members)
    assert constraints.canaries == len(shapes.members) >= 10


def test_the_gravest_come_first(constraints):
    """What a Violation takes away is not also warned of."""
    ranks = [each.severity.rank for each in constraints.members]
    assert ranks == sorted(ranks, reverse=True)
    assert Severity.VIOLATION.rank in ranks


def test_a_page_is_not_judged_by_them():
    """Shapes over all pages are no shapes of a single page."""
    pages = read_shapes(assets.shapes())
    together = read_shapes(assets.shapes(), Scope.CROSS_PAGE)
    assert set(pages.members) & set(together.members) == set()


def test_a_finding_is_at_its_words_and_names_both_places(constraints, turtle_triples):
    """The place is that of the claim's first passage; the message shows both reports with their places."""
    places = turtle_triples("""
        <id/claim/two/1> coord:evidence <id/report/two#char=9,11> , <id/report/two#char=1,3> .
        <id/report/two#char=9,11> coord:line 9 ; coord:column 1 ; dcterms:isPartOf <id/page/two> .
        <id/report/two#char=1,3> oa:exact "07" ; coord:line 3 ; coord:column 5 ; dcterms:isPartOf <id/page/two> .
        <id/claim/one/1> coord:evidence <id/report/one#char=1,2> .
        <id/report/one#char=1,2> coord:line 4 ; coord:column 1 ; dcterms:isPartOf <id/page/one> .
    """)
    number = next(each for each in constraints.members if each.shape == f"{SHAPE}AcrossReports-number")
    (clash,) = number.clashes(store(*canary("AcrossReports"), *places))
    assert clash.report == f"{CANARY_BASE}id/report/two"
    assert clash.finding.where == Place(source="two.txt", line=3, column=5, quote="07")
    assert clash.finding.message.startswith(
        "report/two (two.txt:3:5) bears number 07, as report/one (one.txt:4:1) does"
    )


@pytest.mark.parametrize("name", ["AcrossReports", "AcrossThings", "AcrossShared"])
def test_a_shape_that_no_longer_fails_is_found_out(shapes, name):
    """A failing example that fails no more stops the run before the first verdict."""
    (shapes / "canaries" / f"{name}.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=f"{name}-.*finds nothing wrong"):
        Constraints.load(shapes)


def test_a_shape_without_a_canary_is_found_out(shapes):
    """Each node shape brings its failing example."""
    (shapes / "canaries/AcrossShared.ttl").unlink()
    with pytest.raises(KnowledgeError, match="shape/AcrossShared-once> has no failing example"):
        Constraints.load(shapes)


@pytest.mark.parametrize("query", ["SELECT $this WHERE {", "ASK { $this ?p ?o }", "SELECT $this WHERE { $this ?p ?o }"])
def test_a_query_that_cannot_be_used_is_refused(shapes, query):
    """A query that is no SPARQL, no SELECT, or gives no claim, is the fault of its file."""
    file = shapes / "cross-page.ttl"
    head, _, rest = file.read_text(encoding="utf-8").partition('sh:select """')
    file.write_text(f'{head}sh:select """{query}"""{rest.partition(chr(34) * 3)[2]}', encoding="utf-8")
    with pytest.raises(KnowledgeError, match="AcrossReports-number"):
        Constraints.load(shapes)


def test_a_folder_without_the_file_has_no_constraints(tmp_path):
    """Shapes of one's own need none over all pages."""
    assert Constraints.load(tmp_path).members == ()
