# ruff: noqa: RUF001 - full-width marks are what is tested
"""Where sentences begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.sentences import sentences


def told(text):
    """The sentences as words."""
    return [text[span.start : span.end] for span in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("He said “Go.” They went.", ["He said “Go.”", "They went."]),
        ("See No. 5 of 2021. Then Dr. Ma.", ["See No. 5 of 2021.", "Then Dr. Ma."]),
        ("The U.S. Congress met. It sat.", ["The U.S. Congress met.", "It sat."]),
        ("About 3.5 per cent. More.", ["About 3.5 per cent.", "More."]),
        ("会议。决定！Then", ["会议。", "决定！", "Then"]),
        ("Heading\n\nText here", ["Heading", "Text here"]),
        ("Wrapped\nline. Next", ["Wrapped\nline.", "Next"]),
        ("List:\n- one\n- two\n1. three", ["List:", "- one", "- two", "1.", "three"]),
        ("Wait... what", ["Wait...", "what"]),
        ("  \n ", []),
    ],
)
def test_sentences(text, expected):
    """Stops end sentences but for abbreviations; empty lines and list items begin new ones."""
    assert told(text) == expected


@given(st.text(alphabet=st.sampled_from("aA .!?\n。”-1"), max_size=60))
def test_sentences_part_a_text(text):
    """In order, without overlap, trimmed, and with nothing but white space between them."""
    at = 0
    for span in sentences(text, 0, len(text)):
        assert not text[at : span.start].strip()
        words = text[span.start : span.end]
        assert words == words.strip() != ""
        at = span.end
    assert not text[at:].strip()
