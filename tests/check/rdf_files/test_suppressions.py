"""Comments let findings pass, with a reason; a comment in vain is reported."""

import pytest

from kg.check.rdf_files.suppressions import suppressions
from kg.rdf.formats import GraphFormat

SHAPES = """
ex:P-shape a sh:NodeShape ; sh:targetClass ex:P ; sh:property ex:P-age, [ sh:path ex:name ; sh:minCount 1 ] .
ex:P-age a sh:PropertyShape ; sh:path ex:age ; sh:datatype xsd:integer .
"""


@pytest.mark.parametrize("name", ["P-age", "http://example.org/ns#P-age", "<http://example.org/ns#P-age>"])
@pytest.mark.parametrize(
    "data",
    [
        "ex:a a ex:P ; ex:name 'A' ;\n ex:age 'x' . # kg-ignore: {name} the census has it so",
        "ex:a a ex:P ; ex:name 'A' ;\n# kg-ignore: {name} the census has it so\n# and so\n\n ex:age 'x' .",
        "ex:a a ex:P ; ex:name 'A' ;\n ex:age 'x', # kg-ignore {name} the census\n 5 .",
    ],
)
def test_a_comment_with_a_reason_lets_a_finding_pass(checker, graph, data, name):
    """On the line of the words, or above it; the shape by its name or IRI."""
    outcome = checker(SHAPES).check([graph(data.replace("{name}", name))])
    assert outcome.verdict.findings == ()
    assert [each.value for each in outcome.suppressed] == ['"x"']


def test_a_shape_without_an_iri_goes_by_its_parent_s_name(checker, graph):
    """What the shape belongs to is how a person calls it."""
    outcome = checker(SHAPES).check([graph("# kg-ignore: P-shape nameless on purpose\nex:a a ex:P .")])
    assert (outcome.verdict.findings, len(outcome.suppressed)) == ((), 1)


@pytest.mark.parametrize(
    ("comment", "report"),
    [
        ("# kg-ignore: P-age", "suppression-without-reason"),
        ("# kg-ignore: P-ago for a reason", "suppression-unknown-shape"),
        ("# kg-ignore:", "suppression-unknown-shape"),
    ],
)
def test_a_comment_that_cannot_work_is_reported_and_suppresses_nothing(told, comment, report):
    """The finding stays, and the comment has one of its own."""
    found = told(SHAPES, f"ex:a a ex:P ; ex:name 'A' ;\n{comment}\n ex:age 'x' .")
    assert found == [
        f"data.ttl:3:1 {comment} [https://w3id.org/policy-kg/shape/{report}]",
        "data.ttl:4:9 'x' [P-age]",
    ]


def test_a_comment_that_suppresses_nothing_is_stale(told):
    """So that none outlives what it was for, even at the end of the file."""
    stale = "https://w3id.org/policy-kg/shape/suppression-stale"
    data = "ex:a a ex:P ; ex:name 'A' ; ex:age 5 . # kg-ignore: P-age once it was text\n# kg-ignore: P-age no more"
    assert told(SHAPES, data) == [
        f"data.ttl:2:40 # kg-ignore: P-age once it was text [{stale}]",
        f"data.ttl:3:1 # kg-ignore: P-age no more [{stale}]",
    ]


def test_another_line_s_finding_stays(told):
    """A comment is about one line."""
    data = "ex:a a ex:P ; ex:name 'A' ;\n# kg-ignore: P-age for a reason\n ex:age 'x' ,\n 'y' ."
    assert told(SHAPES, data) == ["data.ttl:5:2 'y' [P-age]"]


def test_words_in_a_string_are_no_comment(graph):
    """Only comments of the grammar count."""
    assert list(suppressions(graph("ex:a ex:p '''\n# kg-ignore: P-age why ''' ."))) == []


def test_formats_without_comments_have_none(graph):
    """JSON-LD knows no comments, so it has no suppressions."""
    data = graph('{"http://e/p": "# kg-ignore: P-age why"}', "x.jsonld", GraphFormat.JSONLD)
    assert list(suppressions(data)) == []
