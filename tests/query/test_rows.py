"""Rows counted from an answer's bytes, whatever its texts hold and wherever its pieces end."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.query.rows import row_counter, whole_rows
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
        ("SELECT ?a { VALUES ?a { '}},{' 'b' } }", 2),
        ("SELECT ?a { VALUES ?a { 'a:' 'b' } }", 2),
        ("SELECT ?a { VALUES ?a { UNDEF UNDEF } }", 2),
        ("SELECT ?a { FILTER(false) }", 0),
        ("SELECT * { }", 1),
        ("SELECT * { FILTER(false) }", 0),
        ("SELECT ?a { VALUES ?a { '[]}}' } }", 1),
        ("SELECT ?n { VALUES ?n { 1 2 3 4 5 6 7 8 9 } }", 9),
    ],
)
def test_rows_of_an_answer(results, query, rows):
    """The count is that of the rows, in each format, also where texts look like the format itself."""
    written = Store().query(query).serialize(format=results.results)
    assert whole_rows(results, written) == rows
    for size in (1, 2, 3, 7, 16, len(written)):
        counter = row_counter(results)
        for start in range(0, len(written), size):
            counter.add(written[start : start + size])
        assert counter.rows == rows
