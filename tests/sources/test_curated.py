"""Files of curated facts: found in a fixed order, and whatever cannot be taken is named."""

import os

import pytest

from kg.model.page import Page
from kg.sources import PassedOver, Unreadable, find_curated


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder `curated` in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "curated").mkdir()
    return tmp_path / "curated"


def test_files_come_by_path_with_their_kinds(folder):
    """Folders are read through, hidden files are left alone, and a file named twice comes once."""
    (folder / "deep").mkdir()
    for name in ("b.TTL", "a.jsonld", "deep/c.nt", ".hidden.ttl"):
        (folder / name).write_text("x")
    assert list(find_curated([folder, folder / "a.jsonld"])) == [
        Page(source="curated/a.jsonld", media_type="application/ld+json", payload=b"x"),
        Page(source="curated/b.TTL", media_type="text/turtle", payload=b"x"),
        Page(source="curated/deep/c.nt", media_type="application/n-triples", payload=b"x"),
    ]


def test_other_files_are_passed_over_in_a_folder_and_refused_by_name(folder):
    """Who names a file means it."""
    (folder / "notes.md").write_text("x")
    assert list(find_curated([folder])) == [PassedOver(source="curated/notes.md")]
    reason = "it holds no curated facts; files of them end in .jsonld, .nt, .ttl"
    assert list(find_curated([folder / "notes.md"])) == [Unreadable(source="curated/notes.md", reason=reason)]


@pytest.mark.parametrize("name", ["a.rdf", "a.owl", "a.xml", "a.trig", "a.nq"])
def test_rdf_in_other_formats_is_unreadable(folder, name):
    """Somebody meant it to be read, so it is not passed over."""
    (folder / name).write_text("<!DOCTYPE x [<!ENTITY a 'a'>]>")
    (taken,) = find_curated([folder])
    assert isinstance(taken, Unreadable)
    assert "files of curated facts end in .jsonld, .nt, .ttl" in taken.reason


def test_what_is_no_file_is_unreadable(folder):
    """A pipe would never end, a path may not be there, and a file may be too large."""
    os.mkfifo(folder / "pipe.ttl")
    (folder / "large.ttl").write_text("x" * 11)
    (folder / "link.ttl").symlink_to("nowhere")
    found = {taken.source: taken.reason for taken in find_curated([folder, folder / "none"], most_bytes=10)}
    assert found["curated/pipe.ttl"] == "it is no regular file"
    assert found["curated/large.ttl"].startswith("the file has 11 bytes")
    assert found["curated/link.ttl"] == found["curated/none"] == "there is no such file or folder"
