"""Stems, phrases and cues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.words import Cues, stem
from kg.model.knowledge import Concept, Scheme


def concept(name, *cues):
    """A function with cues."""
    return Concept(iri=f"http://x/{name}", scheme=Scheme.FUNCTION, label=name, cues=cues)


CUES = Cues([concept("allocate", "distribute resource"), concept("plan", "plan"), concept("overall", "overall plan")])


def hits(text):
    """What a text calls up, with the words."""
    return [(hit.concept.label, text[hit.span.start : hit.span.end]) for hit in CUES.hits(text, 0, len(text))]


@pytest.mark.parametrize(
    "words",
    [
        ["distribute", "distributes", "distributed", "distributing", "Distributing"],
        ["plan", "plans", "planned", "planning", "plan's"],
        ["body", "bodies"],
        ["assess", "assessing", "assessed"],
    ],
)
def test_inflections_share_a_stem(words):
    """Plural, past and gerund are one word."""
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize(("first", "second"), [("allocation", "allocate"), ("string", "str"), ("policy", "police")])
def test_derivations_stay_apart(first, second):
    """Other words are other words."""
    assert stem(first) != stem(second)


def test_a_cue_is_met_with_few_words_between():
    """Distributing science and technology resources is distributing resources; six words between are too many."""
    assert hits("distributing science and technology resources") == [
        ("allocate", "distributing science and technology resources")
    ]
    assert hits("distributing one two three four five resources")
    assert not hits("distributing one two three four five six resources")


@pytest.mark.parametrize("text", ["distributing, resources", "distributing. Resources", "distributing (resources)"])
def test_a_cue_ends_with_its_phrase(text):
    """Punctuation parts what has nothing to do with each other."""
    assert not hits(text)


@pytest.mark.parametrize(
    ("text", "met"), [("reporting to the new president", True), ("report to us and a president", False)]
)
def test_behind_a_preposition_no_other_phrase_begins(text, met):
    """Reporting to someone and advising a president is not reporting to a president."""
    cues = Cues([concept("reports", "report to president")])
    assert bool(cues.hits(text, 0, len(text))) is met


def test_a_cue_may_run_on_in_the_next_line():
    """A line's end between a cue's words is no more than a space."""
    assert hits("distributing\nresources") == [("allocate", "distributing\nresources")]


def test_a_gerund_behind_and_begins_a_phrase():
    """To distribute and to save resources are two acts."""
    assert not hits("distributing and saving resources")
    assert hits("distributing money and resources")


def test_the_longer_cue_wins():
    """Overall planning is no mere planning."""
    assert hits("overall planning") == [("overall", "overall planning")]


def test_a_concept_is_reported_once():
    """Whatever a text repeats, it calls up a concept once."""
    assert hits("plans, plans, plans") == [("plan", "plans")]


def test_words_between_are_told():
    """The words of a hit that are not the cue's are told, since they may deny it."""
    (hit,) = CUES.hits("distributes no resources", 0, 24)
    assert [(span.start, span.end) for span in hit.between] == [(12, 14)]


@given(st.text(max_size=80))
def test_hits_lie_within_the_text(text):
    """Any text is looked through without harm."""
    for hit in CUES.hits(text, 0, len(text)):
        assert 0 <= hit.span.start < hit.span.end <= len(text)
