"""Sightings looked at ahead: all of them are handed on, in order, and how many are left is known in time."""

from itertools import repeat

import pytest

from kg.build import ahead
from kg.build.ahead import Ahead
from kg.model.page import Page
from kg.sources import PassedOver
from kg.sources.sightings import sighting


def page(number, size=10):
    """A page that is in memory once it is sighted."""
    return sighting(Page(source=f"{number}.txt", media_type="text/plain", payload=b"%d" % number * size))


def test_all_are_handed_on_in_their_order():
    """What is no page, too."""
    seen = [page(1), PassedOver(source="x.bin"), page(2)]
    assert list(Ahead(iter(seen))) == seen


def test_what_is_left_is_known_once_all_were_met():
    """Pages alone count, and only those that were not handed on."""
    looked = Ahead(iter([*map(page, range(20)), PassedOver(source="x.bin")]))
    given = iter(looked)
    assert looked.left is None
    next(given)
    assert looked.left is None
    next(given)
    assert looked.left == 18
    assert len(list(given)) == 19
    assert looked.left == 0


@pytest.mark.parametrize(("bound", "most"), [("_AHEAD", 3), ("_BYTES", 30)])
def test_no_more_is_looked_at_than_memory_is_meant_to_hold(monkeypatch, bound, most):
    """A source may be endless, and its pages large."""
    monkeypatch.setattr(ahead, bound, most)
    drawn = 0

    def endless():
        nonlocal drawn
        for one in repeat(page(1)):
            drawn += 1
            yield one

    given = iter(Ahead(endless()))
    for handed in range(1, 10):
        next(given)
        assert drawn <= handed + 3
