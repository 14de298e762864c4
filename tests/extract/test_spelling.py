"""Other spellings of persons' names."""

import pytest

from kg.extract.spelling import other_spellings
from kg.rdf.mapping import page_quads


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Lyu Wei", ("Lu Wei", "Lv Wei")),
        ("Lv Wei", ("Lu Wei", "Lyu Wei")),
        ("Lü Wei", ("Lu Wei", "Lv Wei", "Lyu Wei")),
        ("Sun Nyu", ("Sun Nu", "Sun Nv")),
    ],
)
def test_a_name_with_an_umlaut_has_its_other_spellings(name, others):
    """Lu, Lv and Lyu may be one person."""
    assert other_spellings(name) == others


@pytest.mark.parametrize("name", ["Sun Jie", "Luo Lin", "Ma Lulu"])
def test_other_names_have_none(name):
    """Only a whole syllable is spelt in several ways."""
    assert other_spellings(name) == ()


def test_a_spelling_is_a_candidate_and_no_merge(reader, text_of, minter):
    """The author stays who is printed; the other spellings are proposals with a score."""
    lines = (
        "You Are Here: Home > Reports",
        "A Title",
        "By Lyu Wei, DRC",
        "Research Report, No.1, 2019",
        "Abstract: Words.",
    )
    text = text_of("\n\n".join(lines))
    quads = page_quads(text, reader.read(text), minter)
    persons = {str(quad.subject) for quad in quads.stated if str(quad.object).endswith("foaf/0.1/Person>")}
    assert [person.rpartition("/")[2] for person in persons] == ["lyu-wei>"]
    proposed = {str(quad.object) for quad in quads.evidence if str(quad.predicate).endswith("candidateEntity>")}
    assert {iri.rpartition("/")[2] for iri in proposed} == {"lu-wei>", "lv-wei>"}
