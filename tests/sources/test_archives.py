"""Archives of pages: JSON Lines read as a stream, line by line, whatever stands in them."""

import gzip
import io
import json
import tracemalloc

import pytest

from kg.model.page import Page
from kg.sources import Unreadable, count_pages, find_pages
from kg.sources.archives import _lines

PAGE = {"url": "https://example.org/reports/1", "media_type": "text/html", "text": "<p>a</p>"}


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Writes an archive `pages.jsonl` with these lines and gives what is taken from it."""
    monkeypatch.chdir(tmp_path)

    def taken(*lines, name="pages.jsonl", **options):
        rows = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        content = b"\n".join(rows)
        (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
        return list(find_pages([tmp_path / name], **options))

    return taken


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.jsonl.gz", "PAGES.JSONL.GZ"])
def test_each_line_is_a_page(archive, name):
    """A page bears its URL, its media type and its text in UTF-8, compressed or not."""
    found = archive(PAGE, {"text": "Bericht über"}, name=name.lower())
    assert found == [
        Page(source=PAGE["url"], media_type="text/html", payload=b"<p>a</p>"),
        Page(source=f"{name.lower()}#line=2", media_type="text/plain", payload="Bericht über".encode()),
    ]


def test_the_kind_of_a_page_without_media_type_is_told_by_how_it_begins(archive):
    """HTML is known by its first words."""
    kinds = [page.media_type for page in archive({"text": "<!DOCTYPE html><p>a"}, {"text": "a <html>"})]
    assert kinds == ["text/html", "text/plain"]


def test_a_media_type_may_have_parameters(archive):
    """An encoding in the media type says nothing of the archive's own."""
    (page,) = archive({"media_type": "Text/HTML; charset=gbk", "text": "é"})
    assert (page.media_type, page.payload) == ("text/html", "é".encode())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "no JSON: Expecting property name enclosed in double quotes at column 2"),
        (b"\xff", "no UTF-8: byte 0xff at offset 0 of the line"),
        (b"[" * 200_000, "no JSON that is read: it is nested too deeply"),
        (b'{"a":' * 200_000, "no JSON that is read: it is nested too deeply"),
        ([1], 'no JSON object; a page is {"url": …, "media_type": …, "text": …}'),
        ({"url": "https://example.org/"}, "its text is NoneType; a page has a string `text`"),
        ({"text": 1}, "its text is int; a page has a string `text`"),
        (b'{"text": "a\\ud800b"}', "its text holds half a character, U+D800, at offset 1"),
        (b'{"text": "a", "url": "https://example.org/\\ud800"}', "its url is no absolute URL"),
        ({"text": "a", "url": "no url"}, "its url is no absolute URL"),
        ({"text": "a", "url": "https://example.org/a b"}, "its url is no absolute URL"),
        ({"text": "a", "url": ["x"]}, "its url is no absolute URL"),
        (
            {"text": "a", "media_type": "application/pdf"},
            "its media_type is 'application/pdf'; application/xhtml+xml, text/html, text/plain are read",
        ),
        (
            {"text": "a", "media_type": {}},
            "its media_type is {}; application/xhtml+xml, text/html, text/plain are read",
        ),
    ],
    ids=range(14),
)
def test_a_bad_line_is_named_and_the_rest_is_read(archive, line, reason):
    """File, line and reason are given, and the pages around it are taken."""
    before, bad, after = archive(PAGE, line, PAGE)
    assert before == after == Page(source=PAGE["url"], media_type="text/html", payload=b"<p>a</p>")
    assert bad == Unreadable(source="pages.jsonl:2", reason=reason)


def test_a_number_of_many_digits_does_no_harm(archive):
    """A number too long to be read makes the line unreadable, not the run."""
    (bad,) = archive(b'{"text": "a", "n": ' + b"9" * 10_000 + b"}")
    assert bad.source == "pages.jsonl:1"


def test_empty_lines_and_a_mark_are_passed_by(archive):
    """Lines keep their numbers, whatever stands between them."""
    found = archive(b"\xef\xbb\xbf" + json.dumps({"text": "a"}).encode(), b"", b" \r", {"text": "b"}, b"")
    assert [page.source for page in found] == ["pages.jsonl#line=1", "pages.jsonl#line=4"]


@pytest.mark.parametrize("lines", [[], [b""], [b"\n\n"]])
def test_an_empty_archive_is_named(archive, lines):
    """Silence is never success."""
    assert archive(*lines) == [Unreadable(source="pages.jsonl", reason="the archive holds no page")]


def test_a_line_that_is_too_long_is_passed_by(archive):
    """A line beyond the limit is named, and the next is read."""
    bad, good = archive({"text": "a" * 100}, {"text": "b"}, most_bytes=60)
    assert bad == Unreadable(
        source="pages.jsonl:1", reason="the line is too long; a page may have 60 (setting most_page_bytes)"
    )
    assert good.payload == b"b"


@pytest.mark.parametrize("most_bytes", [11, 12, 13])
def test_the_limit_does_not_count_the_line_end(most_bytes):
    """A line of just as many bytes as may be is read."""
    stream = io.BytesIO(b'{"text":"a"}\nnext')
    lines = [line is not None for _, line in _lines(stream, most_bytes)]
    assert lines == [most_bytes >= 12, True]


class Endless(io.RawIOBase):
    """A gigabyte without a line end, then a page."""

    def __init__(self, size):
        self.left, self.page = size, b'\n{"text": "b"}'

    def readable(self):
        """It is."""
        return True

    def readinto(self, buffer):
        """What comes next."""
        if self.left:
            count = min(self.left, len(buffer))
            buffer[:count] = bytes(count)
            self.left -= count
            return count
        piece, self.page = self.page[: len(buffer)], self.page[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def test_a_line_of_a_gigabyte_is_never_held_in_memory():
    """What is passed by is read in pieces."""
    tracemalloc.start()
    lines = list(_lines(io.BufferedReader(Endless(1024**3)), 1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == [(1, None), (2, b'{"text": "b"}')]
    assert peak < 10_000_000


def test_pages_are_taken_one_by_one(tmp_path):
    """The first page of an archive is there before the second is read."""
    file = tmp_path / "pages.jsonl"
    file.write_bytes(b"\n".join(json.dumps({"text": "a" * 1000}).encode() for _ in range(20_000)))
    tracemalloc.start()
    count = sum(1 for _ in find_pages([file]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000


@pytest.mark.parametrize("cut", [5, -9, -1])
def test_a_broken_archive_is_named(tmp_path, cut):
    """What was compressed and cut is read as far as it goes, and the break is named."""
    whole = gzip.compress(b"\n".join(json.dumps({"text": str(number)}).encode() for number in range(5)))
    (tmp_path / "pages.jsonl.gz").write_bytes(whole[:cut])
    *_, last = find_pages([tmp_path])
    assert last.source.endswith("pages.jsonl.gz")
    assert last.reason.startswith("the archive cannot be read on: ")


def test_bytes_that_were_never_compressed_are_named(tmp_path):
    """A name that ends in .gz does not make it so."""
    (tmp_path / "pages.jsonl.gz").write_text(json.dumps(PAGE))
    (bad,) = find_pages([tmp_path / "pages.jsonl.gz"])
    assert "the archive cannot be read on: Not a gzipped file" in bad.reason


def test_archives_in_folders_are_read_in_order(tmp_path, monkeypatch):
    """An archive takes its place among the files of its folder, and counts as one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.jsonl").write_text('{"text": "1"}\n{"text": "2"}')
    (tmp_path / "c.html").write_text("x")
    assert [page.source for page in find_pages([tmp_path])] == ["a.txt", "b.jsonl#line=1", "b.jsonl#line=2", "c.html"]
    assert count_pages([tmp_path]) == 3
