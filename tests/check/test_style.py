"""The ontology's own terms: described, named by a shape, asked for by a question."""

import pytest
from pyoxigraph import NamedNode, Quad

from kg import assets
from kg.check.shapes import SHAPE
from kg.check.style import asked_terms, named_terms, style_verdict
from kg.rdf.vocab import COORD, OWL, RDFS, SKOS, TYPE

QUESTIONS = assets.ontology() / "questions"


def found(knowledge):
    """The names of the shapes that terms break, each with the local name of the term."""
    verdict = style_verdict(assets.shapes(), QUESTIONS, knowledge)
    return {(each.shape.removeprefix(SHAPE), each.focus.removeprefix(COORD.iri)) for each in verdict.findings}


def test_our_terms_keep_the_style(knowledge):
    """No term of ours lacks anything that its readers need, nor a shape, nor a question."""
    verdict = style_verdict(assets.shapes(), QUESTIONS, knowledge)
    assert verdict.findings == ()
    assert verdict.coverage.subjects > 90
    assert verdict.coverage.canaries == verdict.coverage.shapes == 2


@pytest.mark.parametrize(
    ("predicate", "shape"),
    [
        (RDFS("label"), "Term-label"),
        (SKOS("definition"), "Term-definition"),
        (RDFS("comment"), "Term-comment"),
        (SKOS("example"), "Term-example"),
        (RDFS("isDefinedBy"), "Term-isDefinedBy"),
        (NamedNode("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"), "Term-status"),
    ],
)
def test_what_a_term_lacks_is_found(knowledge, predicate, shape):
    """Without one of its descriptions a term is found, and no other."""
    without = [quad for quad in knowledge if (quad.subject, quad.predicate) != (COORD("performs"), predicate)]
    assert found(without) - found(knowledge) == {(shape, "performs")}


def test_a_second_domain_is_found(knowledge):
    """Two domains would mean things that are both."""
    more = [*knowledge, Quad(COORD("team"), RDFS("domain"), COORD("Lesson"))]
    assert found(more) - found(knowledge) == {("PropertyTerm-domain", "team")}


def test_a_term_that_nothing_looks_at_is_found(knowledge):
    """A new term needs a description, a shape and a question."""
    lacking = {each for each, term in found([*knowledge, Quad(COORD("mood"), TYPE, OWL("Class"))]) if term == "mood"}
    assert lacking >= {"Term-label", "Term-definition", "Term-namedIn", "Term-askedIn"}


def test_terms_are_known_by_the_files_that_name_them():
    """Shapes name terms as targets, on paths and as values; questions in their queries."""
    assert COORD("chairedBy").value in named_terms(assets.shapes())["body.ttl"]
    assert COORD("FormerName").value in named_terms(assets.shapes())["authority.ttl"]
    assert COORD("hasComponent").value in asked_terms(QUESTIONS)["02-bodies-of-a-mechanism.rq"]


def test_a_term_in_a_comment_is_not_asked_for(tmp_path):
    """What a question only talks about, it does not use; whatever the prefix is called."""
    query = f"# coord:team\nPREFIX c: <{COORD.iri}>\nSELECT ?x WHERE {{ ?x c:author ?y . # c:position\n}}\n"
    (tmp_path / "x.rq").write_text(query, encoding="utf-8")
    assert COORD("author").value in asked_terms(tmp_path)["x.rq"]
    assert COORD("team").value not in asked_terms(tmp_path)["x.rq"]
