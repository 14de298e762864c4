"""Statements kept by hand: the same triples from each format, and a clear refusal of what is broken or does harm."""

import json

import pytest
from pyoxigraph import NamedNode, RdfFormat

from kg.model.errors import KnowledgeError
from kg.rdf.jsonld import MOST_DEEP
from kg.rdf.syntax import read_statements

BASE = "https://kg.example/"
ORG = "http://www.w3.org/ns/org#"
PARENT = (NamedNode(f"{BASE}id/body/x"), NamedNode(f"{ORG}subOrganizationOf"), NamedNode(f"{BASE}id/body/y"))
JSON = {"@context": {"org": ORG}, "@id": "id/body/x", "org:subOrganizationOf": {"@id": "id/body/y"}}
SCOPED = {
    "@context": {
        "Body": {"@id": "http://x/Body", "@context": {"parent": {"@id": f"{ORG}subOrganizationOf", "@type": "@id"}}}
    }
}


def read(text, form=RdfFormat.JSON_LD):
    """The statements of a file with this text, bytes or JSON."""
    if not isinstance(text, (str, bytes)):
        text = json.dumps(text)
    return read_statements(text if isinstance(text, bytes) else text.encode(), "curated/a", form, BASE)


def refused(text, form=RdfFormat.JSON_LD):
    """Why a file is refused."""
    with pytest.raises(KnowledgeError) as caught:
        read(text, form)
    assert caught.value.file == "curated/a"
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"<id/body/x> <{ORG}subOrganizationOf> <id/body/y> .", RdfFormat.TURTLE),
        (f"\ufeff<id/body/x> <{ORG}subOrganizationOf> <id/body/y> .", RdfFormat.TURTLE),
        (" ".join(map(str, PARENT)) + " .", RdfFormat.N_TRIPLES),
        (JSON, RdfFormat.JSON_LD),
        (dict(reversed(JSON.items())), RdfFormat.JSON_LD),
    ],
)
def test_each_format_says_the_same(text, form):
    """Relative IRIs are those of the deployment, in JSON-LD as in Turtle."""
    assert read(text, form) == (PARENT,)


@pytest.mark.parametrize("order", [("@type", "@id", "parent"), ("parent", "@id", "@type")])
def test_a_context_of_a_type_holds_wherever_the_type_stands(order):
    """Who writes JSON thinks of no order."""
    said = {"@type": "Body", "@id": "id/body/x", "parent": "id/body/y"}
    assert PARENT in read({**SCOPED, **{key: said[key] for key in order}})


@pytest.mark.parametrize(
    "context",
    ["https://schema.org/", [{"org": ORG}, "https://schema.org/"], {"@import": "https://schema.org/"}],
)
def test_a_remote_context_is_refused(context):
    """No file reaches for another address, and the message says what to do."""
    text = json.dumps({"@id": "id/body/x", "@context": context}, indent=1)
    line = text.count("\n", 0, text.index("https")) + 1
    assert refused(text) == (
        f"line {line}: names the remote context 'https://schema.org/'; write the context into the file"
    )


def test_a_key_that_no_context_explains_is_refused():
    """A parser would lose the fact without a word."""
    expected = "has a key that no context explains, 'parent'; it would be passed over in silence"
    assert refused({**JSON, "parent": {"@id": "id/body/z"}}) == f"line 1: {expected}"


def test_keys_that_are_languages_are_none_to_explain():
    """A container of languages has keys of its own."""
    context = {"label": {"@id": "http://x/label", "@container": "@language"}}
    assert len(read({"@context": context, "@id": "id/a", "label": {"en": "a", "fi": "b"}})) == 2


def test_a_key_that_stands_twice_is_refused():
    """Which of the two is meant, nobody knows."""
    assert refused('{"@id": "id/a",\n "@id": "id/b"}') == "line 1: has the key '@id' 2 times in one object"


@pytest.mark.parametrize("text", [b'{"http://x/p":' * 60_000, b"[" * 60_000, b'{"@graph": [\n' * 60 + b"1"])
def test_deep_nesting_is_refused_at_once(text):
    """A few thousand objects within each other would end the process that parses them."""
    assert refused(text).endswith(f"is nested more than {MOST_DEEP} deep")


def test_a_string_without_end_costs_no_more_than_its_length():
    """Half a megabyte of quotes is no JSON, soon."""
    assert refused(b'["' + b'\\"' * 300_000).startswith("line 1, column 2: Unterminated string")


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ('{"@id": "id/a",\n "x": }', RdfFormat.JSON_LD, "line 2, column 7: Expecting value"),
        ("", RdfFormat.JSON_LD, "line 1, column 1: Expecting value"),
        (b'{"\xff": 1}', RdfFormat.JSON_LD, "no UTF-8: byte 0xff at offset 2"),
        ('{"http://x/p": ' + "1" * 9999 + "}", RdfFormat.JSON_LD, "holds a number that cannot be read"),
        ("<a> <b>\n <c> <d> .", RdfFormat.TURTLE, "line 2, column "),
        ("<a> <b> <c> .".encode("utf-16"), RdfFormat.TURTLE, "line 1, column 1: "),
        ("<http://a> <http://b> .", RdfFormat.N_TRIPLES, "line 1, column 23: "),
        ('{"@id": "http://x/g", "@graph": [{"@id": "id/a", "http://x/p": "b"}]}', RdfFormat.JSON_LD, "names the graph"),
        ("<a> <b> <<( <c> <d> <e> )>> .", RdfFormat.TURTLE, "holds a triple as a term"),
        ('<a> <b> "c"@en--rtl .', RdfFormat.TURTLE, "gives a text a direction"),
        ('{"@id": "id/a", "http://x/p": {"http://x/q": 1}}', RdfFormat.JSON_LD, "holds a blank node, at "),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(text, form, reason):
    """Syntax, encoding, graphs and terms that no page has."""
    assert refused(text, form).startswith(reason)


@pytest.mark.parametrize(
    "turtle",
    ["<a> <b>\n [ <c> 1 ] .", "<a> <b>\n _:c .", "<a> <b>\n ( 1 2 ) .",
     '<a> <b> "[ _:"@en , """' + "\n" + '(""" , () , _:x .',
     "# [ ]\n[] <b> <#(> ."],
)  # fmt: skip
def test_a_blank_node_in_turtle_is_found_with_its_line(turtle):
    """Brackets in words, comments and IRIs are none."""
    assert refused(turtle, RdfFormat.TURTLE).startswith("line 2: holds a blank node, at ")


def test_a_string_without_end_in_turtle_is_found_soon():
    """The search for a blank node's line is linear too."""
    turtle = b'[] <b> <c> .\n<a> <b> "' + b'\\"' * 300_000
    assert refused(turtle, RdfFormat.TURTLE).startswith("line 1: holds a blank node")
