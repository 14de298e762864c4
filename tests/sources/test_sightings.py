"""Files known by their status: which are read again, and which are not."""

import os

import pytest

from kg.sources.files import find_files
from kg.sources.page_files import Shelf
from kg.sources.sightings import Digests, Shelved, sightings

LIMIT = 1000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with three pages that were written long ago, as far as the clock of the digests goes."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "pages"
    made.mkdir()
    for name in "abc":
        (made / f"{name}.txt").write_text(name)
    later(monkeypatch)
    return made


def later(monkeypatch):
    """Lets so much time go by that files are believed."""
    import time  # noqa: PLC0415 # the real one, once

    real = time.time_ns
    monkeypatch.setattr("kg.sources.sightings.time.time_ns", lambda: real() + 10_000_000_000)


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were opened, in order."""
    opened = []
    real = Shelf.file

    def file(self, at):
        opened.append(self.names[at])
        return real(self, at)

    monkeypatch.setattr(Shelf, "file", file)
    return opened


def seen(digests, *paths):
    """The sources that are there with their digests, as one dictionary."""
    found = {}
    for each in sightings(find_files(paths), digests, LIMIT):
        assert isinstance(each, Shelved), each
        found |= dict(zip(each.sources, each.pages, strict=True))
    return found


def kept(digests):
    """The digests as another run finds them."""
    return Digests.parse("".join(digests.pieces()), LIMIT)


def test_a_file_is_read_once(folder, read):
    """What is known is not opened, and there is nothing to write down then."""
    first = Digests(LIMIT)
    told = seen(first, folder)
    assert read == ["a.txt", "b.txt", "c.txt"]
    assert first.are_news
    again = kept(first)
    assert seen(again, folder) == told
    assert len(read) == 3
    assert not again.are_news
    assert list(again.pieces()) == list(first.pieces())


def test_a_page_of_the_same_size_and_time_is_read(folder, read):
    """The second time of a file tells: no program can set it."""
    first = Digests(LIMIT)
    seen(first, folder)
    page = folder / "b.txt"
    status = page.stat()
    page.write_text("B")
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = kept(first)
    seen(again, folder)
    assert read[3:] == ["b.txt"]
    assert again.are_news


def test_a_file_just_written_is_not_believed(folder, monkeypatch):
    """Another change in the same tick of the clock would leave no mark."""
    monkeypatch.setattr("kg.sources.sightings.time.time_ns", lambda: (folder / "b.txt").stat().st_ctime_ns)
    first = Digests(LIMIT)
    seen(first, folder)
    assert "b.txt" not in "".join(first.pieces())


def test_a_link_is_as_the_file_that_it_leads_to(folder, read):
    """A link that leads elsewhere, or whose file changed, is read again."""
    (folder.parent / "one").write_text("one")
    (folder.parent / "other").write_text("two")
    link = folder / "d.txt"
    link.symlink_to(folder.parent / "one")
    first = Digests(LIMIT)
    before = seen(first, folder)
    link.unlink()
    link.symlink_to(folder.parent / "other")
    again = kept(first)
    assert seen(again, folder)["pages/d.txt"] != before["pages/d.txt"]
    assert read[4:] == ["d.txt"]


def test_renamed_and_removed_files(folder, read):
    """A renamed file is read, a removed one forgotten, and the others are known."""
    first = Digests(LIMIT)
    seen(first, folder)
    (folder / "a.txt").rename(folder / "z.txt")
    (folder / "b.txt").unlink()
    again = kept(first)
    assert list(seen(again, folder)) == ["pages/c.txt", "pages/z.txt"]
    assert read[3:] == ["z.txt"]
    assert "a.txt" not in "".join(again.pieces())


def test_a_folder_named_twice_is_known_the_same(folder):
    """Its digests do not grow from run to run."""
    first = Digests(LIMIT)
    seen(first, folder, folder)
    again = kept(first)
    seen(again, folder, folder)
    assert not again.are_news


def test_files_named_one_by_one_are_known(folder, read):
    """Files of one folder that are given by name are looked up as those of the folder are."""
    first = Digests(LIMIT)
    seen(first, folder / "c.txt", folder / "a.txt")
    again = kept(first)
    seen(again, folder / "c.txt", folder / "a.txt")
    assert not again.are_news
    assert len(read) == 2


@pytest.mark.parametrize("damage", ["", "x", "policy-kg-digests 2\n", "\n\n\n"])
def test_damaged_digests_are_not_believed(folder, read, damage):
    """Nothing is taken from a file that is not as it was written."""
    first = Digests(LIMIT)
    seen(first, folder)
    for text in (
        damage,
        "".join(first.pieces())[:-1],
        "".join(first.pieces()).replace("b.txt", "x.txt"),
        "".join(first.pieces()) + damage + "x",
    ):
        read.clear()
        seen(Digests.parse(text, LIMIT), folder)
        assert read == ["a.txt", "b.txt", "c.txt"]


def test_a_lower_limit_has_all_files_read(folder, read):
    """A page that was known may be too large now."""
    first = Digests(LIMIT)
    seen(first, folder)
    read.clear()
    again = Digests.parse("".join(first.pieces()), LIMIT - 1)
    seen(again, folder)
    assert len(read) == 3
