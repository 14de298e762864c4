"""A draft as Turtle parses to what it says, whatever its words hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.model.knowledge import EntryKind, NameKind
from kg.rdf.description import describe
from kg.rdf.draft import Draft, DraftSource, draft_turtle
from kg.rdf.turtle import Descriptions, TurtleFile
from kg.rdf.vocab import CONCEPT, COORD, ORG, SKOS, XSD

BASE = "https://kg.example/"
BODY = f"{BASE}id/body/fi-x"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip)


def statements(draft):
    """What the Turtle says."""
    quads = parse(draft_turtle(draft).encode(), format=RdfFormat.TURTLE, base_iri=BASE)
    return {(quad.subject.value, quad.predicate, quad.object) for quad in quads}


def draft(name, *facts, sources=()):
    """A body with one name."""
    return Draft(
        base=BASE,
        key="body/fi-x",
        kind=EntryKind.BODY,
        names=((NameKind.OFFICIAL, Literal(name, language="en")),),
        facts=facts,
        sources=sources,
    )


@given(name=WORDS, note=WORDS)
def test_words_come_back_as_they_were(name, note):
    """No quote, backslash or bracket in a name or a note changes what the Turtle says."""
    said = statements(draft(name, (COORD("note"), Literal(note, language="en"))))
    assert (BODY, SKOS("prefLabel"), Literal(name, language="en")) in said
    assert (BODY, COORD("note"), Literal(note, language="en")) in said


def test_facts_keep_their_values():
    """Things, concepts and dates stand in the graph as they were given."""
    facts = (
        (COORD("jurisdiction"), NamedNode(f"{BASE}id/jurisdiction/fi")),
        (ORG("classification"), CONCEPT("body-type/council")),
        (COORD("startDate"), Literal("2014-05", datatype=XSD("gYearMonth"))),
    )
    said = statements(draft("X", *facts))
    assert {(BODY, *fact) for fact in facts} <= said


def test_iris_of_the_deployment_are_relative():
    """The file holds for any base."""
    assert BASE not in draft_turtle(draft("X", (COORD("jurisdiction"), NamedNode(f"{BASE}id/jurisdiction/fi"))))


def test_an_address_becomes_a_source_and_a_known_one_is_pointed_to():
    """Only sources that are new are described."""
    sources = (DraftSource(iri="id/source/new", address="https://a.example/x(1)"), DraftSource(iri="id/source/s1"))
    described = {subject for subject, _, value in statements(draft("X", sources=sources)) if value == COORD("Source")}
    assert described == {f"{BASE}id/source/new"}


def test_a_description_reads_what_a_draft_wrote():
    """Names and facts come back with their sources."""
    fact = (COORD("chairedBy"), Literal("Prime Minister"))
    source = DraftSource(iri="id/source/new", address="https://a.example/x")
    said = [(NamedNode(subject), *rest) for subject, *rest in statements(draft("X", fact, sources=(source,)))]
    file = TurtleFile(name="x.ttl", statements=tuple(said))
    shown = describe(Descriptions.of(iter([file])), BODY)
    assert [(name.text, name.kind, name.basis.verification) for name in shown.names] == [
        ("X", "OfficialName", "Verified")
    ]
    assert [(each.value, each.basis.sources) for each in shown.facts] == [
        (fact[1], (("https://a.example/x", ("https://a.example/x",)),))
    ]
