"""The version in the making: however its pages are loaded, all of them are in it, and once."""

import threading
from itertools import starmap

import pytest
from pyoxigraph import Store

from kg.build import fresh
from kg.build.fresh import Fresh

GRAPH = "http://e.org/graph/page/1"


def page(number):
    """What one page says."""
    says = f'<http://e.org/{number}> <http://e.org/says> "{number}"'
    return GRAPH, f"{says} <{GRAPH}> .\n{says} .\n".encode()


PAGES = [page(number) for number in range(500)]
SIZE = sum(len(lines) for _, lines in PAGES)


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A candidate with all pages, loaded in pieces of so many bytes at least; after so many, all flow in."""

    def made(least, pieces):
        monkeypatch.setattr(fresh, "PIECE", least)
        monkeypatch.setattr(fresh, "_LARGEST", 4 * least)
        monkeypatch.setattr(fresh, "_PIECES", pieces)
        candidate = Fresh(Store(tmp_path / "store"))
        list(starmap(candidate.put, PAGES))
        candidate.finish()
        return candidate

    return made


@pytest.mark.parametrize(
    ("least", "pieces"), [(2 * SIZE, 2 * SIZE), (SIZE // 9, 2 * SIZE), (SIZE // 9, SIZE // 3), (SIZE, 0)]
)
def test_every_page_is_in_once(filled, least, pieces):
    """In one load, in pieces, in pieces and what flows in after them, and in what flows in alone."""
    made = filled(least, pieces)
    assert len(made.store) == 2 * len(PAGES)
    assert made.statements() == len(PAGES)


@pytest.mark.parametrize("pieces", [2 * SIZE, SIZE // 3])
def test_what_comes_after_the_pages_is_in_too(filled, pieces):
    """Curated facts are added when all pages are in the store."""
    made = filled(SIZE // 9, pieces)
    made.add(page(1000)[1])
    made.finish()
    assert made.statements() == len(PAGES) + 1


@pytest.mark.parametrize("pieces", [2 * SIZE, SIZE // 3])
def test_a_store_is_judged_while_its_files_are_merged(filled, pieces):
    """It answers, and takes out what is to go; what was counted before is counted as it is then."""
    made = filled(SIZE // 9, pieces)
    made.settle()
    made.retract([GRAPH])
    made.settled()
    assert made.statements() == 0


@pytest.mark.parametrize("pieces", [2 * SIZE, 0])
def test_what_was_given_up_is_written_to_no_more(tmp_path, monkeypatch, pieces):
    """Its threads have ended, and left nothing behind."""
    monkeypatch.setattr(fresh, "_PIECES", pieces)
    candidate = Fresh(Store(tmp_path / "store"))
    list(starmap(candidate.put, PAGES))
    candidate.give_up()
    assert len(candidate.store) == 0
    assert [each.name for each in threading.enumerate() if each.name.startswith(("loader", "inflow"))] == []
