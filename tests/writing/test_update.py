"""Updates taken apart."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.writes import WriteOutcome
from kg.writing.declined import Declined
from kg.writing.update import taken_apart


def parts(text):
    """The operations of an update."""
    return taken_apart(text).operations


@pytest.mark.parametrize(
    ("text", "graphs", "variables", "default"),
    [
        ("INSERT DATA { <s> <p> 1 }", [], [], True),
        ("INSERT DATA { GRAPH <g> { <s> <p> 1 } }", ["<g>"], [], False),
        ("DELETE DATA { GRAPH <g> { <s> <p> 1 } . <s> <p> 2 }", ["<g>"], [], True),
        ("INSERT DATA { GRAPH <g> { } GRAPH x:h { <s> <p> '}' } }", ["<g>", "x:h"], [], False),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", [], ["?g"], False),
        ("WITH <g> DELETE { ?s ?p ?o } INSERT { GRAPH <h> { ?s ?p 1 } } WHERE { ?s ?p ?o }", ["<h>", "<g>"], [], False),
        ("WITH <g> INSERT { GRAPH <h> { ?s ?p 1 } } WHERE { ?s ?p ?o }", ["<h>"], [], False),
        ("INSERT { GRAPH $g { ?s ?p 1 } } USING <h> USING NAMED <i> WHERE { GRAPH <j> { } }", [], ["$g"], False),
        ("CLEAR SILENT DEFAULT", [], [], True),
        ("DROP GRAPH <g>", ["<g>"], [], False),
        ("CREATE SILENT GRAPH <g>", ["<g>"], [], False),
        ("COPY <g> TO <h>", ["<h>"], [], False),
        ("ADD SILENT GRAPH <g> TO DEFAULT", [], [], True),
        ("MOVE DEFAULT TO GRAPH <h>", ["<h>"], [], True),
        ("insert data { graph <g> { <s> <p> 1 } }", ["<g>"], [], False),
        ("INSERT { } # GRAPH <x>\nWHERE { }", [], [], False),
    ],
)
def test_what_an_operation_can_write_is_known(text, graphs, variables, default):
    """The graphs of its templates, of WITH, and of what it clears, drops, or copies to."""
    (part,) = parts(text)
    assert (list(part.graphs), list(part.variables), part.is_default_written) == (graphs, variables, default)


@pytest.mark.parametrize("text", ["DROP ALL", "CLEAR SILENT NAMED"])
def test_all_graphs_are_told_from_one(text):
    """ALL and NAMED are about every graph."""
    assert parts(text)[0].is_all_written


def test_each_operation_carries_what_was_declared_before_it():
    """BASE and PREFIX hold for all that follows."""
    text = "PREFIX a: <x> INSERT DATA { <s> a:p 1 } ; PREFIX b: <y> BASE <z> CLEAR DEFAULT ; DROP ALL ;"
    prologues = [part.prologue.split() for part in parts(text)]
    assert prologues == [
        ["PREFIX", "a:", "<x>"],
        ["PREFIX", "a:", "<x>", "PREFIX", "b:", "<y>", "BASE", "<z>"],
        ["PREFIX", "a:", "<x>", "PREFIX", "b:", "<y>", "BASE", "<z>"],
    ]


EMPTY = ["", "  # nothing", "PREFIX a: <b>", "LOAD SILENT <x>", "LOAD SILENT <x> INTO GRAPH <y>"]


@pytest.mark.parametrize("text", EMPTY)
def test_an_update_may_do_nothing(text):
    """As the grammar has it; and no document is loaded in silence."""
    assert parts(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { }",
        "INSERTDATA { }",
        "INSERT DATA { <s> <p> 1",
        "INSERT DATA",
        "DELETE { }",
        "WITH ?g DELETE { } WHERE { }",
        "CLEAR",
        "DROP GRAPH ?g",
        "COPY <g> <h>",
        "CLEAR ALL CLEAR ALL",
        "INSERT DATA { <s> <p> 'x }",
    ],
)
def test_what_is_no_update_is_told_with_its_place(text):
    """The line counts from 1."""
    with pytest.raises(Declined) as declined:
        parts(f"\n{text}")
    assert declined.value.outcome is WriteOutcome.MALFORMED
    assert declined.value.line == 2


@given(st.text(alphabet="{}()<>\"'#;.?$:\\ \nGRAPHINSERTDATAWHEUSLODabx", max_size=60))
def test_any_text_is_taken_apart_or_declined(text):
    """Nothing else comes of it, and what is taken apart is found in the text."""
    with suppress(Declined):
        for part in parts(text):
            assert text[part.start :].strip()
