# ruff: noqa: RUF001 - typographic and full-width marks are what is tested
"""The authority's names, found in text."""

import pytest

from kg.extract.gazetteer import Gazetteer
from kg.model.knowledge import Entry, EntryKind, Name, NameKind


def entry(key, *names):
    """A body with names."""
    told = tuple(Name(text=name, language="en", kind=NameKind.OFFICIAL) for name in names)
    return Entry(iri=f"http://x/{key}", key=key, kind=EntryKind.BODY, names=told)


GAZETTEER = Gazetteer(
    [
        entry("office", "Cabinet Office"),
        entry("cabinet", "Cabinet", "C"),
        entry("council", "People's Council, Tokyo", "日本学術会議"),
        entry("other", "Cabinet"),
    ]
)


def found(text):
    """What is found, with the keys of its bearers."""
    matches = GAZETTEER.matches(text, 0, len(text))
    return [(text[each.span.start : each.span.end], [bearer.key for bearer in each.entries]) for each in matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Cabinet Office met", [("Cabinet Office", ["office"])]),
        ("the Cabinet\nOffice met", [("Cabinet\nOffice", ["office"])]),
        ("the Cabinet met", [("Cabinet", ["cabinet", "other"])]),
        ("Cabinets and Cabinet2", []),
        ("the cabinet", []),
        ("a C is too short", []),
        ("the People’s Council， Tokyo", [("People’s Council， Tokyo", ["council"])]),
        ("は日本学術会議が", [("日本学術会議", ["council"])]),
    ],
)
def test_names_are_found_as_whole_words(text, expected):
    """The longest name wins, with all its bearers; letter case counts, the form of marks and spaces does not."""
    assert found(text) == expected


def test_a_region_is_looked_through_alone():
    """Nothing is found outside the region, and offsets are those of the text."""
    text = "Cabinet and Cabinet"
    assert [each.span.start for each in GAZETTEER.matches(text, 8, len(text))] == [12]


def test_a_gazetteer_may_be_empty():
    """Without names nothing is found."""
    assert list(Gazetteer([]).matches("Cabinet", 0, 7)) == []
