"""What words assert, deny and hedge."""

import pytest

from kg.extract.cuefile import read_cues
from kg.extract.modality import HEDGED, READ, Modality
from kg.model.evidence import Polarity, Span


def telling(sentence, value, cue=""):
    """How a sentence tells a value, behind a cue."""
    at = sentence.index(value)
    start = sentence.index(cue) if cue else at
    words = Span(start, start + len(cue))
    return Modality(read_cues("en")).of(sentence, Span(0, len(sentence)), words, (Span(at, at),))


@pytest.mark.parametrize(
    "sentence",
    [
        "It has no X",
        "It does not have X",
        "It doesn't have X",
        "It lacks X",
        "It works without X",
        "It has neither Y nor X",
        "It has no Y, Z or X",
        "It has no Y or X",
        "It has the right to Y, but no X",
        "Never has it had X",
        "It no longer has X",
    ],
)
def test_denials(sentence):
    """A denial before the value holds for it, in its clause or through a list joined by "or"."""
    assert telling(sentence, "X").polarity is Polarity.DENIED


@pytest.mark.parametrize(
    "sentence",
    [
        "It has X",
        "It has no Y, but X",
        "It has no Y; it has X",
        "It has no Y and has X",
        "While it has no Y, it has X",
        "It has no Y, is small and has X",
        "It has not only Y but also X",
        "It has not only X",
        "No doubt it has X",
        "It has X but no Y",
    ],
)
def test_assertions(sentence):
    """A denial of something else, before a contrast or behind the value, does not hold for it."""
    assert telling(sentence, "X").polarity is Polarity.ASSERTED


def test_a_denied_cue_denies_its_whole_list():
    """What a denied cue introduces is denied, every item of it, until a contrast."""
    sentence = "It is not responsible for W, Y and X, but for Z"
    told = [telling(sentence, value, "responsible for").polarity for value in "WYXZ"]
    assert told == [Polarity.DENIED] * 3 + [Polarity.ASSERTED]


def test_a_denial_may_stand_inside_the_value():
    """In "allocates no grants" the denial stands between the value's own words."""
    modality, words = Modality(read_cues("en")), "It allocates no grants"
    told = modality.of(words, Span(0, 22), Span(3, 3), (Span(3, 3), Span(13, 15)))
    assert told.polarity is Polarity.DENIED


@pytest.mark.parametrize(
    ("sentence", "confidence"),
    [
        ("It has X", READ),
        ("It may have X", HEDGED),
        ("It is expected to have X", HEDGED),
        ("It may have Y; it has X", READ),
        ("It may have Y, while it has X", READ),
        ("It has X and may have Y", READ),
    ],
)
def test_hedges(sentence, confidence):
    """A hedge before the value makes it less sure, until a contrast."""
    assert telling(sentence, "X").confidence == confidence
