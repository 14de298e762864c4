"""Files and folders to pages: order, names, limits, and what cannot be taken."""

import os

import pytest

from kg.model.errors import SourceError
from kg.model.page import Page
from kg.sources import PassedOver, Unreadable, count_pages, find_pages


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder `pages` in the working folder."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "pages"
    made.mkdir()
    return made


def sources(*paths, **options):
    """The sources of what is taken, in order."""
    return [each.source for each in find_pages(paths, **options)]


def only(path, **options):
    """What is taken from one path, if it is one thing."""
    (taken,) = find_pages([path], **options)
    return taken


def test_a_file_is_a_page(folder):
    """A text file is taken as it is, bytes untouched."""
    file = folder / "a.txt"
    file.write_bytes(b"\xef\xbb\xbfa\r\n")
    assert only(file) == Page(source="pages/a.txt", media_type="text/plain", payload=b"\xef\xbb\xbfa\r\n")


def test_folders_are_read_in_a_fixed_order(folder):
    """Files by name, then folders by name, whatever order the disk gives."""
    for name in ["b/1.txt", "c.txt", "a.txt", "B.txt", "a/z.text"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    assert sources(folder) == [f"pages/{name}" for name in ["B.txt", "a.txt", "c.txt", "a/z.text", "b/1.txt"]]


def test_sources_do_not_depend_on_where_pages_lie(folder, monkeypatch, tmp_path):
    """From elsewhere, a source is its path from the parent of what was given: the same name."""
    (folder / "a.txt").write_text("x")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    inside = sources(folder)
    monkeypatch.chdir(elsewhere)
    assert sources(folder) == inside == ["pages/a.txt"]
    assert sources(folder / ".." / "pages") == inside
    assert sources(folder / "a.txt") == ["a.txt"]


def test_a_path_with_dots_is_named_plainly(folder):
    """pages/../pages/a.txt is pages/a.txt."""
    (folder / "a.txt").write_text("x")
    assert sources(folder / ".." / "pages" / "a.txt") == ["pages/a.txt"]


def test_hidden_files_and_folders_are_left_alone(folder):
    """What begins with a dot is nobody's page, unless it is named."""
    (folder / ".git").mkdir()
    for name in [".git/a.txt", ".b.txt", "c.txt"]:
        (folder / name).write_text("x")
    assert sources(folder) == ["pages/c.txt"]
    assert isinstance(only(folder / ".b.txt"), Page)


def test_files_of_other_kinds_are_named(folder):
    """In a folder they are passed over by name; named themselves, they are refused with the reason."""
    (folder / "a.txt").write_text("x")
    (folder / "b.docx").write_text("x")
    assert list(find_pages([folder]))[1] == PassedOver(source="pages/b.docx")
    refused = only(folder / "b.docx")
    assert isinstance(refused, Unreadable)
    assert "files of kind .docx are not read" in refused.reason


def test_suffixes_may_be_in_capitals(folder):
    """A.TXT is a page, and counted as one."""
    (folder / "A.TXT").write_text("x")
    assert isinstance(only(folder), Page)
    assert count_pages([folder, folder / "A.TXT"]) == 2


@pytest.mark.parametrize("content", [None, "b.docx"])
def test_a_folder_without_pages_is_an_error(folder, content):
    """An empty folder, or one of other files, is most likely the wrong one."""
    if content:
        (folder / content).write_text("x")
    with pytest.raises(
        SourceError, match=r"the folder holds no page; pages are files that end in .*\.pdf, \.text, \.txt"
    ):
        list(find_pages([folder]))


def test_a_missing_path_is_an_error(folder):
    """A path that does not exist is named."""
    with pytest.raises(SourceError, match="no such file or folder"):
        list(find_pages([folder / "none.txt"]))


def test_a_page_too_large_is_refused_before_it_is_read(folder, monkeypatch):
    """A file of 50 MB is refused by its size; nothing of it is read."""
    file = folder / "a.txt"
    with file.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    monkeypatch.setattr("pathlib.Path.open", None)
    refused = only(file)
    assert isinstance(refused, Unreadable)
    assert refused.reason == "the file has 52,428,800 bytes; a page may have 16,777,216 (setting most_page_bytes)"


@pytest.mark.parametrize(("size", "kind"), [(9, Page), (10, Page), (11, Unreadable)])
def test_the_limit_itself_is_allowed(folder, size, kind):
    """A page may have exactly the most bytes."""
    (folder / "a.txt").write_bytes(b"x" * size)
    assert isinstance(only(folder / "a.txt", most_bytes=10), kind)


def test_an_empty_file_is_a_page(folder):
    """Whether a page holds text is not for its source to say."""
    (folder / "a.txt").touch()
    assert only(folder).payload == b""


def test_links_to_files_are_followed(folder):
    """A link is read under its own name."""
    (folder / "a.txt").write_text("x")
    (folder / "b.txt").symlink_to("a.txt")
    assert sources(folder) == ["pages/a.txt", "pages/b.txt"]


def test_links_that_lead_nowhere_are_named(folder):
    """A broken link and one to itself are unreadable, and the rest is read."""
    (folder / "a.txt").symlink_to("none.txt")
    (folder / "b.txt").symlink_to("b.txt")
    (folder / "c.txt").write_text("x")
    assert [type(each) for each in find_pages([folder])] == [Unreadable, Unreadable, Page]


def test_a_folder_linked_into_itself_ends(folder):
    """Links to folders are not followed."""
    (folder / "a.txt").write_text("x")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert sources(folder) == ["pages/a.txt"]


def test_a_pipe_is_no_page(folder):
    """A named pipe is refused, not waited for."""
    os.mkfifo(folder / "a.txt")
    assert only(folder) == Unreadable(source="pages/a.txt", reason="it is no regular file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(folder):
    """A file without permission is unreadable, with the system's reason."""
    (folder / "a.txt").write_text("x")
    (folder / "a.txt").chmod(0)
    assert only(folder) == Unreadable(source="pages/a.txt", reason="Permission denied")


def test_a_folder_that_may_not_be_listed_is_named(folder, monkeypatch):
    """A folder that the system refuses to list is unreadable, and the rest is read."""
    (folder / "a.txt").write_text("x")
    (folder / "shut").mkdir()
    list_folder = os.scandir

    def refuse(path):
        if os.fspath(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(find_pages([folder]))
    assert found[1:] == [Unreadable(source="pages/shut", reason="Permission denied")]


def test_a_name_that_is_no_utf8_is_refused(folder):
    """The graph holds names as text, so a name of other bytes is written out and refused."""
    try:
        (folder / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system keeps names as UTF-8")
    assert only(folder) == Unreadable(source="pages/caf\\xe9.txt", reason="its name is no UTF-8")
