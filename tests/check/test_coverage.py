"""What shapes pass over in silence is said aloud."""

from dataclasses import replace

import pytest

from kg.rdf.templates import Template
from kg.rdf.vocab import COORD

SHAPE = "https://w3id.org/policy-kg/shape/"
BASE = "http://127.0.0.1:8000/"


@pytest.mark.parametrize(
    ("evidence", "rule", "value"),
    [
        ('<id/x> rdfs:label "x"@en .', "coverage-untyped-subject", None),
        ("<id/x> a coord:Reprot .", "coverage-unknown-class", "<https://w3id.org/policy-kg/coord#Reprot>"),
        ("<id/x> a foaf:Document .", "coverage-untargeted-subject", None),
        ('<id/gap/x> a coord:Gap ; coord:feild "x" .', "coverage-unknown-predicate", '"x"'),
        ("<id/gap/x> a coord:Gap ; rdfs:seeAlso [] .", "coverage-blank-node", None),
    ],
)
def test_what_escapes_the_shapes_is_a_violation(checker, draft, evidence, rule, value):
    """A node or a term that no shape would have looked at is found, each by a rule with an IRI."""
    verdict = checker.check(draft(evidence=evidence).page())
    (finding,) = [each for each in verdict.findings if each.shape.startswith(f"{SHAPE}coverage-")]
    assert finding.shape == SHAPE + rule
    assert not verdict.conforms
    assert value is None or finding.value == value


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{COORD.iri}Reprot>", "coverage-unknown-class"),
        (f"<{COORD.iri}feild>", '"x"', "coverage-unknown-predicate"),
        (f"<{COORD.iri}field>", "_:x", "coverage-blank-node"),
    ],
)
def test_what_else_is_said_of_a_node_that_a_template_made_is_found(checker, draft, path, value, rule):
    """A node that a template made, one of many alike, is looked at by itself once a page says more of it."""
    gaps, page = Template(f"<{COORD.iri}Gap>", f"<{COORD.iri}field>"), draft().page()
    nodes = [f"<{BASE}id/gap/{number}>" for number in range(2)]
    more = replace(
        page,
        statements=(*page.statements, (nodes[1], path, value)),
        descriptions=(*page.descriptions, (gaps, [(node, '"title"') for node in nodes])),
    )
    found = [(each.shape, each.focus) for each in checker.check(more).findings if each.focus == nodes[1][1:-1]]
    assert (SHAPE + rule, nodes[1][1:-1]) in found


def test_a_wrong_namespace_is_found(checker, draft):
    """A class of the right name in the wrong namespace is an unknown class."""
    evidence = "<id/x> a <https://w3id.org/policy-kg/coordination#Report> ."
    (finding,) = checker.check(draft(evidence=evidence).page()).findings
    assert finding.shape == f"{SHAPE}coverage-unknown-class"


def test_the_authoritys_types_cover_what_a_page_says_of_its_entries(checker, draft):
    """A linked entity needs no type in the page: the authority gives it one."""
    read = draft().read
    assert "<id/body/jp-csti> a" not in read
    assert checker.check(draft(read).page()).findings == ()


def test_a_link_to_an_entry_that_the_authority_does_not_have_is_found(checker, draft):
    """A page that speaks of an unknown entry describes a node without a type."""
    read = draft().read.replace("id/body/jp-csti", "id/body/jp-csti-2")
    rules = {finding.shape for finding in checker.check(draft(read).page()).findings}
    assert f"{SHAPE}coverage-untyped-subject" in rules
