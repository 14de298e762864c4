"""Graphs of curated facts, written by updates and by the Graph Store Protocol."""

from __future__ import annotations

import pytest
from desks import BASE, Desk, graph

from kg.model.writes import WriteKind, WriteOutcome
from kg.store import content_digest, summary

ORG = "http://www.w3.org/ns/org#"
REPORTS_TO = f"<{BASE}id/body/jp-csti> <{ORG}reportsTo> <{BASE}id/body/jp-cabinet-office>"
PLACE = f"GRAPH <{graph('notes')}>"
OTHER = f"<{BASE}id/body/jp-csti> <{ORG}reportsTo> <{BASE}id/body/jp-mext>"


def test_a_graph_that_is_put_is_published(desk):
    """The statements stand in the graph, and in the merged graph with a fact that names the graph's file."""
    written = desk.put("notes", f"{REPORTS_TO} .")
    assert (written.outcome, written.created, written.version) == (WriteOutcome.PUBLISHED, True, desk.current.name)
    assert len(desk.held("notes")) == 1
    assert desk.ask(REPORTS_TO)
    assert desk.ask(f"?fact <http://www.w3.org/ns/prov#wasDerivedFrom> <{BASE}id/curated/notes>")


def test_what_a_version_says_of_itself_holds_after_a_write(desk):
    """Counts, the digest of all and those of the graphs are what a pass over the store finds."""
    desk.put("notes", f"{REPORTS_TO} .")
    desk.put("more", f"{REPORTS_TO} . {OTHER} .")
    desk.put("notes", f"{OTHER} .")
    desk.write(WriteKind.DELETE_GRAPH, graph("notes"))
    manifest, counted = desk.current.manifest, summary(desk.open)
    assert manifest.digest == content_digest(desk.open)
    assert manifest.counts.statements == counted.statements
    assert manifest.counts.named_graphs == counted.named_graphs


def test_a_statement_leaves_the_merged_graph_with_the_last_graph_that_makes_it(desk):
    """It stays there as long as another graph states it."""
    desk.put("one", f"{REPORTS_TO} .")
    desk.put("two", f"{REPORTS_TO} .")
    desk.write(WriteKind.DELETE_GRAPH, graph("one"))
    assert desk.ask(REPORTS_TO)
    desk.write(WriteKind.DELETE_GRAPH, graph("two"))
    assert not desk.ask(REPORTS_TO)


def test_the_same_again_changes_nothing(desk):
    """No version is made, however the statements are written."""
    desk.put("notes", f"{REPORTS_TO} .")
    before = desk.state()
    again = desk.put("notes", f"@prefix o: <{ORG}> . <id/body/jp-csti> o:reportsTo <id/body/jp-cabinet-office> .")
    assert again.outcome is WriteOutcome.UNCHANGED
    assert desk.state() == before


def test_post_adds_and_put_replaces(desk):
    """POST keeps what the graph held."""
    desk.put("notes", f"{REPORTS_TO} .")
    added = desk.write(WriteKind.POST_GRAPH, graph("notes"), f"{OTHER} .")
    assert (added.outcome, added.created, len(desk.held("notes"))) == (WriteOutcome.PUBLISHED, False, 2)
    desk.put("notes", f"{OTHER} .")
    assert len(desk.held("notes")) == 1


def test_a_patch_sees_its_graph_alone(desk):
    """Its default graph is the graph that it is about, and no other can be named."""
    desk.put("notes", f"{REPORTS_TO} .")
    text = f"DELETE {{ ?s ?p ?o }} INSERT {{ {OTHER} }} WHERE {{ ?s ?p ?o }}"
    assert desk.write(WriteKind.PATCH_GRAPH, graph("notes"), text).outcome is WriteOutcome.PUBLISHED
    assert {row[2] for row in desk.held("notes")} == {f"<{BASE}id/body/jp-mext>"}
    other = f"INSERT DATA {{ GRAPH <{graph('other')}> {{ {OTHER} }} }}"
    assert desk.write(WriteKind.PATCH_GRAPH, graph("notes"), other).outcome is WriteOutcome.FORBIDDEN


@pytest.mark.parametrize("kind", [WriteKind.DELETE_GRAPH, WriteKind.PATCH_GRAPH])
def test_a_graph_that_is_not_there_is_missing(desk, kind):
    """It can be neither deleted nor changed."""
    assert desk.write(kind, graph("nothing"), "INSERT DATA {}").outcome is WriteOutcome.MISSING


def test_an_update_writes_curated_graphs(desk):
    """Its pattern reads everything: here the type that the page tells is read from the merged graph."""
    desk.update(f"INSERT DATA {{ {PLACE} {{ {REPORTS_TO} }} }}")
    moved = f"""PREFIX org: <{ORG}>
        INSERT {{ GRAPH <{graph("more")}> {{ ?body org:reportsTo ?office }} }}
        WHERE {{ {PLACE} {{ ?body org:reportsTo ?office }} ?report a <https://w3id.org/policy-kg/coord#Report> }}"""
    assert desk.update(moved).outcome is WriteOutcome.PUBLISHED
    assert desk.held("more") == desk.held("notes") != set()


def test_an_operation_sees_what_those_before_it_wrote(desk):
    """In the graph, and in the merged graph too."""
    text = f"""INSERT DATA {{ {PLACE} {{ {REPORTS_TO} }} }} ;
        INSERT {{ GRAPH <{graph("more")}> {{ ?s <{ORG}reportsTo> ?o }} }}
        WHERE {{ ?s <{ORG}reportsTo> ?o FILTER(?s = <{BASE}id/body/jp-csti>) }} ;
        DELETE WHERE {{ {PLACE} {{ ?s ?p ?o }} }}"""
    assert desk.update(text).outcome is WriteOutcome.PUBLISHED
    assert desk.held("notes") == set()
    assert any("jp-cabinet-office" in row[2] for row in desk.held("more"))


def test_a_variable_may_stand_for_the_graph(desk):
    """The graphs are those that the pattern finds; each must be one that may be written."""
    desk.put("one", f"{REPORTS_TO} .")
    desk.put("two", f"{REPORTS_TO} . {OTHER} .")
    found = (
        f"{{ GRAPH ?g {{ ?s <{ORG}reportsTo> <{BASE}id/body/jp-cabinet-office> }} FILTER(STRENDS(STR(?g), 'two')) }}"
    )
    text = f"DELETE {{ GRAPH ?g {{ ?s <{ORG}reportsTo> <{BASE}id/body/jp-cabinet-office> }} }} WHERE {found}"
    assert desk.update(text).outcome is WriteOutcome.PUBLISHED
    assert (len(desk.held("one")), len(desk.held("two"))) == (1, 1)


FORBIDDEN = {
    "a page's graph": f"DELETE WHERE {{ GRAPH <{BASE}graph/report/drc-2021-267> {{ ?s ?p ?o }} }}",
    "the ontology": f"INSERT DATA {{ GRAPH <{BASE}graph/ontology> {{ {REPORTS_TO} }} }}",
    "the authority": f"CLEAR GRAPH <{BASE}graph/authority>",
    "the default graph": f"INSERT DATA {{ {REPORTS_TO} }}",
    "the default graph, by a pattern": "DELETE WHERE { ?s ?p ?o }",
    "every graph": "DROP ALL",
    "every named graph": "CLEAR SILENT NAMED",
    "a graph of a curated file": f"INSERT DATA {{ GRAPH <{graph('a-ttl--0123456789abcdef')}> {{ {REPORTS_TO} }} }}",
    "a graph elsewhere": "CREATE GRAPH <http://example.com/graph>",
    "page graphs, by a variable": "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    "page graphs, by a bound variable": f"INSERT {{ GRAPH ?g {{ {REPORTS_TO} }} }} "
    f"WHERE {{ BIND(<{BASE}graph/authority> AS ?g) }}",
    "a page's graph, by WITH": f"WITH <{BASE}graph/report/drc-2021-267> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    "a prefixed page's graph": f"PREFIX g: <{BASE}graph/report/> DROP GRAPH g:drc-2021-267",
    "a relative page's graph": "DROP GRAPH <graph/report/drc-2021-267>",
    "a page's graph, moved": f"MOVE <{BASE}graph/report/drc-2021-267> TO <{graph('notes')}>",
    "the second of two operations": f"INSERT DATA {{ {PLACE} {{ {REPORTS_TO} }} }} ; CLEAR DEFAULT",
    "another machine": f"INSERT {{ {PLACE} {{ ?s ?p ?o }} }} WHERE {{ SERVICE <http://example.com/> {{ ?s ?p ?o }} }}",
    "a document elsewhere": f"LOAD <http://example.com/> INTO GRAPH <{graph('notes')}>",
}


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_no_client_may_change_stays(desk, text):
    """The answer says so, and what is published is as it was, to the byte."""
    before = desk.state()
    written = desk.update(text)
    assert written.outcome is WriteOutcome.FORBIDDEN, written.reason
    assert written.reason
    assert desk.state() == before


@pytest.mark.parametrize("target", ["", f"{BASE}graph/report/drc-2021-267", f"{BASE}graph/ontology", graph("A"), "x"])
def test_no_other_graph_can_be_put(desk, target):
    """The graphs of pages and of what is known beforehand are not for clients, nor is the default graph."""
    before = desk.state()
    assert desk.write(WriteKind.PUT_GRAPH, target, f"{REPORTS_TO} .").outcome is WriteOutcome.FORBIDDEN
    assert desk.state() == before


REFUSED = {
    "an unknown property": f"<{BASE}id/body/jp-csti> <http://example.com/p> 1 .",
    "a node without a class": f"<{BASE}id/body/nobody> <{ORG}reportsTo> <{BASE}id/body/jp-cabinet-office> .",
    "a minister's office that is reported to": f"<{BASE}id/body/jp-csti> <{ORG}reportsTo> <{BASE}id/person/x> .",
    "a report that no page is": f'<{BASE}id/report/none-1> <http://purl.org/dc/terms/title> "T"@en .',
    "a second title of a report": f'<{BASE}id/report/drc-2021-267> <http://purl.org/dc/terms/title> "T"@en .',
}


@pytest.mark.parametrize("turtle", REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_shape_is_refused(desk, turtle):
    """The findings say which shape, and where in the body; what is published is as it was, to the byte."""
    before = desk.state()
    written = desk.put("notes", f"\n{turtle}")
    assert written.outcome is WriteOutcome.REFUSED
    assert all(finding.where and finding.where.source == "body" for finding in written.findings)
    assert {finding.where.line for finding in written.findings} == {2}
    assert desk.state() == before


MALFORMED = {
    "half a statement": "<a> <b>",
    "a blank node": f"_:x <{ORG}reportsTo> <{BASE}id/body/jp-mext> .",
    "nothing": "",
}


@pytest.mark.parametrize("turtle", MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_a_curated_graph_is_malformed(desk, turtle):
    """Broken syntax, nodes without an IRI, and a graph without statements."""
    before = desk.state()
    assert desk.put("notes", turtle).outcome is WriteOutcome.MALFORMED
    assert desk.state() == before


def test_an_update_that_leaves_a_blank_node_is_malformed(desk):
    """No graph of curated facts holds one, whatever wrote it."""
    written = desk.update(f"INSERT DATA {{ {PLACE} {{ [] <{ORG}reportsTo> <{BASE}id/body/jp-mext> }} }}")
    assert written.outcome is WriteOutcome.MALFORMED


def test_the_place_of_a_fault_is_told(desk):
    """Line and column count from 1, in updates and in graphs."""
    assert (desk.put("notes", "\n<a> <b> ]").line, desk.update("\n  INSERT DATA {{").line) == (2, 2)


@pytest.mark.parametrize("media_type", ["application/rdf+xml", "text/csv", ""])
def test_other_media_types_are_not_read(desk, media_type):
    """RDF/XML is none of those that curated facts are read from."""
    assert desk.put("notes", "x", media_type=media_type).outcome is WriteOutcome.UNSUPPORTED


def test_json_ld_and_n_triples_are_read(desk):
    """The formats of files of curated facts."""
    context = f'{{"@id": "id/body/jp-csti", "{ORG}reportsTo": {{"@id": "id/body/jp-cabinet-office"}}}}'
    assert desk.put("one", context, media_type="application/ld+json").outcome is WriteOutcome.PUBLISHED
    assert desk.put("two", f"{REPORTS_TO} .", media_type="application/n-triples").outcome is WriteOutcome.PUBLISHED
    assert desk.held("one") == desk.held("two")


def test_a_warning_is_told_and_published(desk):
    """Curated dates that differ from the authority's are a Warning."""
    began = "<https://w3id.org/policy-kg/coord#startDate>"
    dated = f'<{BASE}id/body/jp-csti> {began} "1999"^^<http://www.w3.org/2001/XMLSchema#gYear> .'
    written = desk.put("notes", dated)
    assert written.outcome is WriteOutcome.PUBLISHED
    assert written.findings


def test_a_body_that_is_too_long_is_not_read(desk):
    """The limit is one of the gate's options."""
    small = Desk(desk.store, most_bytes=10)
    assert small.put("notes", f"{REPORTS_TO} .").outcome is WriteOutcome.TOO_LARGE


def test_nothing_is_written_where_nothing_was_built(tmp_path):
    """A Policy KG begins with a build."""
    written = Desk(tmp_path / "none").put("notes", f"{REPORTS_TO} .")
    assert (written.outcome, written.version) == (WriteOutcome.FAILED, "")
    assert "build" in written.reason
