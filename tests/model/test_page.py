"""Pages and texts: quotes, their places, and what makes a page itself."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.evidence import Evidence, Place, Span
from kg.model.page import Page, Text

LINES = st.text(alphabet=st.sampled_from("ab\n \t“é𝒳"), max_size=60)


def text_of_content(content):
    """A text of a page with that content."""
    return Text(page=Page(source="a.txt", media_type="text/plain", payload=content.encode()), content=content)


def naive_place(content, start):
    """Line and column by counting one character after another."""
    line = column = 1
    for letter in content[:start]:
        line, column = (line + 1, 1) if letter == "\n" else (line, column + 1)
    return line, column


def test_a_page_is_known_by_its_payload():
    """A page's id is its payload's SHA-256, whatever its source."""
    first, second = (Page(source=name, media_type="text/plain", payload=b"abc") for name in ("a.txt", "b.txt"))
    assert first.id == second.id == hashlib.sha256(b"abc").hexdigest()


def test_a_page_shows_no_payload():
    """A page's repr leaves out its bytes, which may be many."""
    assert "secret" not in repr(Page(source="a.txt", media_type="text/plain", payload=b"secret"))


@given(LINES.filter(bool), st.data())
def test_every_quote_verifies(content, data):
    """verify(quote(a, b)) for every span within a text."""
    text = text_of_content(content)
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, len(content)))
    evidence = text.quote(start, end)
    assert text.verify(evidence)
    assert evidence.quote == content[start:end]


@given(LINES, st.integers(-80, 80), st.integers(-80, 80), st.text(max_size=3))
def test_only_the_words_at_the_span_verify(content, start, end, quote):
    """Evidence verifies only inside the text, and only with the words that stand there."""
    text = text_of_content(content)
    evidence = Evidence(page=text.page.id, span=Span(start, end), quote=quote)
    inside = 0 <= start < end <= len(content)
    assert text.verify(evidence) == (inside and content[start:end] == quote)


def test_another_pages_words_do_not_verify():
    """The same words at the same place of another page are no evidence."""
    assert not text_of_content("abc").verify(text_of_content("abcd").quote(0, 3))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 4), (3, 4)])
def test_no_words_can_be_quoted_outside_a_text(start, end):
    """An empty span, a reversed one and one that leaves the text are errors of the program."""
    with pytest.raises(ValueError, match="empty or outside"):
        text_of_content("abc").quote(start, end)


@given(LINES, st.data())
def test_places_are_what_a_person_counts(content, data):
    """Line and column from 1 agree with a naive count, up to the text's end."""
    start = data.draw(st.integers(0, len(content)))
    place = text_of_content(content).place(Span(start, start))
    assert (place.line, place.column) == naive_place(content, start)


def test_a_place_is_written_as_editors_read_it():
    """file:line:column."""
    assert str(Place(source="a.txt", line=3, column=14)) == "a.txt:3:14"
