"""The line that a finding is about, and its words on it."""

from kg.model.evidence import Place, Span
from kg.model.excerpt import Excerpt, excerpts, line_excerpt
from kg.model.page import Page
from kg.pages import read_page


def place_of(text, words):
    """The place of some words of a text."""
    at = text.content.index(words)
    return text.place(Span(at, at + len(words)))


def excerpt(text, place):
    """The excerpt for one place."""
    return excerpts(text, [place]).get(place)


def test_words_stand_between_what_is_before_and_behind_them_on_their_line(text_of):
    """The line is cut in three; lines above and below are no part of it."""
    text = text_of("one\ntwo three four\nfive\n")
    assert excerpt(text, place_of(text, "three")) == Excerpt(before="two ", words="three", after=" four")


def test_words_on_two_lines_are_shown_as_far_as_the_first(text_of):
    """A quote that goes on is marked to the end of its line."""
    text = text_of("say this\nand that\n")
    assert excerpt(text, place_of(text, "this\nand")) == Excerpt(before="say ", words="this", after="")


def test_a_place_without_words_marks_where_they_should_stand(text_of):
    """What is missing has a line and a column all the same."""
    place = Place(source="page.txt", line=2, column=1)
    assert excerpt(text_of("one\ntwo\n"), place) == Excerpt(before="", words="", after="two")


def test_a_long_line_is_cut_around_the_words(text_of):
    """A page in one line costs no more to show than any other."""
    text = text_of("a" * 9000 + " here " + "b" * 9000)
    found = excerpt(text, place_of(text, "here"))
    assert (found.cut_before, found.words, found.cut_after) == (True, "here", True)
    assert len(found.before) + len(found.after) < 1000


def test_a_line_that_the_text_does_not_have_is_none(text_of):
    """A place from elsewhere is not guessed at."""
    assert excerpt(text_of("one\n"), Place(source="page.txt", line=9, column=1)) is None


def test_of_a_web_page_the_line_read_is_shown():
    """Markup between the words is left out, as in the text."""
    payload = b"<html><body><p>One.</p><p>Two <b>bold</b> words.</p></body></html>"
    text = read_page(Page(source="p.html", media_type="text/html", payload=payload))
    assert excerpt(text, place_of(text, "bold")) == Excerpt(before="Two ", words="bold", after=" words.")


def test_a_line_of_a_file_is_cut_by_its_column():
    """Columns count from 1."""
    assert line_excerpt("ab cd", 4, "cd") == Excerpt(before="ab ", words="cd", after="")
