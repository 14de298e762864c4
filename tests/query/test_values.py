"""Rows of another server written into a query: they come out as they went in, and never as anything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, Store

from kg.query.values import NOTHING, values_block

TEXTS = st.text(st.characters(codec="utf-8")) | st.sampled_from(
    [
        "}",
        '"',
        '") } SERVICE <http://x/> {} ("',
        "\\",
        "\\u0022",
        '\\\\u0022"',
        "\n\r\t\f\0",
        "'''",
        '"""',
        "#",
        "\\U0000",
    ]
)
TERMS = (
    TEXTS.map(lambda text: {"type": "literal", "value": text})
    | TEXTS.map(lambda text: {"type": "literal", "value": text, "xml:lang": "en-GB"})
    | TEXTS.map(lambda text: {"type": "typed-literal", "value": text, "datatype": "http://x/type"})
    | st.sampled_from(["http://x/é", "urn:a", "http://x/a)b'c", "http://x/service)#;"]).map(
        lambda iri: {"type": "uri", "value": iri}
    )
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "é"]), TERMS))


def answer(rows, variables=("a", "b", "é")):
    """An answer in the JSON format."""
    return json.dumps({"head": {"vars": [*variables]}, "results": {"bindings": rows}}).encode()


def block(payload, variables=("a", "b", "é"), most_rows=100):
    """The rows of an answer as inline data."""
    return values_block(payload, variables, most_rows=most_rows, name=lambda label: f"urn:blank:{label}")


def solutions(block):
    """What the engine reads in inline data: the variables, and each row's terms."""
    found = Store().query(f"SELECT * {{ VALUES {block} }}")
    names = [variable.value for variable in found.variables]
    return names, [dict(zip(names, row, strict=True)) for row in found]


def term(told):
    """The term of an answer."""
    if told["type"] == "uri":
        return NamedNode(told["value"])
    datatype = told.get("datatype")
    return Literal(told["value"], language=told.get("xml:lang"), datatype=datatype and NamedNode(datatype))


@given(ROWS)
def test_every_row_comes_out_as_it_went_in(rows):
    """Whatever texts hold, the engine reads the same terms, in as many rows."""
    names, read = solutions(block(answer(rows)))
    expected = [{name: term(row[name]) if name in row else None for name in names} for row in rows]
    assert read == expected


def test_no_rows_keep_their_variables():
    """A service that finds nothing leaves its variables in scope, and no solution."""
    assert solutions(block(answer([]))) == (["a", "b", "é"], [])


def test_no_variables():
    """A pattern without variables that is met is one solution without bindings; so is what fails in silence."""
    assert solutions(block(answer([{}], []), ())) == ([], [{}])
    assert solutions(NOTHING) == ([], [{}])


def test_only_what_was_asked_for_is_bound():
    """A server cannot bind variables that its group does not have."""
    row = {"a": {"type": "literal", "value": "x"}, "evil": {"type": "literal", "value": "y"}}
    assert solutions(block(answer([row], ["evil", "a"]))) == (["a"], [{"a": Literal("x")}])


def test_blank_nodes_become_iris():
    """The same label is the same IRI, another one another."""
    rows = [{"a": {"type": "bnode", "value": label}} for label in ("x", "y", "x")]
    assert [row["a"].value for row in solutions(block(answer(rows, ["a"])))[1]] == [
        "urn:blank:x", "urn:blank:y", "urn:blank:x",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "term",
    [
        {"type": "uri", "value": "http://x/> } SERVICE <http://y/> {"},
        {"type": "uri", "value": "http://x/\\u003e"},
        {"type": "uri", "value": "http://x/ y"},
        {"type": "uri", "value": "relative"},
        {"type": "uri", "value": ""},
        {"type": "uri", "value": "http://x/\ud800"},
        {"type": "literal", "value": "x", "xml:lang": "en . } SERVICE"},
        {"type": "literal", "value": "x", "xml:lang": ""},
        {"type": "literal", "value": "x", "datatype": "http://x/> . <"},
        {"type": "literal", "value": "\udc00"},
        {"type": "literal", "value": 3},
        {"type": "triple", "value": {}},
        {"type": ["uri"], "value": "http://x/"},
        {"value": "x"},
        "x",
        None,
    ],
)
def test_what_is_no_term(term):
    """A term that could say more than itself, or is none, is an error."""
    with pytest.raises(ValueError, match="of its answer"):
        block(answer([{"a": term}]))


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{", b"[]", b"null", b'{"boolean":true}', b'{"head":{"vars":[]},"results":{"bindings":{}}}', b"\xff\xfe",
        b"[" * 100_000, b'{"head":{"vars":[]},"results":{"bindings":' + b"[" * 100_000, b"1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_answer(payload):
    """Bytes that are no rows in JSON are an error, however deep they go."""
    with pytest.raises(ValueError, match="its answer is"):
        block(payload)


def test_too_many_rows():
    """More rows than are taken, and more places in them than can be kept, are an error."""
    with pytest.raises(ValueError, match="at most 3"):
        block(answer([{}] * 4), most_rows=3)
    many = [f"v{number}" for number in range(1000)]
    with pytest.raises(ValueError, match="too much"):
        block(answer([{}] * 1000, many), many, most_rows=1000)


def test_terms_of_the_engine_survive():
    """What our own engine answers in JSON is read again, blank nodes aside."""
    terms = [NamedNode("http://x/"), Literal("1"), Literal(1), Literal("a", language="de"), Literal(1.5)]
    rows = " ".join(f"({term})" for term in terms)
    payload = Store().query(f"SELECT ?a {{ VALUES (?a) {{ {rows} }} }}").serialize(format=QueryResultsFormat.JSON)
    assert [row["a"] for row in solutions(block(payload, ("a",)))[1]] == terms
    assert BlankNode("x") not in terms
