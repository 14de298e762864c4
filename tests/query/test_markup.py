"""XML that every parser takes, and that says what the graph says."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.model.errors import QueryRefused, Refusal
from kg.query import Query
from kg.query.evaluate import answer
from kg.rdf.formats import GraphFormat, ResultsFormat

XML = {"results": ResultsFormat.XML, "graph": GraphFormat.RDFXML}
TEXT = "one\r\ntwo\rthree\n\tfour"
WRITTEN = TEXT.encode("unicode_escape").decode()


@pytest.mark.parametrize(
    "query",
    [
        r"SELECT ('a\u0001b' AS ?x) {}",
        r"SELECT ('a\uFFFFb' AS ?x) {}",
        r"CONSTRUCT { <x:s> <http://x/p> 'a\u0001b' } {}",
        "CONSTRUCT { <x:s> <http://x/123> 1 } {}",
        "CONSTRUCT { <x:s> <http://x/> 1 } {}",
    ],
)
def test_what_xml_cannot_hold_is_refused(query):
    """An answer that XML cannot hold is refused in XML, and given in other formats."""
    with pytest.raises(QueryRefused, match="XML cannot hold") as refused:
        answer(Store(), Query(text=query, **XML))
    assert refused.value.kind is Refusal.FORMAT
    assert answer(Store(), Query(text=query, results=ResultsFormat.JSON, graph=GraphFormat.JSONLD)).payload


def test_rows_keep_their_line_ends():
    """A carriage return in a row is one for whoever reads it."""
    found = answer(Store(), Query(text=f"SELECT ('{WRITTEN}' AS ?x) {{}}", **XML))
    assert ET.fromstring(found.payload).find(".//{*}literal").text == TEXT  # noqa: S314  (our own output)


def test_triples_keep_their_line_ends():
    """A carriage return in a triple is one for whoever reads it."""
    found = answer(Store(), Query(text=f"CONSTRUCT {{ <x:s> <x:p> '{WRITTEN}' }} {{}}", **XML))
    (quad,) = parse(found.payload, format=RdfFormat.RDF_XML)
    assert quad.object.value == TEXT
