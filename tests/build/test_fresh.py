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
    return GRAPH, f"{says} <{GRAPH}> .\n{says} .\n".encode(), f"{says} .\n".encode()


PAGES = [page(number) for number in range(500)]
SIZE = sum(len(lines) for _, lines, _ in PAGES)


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """A candidate with all pages: from so many bytes on they flow in, and so many statements are sorted at once."""

    def made(least, together):
        monkeypatch.setattr(fresh, "PIECE", least)
        monkeypatch.setattr(fresh, "_SORTED", together)
        left = len(PAGES)

        def pages():
            nonlocal left
            for each in PAGES:
                left -= 1
                yield each

        candidate = Fresh(Store(tmp_path / "store"), lambda: left if left < len(PAGES) // 2 else None)
        list(starmap(candidate.put, pages()))
        return candidate

    return made


WAYS = [(2 * SIZE, 1), (SIZE // 9, 10 * len(PAGES)), (SIZE // 9, len(PAGES) // 3), (1, 1)]


@pytest.mark.parametrize(("least", "together"), WAYS)
def test_every_page_is_in_once(filled, least, together):
    """In one piece, in two loads by turns, in a long one and then by turns, and in a long one alone."""
    made = filled(least, together)
    made.finish()
    assert len(made.store) == 2 * len(PAGES)
    assert made.statements() == len(PAGES)


@pytest.mark.parametrize("together", [10 * len(PAGES), len(PAGES) // 3])
def test_what_is_sorted_last_is_sorted_by_two(filled, together):
    """So that no processor is idle."""
    made = filled(SIZE // 9, together)
    loads = [each for each in threading.enumerate() if each.name.startswith("inflow")]
    made.give_up()
    assert len(loads) == 2


@pytest.mark.parametrize(("least", "together"), WAYS)
def test_what_comes_after_the_pages_is_in_too(filled, least, together):
    """Curated facts are added when all pages are in the store."""
    made = filled(least, together)
    made.finish()
    made.add(*page(1000)[1:])
    made.finish()
    assert made.statements() == len(PAGES) + 1


@pytest.mark.parametrize(("many", "together"), [(1, len(PAGES) // 3), (100, len(PAGES) // 3)])
def test_a_store_is_judged_while_its_files_are_merged(filled, monkeypatch, many, together):
    """It answers, and takes out what is to go; what was counted before is counted as it is then."""
    monkeypatch.setattr(fresh, "_MANY", many)
    made = filled(SIZE // 9, together)
    made.finish()
    made.settle(lambda: None)
    made.retract([GRAPH])
    made.settled()
    assert made.statements() == 0
    made.give_up()


@pytest.mark.parametrize(("least", "together"), WAYS)
def test_what_was_given_up_is_written_to_no_more(filled, least, together):
    """Its threads have ended, and left nothing behind."""
    candidate = filled(least, together)
    candidate.give_up()
    assert len(candidate.store) == 0
    assert [each.name for each in threading.enumerate() if each.name.startswith(("settler", "inflow"))] == []
