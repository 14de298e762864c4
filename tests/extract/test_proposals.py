"""Proposals: entries with names like a text, the most like first."""

from __future__ import annotations

from kg.extract.proposals import proposals


def test_a_name_that_is_printed_in_full_is_the_first_proposal(knowledge):
    """Every entry is proposed first, or level with a namesake, by its own label."""
    for entry in knowledge.entries:
        found = proposals(entry.label, knowledge.entries)
        assert found[0].score == 100.0
        assert entry in [each.entry for each in found if each.score == 100.0]


def test_a_key_is_a_name_too(knowledge):
    """Whoever knows the key finds the entry."""
    assert proposals("jp-csti", knowledge.entries)[0].entry.key == "jp-csti"


def test_a_text_like_no_name_has_no_proposal(knowledge):
    """What is unlike everything is not answered with the least unlike."""
    assert proposals("qqqq xxxx", knowledge.entries) == []
    assert proposals("", knowledge.entries) == []


def test_no_more_are_proposed_than_asked_for(knowledge):
    """A common word does not fill the screen."""
    assert len(proposals("Council", knowledge.entries, 3)) == 3
