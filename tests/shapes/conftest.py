"""The shapes, the engine that runs them, and what the examples refer to."""

from pathlib import Path

import pytest

from kg import assets
from kg.check.pyshacl_engine import PyShaclEngine
from kg.check.shapes import read_shapes, read_turtle

BASE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="session")
def shape_set():
    """Our shapes."""
    return read_shapes(assets.shapes())


@pytest.fixture(scope="session")
def engine(shape_set):
    """The engine, with our shapes."""
    return PyShaclEngine(shape_set.quads)


@pytest.fixture(scope="session")
def context():
    """Types of the things that examples refer to."""
    return read_turtle(Path(__file__).parent / "context.ttl", base=BASE)
