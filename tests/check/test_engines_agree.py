"""Both engines, by way of the checker, say the same of the pages that the repository shows."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode

from kg import assets
from kg.build import Builder
from kg.check import Checker
from kg.check.engine import EngineKind
from kg.check.pyshacl_engine import PyShaclEngine
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shapes import read_shapes, read_turtle
from kg.pages import read_page
from kg.rdf.mapping import page_quads
from kg.rdf.quads import PageQuads
from kg.sources import find_pages

ROOT = Path(__file__).resolve().parents[2]
BASE = "http://127.0.0.1:8000/"
PAGES = sorted((ROOT / "examples").glob("*.txt"))
EXAMPLES = sorted([*(ROOT / "tests/shapes").glob("*/*.ttl"), *(ROOT / "shapes/canaries").glob("*.ttl")])


@pytest.fixture(scope="module")
def builder():
    """What reads pages."""
    return Builder(base=BASE)


@pytest.fixture(scope="module")
def checkers(builder):
    """A checker with each engine."""
    return [Checker.load(assets.shapes(), builder.known, kind) for kind in (EngineKind.COMPILED, EngineKind.PYSHACL)]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_verdicts_on_the_example_pages_are_the_same(file, checkers, builder):
    """As it was read, and with each eleventh statement gone: findings, messages and places agree."""
    text = read_page(next(find_pages([file], most_bytes=1_000_000)))
    page = page_quads(text, builder.reader.read(text), builder.minter)
    less = PageQuads.of(
        page.source,
        page.graph,
        [quad for number, quad in enumerate(page.stated) if number % 11],
        [quad for number, quad in enumerate(page.evidence) if number % 11],
    )
    damaged = replace(less, expected=page.expected)
    for each in (page, damaged):
        ours, theirs = (checker.check(each) for checker in checkers)
        assert ours == theirs
    assert len(ours.findings) > 10


def test_findings_in_the_shapes_examples_are_the_same():
    """Every example of a shape's tests, and every canary."""
    shapes = read_shapes(assets.shapes())
    compiled, reference = CompiledEngine(shapes.quads), PyShaclEngine(shapes.quads)
    assert len(EXAMPLES) > 200
    for file in EXAMPLES:
        quads = read_turtle(file, base=BASE)
        subjects = {quad.subject.value for quad in quads if not isinstance(quad.subject, BlankNode)}
        assert set(compiled.findings(quads, subjects)) == set(reference.findings(quads, subjects)), file
