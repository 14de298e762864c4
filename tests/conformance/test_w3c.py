"""The W3C's tests of SPARQL 1.1, sent to the service: what passes, and what does not and why."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from manifests import SHARED
from report import PAGE, explanations, page
from runner import State

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C's tests are not beside the checkout"),
]

SIZES = {
    "QueryEvaluationTest": 309,
    "CSVResultFormatTest": 3,
    "UpdateEvaluationTest": 94,
    "PositiveSyntaxTest11": 66,
    "NegativeSyntaxTest11": 48,
    "PositiveUpdateSyntaxTest11": 42,
    "NegativeUpdateSyntaxTest11": 13,
    "ProtocolTest": 34,
    "GraphStoreProtocolTest": 13,
    "ServiceDescriptionTest": 3,
}


def test_the_suite_is_whole(found):
    """No test is left out."""
    assert Counter(outcome.test.kind for outcome in found) == SIZES
    assert len({outcome.test.name for outcome in found}) == sum(SIZES.values())


def test_every_failure_is_explained_and_every_explanation_is_needed(found):
    """What fails stands in explained.toml with its reason, and what stands there fails."""
    failing = {outcome.test.name: outcome.reason for outcome in found if outcome.state is State.FAILED}
    explained = [name for each in explanations() for name in each.tests]
    assert {name: reason for name, reason in failing.items() if name not in explained} == {}
    assert sorted(explained) == sorted(failing)


def test_the_protocols_pass(found):
    """Nothing about the protocols or the service's description needs an explanation."""
    kinds = {"ProtocolTest", "GraphStoreProtocolTest", "ServiceDescriptionTest"}
    assert not [outcome.test.name for outcome in found if outcome.test.kind in kinds and outcome.state is State.FAILED]


def test_the_table_is_current(found):
    """The reference says what became of the tests; tests/conformance/report.py writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(found)


@pytest.mark.parametrize("explanation", explanations(), ids=lambda each: each.tests[0])
def test_explanations_say_where(explanation):
    """Each explanation names a section of a standard of the W3C's, or an issue upstream."""
    assert explanation.where.startswith(("https://www.w3.org/TR/", "https://github.com/oxigraph/oxigraph/"))
    assert explanation.why.endswith((".", "solution.", "services.”"))
