"""Rows counted from an answer's bytes, whatever its texts hold."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.query.rows import row_count
from kg.rdf.formats import ResultsFormat

HARD = r"""VALUES (?a ?b) { ("}},{" "},{") (UNDEF UNDEF) (UNDEF UNDEF) ("a\nb\r\n" "<result>") ("\"q\",\"" 1)
  ("\\" "\\\"},{") ("[]}}" "x") ("\t" "") }"""
ODD = r"""VALUES (?a ?b) { ("x" "\\") ("y" "\"}},{") ("" "}},{") ("a:" "b:") }"""


@pytest.mark.parametrize("results", ResultsFormat)
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (f"SELECT ?a ?b {{ {HARD} }}", 8),
        (f"SELECT ?a {{ {HARD} }}", 8),
        (f"SELECT ?a ?b {{ {ODD} }}", 4),
        (f"SELECT ?b {{ {ODD} }}", 4),
        ("SELECT ?a { FILTER(false) }", 0),
        ("SELECT * { }", 1),
        ("SELECT * { FILTER(false) }", 0),
        ("SELECT ?a { VALUES ?a { '[]}}' } }", 1),
        ("SELECT ?n { VALUES ?n { 1 2 3 4 5 6 7 8 9 } }", 9),
    ],
)
def test_rows_of_an_answer(results, query, rows):
    """The count is that of the rows, in each format, also where texts look like the format itself."""
    assert row_count(Store().query(query).serialize(format=results.results), results) == rows


def test_counting_never_costs_much():
    """A long answer whose texts look like the format is not counted; a long plain one is."""
    hard, plain = (
        b'{"head":{"vars":["a"]},"results":{"bindings":[' + b",".join([row] * 50_000) + b"]}}"
        for row in (b'{"a":{"type":"literal","value":"}},{"}}', b'{"a":{"type":"literal","value":"plain"}}')
    )
    assert (row_count(hard, ResultsFormat.JSON), row_count(plain, ResultsFormat.JSON)) == (None, 50_000)
