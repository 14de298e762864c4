"""SERVICE clauses found in queries: those by the book, at their places, and no others."""

from __future__ import annotations

import pytest

from kg.model.errors import KgError, QueryRefused, QuerySyntaxError, Refusal
from kg.query.clauses import MOST_CLAUSES, has_clauses, read_clauses
from kg.query.gate import LONGEST

X = "http://x/sparql"


def found(text):
    """Of each clause its service, its text, and those within it."""

    def told(clauses):
        return [(each.service, text[each.start : each.end], told(each.inner)) for each in clauses]

    return told(read_clauses(text).outer)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("", f"SERVICE <{X}> {{ ?s ?p ?o }}"),
        ("", f"service silent <{X}>{{}}"),
        ("", f"SERVICE # {{ <\n <{X}> # }}\n {{ ?s ?p '}}' . # }}\n ?a ?b <#> }}"),
        ("PREFIX x: <http://x/> ", "SERVICE x:sparql { ?s ?p ?o }"),
        ("", f"SERVICE <{X}> {{ {{ SELECT ?s {{ ?s ?p ?o }} LIMIT 3 }} OPTIONAL {{ ?s ?q ?r }} }}"),
    ],
)
def test_clause(head, text):
    """A clause is found as far as it goes, whatever stands in strings, IRIs and comments of it."""
    assert found(f"{head}SELECT * {{ ?a ?b ?c . {text} ?d ?e ?f }}") == [(X, text, [])]


def test_clauses_within_clauses():
    """Those within one are told apart from those beside it, through any groups between."""
    inner = "SERVICE <http://y/> { ?a ?b ?c }"
    outer = f"SERVICE <{X}> {{ ?s ?p ?o OPTIONAL {{ {{ {inner} }} }} }}"
    text = f"SELECT * {{ FILTER EXISTS {{ {outer} }} {{ {inner} }} UNION {{ SELECT * {{ {inner} }} }} }}"
    within = ("http://y/", inner, [])
    assert found(text) == [(X, outer, [within]), within, within]


def test_variables_of_the_group():
    """Variables are those of the group, once each and in their order."""
    (clause,) = read_clauses(f"SELECT ?z {{ ?y ?p ?x SERVICE <{X}> {{ ?s $p ?o ; ?p '?no' }} ?k ?l ?m }}").outer
    assert clause.variables == ("s", "p", "o")


def test_prologue():
    """What a query declares goes with each group; a version does not, which other servers may not know."""
    text = "VERSION '1.2' PREFIX a: <b/c> # x\nBASE <http://y/> prefix : <> ASK {}"
    assert read_clauses(text).prologue == "PREFIX a: <b/c>\nBASE <http://y/>\nPREFIX : <>\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ASK { SERVICE ?x { ?s ?p ?o } }", r"SERVICE \?x is not run here: the service must stand in the query"),
        ("ASK { SERVICE?x{} }", "must stand in the query"),
        ("ASK { SERVICE SILENT $x {} }", "must stand in the query"),
        ("ASK { SERVICE undeclared:x {} }", "not run here"),
        ("ASK { SERVICE <http://x/> }", "not run here"),
        ("ASK { SERVICE SILENT SILENT <http://x/> {} }", "not run here"),
        ("ASK { \\u0053ERVICE <http://x/> {} }", "not run here"),
        ("ASK { SERVICE <http://x/> { \\u0053ERVICE <http://x/> {} } }", "not run here"),
        ("ASK { SERVICE <http://x/> { SERVICEx:y {} } }", "not run here"),
        ("ASK { SERVICE <http://x/> { FILTER(1<2)SERVICE#>\n:x{} } }", "not run here"),
        ("PREFIX : <http://x/> ASK { SERVICE:x {} SERVICE <http://x/> {} }", "would be read as SERVICE"),
        ("ASK { ?s ?p trueSERVICE <http://x/> {} }", "not run here"),
        ("ASK { SERVICE <http://x/> {} LOAD <http://y/> }", "not run here"),
    ],
)
def test_what_is_not_by_the_book(text, reason):
    """Whatever else the engine, or another one, could read as federation is refused as it always was."""
    with pytest.raises(QueryRefused, match=reason) as refused:
        read_clauses(text)
    assert refused.value.kind is Refusal.FEDERATION


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * SERVICE <http://x/> { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } SERVICE <http://x/> { ?s ?p ?o }",
        "SELECT * { { SELECT * { ?s ?p ?o } SERVICE <http://x/> { ?s ?p ?o } } }",
        "ASK { SERVICE <http://x/> { SELECT * {} SERVICE <http://x/> {} } }",
    ],
)
def test_where_no_pattern_may_stand(text):
    """A clause that stands outside of any pattern is a fault of the query, with its place."""
    with pytest.raises(QuerySyntaxError, match="between the braces") as error:
        read_clauses(text)
    assert error.value.column


def test_unclosed_group():
    """A group without an end is a fault of the query."""
    with pytest.raises(QuerySyntaxError, match="never closed") as error:
        read_clauses("ASK {\n SERVICE <http://x/> { ?s ?p ?o ")
    assert (error.value.line, error.value.column) == (2, 2)


def test_bounds_are_those_of_the_gate():
    """With its clauses a query is no longer, and asks no more services, than one may."""
    clause = "SERVICE <http://x/> {} "
    assert len(read_clauses(f"ASK {{ {clause * MOST_CLAUSES} }}").outer) == MOST_CLAUSES
    for text in (f"ASK {{ {clause * (MOST_CLAUSES + 1)} }}", f"ASK {{ {clause} }}#".ljust(LONGEST + 1)):
        with pytest.raises(QueryRefused) as refused:
            read_clauses(text)
        assert refused.value.kind is Refusal.SIZE
    with pytest.raises(QueryRefused, match="INSERT"):
        read_clauses(f"INSERT {{}} WHERE {{ {clause} }}")


@pytest.mark.parametrize(
    ("text", "has"),
    [
        (f"ASK {{ SERVICE <{X}> {{}} }}", True),
        ("ASK { ?service ?p <http://service/> , 'SERVICE <x> {}' } # SERVICE", False),
        ("PREFIX service: <http://x/> ASK { service:a ?p ?o }", False),
        ("ASK {}", False),
    ],
)
def test_has_clauses(text, has):
    """A query has clauses where the word stands by itself, outside of names, strings and comments."""
    assert has_clauses(text) is has


@pytest.mark.parametrize("piece", ["SERVICE ", "SERVICE <http://x/> {", "{", "} SERVICE", "{?x ", "PREFIX a: <b> {"])
def test_hostile_repetition_ends(piece):
    """Text made to be read again and again is read once: these would take minutes in quadratic time."""
    for text in (piece * (LONGEST // len(piece)), "ASK {" + piece * (LONGEST // len(piece) - 5)):
        with pytest.raises(KgError):
            read_clauses(text)
