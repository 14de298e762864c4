"""The shapes, the engine that runs them, and what the examples refer to."""

from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from kg import assets
from kg.check import Constraints
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shapes import Scope, read_shapes, read_turtle
from kg.check.terms import text

BASE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="session")
def shape_set():
    """Our shapes."""
    return read_shapes(assets.shapes())


@pytest.fixture(scope="session")
def engine(shape_set):
    """The engine, with our shapes."""
    return CompiledEngine(shape_set.quads)


@pytest.fixture(scope="session")
def constraints():
    """Our constraints over all pages together."""
    return Constraints.load(assets.shapes())


@pytest.fixture(scope="session")
def style():
    """The engine, with our shapes over the ontology's terms."""
    return CompiledEngine(read_shapes(assets.shapes(), Scope.ONTOLOGY).quads)


@pytest.fixture(scope="session")
def judge(engine, style, constraints, context):
    """The findings on an example's triples, by what its folder is about: a page, all pages together, or a term."""

    def findings(folder, quads):
        if folder == "term":
            return style.findings(quads, {text(quad.subject) for quad in quads})
        if not folder.startswith("across-"):
            return engine.findings([*quads, *context], {text(quad.subject) for quad in quads})
        store = Store()
        store.extend(Quad(*quad.triple) for quad in quads)
        return [clash.finding for constraint in constraints.members for clash in constraint.clashes(store)]

    return findings


@pytest.fixture(scope="session")
def context():
    """Types of the things that examples refer to."""
    return read_turtle(Path(__file__).parent / "context.ttl", base=BASE)
