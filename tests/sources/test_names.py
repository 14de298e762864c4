"""Source names: the same on every machine, and each for one file alone."""

from itertools import permutations

import pytest

from kg.sources import find_pages


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty working folder, `here`, beside which other folders may lie."""
    working = tmp_path / "here"
    working.mkdir()
    monkeypatch.chdir(working)
    return working


@pytest.fixture
def put(tmp_path):
    """Writes pages, each of which holds its own path, so that no two are alike."""

    def write(*names):
        for name in names:
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name, encoding="utf-8")

    return write


def named(*paths):
    """Each page's payload by its source; two pages of one name would lose one."""
    found = list(find_pages(paths))
    named = {page.source: page.payload.decode() for page in found}
    assert len(named) == len(found)
    return named


def test_a_path_elsewhere_is_called_by_its_last_part(put, tmp_path):
    """The folders above tell only on whose machine it lies."""
    put("a/pages/1.txt", "b/notes/1.txt")
    assert set(named(tmp_path / "a/pages", tmp_path / "b/notes/1.txt")) == {"pages/1.txt", "1.txt"}


def test_two_folders_of_one_name_are_told_apart_by_the_folders_above(put, tmp_path):
    """As many parts are added as are needed, and to these alone."""
    put("a/pages/1.txt", "b/pages/1.txt", "c/other/1.txt")
    assert named(tmp_path / "a/pages", tmp_path / "b/pages", tmp_path / "c/other") == {
        "a/pages/1.txt": "a/pages/1.txt",
        "b/pages/1.txt": "b/pages/1.txt",
        "other/1.txt": "c/other/1.txt",
    }


def test_two_files_of_one_name_are_told_apart(put, tmp_path):
    """Files that are named one by one have no folder in common."""
    put("a/x/1.txt", "b/x/1.txt", "b/x/2.txt")
    assert set(named(tmp_path / "a/x/1.txt", tmp_path / "b/x/1.txt", tmp_path / "b/x/2.txt")) == {
        "a/x/1.txt",
        "b/x/1.txt",
        "2.txt",
    }


def test_names_do_not_depend_on_the_order_of_paths(here, put, tmp_path):
    """The same pages are the same graph, however the command is typed."""
    put("a/pages/1.txt", "b/pages/1.txt", "here/pages/1.txt", "c/a/pages/2.txt")
    paths = [tmp_path / "a/pages", tmp_path / "b/pages", here / "pages", tmp_path / "c/a"]
    assert len({tuple(sorted(named(*order).items())) for order in permutations(paths)}) == 1


def test_what_lies_in_the_working_folder_keeps_its_path(here, put, tmp_path):
    """The other folder makes way, even where the working folder is named as a whole."""
    put("here/pages/1.txt", "a/pages/1.txt")
    expected = {"pages/1.txt": "here/pages/1.txt", "a/pages/1.txt": "a/pages/1.txt"}
    assert named(here / "pages", tmp_path / "a/pages") == expected
    assert named(here, tmp_path / "a/pages") == expected


def test_a_name_within_another_ones_folder_is_none(put, tmp_path):
    """`b` holds `pages/1.txt`, and so does `pages` beside it with a folder between: all are told apart."""
    put("x/b/pages/1.txt", "y/b/pages/1.txt", "z/pages/1.txt")
    found = named(tmp_path / "x/b", tmp_path / "y/b/pages", tmp_path / "z/pages")
    assert found == {"x/b/pages/1.txt": "x/b/pages/1.txt", "y/b/pages/1.txt": "y/b/pages/1.txt",
                     "z/pages/1.txt": "z/pages/1.txt"}  # fmt: skip


def test_a_page_reached_on_two_ways_has_one_name(put, tmp_path):
    """A folder within another one that is named too is called as it is there."""
    put("a/pages/1.txt")
    sources = [page.source for page in find_pages([tmp_path / "a", tmp_path / "a/pages", tmp_path / "a/pages/1.txt"])]
    assert sources == ["a/pages/1.txt"] * 3


def test_patterns_elsewhere_are_told_apart_too(put, tmp_path):
    """What stands before the first wildcard counts."""
    put("a/pages/1.txt", "b/pages/1.txt")
    assert set(named(tmp_path / "a/pages/*.txt", tmp_path / "b/*/1.txt")) == {"pages/1.txt", "b/pages/1.txt"}
