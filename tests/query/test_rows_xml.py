"""Rows in XML: what the engine writes is read as it was meant, and what is no rows is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store

from kg.query.rows_xml import rows_of_xml

_HEAD = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
SAID = NamedNode("http://x/said")


def document(results, before=""):
    """A document with these results."""
    return f"{before}{_HEAD.partition('?>')[2]}{results}</sparql>".encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_texts_come_out_as_they_were(text):
    """Whatever a literal holds, with its language or datatype."""
    store = Store()
    for literal in (Literal(text), Literal(text, language="en"), Literal(text, datatype=NamedNode("http://x/t"))):
        store.add(Quad(NamedNode("http://x/a"), SAID, literal, DefaultGraph()))
    written = bytes(store.query("SELECT ?o { ?s ?p ?o }").serialize(format=QueryResultsFormat.XML))
    variables, rows = rows_of_xml(written)
    assert variables == ["o"]
    assert {row["o"]["value"] for row in rows} == {text}
    assert sorted(tuple(sorted(row["o"].keys())) for row in rows) == [
        ("datatype", "type", "value"),
        ("type", "value"),
        ("type", "value", "xml:lang"),
    ]


def test_terms_and_gaps():
    """IRIs and blank nodes are what they are, and what a row does not bind is not in it."""
    bound = '<binding name="s"><uri>http://x/a</uri></binding><binding name="b"><bnode>b0</bnode></binding>'
    variables, rows = rows_of_xml(document(f"<results><result>{bound}</result><result/></results>"))
    assert variables == ["s"]
    assert rows == [{"s": {"type": "uri", "value": "http://x/a"}, "b": {"type": "bnode", "value": "b0"}}, {}]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "no XML"),
        (b"{}", "no XML"),
        (document("<results>")[:-4], "no XML"),
        (document("<results>&amp;&nothing;</results>"), "no XML"),
        (document("<boolean>true</boolean>"), "holds <boolean>"),
        (document("", "<!DOCTYPE sparql [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>"), "document type"),
        (document("", "<!DOCTYPE sparql SYSTEM 'file:///etc/passwd'>"), "document type"),
        (document("<results><result><binding name='s'><triple/></binding></result></results>"), "holds <triple>"),
        (
            document("<results><result><binding name='s'><literal><uri/></literal></binding></result></results>"),
            "none of RDF 1.1",
        ),
        (document(""), "not what"),
        (b"<results/>", "holds <results>"),
    ],
)
def test_what_is_no_rows(written, reason):
    """It is refused with what it is; no entity is ever taken, and no file read."""
    with pytest.raises(ValueError, match=reason):
        rows_of_xml(written)
