"""The W3C's own tests of SHACL Core and SHACL-SPARQL: every result of each one, counted."""

import sys
from pathlib import Path

import pytest

from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.forms import OFTEN
from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import IllFormed

sys.path.insert(0, str(Path(__file__).parent))

from w3c import SHARED, suite, told

CORE, SPARQL = 98, 23
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C's tests are not beside the checkout")


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("often", [1, OFTEN], ids=["a judge for each form at once", "or later"])
@pytest.mark.parametrize(("folder", "count"), [("core", CORE), ("sparql", SPARQL)])
def test_every_result_is_the_one_expected(folder, count, often):
    """The engine passes all tests: the same results, as often, or a refusal where the test expects a failure."""
    tests = suite(folder)
    assert len(tests) == count
    assert [test.name for test in tests if _results(test, often) != test.expected] == []


@pytest.mark.shared
@needs_shared
def test_messages_that_a_test_expects_are_given():
    """A shape's own message is the result's message."""
    for test in (*suite("core"), *suite("sparql")):
        if test.messages:
            results = CompiledEngine(test.shapes).results(Graph.of_quads(test.data))
            assert test.messages <= {message for result in results for message in result.messages}


def _results(test, often):
    try:
        return told(CompiledEngine(test.shapes, often).results(Graph.of_quads(test.data)))
    except IllFormed:
        return None
