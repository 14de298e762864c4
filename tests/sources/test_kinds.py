"""Which files are pages, patterns that name many, and a page on standard input."""

import io

import pytest

from kg.model.errors import SourceError
from kg.model.page import Page
from kg.sources import PassedOver, Unreadable, count_pages, find_pages
from kg.sources.kinds import sniffed
from kg.sources.stdin import STDIN, stdin_page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with pages in folders of it."""
    monkeypatch.chdir(tmp_path)
    for name in ["in/b.txt", "in/a.txt", "in/c.html", "in/more/d.txt", "in/e.docx", "in/.hidden.txt", "[x].txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def sources(*paths):
    """The sources of the pages that are taken, in order."""
    return [each.source for each in find_pages([*paths]) if isinstance(each, Page)]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a.HTML", "text/html"),
        ("a.htm", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.Pdf", "application/pdf"),
    ],
)
def test_the_end_of_a_name_tells_the_kind(tmp_path, name, media_type):
    """Each kind of page has its media type."""
    (tmp_path / name).write_text("x")
    (page,) = find_pages([tmp_path])
    assert page.media_type == media_type


@pytest.mark.parametrize(
    ("payload", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<!doctype HTML><p>", "text/html"),
        (b"\xef\xbb\xbf\n <!-- x --> <html lang=en>", "text/html"),
        ("<html>".encode("utf-16"), "text/html"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC ''><html>", "application/xhtml+xml"),
        (b"<htmlx>", "text/plain"),
        (b"You Are Here: Home > <html>", "text/plain"),
        (b"", "text/plain"),
    ],
)
def test_how_a_page_begins_tells_its_kind(payload, media_type):
    """Without a name, PDF and HTML are known by their first bytes."""
    assert sniffed(payload) == media_type


def test_standard_input_is_a_page(monkeypatch):
    """A hyphen names what stands on standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<html><p>a")))
    assert list(find_pages([STDIN])) == [Page(source="stdin", media_type="text/html", payload=b"<html><p>a")]
    assert count_pages([STDIN]) == 1


def test_too_much_on_standard_input_is_unreadable():
    """No more is read than a page may have."""
    stream = io.BytesIO(b"x" * 100)
    taken = stdin_page(10, stream)
    assert isinstance(taken, Unreadable)
    assert "a page may have 10 (setting most_page_bytes)" in taken.reason
    assert stream.tell() == 11


def test_a_pattern_names_files(folder):
    """Files that match are read by path; hidden ones are left alone."""
    assert sources(folder / "in" / "*.txt") == ["in/a.txt", "in/b.txt"]
    assert sources(folder / "in" / "[bc].*") == ["in/b.txt", "in/c.html"]
    assert sources(folder / "in" / "**" / "*.txt") == ["in/a.txt", "in/b.txt", "in/more/d.txt"]
    assert count_pages([folder / "in" / "*.txt"]) == 2


def test_sources_of_a_pattern_do_not_depend_on_where_pages_lie(folder, monkeypatch, tmp_path_factory):
    """From elsewhere, sources begin with the last folder that the pattern spells out."""
    inside = sources(folder / "in" / "**" / "*.txt")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert sources(folder / "in" / "**" / "*.txt") == inside


def test_what_matches_and_is_no_page_is_passed_over(folder):
    """A pattern may match files of other kinds."""
    assert [each for each in find_pages([folder / "in" / "*"]) if not isinstance(each, Page)] == [
        PassedOver(source="in/e.docx")
    ]


@pytest.mark.parametrize(
    ("pattern", "reason"), [("in/*.xyz", "no file matches this pattern"), ("in/*.docx", "no file that matches")]
)
def test_a_pattern_without_pages_is_an_error(folder, pattern, reason):
    """A pattern that names no page is most likely the wrong one."""
    with pytest.raises(SourceError, match=reason):
        list(find_pages([folder / pattern]))


def test_a_file_named_like_a_pattern_is_a_file(folder):
    """What exists under a name is meant by it."""
    assert sources(folder / "[x].txt") == ["[x].txt"]
