# ruff: noqa: RUF001 - apostrophes may be typographic
"""The words by which names are told apart."""

from __future__ import annotations

from kg.extract.telling import TellingWords

TELLING = TellingWords({"council": "=council", "conference": "=council"}, ["Japan", "South Korea"])


def test_body_types_that_translate_alike_are_one_word():
    """A council and a conference of one name have the same telling words."""
    assert TELLING.of("Science Council") == TELLING.of("Science Conference")


def test_what_an_abbreviation_stands_for_counts():
    """S&T is science and technology, in any case of letters."""
    assert TELLING.of("s&t Council") == TELLING.of("Council for Science and Technology")


def test_the_country_does_not_tell():
    """A jurisdiction's name, its owner's mark included, tells no body from another."""
    assert TELLING.of("Japan’s Science Council of South Korea") == TELLING.of("Science Council")
