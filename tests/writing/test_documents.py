"""Documents that an update loads: their statements go where the LOAD says, or nothing does."""

from __future__ import annotations

import pytest
from desks import BASE, Desk, graph
from pyoxigraph import RdfFormat

from kg.model.writes import Loaded, Write, WriteKind, WriteOutcome
from kg.query.messages import LENGTHS, unpacked_header
from kg.writing import Policy
from kg.writing.messages import read_write, write_digest, write_frame

ORG = "http://www.w3.org/ns/org#"
DOC = "https://example.org/data/a"
REPORTS_TO = f"<{BASE}id/body/jp-csti> <{ORG}reportsTo> <{BASE}id/body/jp-cabinet-office>"
TURTLE = RdfFormat.TURTLE.media_type


def document(text, iri=DOC, media_type=TURTLE):
    """A document as it was fetched."""
    return Loaded(iri=iri, media_type=media_type, payload=text.encode())


@pytest.fixture
def plain(tmp_path):
    """A dataset without pages."""
    return Desk(tmp_path / "store", Policy.PLAIN, most_deleted=1.0)


def test_facts_are_loaded_into_a_curated_graph(desk):
    """What the document states is checked and published as if it had been put there."""
    update = f"PREFIX g: <{BASE}graph/curated/> LOAD <{DOC}> INTO GRAPH g:notes"
    written = desk.update(update, loads=(document(f"{REPORTS_TO} ."),))
    assert (written.outcome, len(desk.held("notes"))) == (WriteOutcome.PUBLISHED, 1), written.reason
    assert desk.ask(REPORTS_TO)


def test_a_loaded_document_is_checked(desk):
    """One that breaks a shape is refused, and what is published is as it was, to the byte."""
    before = desk.state()
    bad = f"<{BASE}id/body/jp-csti> <http://example.com/p> 1 ."
    written = desk.update(f"LOAD SILENT <{DOC}> INTO GRAPH <{graph('notes')}>", loads=(document(bad),))
    assert written.outcome is WriteOutcome.REFUSED
    assert desk.state() == before


@pytest.mark.parametrize("target", ["", f"INTO GRAPH <{BASE}graph/ontology>", f"INTO GRAPH <{DOC}>"])
def test_a_document_goes_where_clients_may_write(desk, target):
    """The default graph, which is where a LOAD without a place goes, is not for clients, nor are others' graphs."""
    before = desk.state()
    written = desk.update(f"LOAD <{DOC}> {target}", loads=(document(f"{REPORTS_TO} ."),))
    assert written.outcome is WriteOutcome.FORBIDDEN
    assert desk.state() == before


def test_documents_of_a_plain_dataset(plain):
    """Of any kind, into any graph, among other operations; relative IRIs are the document's, blank nodes its own."""
    xml = """<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
        <r:Description e:p="1"/></r:RDF>"""
    update = (
        f"INSERT DATA {{ <s> <p> 1 }} ; LOAD <{DOC}> INTO GRAPH <g> ; LOAD <{DOC}.rdf> ; "
        "DELETE { GRAPH ?g { ?s ?p 3 } } WHERE { GRAPH ?g { ?s ?p 3 } }"
    )
    loads = (
        document('<b> <p> 2, 3, "}\\" \\\\", "x"@en . _:x <p> [] .'),
        document(xml, f"{DOC}.rdf", "application/rdf+xml"),
    )
    written = plain.update(update, loads=loads)
    assert written.outcome is WriteOutcome.PUBLISHED, written.reason
    assert plain.ask(f'GRAPH <{BASE}g> {{ <https://example.org/data/b> ?p 2, "}}\\" \\\\", "x"@en . _:x ?p _:y }}')
    assert not plain.ask("GRAPH ?g { ?s ?p 3 }")
    assert plain.ask("?s <http://e/p> ?o")
    assert written.added == 6


@pytest.mark.parametrize(
    ("body", "media_type"),
    [("<a> <b> ", TURTLE), ("<a> <b> 1 .", "text/html"), ('<a> <b> "\x00" .\n\xff<', TURTLE)],
)
def test_a_document_that_is_no_rdf(plain, body, media_type):
    """The answer names the document, and SILENT makes nothing of it."""
    loads = (document(body, media_type=media_type),)
    written = plain.update(f"LOAD <{DOC}>", loads=loads)
    assert written.outcome in {WriteOutcome.MALFORMED, WriteOutcome.UNSUPPORTED}
    assert f"<{DOC}>" in written.reason
    assert (written.line, written.column) == (0, 0)  # none of the update's lines is at fault
    assert plain.update(f"LOAD SILENT <{DOC}> ; INSERT DATA {{ <s> <p> 1 }}", loads=loads).added == 1


@pytest.mark.parametrize(
    "update", [f"LOAD <{DOC}b>", "PREFIX d: <https://example.org/data/> LOAD d:a", "LOAD <data/a>"]
)
def test_a_document_that_was_not_fetched(plain, update):
    """Any other document is refused, with the place of its LOAD: its name must stand there in full."""
    written = plain.update(f"INSERT DATA {{ <s> <p> 1 }} ;\n{update}", loads=(document("<a> <b> 1 ."),))
    assert (written.outcome, written.line) == (WriteOutcome.FORBIDDEN, 2)
    assert "in full" in written.reason


def test_a_document_cannot_say_more_than_its_statements(plain):
    """What looks like the end of the data is a string in it."""
    hostile = '<a> <b> "\\" } } ; DROP ALL ; INSERT DATA { <x> <y> \\"" , "\\\\" , "\\n" .'
    plain.update("INSERT DATA { <s> <p> 1 }")
    assert plain.update(f"LOAD <{DOC}> INTO GRAPH <g>", loads=(document(hostile),)).added == 3
    assert plain.ask(f"<{BASE}s> <{BASE}p> 1")


def test_documents_cross_the_pipe():
    """A write comes out as it went in, with its documents."""
    loads = (document("<a> <b> 1 .", "https://x/é"), document("", "https://y/", ""), document("\0\xff"))
    write = Write(kind=WriteKind.UPDATE, body=b"LOAD <x>", loads=loads)
    frame = write_frame(write, "mark")
    header, payload = LENGTHS.unpack(frame[: LENGTHS.size])
    rest = frame[LENGTHS.size :]
    assert read_write(unpacked_header(rest[:header]), rest[header : header + payload]) == (write, "mark")


def test_the_same_update_is_the_same_write():
    """Sent again under its key, an update is recognised whatever its documents say by then."""
    one, other = (
        Write(kind=WriteKind.UPDATE, body=b"LOAD <x>", loads=(document(text),)) for text in ("<a> <b> 1 .", "")
    )
    assert write_digest(one) == write_digest(other)
