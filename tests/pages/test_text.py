"""Bytes to text: line ends, marks, and what is refused as no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.errors import SourceError
from kg.model.evidence import Span
from kg.model.page import Page
from kg.pages import read_text


def page(payload):
    """A page with that payload."""
    return Page(source="a.txt", media_type="text/plain", payload=payload)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_line_end_is_one_line_feed(end):
    """Offsets, lines and columns do not depend on how lines end."""
    text = read_text(page(f"one{end}two{end}{end}four".encode()))
    assert text.content == "one\ntwo\n\nfour"
    place = text.place(Span(9, 13))
    assert (place.line, place.column, place.quote) == (4, 1, "four")


def test_line_ends_may_be_mixed():
    """A carriage return before a line feed belongs to it; any other is a line end of its own."""
    assert read_text(page(b"a\r\n\rb\n\rc")).content == "a\n\nb\n\nc"


def test_a_byte_order_mark_is_no_text():
    """The mark at the start is left out of the text and of the offsets; one inside is a character."""
    assert read_text(page("\ufeffa\ufeffb".encode())).content == "a\ufeffb"


@pytest.mark.parametrize("payload", [b"", b" \n\t\r\n", "\ufeff".encode(), "\u3000\u00a0\n".encode()])
def test_an_empty_page_is_refused(payload):
    """Nothing, white space of any kind, and a mark alone are no text."""
    with pytest.raises(SourceError, match=r"a\.txt: the page is empty"):
        read_text(page(payload))


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f"])
def test_control_characters_are_refused(control):
    """A control character is named with its line."""
    with pytest.raises(SourceError, match=f"control character U\\+{ord(control):04X} in line 2"):
        read_text(page(f"one\r\ntw{control}o".encode()))


@pytest.mark.parametrize("space", ["\t", "\x0b", "\x0c"])
def test_tabs_and_feeds_are_text(space):
    """Tabs and form feeds stand in texts taken from printed pages."""
    assert read_text(page(f"a{space}b".encode())).content == f"a{space}b"


@given(st.binary(max_size=40))
def test_bytes_are_text_or_refused(payload):
    """Any bytes give a text without carriage returns, or a SourceError."""
    try:
        text = read_text(page(payload))
    except SourceError:
        return
    assert "\r" not in text.content
    assert text.content.strip()
