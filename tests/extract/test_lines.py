"""Lines of a header: parted where a file joined them, joined where it parted a label from its words."""

import pytest

from kg.extract.lines import header_lines


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("A\n\n  b c \n", ["A", "b c"]),
        ("Words. Abstract: More. Key words: a, b", ["Words.", "Abstract: More.", "Key words: a, b"]),
        (
            "By A B, DRC Research Report No 5, 2016 (Total 4938)",
            ["By A B, DRC", "Research Report No 5, 2016 (Total 4938)"],
        ),
        ("They read Research Report No 5, 2016 with care.", ["They read Research Report No 5, 2016 with care."]),
        ("Key words:\na, b\nEnd", ["Key words:\na, b", "End"]),
        ("Key words:\n", ["Key words:"]),
        ("The Abstract is short", ["The Abstract is short"]),
        ("Abstract: A\nAbstract: B", ["Abstract: A", "Abstract: B"]),
    ],
)
def test_lines(content, lines):
    """A label begins a line, wherever a file has it, and does not stand alone."""
    assert [content[line.start : line.end] for line in header_lines(content)] == lines
