"""JSON-LD that reads as JSON and means the same triples."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.query.jsonld import jsonld
from kg.rdf.vocab import COORD, PREFIXES, RDF, SKOS, TYPE, XSD

THING = NamedNode("http://example.org/thing")
IRIS = st.sampled_from(
    [
        THING,
        COORD("Report"),
        NamedNode(COORD.iri),
        NamedNode(f"{COORD.iri}//x"),
        NamedNode("skos:Concept"),
        NamedNode("skos://host/path"),
        NamedNode("urn:x:y"),
        SKOS("prefLabel"),
        TYPE,
    ]
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=5)
DATATYPES = st.sampled_from([XSD("integer"), XSD("boolean"), XSD("double"), XSD("date"), RDF("JSON"), COORD("own")])
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["en", "zh-hans"])),
    st.builds(
        lambda text, of: Literal(text, datatype=of),
        st.sampled_from(["1", "-1", "0", "01", "+1", "true", "1.5", "12345678901234567890", "{}", "x"]),
        DATATYPES,
    ),
)
NODES = st.one_of(IRIS, st.sampled_from([BlankNode("a"), BlankNode("b")]))
TRIPLES = st.lists(st.builds(Triple, NODES, IRIS, st.one_of(NODES, LITERALS)), max_size=6, unique_by=str)


def read(payload):
    """The triples of a document."""
    return {quad.triple for quad in parse(payload, format=RdfFormat.JSON_LD)}


@given(TRIPLES)
def test_the_same_triples_are_read_back(triples):
    """Whatever the terms, a reader of JSON-LD gets the triples that were written."""
    assert read(jsonld(triples, PREFIXES)) == set(triples)


def test_a_thing_is_an_object():
    """Prefixes that are used stand in the context; one value stands alone, more in an array; numbers are numbers."""
    triples = [
        Triple(THING, TYPE, COORD("Report")),
        Triple(THING, SKOS("prefLabel"), Literal("Report", language="en")),
        Triple(THING, SKOS("prefLabel"), Literal("plain")),
        Triple(THING, COORD("position"), Literal("3", datatype=XSD("integer"))),
        Triple(THING, COORD("about"), THING),
    ]
    assert json.loads(jsonld(triples, PREFIXES)) == {
        "@context": {"coord": COORD.iri, "skos": SKOS.iri},
        "@graph": [
            {
                "@id": THING.value,
                "@type": "coord:Report",
                "skos:prefLabel": [{"@value": "Report", "@language": "en"}, "plain"],
                "coord:position": 3,
                "coord:about": {"@id": THING.value},
            }
        ],
    }


def test_nothing_is_a_document_too():
    """An empty graph is an empty document."""
    assert read(jsonld([], PREFIXES)) == set()
