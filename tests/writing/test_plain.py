"""Plain datasets: every graph may be written, and nothing is checked."""

from __future__ import annotations

import pytest
from desks import BASE, Desk

from kg.model.writes import WriteKind, WriteOutcome
from kg.store import content_digest
from kg.store.verification import verified
from kg.writing import Policy

G = "http://example.com/g"


def test_a_plain_dataset_begins_with_a_write(plain):
    """No build has to come first."""
    written = plain.update("INSERT DATA { <s> <p> [] }")
    assert (written.outcome, written.version, written.added) == (WriteOutcome.PUBLISHED, "v1", 1)
    assert plain.ask(f"<{BASE}s> <{BASE}p> ?o")


def test_what_a_plain_version_says_of_itself_holds(plain):
    """Digest and counts are what a pass over the store finds."""
    plain.update("INSERT DATA { <s> <p> 1.0 . GRAPH <g> { <s> <p> 1.0 , 2 } }")
    plain.update("DELETE DATA { GRAPH <g> { <s> <p> 2 } }")
    assert plain.current.manifest.digest == content_digest(plain.open)
    assert not verified(plain.current, lambda _: None).damages


@pytest.mark.parametrize("target", ["", G])
def test_graphs_are_put_posted_patched_and_deleted(plain, target):
    """The default graph too; it is always there."""
    put = plain.write(WriteKind.PUT_GRAPH, target, "<s> <p> 1 .")
    assert (put.outcome, put.created) == (WriteOutcome.PUBLISHED, bool(target))
    assert plain.write(WriteKind.POST_GRAPH, target, "<s> <p> 2 .").added == 1
    patch = plain.write(WriteKind.PATCH_GRAPH, target, "DELETE DATA { <s> <p> 1 } ; INSERT DATA { <s> <p> 3 }")
    assert (patch.added, patch.removed) == (1, 1)
    assert len(plain.open) == 2
    assert plain.write(WriteKind.DELETE_GRAPH, target).removed == 2
    assert len(plain.open) == 0


def test_an_empty_graph_is_a_graph(plain):
    """It can be put and deleted, and is gone then."""
    assert plain.write(WriteKind.PUT_GRAPH, G, "").created
    assert plain.write(WriteKind.PUT_GRAPH, G, "").outcome is WriteOutcome.UNCHANGED
    assert plain.write(WriteKind.DELETE_GRAPH, G).outcome is WriteOutcome.PUBLISHED
    assert plain.write(WriteKind.DELETE_GRAPH, G).outcome is WriteOutcome.MISSING


def test_the_same_statement_in_two_graphs_is_two(plain):
    """A statement of the default graph that a named graph makes too is not lost."""
    plain.update("INSERT DATA { GRAPH <g> { <s> <p> 1 } }")
    assert plain.update("INSERT DATA { <s> <p> 1 }").outcome is WriteOutcome.PUBLISHED
    assert plain.ask(f"<{BASE}s> ?p ?o")


def test_the_request_may_name_the_dataset_of_an_update(plain):
    """`using-graph-uri` makes the default graph of its patterns, `using-named-graph-uri` their named ones."""
    plain.update("INSERT DATA { <s> <p> 0 . GRAPH <g> { <s> <p> 1 } GRAPH <h> { <s> <p> 2 } }")
    plain.update("INSERT { <a> <b> ?o } WHERE { ?s <p> ?o }", using_graphs=(f"{BASE}g",))
    assert [str(row[0].value) for row in plain.open.query(f"SELECT ?o {{ <{BASE}a> ?p ?o }}")] == ["1"]
    plain.update("INSERT { <c> <d> ?o } WHERE { GRAPH ?g { ?s <p> ?o } }", using_named_graphs=(f"{BASE}h",))
    assert [str(row[0].value) for row in plain.open.query(f"SELECT ?o {{ <{BASE}c> ?p ?o }}")] == ["2"]
    plain.update("DELETE WHERE { ?s <p> ?o }", using_graphs=(f"{BASE}h",), base=BASE)
    assert plain.ask(f"<{BASE}s> <{BASE}p> 0")


@pytest.mark.parametrize("clause", ["USING <g>", "USING NAMED <g>"])
def test_an_update_with_a_dataset_of_its_own_is_not_given_another(plain, clause):
    """The protocol asks for an error (section 2.2.3)."""
    text = f"INSERT {{ <a> <b> ?o }} {clause} WHERE {{ ?s ?p ?o }}"
    assert plain.update(text, using_graphs=(f"{BASE}g",)).outcome is WriteOutcome.MALFORMED
    scoped = "WITH <g> INSERT { <a> <b> ?o } WHERE { ?s ?p ?o }"
    assert plain.update(scoped, using_named_graphs=(f"{BASE}g",)).outcome is WriteOutcome.MALFORMED
    assert plain.update("CLEAR ALL", using_graphs=("no iri",)).outcome is WriteOutcome.MALFORMED


def test_load_silent_does_nothing(plain):
    """No document is ever loaded, and a LOAD that fails in silence is no failure."""
    text = "INSERT DATA { <s> <p> 1 } ; LOAD SILENT <http://127.0.0.1:9/x> INTO GRAPH <g> ; INSERT DATA { <s> <p> 2 }"
    assert plain.update(text).added == 2
    assert plain.update("LOAD SILENT <x>").outcome is WriteOutcome.UNCHANGED
    assert plain.update("LOAD <x>").outcome is WriteOutcome.FORBIDDEN


def test_rdf_xml_is_read_without_a_doctype(plain):
    """Entities could grow to any size."""
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
        <rdf:Description e:p="1"/></rdf:RDF>"""
    kind = "application/rdf+xml"
    assert plain.write(WriteKind.PUT_GRAPH, G, rdf, kind).outcome is WriteOutcome.PUBLISHED
    assert plain.write(WriteKind.PUT_GRAPH, G, f"<!DOCTYPE x>{rdf}", kind).outcome is WriteOutcome.MALFORMED


@pytest.mark.parametrize(
    ("kind", "target", "body", "outcome"),
    [
        (WriteKind.PUT_PAGE, "a-1", "x", WriteOutcome.FORBIDDEN),
        (WriteKind.PUT_GRAPH, "no iri", "<s> <p> 1 .", WriteOutcome.MALFORMED),
        (WriteKind.PUT_GRAPH, G, "<s> <p>", WriteOutcome.MALFORMED),
        (WriteKind.PATCH_GRAPH, G, "CLEAR ALL", WriteOutcome.MISSING),
        (WriteKind.UPDATE, "", "DROP GRAPH <none>", WriteOutcome.IMPOSSIBLE),
        (WriteKind.UPDATE, "", "SELECT * {}", WriteOutcome.MALFORMED),
        (WriteKind.UPDATE, "", b"\xff", WriteOutcome.MALFORMED),
        (WriteKind.UPDATE, "", "CLEAR ALL #" + "x" * 1024 * 1024, WriteOutcome.TOO_LARGE),
        (WriteKind.UPDATE, "", "INSERT {} WHERE " + "{" * 70 + "}" * 70, WriteOutcome.TOO_LARGE),
    ],
)
def test_what_cannot_be_written_is_told(plain, kind, target, body, outcome):
    """Nothing is published then, not even a first version."""
    assert plain.write(kind, target, body).outcome is outcome
    assert not (plain.store / "CURRENT").exists()


def test_an_update_fails_as_a_whole(plain):
    """Nothing of it is published where its last operation fails."""
    plain.update("INSERT DATA { <s> <p> 1 }")
    before = plain.state()
    assert plain.update("INSERT DATA { <s> <p> 2 } ; DROP GRAPH <none>").outcome is WriteOutcome.IMPOSSIBLE
    assert plain.state() == before


def test_much_may_be_deleted_only_by_who_knows(plain):
    """The rule holds for plain datasets too, unless they are set up otherwise."""
    careful = Desk(plain.store, Policy.PLAIN)
    careful.update("INSERT DATA { <s> <p> 1 , 2 , 3 }")
    assert careful.update("DELETE DATA { <s> <p> 1 }").outcome is WriteOutcome.UNCONFIRMED
    assert careful.update("DELETE DATA { <s> <p> 1 }", is_deletion_confirmed=True).removed == 1


def form(*parts):
    """A form of parts, each of a media type and a body."""
    written = "".join(
        f'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: {kind}\r\n\r\n{body}\r\n'
        for kind, body in parts
    )
    return f"{written}--b--\r\n"


def test_parts_of_a_form_go_to_one_graph(plain):
    """Each part is a graph of its own: blank nodes of one label in two parts are two."""
    parts = form(("text/turtle", "_:x <p> 1 ."), ("application/n-triples; charset=utf-8", "_:x <x:p> <x:o> ."))
    written = plain.write(WriteKind.POST_GRAPH, G, parts, "multipart/form-data; boundary=b")
    assert (written.outcome, written.created, written.added) == (WriteOutcome.PUBLISHED, True, 2)


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        (form(("text/turtle", "<s> <p> 1 ."), ("image/png", "x")), "multipart/form-data; boundary=b", "unsupported"),
        (form(("text/turtle", "<s> <p> 1 ."), ("text/turtle", "<s>")), "multipart/form-data; boundary=b", "malformed"),
        (form(), "multipart/form-data; boundary=b", "malformed"),
        ("no form", "multipart/form-data; boundary=b", "malformed"),
        ("no form", "multipart/form-data", "malformed"),
        (form(*[("text/turtle", "")] * 101), "multipart/form-data; boundary=b", "malformed"),
    ],
)
def test_a_form_with_a_part_that_is_no_graph(plain, body, kind, outcome):
    """Nothing of it is taken."""
    assert plain.write(WriteKind.POST_GRAPH, G, body, kind).outcome.value == outcome
    assert not (plain.store / "CURRENT").exists()
