"""The station as a whole: a page and what it refers to go in, a verdict comes out."""

import pickle

import pytest

from kg import assets
from kg.check import Checker
from kg.model.errors import KnowledgeError
from kg.model.evidence import Place
from kg.model.verdict import Severity

BASE = "http://127.0.0.1:8000/"
SHAPE = "https://w3id.org/policy-kg/shape/"
REPORT = f"{BASE}id/report/drc-2021-267"
COORD = "https://w3id.org/policy-kg/coord#"


def shapes(verdict):
    """The names of the shapes that were broken, in the order of the findings."""
    return [finding.shape.removeprefix(SHAPE) for finding in verdict.findings]


def test_a_page_that_lacks_nothing_has_no_findings(checker, draft):
    """Statements, claims and passages that agree pass in silence."""
    verdict = checker.check(draft().page())
    assert verdict.findings == ()
    assert verdict.conforms


def test_a_missing_byline_is_one_warning_where_the_byline_was_expected(checker, draft, full):
    """What a page does not say warns once, at the place that the reader looked at."""
    expected = Place(source="page.txt", line=7, column=1, quote="Research Report")
    page = draft(full).page(expected={(REPORT, f"{COORD}authorship"): expected})
    verdict = checker.check(page)
    (finding,) = verdict.findings
    assert finding.shape == f"{SHAPE}Report-authorship-stated"
    assert (finding.severity, finding.focus, finding.path) == (Severity.WARNING, REPORT, f"{COORD}authorship")
    assert finding.where == expected
    assert finding.value is None
    assert verdict.conforms


def test_a_claim_without_its_flat_triple_is_a_violation_at_the_claims_words(checker, draft):
    """Evidence for what the graph does not state is found at the evidence."""
    page = draft(claimed=f"<{REPORT}> coord:cumulativeNumber 6332 .").page()
    (finding,) = checker.check(page).findings
    line = len(page.stated) + 1
    assert finding.shape == f"{SHAPE}Claim-asserted"
    assert finding.severity is Severity.VIOLATION
    assert finding.value == '"6332"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert finding.where == Place(source="page.txt", line=line, column=1, quote=f"w{line - 1:02d}")


def test_a_denied_claim_with_its_flat_triple_is_a_violation(checker, draft):
    """A page cannot state what it denies."""
    verdict = checker.check(draft(denied=f'<{REPORT}> coord:number "267" .').page())
    assert shapes(verdict) == ["Claim-denied"]


def test_a_denied_claim_without_a_flat_triple_passes(checker, draft):
    """A denial is kept as a claim alone."""
    page = draft(denied="<id/mechanism/jp-drc-2021-267> coord:hasComponent <id/body/jp-cabinet> .").page()
    assert checker.check(page).findings == ()


def test_a_denied_claim_may_contradict_the_authority(checker, draft, knowledge):
    """Whether a page agrees with itself does not depend on what is known from elsewhere."""
    known = next(
        quad
        for quad in knowledge
        if quad.subject.value == f"{BASE}id/body/jp-csti" and quad.predicate.value.endswith("subOrganizationOf")
    )
    page = draft(denied=f"{known.subject} {known.predicate} {known.object} .").page()
    assert checker.check(page).findings == ()


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        (f'<{REPORT}> dcat:keyword "Japan"@en .', "Reading"),
        ('<id/body/jp-csti> skos:altLabel "Conference"@en .', "coverage-unclaimed-statement"),
    ],
)
def test_a_flat_triple_without_a_claim_is_a_violation(checker, draft, statement, shape):
    """Nothing stands in a page's graph without words for it, be its subject read from the page or the authority's."""
    verdict = checker.check(draft(unclaimed=statement).page())
    assert shapes(verdict) == [shape]
    assert not verdict.conforms


def test_types_of_what_a_page_refers_to_come_from_the_authority(checker, draft):
    """A link to an entry of the wrong class is found, though the page does not say what the entry is."""
    wrong = draft().read + "<id/mechanism/jp-drc-2021-267> coord:performs <id/jurisdiction/jp> ."
    verdict = checker.check(draft(wrong).page())
    assert shapes(verdict) == ["CoordinationMechanism-performs"]


def test_nothing_is_found_about_nodes_that_a_page_only_refers_to(knowledge, draft, turtle_triples):
    """The faults of the authority are not repeated for every page."""
    fault = turtle_triples("<id/jurisdiction/nowhere> a dcterms:Jurisdiction .")
    checker = Checker.load(assets.shapes(), [*knowledge, *fault])
    assert not checker.check_knowledge().conforms
    assert checker.check(draft(draft().read.replace("jurisdiction/jp", "jurisdiction/nowhere")).page()).findings == ()


def test_findings_are_in_reading_order(checker, draft):
    """By line, and gravest first in one place."""
    read = draft().read.replace('"267"', '"No. 267"').replace('"coordination"@en', '" "@en')
    findings = checker.check(draft(read, unclaimed='<id/body/jp-csti> skos:altLabel "C"@en .').page()).findings
    assert len(findings) == 3
    assert list(findings) == sorted(findings, key=lambda finding: finding.sort_key)
    assert [finding.where.line for finding in findings] == sorted(finding.where.line for finding in findings)


def test_a_verdict_is_the_same_each_time_and_in_whatever_order_the_page_comes(checker, draft, full):
    """Verdicts can be compared byte by byte."""
    page = draft(full, unclaimed='<id/person/sun-jie> foaf:name "Sun Jie" .').page()
    turned = type(page).of(page.source, page.graph, reversed(page.stated), sorted(page.evidence, key=str))
    first = checker.check(page)
    assert checker.check(page) == first
    assert {finding.shape for finding in checker.check(turned).findings} == {
        finding.shape for finding in first.findings
    }


def test_the_coverage_counts_what_was_looked_at(checker, draft):
    """A verdict says how many nodes were judged by how many proven shapes."""
    page = draft().page()
    coverage = checker.check(page).coverage
    assert coverage.subjects == len({quad.subject for quad in page})
    assert coverage.shapes == coverage.canaries >= 30


def test_a_checker_pickles_and_judges_alike(checker, draft, full):
    """Another process can have one of its own."""
    page = draft(full).page()
    assert pickle.loads(pickle.dumps(checker)).check(page) == checker.check(page)  # noqa: S301 # our own bytes


def test_the_vocabularies_and_the_authority_conform(checker):
    """What pages refer to passes the shapes without a finding."""
    verdict = checker.check_knowledge()
    assert verdict.findings == ()
    assert verdict.coverage.subjects > 500


def test_a_fault_in_the_authority_is_found(knowledge, turtle_triples):
    """An entry without a name is a Violation, and has no place in a page."""
    fault = turtle_triples("<id/body/jp-nameless> a coord:CoordinatingBody .")
    verdict = Checker.load(assets.shapes(), [*knowledge, *fault]).check_knowledge()
    (finding,) = verdict.findings
    assert (finding.shape, finding.focus, finding.where) == (
        f"{SHAPE}Entity-named",
        f"{BASE}id/body/jp-nameless",
        None,
    )


def test_shapes_that_cannot_be_compiled_are_refused(tmp_path, knowledge):
    """A shape that makes no sense is the fault of its file, not a traceback."""
    (tmp_path / "x.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:x> a sh:NodeShape ; sh:targetClass <urn:X> ; sh:property <urn:p> .\n"
        "<urn:p> a sh:PropertyShape ; sh:path <urn:a> , <urn:b> .\n"
    )
    with pytest.raises(KnowledgeError, match="2 values of sh:path"):
        Checker.load(tmp_path, knowledge)


def test_a_constraint_whose_query_is_no_sparql_is_refused(tmp_path, knowledge):
    """Queries are run by the canaries, so none waits for a page to fail."""
    (tmp_path / "canaries").mkdir()
    (tmp_path / "canaries/X.ttl").write_text("<urn:x> a <urn:X> .")
    (tmp_path / "x.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<https://w3id.org/policy-kg/shape/X> a sh:NodeShape ; sh:targetClass <urn:X> ;\n"
        '    sh:sparql [ sh:select "SELECT $this WHERE { $this ?p" ] .\n'
    )
    with pytest.raises(KnowledgeError):
        Checker.load(tmp_path, knowledge)
