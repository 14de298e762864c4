"""Every rule that a finding may name."""

import pytest

from kg import assets
from kg.check.coverage import MESSAGES
from kg.check.rdf_files.rules import MESSAGES as RDF_MESSAGES
from kg.check.rules import ONE_PAGE_A_REPORT, UNREADABLE, nearest, read_rules
from kg.check.shapes import SHAPE
from kg.model.verdict import Severity


@pytest.fixture(scope="module")
def rules():
    """Our rules."""
    return read_rules(assets.shapes())


def test_a_shape_is_a_rule_with_its_own_severity(rules):
    """Title, message, severity and file come from the shapes."""
    rule = rules[f"{SHAPE}Report-title-length"]
    assert (rule.name, rule.title, rule.severity) == ("Report-title-length", "title length", Severity.INFO)
    assert rule.message.startswith("A title longer than 300 characters")
    assert rule.file == assets.shapes() / "report.ttl"


def test_rules_beside_the_shapes_are_rules(rules):
    """What shapes cannot see has a name and a message too."""
    beside = {iri for iri, rule in rules.items() if rule.file is None}
    assert beside == {ONE_PAGE_A_REPORT, UNREADABLE, *(f"{SHAPE}{name}" for name in (*MESSAGES, *RDF_MESSAGES))}


def test_every_rule_says_what_to_do(rules):
    """None is without a title and a message."""
    assert all(rule.title and rule.message for rule in rules.values())


def test_a_mistyped_name_has_its_nearest(rules):
    """The likest name comes first, whatever its capitals; a part of a name finds it too."""
    assert nearest("report-isued", rules)[0] == "Report-issued"
    assert nearest("seriesYear-stated", rules) == ["Report-seriesYear-stated"]
    assert nearest("xyzzy", rules) == []
