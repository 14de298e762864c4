"""The example pages, built once; and the option that rewrites the golden answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize
from rdflib import Graph

from kg.build import Builder, Strictness

EXAMPLES = Path(__file__).parents[2] / "examples"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`python -m pytest tests/questions --rewrite-goldens` writes the answers anew, for a person to read."""
    parser.addoption("--rewrite-goldens", action="store_true", help="write the golden answers of tests/questions anew")


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written anew."""
    return bool(request.config.getoption("--rewrite-goldens", default=False))


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A published version of the example pages."""
    builder = Builder(base="http://127.0.0.1:8000/")
    folder = tmp_path_factory.mktemp("store")
    summary = builder.build([EXAMPLES], folder, Strictness.STRICT, lambda _source, _summary: None)
    assert summary.version is not None
    return summary.version.open()


@pytest.fixture(scope="session")
def rdflib_graph(store: Store) -> Graph:
    """The same default graph, in another engine."""
    quads = store.quads_for_pattern(None, None, None, DefaultGraph())
    lines = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return Graph().parse(data=lines, format="nt")
