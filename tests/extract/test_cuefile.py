"""The cue file of a language."""

import pytest

from kg.extract.cuefile import Objects, fill, read_cues
from kg.model.errors import LayoutError


def test_every_rule_has_a_name_of_its_own():
    """Rules are named in claims, so no two share a name."""
    names = [rule.name for rule in read_cues("en").rules]
    assert len(names) == len(set(names))


def test_every_rule_has_keys_in_lower_case():
    """A rule is called up by the beginnings of words, written in lower case; without one it would read nothing."""
    for rule in read_cues("en").rules:
        assert rule.keys, rule.name
        assert all(key == key.casefold() for key in rule.keys), rule.name


def test_a_rule_for_dates_marks_them():
    """A rule whose object is a date has a group for it."""
    rules = [rule for rule in read_cues("en").rules if rule.objects is Objects.DATE]
    assert rules
    assert all("date" in rule.pattern.groupindex for rule in rules)


def test_a_language_without_cues_is_refused():
    """The error lists the languages there are."""
    with pytest.raises(LayoutError, match="no cues for language 'xx'; there are cues for: en"):
        read_cues("xx")


def test_fragments_may_use_fragments():
    """A fragment is filled in wherever it stands, in other fragments too."""
    assert fill("(?&a)+", {"a": "x|(?&b)", "b": "y"}) == "(?:x|(?:y))+"
