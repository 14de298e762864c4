# ruff: noqa: RUF001 - typographic marks are what is tested
"""Where a text speaks of a coordination mechanism, and whose it is."""

import pytest

from kg.extract.cuefile import read_cues
from kg.extract.gazetteer import Gazetteer
from kg.extract.mechanism import MechanismFinder
from kg.model.evidence import Span
from kg.model.knowledge import EntryKind


@pytest.fixture(scope="module")
def finder(knowledge):
    """A finder that knows the authority's countries."""
    return MechanismFinder(read_cues("en"), Gazetteer(knowledge.of_kind(EntryKind.JURISDICTION)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan’s macro coordination mechanism works", ("Japan’s macro coordination mechanism", "JP")),
        ("South Korea's research governance system", ("South Korea's research governance system", "KR")),
        ("the Dutch coordination mechanism", ("Dutch coordination mechanism", "NL")),
        ("a science coordination system for all", ("science coordination system", None)),
        ("Japan’s coordination\nmechanism works", ("Japan’s coordination\nmechanism", "JP")),
        ("the steering structure of the fund", ("steering structure", None)),
    ],
)
def test_a_mechanism_is_a_phrase_of_coordination(text, expected, finder):
    """The phrase runs from its owner or its first word to its head."""
    (mention,) = finder.mentions(text, Span(0, len(text)))
    assert (text[mention.span.start : mention.span.end], mention.jurisdiction) == expected


@pytest.mark.parametrize("text", ["the solar system", "coordination of systems", "a mechanism", "coordination"])
def test_other_systems_are_none(text, finder):
    """A head without a word of coordination in its phrase names no mechanism."""
    assert not list(finder.mentions(text, Span(0, len(text))))


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("The mechanism works.", True),
        ("This new system works.", True),
        ("It works.", False),
        ("A system works.", False),
        ("The tax system works.", False),
    ],
)
def test_a_mechanism_is_taken_up(text, speaks, finder):
    """A definite mechanism and a system pointed at are the one that was named; a system of something else is not."""
    assert finder.speaks_of_it(text, Span(0, len(text))) is speaks
