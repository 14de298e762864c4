"""Queries that SHACL does not allow, and those that would reach other machines, are refused before anything runs."""

import socket
import threading
from contextlib import contextmanager

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check import Checker
from kg.check.engine import EngineKind
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import IllFormed
from kg.check.shacl.query.answers import Query
from kg.model.errors import KnowledgeError

HEAD = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .
"""
#: Each ends in a call of another machine, as Oxigraph reads it; PLACE is that machine.
REACHING = {
    "plain": "SELECT $this { $this ?p ?o . SERVICE <PLACE> { ?s ?p ?o } }",
    "silent": "SELECT $this { $this ?p ?o . sErViCe SILENT <PLACE> { ?s ?p ?o } }",
    "in a subquery": "SELECT $this { $this ?p ?o { SELECT $this { SERVICE <PLACE> { ?s ?p ?o } } } }",
    "behind a comment that a carriage return ends": "SELECT $this { $this ?p ?o # \rSERVICE <PLACE> { ?s ?p ?o }\n}",
    "joined to a name": "SELECT $this { $this ?p ?o . SERVICE:x { ?s ?p ?o } }",
    "behind a comparison": "SELECT $this { $this ?p ?o FILTER(1<2)SERVICE#>\n<PLACE> { ?s ?p ?o } }",
}
SHAPE = """
ex: sh:declare [ sh:prefix "SERVICE" ; sh:namespace "PLACE"^^xsd:anyURI ] .
<https://w3id.org/policy-kg/shape/S> a sh:NodeShape ; sh:targetClass ex:A ;
    sh:sparql [ sh:prefixes ex: ; sh:message "no" ; sh:select "QUERY" ] .
"""


@contextmanager
def listening():
    """A place on this machine, and the list of what connected to it."""
    server = socket.create_server(("127.0.0.1", 0))
    called = []

    def accept():
        while True:
            try:
                called.append(server.accept()[0].close())
            except OSError:
                return

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", called
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.fixture
def folder(tmp_path):
    """A folder with one shape and its canary, for a query."""

    def written(query, place):
        text = query.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n").replace('"', '\\"')
        shape = HEAD + SHAPE.replace("QUERY", text).replace("PLACE", place)
        (tmp_path / "canaries").mkdir()
        (tmp_path / "shapes.ttl").write_text(shape, encoding="utf-8")
        (tmp_path / "canaries/S.ttl").write_text(f"{HEAD} <x> a ex:A .", encoding="utf-8")
        return tmp_path

    return written


@pytest.mark.parametrize("engine", EngineKind)
@pytest.mark.parametrize("name", REACHING)
def test_no_shape_reaches_another_machine(name, engine, folder):
    """With either engine the folder is refused, with file and line, and nothing has connected."""
    with listening() as (place, called):
        shapes = folder(REACHING[name].replace("PLACE", place), place)
        with pytest.raises(KnowledgeError, match=r"shapes\.ttl:\d+:\d+.*SERVICE"):
            Checker.load(shapes, (), engine)
    assert called == []


@pytest.mark.parametrize("engine", EngineKind)
def test_a_namespace_cannot_smuggle_a_query_in(engine, folder):
    """What stands in a prefix declaration is an IRI, and never goes on behind it."""
    with listening() as (place, called):
        shapes = folder("SELECT $this { $this ?p ?o } } }", f"x> SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} {{ #")
        with pytest.raises(KnowledgeError, match="not an IRI"):
            Checker.load(shapes, (), engine)
    assert called == []


def test_the_words_of_federation_may_be_named():
    """In a string, a comment, an IRI or a variable they say nothing."""
    text = 'SELECT $this ?service { $this <urn:SERVICE> ?service FILTER (?service != "SERVICE <x> {}") } # SERVICE'
    assert query(text).is_compiled


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT $this { $this ?p ?o MINUS { ?s ?p 1 } }", "MINUS"),
        ("SELECT $this { $this ?p ?o VALUES ?o { 1 } }", "VALUES"),
        ("SELECT (?o AS ?this) { $this ?p ?o }", "bound beforehand"),
        ("SELECT $this { { SELECT ?o { $this ?p ?o } } }", r"does not select \?this"),
        ("SELECT $this (true AS ?failure) { $this ?p ?o }", r"\?failure"),
        ("SELECT $this { $this ?p }", "no SPARQL query"),
        ("SELECT $this { $this ?p ?o FILTER (STRLEN(?o, 1)) }", "no SPARQL query"),
        ("SELECT $this { $this ?p ?o `", "no SPARQL"),
    ],
)
def test_what_shacl_does_not_allow_is_refused(text, reason):
    """When the shapes are read, and not when a page meets them."""
    with pytest.raises(ValueError, match=reason):
        query(text)


def test_a_nested_select_selects_all_that_is_bound():
    """The value of an ASK validator too (Appendix A)."""
    with pytest.raises(ValueError, match=r"does not select \?value"):
        query("ASK { { SELECT $this { $this ?p ?value } } }", "?value")


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ('sh:prefix "a" ; sh:namespace "urn:a" ] , [ sh:prefix "a" ; sh:namespace "urn:b"', "stands for"),
        ('sh:prefix "a" ; sh:namespace "urn:> b"', "no declaration"),
        ('sh:prefix "a: <urn:b> PREFIX c" ; sh:namespace "urn:a"', "no declaration"),
    ],
)
def test_a_prefix_stands_for_one_namespace(declared, reason):
    """SHACL §5.2.1: a shapes graph that says otherwise is ill-formed."""
    shapes = f"""{HEAD} ex: sh:declare [ {declared} ] . ex:S sh:targetClass ex:A ; sh:sparql
        [ sh:prefixes ex: ; sh:select "SELECT $this {{ $this ?p ?o }}" ] ."""
    with pytest.raises(IllFormed, match=reason):
        CompiledEngine(parse(shapes, format=RdfFormat.TURTLE))


def query(text, *names):
    """The query as a constraint has it."""
    return Query(text, {}, Graph(), frozenset({"?this", *names}), "<urn:shape>")
