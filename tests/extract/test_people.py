# ruff: noqa: RUF001 - typographic and full-width marks are what is tested
"""Bylines: persons, teams, departments and institutions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.layouts import NameOrder
from kg.extract.people import name_parts, read_byline


def told(words):
    """A byline's parts as words."""
    byline = read_byline(words, 0, len(words))

    def printed(span):
        return span and words[span.start : span.end]

    people = [(printed(each.name), printed(each.affiliation)) for each in byline.authors]
    return people, printed(byline.team), [printed(each) for each in byline.departments], printed(byline.institution)


def names(words):
    """The authors' names."""
    return [name for name, _ in told(words)[0]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Lin Yao", ["Lin Yao"]),
        ("Lin Yao & Hou Xinyi", ["Lin Yao", "Hou Xinyi"]),
        ("Lin Yao, Hou Xinyi and Ma Li", ["Lin Yao", "Hou Xinyi", "Ma Li"]),
        ("Wang Fang、Zhou Ping", ["Wang Fang", "Zhou Ping"]),
        ("Dr. Paul de Witt", ["Paul de Witt"]),
        ("Jean-Luc O’Neill", ["Jean-Luc O’Neill"]),
        ("J. S. Ma", ["J. S. Ma"]),
        ("Lin Yao, Vice President", ["Lin Yao"]),
        ("Lin Yao, Director-General of the Department of Tides", ["Lin Yao"]),
        ("lin yao", []),
        ("Lin", []),
    ],
)
def test_persons(words, expected):
    """Two to five capitalised words are a person; one word or small letters are none."""
    assert names(words) == expected


def test_an_organisation_is_no_person():
    """Departments and the institution stand behind the persons."""
    words = "Lin Yao, Department of Comparative Policy, Harbour Institute (HI)"
    assert told(words) == ([("Lin Yao", None)], None, ["Department of Comparative Policy"], "Harbour Institute (HI)")


def test_a_unit_alone_has_no_institution():
    """A department without its institution is a department."""
    assert told("Lin Yao, the Research Department of Strategy")[2:] == (["Research Department of Strategy"], None)


def test_groups_carry_their_affiliation():
    """Behind a semicolon stands another group; a bracket tells one author's own."""
    words = "Lin Yao (Polder College), Hou Bo, Delta College; Ma Li, Harbour Institute"
    assert told(words)[0] == [
        ("Lin Yao", "Polder College"),
        ("Hou Bo", "Delta College"),
        ("Ma Li", "Harbour Institute"),
    ]


@pytest.mark.parametrize(
    ("team", "theme"),
    [
        ("“A: B, C and D”", "A: B, C and D"),
        ("“The ‘New’ Deal”", "The ‘New’ Deal"),
        ("“What “Big” Means, and for Whom”", "What “Big” Means, and for Whom"),
        ('"Straight"', "Straight"),
        ("“ Spaced ”", "Spaced"),
        ("“Never Closed, Half Open", "Never Closed, Half Open"),
        ("No Marks at All", "No Marks at All"),
        ("“”", None),
        ("“", None),
    ],
)
def test_a_team_is_named_by_its_theme(team, theme):
    """Nested marks stay in the theme; marks with nothing between them name no team."""
    assert told(f"Lin Yao, Research Team on {team}, DRC") == ([("Lin Yao", None)], theme, [], "DRC")


@given(st.text(alphabet=st.sampled_from("AbC ,;&()（）“”\"'、.-\n"), max_size=60))
def test_any_words_are_read(words):
    """No byline raises, and each part lies within it and holds words."""
    byline = read_byline(f"By {words}", 3, 3 + len(words))
    spans = [byline.team, byline.institution, *byline.departments, *byline.odd]
    spans += [span for each in byline.authors for span in (each.name, each.affiliation)]
    for span in filter(None, spans):
        assert 3 <= span.start < span.end <= 3 + len(words)


@pytest.mark.parametrize(
    ("name", "order", "parts"),
    [
        ("Shen Hengchao", NameOrder.FAMILY_FIRST, ("Shen", "Hengchao")),
        ("Shen Heng Chao", NameOrder.FAMILY_FIRST, None),
        ("Paul de Witt", NameOrder.GIVEN_FIRST, ("de Witt", "Paul")),
        ("Anna Maria van der Berg", NameOrder.GIVEN_FIRST, ("van der Berg", "Anna Maria")),
        ("Plato", NameOrder.GIVEN_FIRST, None),
        ("CHEN Xiaohong", NameOrder.FAMILY_CAPITALS, ("CHEN", "Xiaohong")),
        ("van Pottelsberghe, Bruno", NameOrder.INVERTED, ("van Pottelsberghe", "Bruno")),
    ],
)
def test_family_and_given_name(name, order, parts):
    """By the publisher's order, and only where there are two clear parts."""
    assert name_parts(name, order) == parts


def test_a_job_title_is_no_person_and_leaves_its_department():
    """Of "Director-General of the Department of Tides" the department stays, and nothing is odd."""
    words = "Lin Yao, Director-General of the Department of Tides, Senior Research Fellow, Sea Institute"
    byline = read_byline(words, 0, len(words))
    assert [words[each.start : each.end] for each in byline.departments] == ["Department of Tides"]
    assert words[byline.institution.start : byline.institution.end] == "Sea Institute"
    assert byline.odd == []


def test_inverted_names_are_parted_by_and():
    """Catalogues print the family name first, with a comma."""
    words = "Sapir, Andre and van Pottelsberghe, Bruno"
    authors = read_byline(words, 0, len(words), NameOrder.INVERTED).authors
    assert [words[each.name.start : each.name.end] for each in authors] == ["Sapir, Andre", "van Pottelsberghe, Bruno"]


def test_slashes_part_authors_with_their_own_affiliations():
    """Each author's brackets are that author's affiliation, brackets within them included."""
    words = "CHEN Xiaohong  (Sea Institute (SI)) /ZHOU Yan"
    authors = read_byline(words, 0, len(words), NameOrder.FAMILY_CAPITALS).authors
    assert [words[each.name.start : each.name.end] for each in authors] == ["CHEN Xiaohong", "ZHOU Yan"]
    assert [each.affiliation and words[each.affiliation.start : each.affiliation.end] for each in authors] == [
        "Sea Institute (SI)",
        None,
    ]
