"""A small store, and one big enough for a query that never ends."""

from __future__ import annotations

import gc

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.query import WorkerOptions

EX = "http://example.org/"
DATA = (
    Quad(NamedNode(EX + "a"), NamedNode(EX + "says"), Literal("one, “two”", language="en")),
    Quad(NamedNode(EX + "b"), NamedNode(EX + "says"), Literal(3)),
    Quad(NamedNode(EX + "b"), NamedNode(EX + "knows"), NamedNode(EX + "a"), NamedNode(EX + "graph/1")),
    Quad(NamedNode(EX + "c"), NamedNode(EX + "knows"), NamedNode(EX + "b"), NamedNode(EX + "graph/2")),
)


@pytest.fixture(scope="session")
def store():
    """The data in memory."""
    store = Store()
    store.extend(DATA)
    return store


@pytest.fixture(scope="session")
def options(tmp_path_factory):
    """How to start a worker over the data and 2,000 numbers in a graph of their own."""
    folder = tmp_path_factory.mktemp("version") / "data"
    store = Store(str(folder))
    store.extend(DATA)
    numbers = NamedNode(EX + "numbers")
    store.extend(Quad(NamedNode(f"{EX}{n}"), NamedNode(EX + "number"), Literal(n), numbers) for n in range(2000))
    store.flush()
    return WorkerOptions(data=folder, base=EX)


@pytest.fixture(autouse=True, scope="module")
def engine_is_let_go():
    """What failed queries hold of the engine ends in this thread; in another one, which may collect it, it cannot."""
    yield
    gc.collect()
