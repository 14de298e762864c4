"""Anyone's data against anyone's shapes: exactly what SHACL says, each finding at its words."""

import pytest
from pyoxigraph import Quad

from kg.check.rdf_files.checker import RdfChecker, Scope
from kg.check.rdf_files.places import Statement
from kg.model.errors import KnowledgeError
from kg.model.verdict import Severity

PERSON = """
ex:Person-shape a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property ex:Person-name, ex:Person-age, ex:Person-knows .
ex:Person-name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 .
ex:Person-age a sh:PropertyShape ; sh:path ex:age ; sh:datatype xsd:integer ; sh:severity sh:Warning .
ex:Person-knows a sh:PropertyShape ; sh:path ex:knows ; sh:class ex:Person .
"""


def test_a_wrong_value_is_placed_at_its_words(told):
    """Of several values the wrong one is pointed at."""
    data = 'ex:a a ex:Person ; ex:name "A" ;\n  ex:age 40, "forty" .'
    assert told(PERSON, data) == ['data.ttl:3:14 "forty" [Person-age]']


def test_a_missing_value_is_placed_at_its_subject(told):
    """The place is where the subject is described, not where it is first mentioned."""
    assert told(PERSON, "ex:b ex:likes ex:a .\n\nex:a a ex:Person .") == ["data.ttl:4:1 ex:a [Person-name]"]


def test_a_value_too_many_is_placed_at_the_last(told):
    """The surplus is the last value, not the first."""
    assert told(PERSON, 'ex:a a ex:Person ; ex:name "A",\n  "B" .') == ['data.ttl:3:3 "B" [Person-name]']


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("[ sh:inversePath ex:owns ]", "ex:t a ex:T .\nex:a ex:owns ex:t .", "data.ttl:3:14 ex:t"),
        ("( ex:p ex:q )", "ex:t a ex:T ; ex:p\n [ ex:q ex:a ] .", "data.ttl:3:9 ex:a"),
        ("( ex:p ex:q ex:r )", "ex:t a ex:T ; ex:p [ ex:q\n [ ex:r ex:a ] ] .", "data.ttl:3:9 ex:a"),
        ("[ sh:alternativePath ( ex:p ex:q ) ]", "ex:t a ex:T ;\n ex:q ex:a .", "data.ttl:3:7 ex:a"),
        ("[ sh:oneOrMorePath ex:p ]", "ex:t a ex:T ; ex:p 1 .\nex:t ex:p ex:a .", "data.ttl:3:11 ex:a"),
    ],
)
def test_a_value_at_the_end_of_a_path_is_placed_at_the_last_step(told, path, data, expected):
    """Whatever the path, the place is the triple that leads to the value."""
    shapes = f"ex:T-p a sh:PropertyShape ; sh:targetClass ex:T ; sh:path {path} ; sh:nodeKind sh:Literal ."
    assert told(shapes, data) == [f"{expected} [T-p]"]


def test_a_closed_shape_points_at_the_property_it_does_not_know(told):
    """The triple at fault is the one with the property."""
    shapes = "ex:T-shape a sh:NodeShape ; sh:targetClass ex:T ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ."
    shapes = shapes.replace("rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
    assert told(shapes, "ex:t a ex:T ;\n  ex:p 1 .") == ["data.ttl:3:8 1 [T-shape]"]


def test_a_file_that_says_nothing_has_nothing_wrong(told):
    """An empty file is well formed, and conforms."""
    assert told(PERSON, "# nothing yet") == []


def test_blank_nodes_are_judged_and_named(checker, graph):
    """General RDF has blank nodes; a finding calls them as the file does."""
    data = graph("_:who a ex:Person .\n[] a ex:Person .")
    verdict = checker(PERSON).check([data]).verdict
    assert [each.focus for each in verdict.findings] == ["_:who", "_:line3column1"]


def test_what_is_not_in_the_data_is_placed_in_the_shapes(told):
    """A node that a shape names, and no file describes, is pointed at where the shape names it."""
    shapes = (
        "ex:S a sh:NodeShape ; sh:targetNode\n  ex:ghost ; sh:property ex:S-p . ex:S-p sh:path ex:p ; sh:minCount 1 ."
    )
    assert told(shapes, "ex:a ex:p 1 .") == ["shapes.ttl:3:3 ex:ghost [S-p]"]


def test_files_are_one_graph_and_each_finding_names_its_file(checker, graph):
    """A type in one file makes a shape judge what another says."""
    types, names = graph("ex:a a ex:Person .", "types.ttl"), graph("ex:a ex:name 'A', 'B' .", "names.ttl")
    findings = checker(PERSON).check([types, names]).verdict.findings
    assert [str(each.where) for each in findings] == ["names.ttl:2:19"]
    (missing,) = checker(PERSON).check([graph("ex:a ex:p 1 .", "x.ttl"), types]).verdict.findings
    assert str(missing.where) == "types.ttl:2:1"


ONTOLOGY = "ex:Student rdfs:subClassOf ex:Person . ex:known a ex:Person ; ex:age 'x' ."


def test_an_ontology_lends_classes_and_is_not_judged(told):
    """Subclasses and types of an ontology count; what it describes is nobody's data."""
    assert told(PERSON, "ex:a a ex:Student ; ex:name 'A' ; ex:knows ex:known .", ONTOLOGY) == []
    assert told(PERSON, "ex:a a ex:Student .", ONTOLOGY) == ["data.ttl:2:1 ex:a [Person-name]"]
    assert told(PERSON, "ex:a a ex:Student .") == []
    assert len(told(PERSON, "ex:known ex:p 1 .", ONTOLOGY)) == 1


def test_the_verdict_is_exactly_what_shacl_says(told, checker, graph):
    """Nodes without shapes, unknown properties and all else that coverage asks for is nobody's fault here."""
    data = "ex:a ex:unheard ex:of . ex:b a ex:Nothing ."
    assert told(PERSON, data) == []
    verdict = checker(PERSON).check([graph("ex:a a ex:Person ; ex:name 'A' ; ex:age 'x' .")]).verdict
    assert [each.severity for each in verdict.findings] == [Severity.WARNING]
    assert verdict.conforms


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "ex:Person-name sh:mincount 2 .",
            "shapes.ttl:8:16: sh:mincount is no term of SHACL; did you mean sh:minCount?",
        ),
        ("ex:Idle a sh:NodeShape .", "shapes.ttl:8:11: "),
    ],
)
def test_what_would_be_passed_over_in_shapes_is_refused(checker, added, said):
    """A mistyped term, and a shape that nothing runs, are errors at their place."""
    with pytest.raises(KnowledgeError) as refused:
        checker(PERSON + added)
    assert str(refused.value).startswith(said)


def test_an_extension_of_shacl_is_told_and_changes_nothing(checker, graph):
    """Advanced Features play no part here; we say so, at the words."""
    shapes = PERSON + "ex:Person-name sh:rule [] ; sh:order 1 .\nex:Q a sh:NodeShape ; sh:target [] ."
    findings = checker(shapes).check([graph("ex:a a ex:Person ; ex:name 'A' .")]).verdict.findings
    assert [(str(each.where), each.severity) for each in findings] == [
        ("shapes.ttl:8:16", Severity.INFO),
        ("shapes.ttl:9:23", Severity.INFO),
    ]


COVERED = PERSON + "ex:X-shape a sh:NodeShape ; sh:targetSubjectsOf ex:x ."


def test_coverage_tells_what_no_shape_looks_at(told):
    """Each subject needs a type and a shape, each predicate a definition; the words are pointed at."""
    data = "ex:a ex:age 1 .\nex:b a ex:Nothing .\nex:c a ex:Person ; ex:name 'C' ; ex:nmae 'C' ."
    assert told(COVERED, data, scope=Scope.COVERAGE) == [
        "data.ttl:2:1 ex:a [https://w3id.org/policy-kg/shape/coverage-untyped-subject]",
        "data.ttl:3:1 ex:b [https://w3id.org/policy-kg/shape/coverage-untargeted-subject]",
        "data.ttl:4:34 ex:nmae [https://w3id.org/policy-kg/shape/coverage-unknown-predicate]",
    ]


def test_coverage_knows_the_ontology_and_every_part_of_a_path(told):
    """Properties of the ontology, of paths and of lists are known; subclasses of a target are targeted."""
    ontology = ONTOLOGY + "ex:own a owl:DatatypeProperty ."
    shapes = COVERED + "ex:Person-shape sh:property [ sh:path ( ex:deep [ sh:inversePath ex:deeper ] ) ] ."
    data = "ex:a a ex:Student ; ex:name 'A' ; ex:own 1 ; ex:deep (1 2) ; ex:x 1 ; ex:deeper 1 ."
    assert told(shapes, data, ontology, scope=Scope.COVERAGE) == []


def test_what_is_judged_is_counted(checker, graph):
    """A check that looked at nothing can be told from one that found nothing."""
    data = graph("ex:a a ex:Person ; ex:name 'A' . ex:b a ex:Nothing .")
    assert checker(PERSON, ONTOLOGY).check([data]).judged == 1
    assert checker(PERSON).check([graph("ex:b a ex:Nothing .")]).judged == 0


def test_a_hub_of_many_findings_is_placed_in_linear_time(checker, graph):
    """Ten thousand findings about one subject each have their place."""
    data = graph("ex:a a ex:Person ; ex:name 'A' ; ex:age\n" + ",\n".join(f"'{n}'" for n in range(10_000)) + " .")
    findings = checker(PERSON).check([data]).verdict.findings
    assert [each.where.line for each in findings] == list(range(3, 10_003))


def test_no_finding_costs_no_places(checker, graph, monkeypatch):
    """A clean check never reads a file a second time."""

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr("kg.check.rdf_files.files.TurtlePlaces", refuse)
    assert checker(PERSON).check([graph("ex:a a ex:Person ; ex:name 'A' .")]).verdict.findings == ()


def test_another_engine_may_judge(graph):
    """The validator is a function from a graph to results."""
    from kg.check.rdf_files.shapes_files import ShapesFiles  # noqa: PLC0415 # this test alone makes one

    checker = RdfChecker(ShapesFiles([graph(PERSON, "shapes.ttl")]), validate=lambda _: [])
    assert checker.check([graph("ex:a a ex:Person .")]).verdict.findings == ()


def test_statements_print_as_quads_do(graph):
    """A statement's terms are N-Triples."""
    (quad,) = graph("ex:a ex:p 1 .").quads
    assert isinstance(quad, Quad)
    assert " ".join(Statement.of(quad)) == str(quad)
