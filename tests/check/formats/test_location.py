"""Where other programs look for a finding."""

import pytest

from kg.check.formats.location import location
from kg.model.evidence import Place


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("pages/a.txt", ("pages/a.txt", 2, 5)),
        ("pages/a#1.txt", ("pages/a#1.txt", 2, 5)),
        ("report.pdf#page=3", ("report.pdf", 1, 1)),
        ("index.csv#line=7", ("index.csv", 8, 5)),
        ("pages.jsonl#line=7", ("pages.jsonl", 7, 1)),
        ("https://example.org/p", ("https://example.org/p", 2, 5)),
    ],
)
def test_a_part_of_a_file_is_found_in_the_file(source, expected):
    """Rows and archived pages lie on a line of their file; a PDF has no lines."""
    at = location(Place(source=source, line=2, column=5, quote="x"))
    assert (at.file, at.line, at.column) == expected


def test_words_end_behind_their_last_character():
    """Also on a later line."""
    one = location(Place(source="a.txt", line=2, column=5, quote="abc"))
    two = location(Place(source="a.txt", line=2, column=5, quote="abc\nde"))
    assert (one.end_line, one.end_column) == (2, 8)
    assert (two.end_line, two.end_column) == (3, 3)


def test_a_path_is_a_relative_reference():
    """Spaces, colons and letters beyond ASCII are written as RFC 3986 has it; a URL stays."""
    assert location(Place(source="a b/文:1.txt", line=1, column=1)).uri == "a%20b/%E6%96%87%3A1.txt"
    assert location(Place(source="https://example.org/?a=b", line=1, column=1)).uri == "https://example.org/?a=b"
