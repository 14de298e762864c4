# ruff: noqa: RUF001 - typographic and full-width marks are what is tested
"""Names in prose, by grammar and by the authority."""

import pytest

from kg.extract.cuefile import read_cues
from kg.extract.names import NameFinder
from kg.model.records import ThingKind


@pytest.fixture(scope="module")
def finder(knowledge):
    """A finder with the ontology's heads and names."""
    return NameFinder(knowledge, read_cues("en"))


@pytest.fixture
def told(finder):
    """The names of a text."""
    return lambda text: [text[each.name.start : each.name.end] for each in finder.names(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the Foo Council met", ["Foo Council"]),
        ("The Foo Council met", ["Foo Council"]),
        ("the council met", []),
        ("the Council met", []),
        ("the Foo Council (FC) met", ["Foo Council"]),
        ("the Bureau of Science Affairs of Cabinet Office", ["Bureau of Science Affairs of Cabinet Office"]),
        ("the Foo Council and the Bar Agency", ["Foo Council", "Bar Agency"]),
        ("the Foo Council and Bar Agency and Baz Board", ["Foo Council", "Bar Agency", "Baz Board"]),
        ("the Department of Trade and Industry", ["Department of Trade and Industry"]),
        ("the Department of Trade and Industry and the Bar Agency", ["Department of Trade and Industry", "Bar Agency"]),
        ("the Foo Council and Gnome", ["Foo Council"]),
        ("the Ministry of Education, Culture and Sport met", ["Ministry of Education, Culture and Sport"]),
        (
            "the Ministry of Education, Foo Council and Bar Agency",
            ["Ministry of Education", "Foo Council", "Bar Agency"],
        ),
        ("the 6th Science Plan", ["6th Science Plan"]),
        ("the Central Science Work Conference", []),
        ("the Council for Science, Technology and Innovation", ["Council for Science, Technology and Innovation"]),
        ("the Council for Science， Technology and Innovation", ["Council for Science， Technology and Innovation"]),
        # who somebody is in a body is no body
        ("Members of the Foo Board met", ["Foo Board"]),
        ("Critics of the Foo Council and the Bar Agency", ["Foo Council", "Bar Agency"]),
        ("Vice Chair of the Foo Council", ["Foo Council"]),
        ("the Secretary General of Foo Council", ["Foo Council"]),
        ("the Minister of Science and ICT", []),
        ("Establishment of the Foo Council", ["Foo Council"]),
        ("the Foundation's Governing Board", []),
        ("the Department of Foo and Senior Fellow of the Bar Institution", ["Department of Foo", "Bar Institution"]),
        ("the Nordic Parliament's Committee on Foo", ["Committee on Foo"]),
        ("the Prime Minister's Council for Foo", ["Prime Minister's Council for Foo"]),
        ("the International Monetary Fund", ["International Monetary Fund"]),
        ("the Nordic Organisation for Foo", ["Nordic Organisation for Foo"]),
        ("the Office of the Chief Scientist", ["Office of the Chief Scientist"]),
        # coordinations with commas
        (
            "the Department for Trade, Energy and Industrial Strategy",
            ["Department for Trade, Energy and Industrial Strategy"],
        ),
        ("the Ministry of Knowledge, ICT & Future Planning", ["Ministry of Knowledge, ICT & Future Planning"]),
        ("the Ministry of Education, Brazil and India", ["Ministry of Education"]),
        ("the Education, Research and Sports Council", ["Education, Research and Sports Council"]),
        ("the Education, Research, and Sports Council", ["Education, Research, and Sports Council"]),
        ("Japan's Water, Wood and Stone Agency", ["Water, Wood and Stone Agency"]),
        ("the Foo Council, Water and Stone Agency", ["Foo Council", "Water and Stone Agency"]),
        ("In Japan, Water and Stone Agency", ["Water and Stone Agency"]),
        ("Ministry of Foo and Ministry of Bar", ["Ministry of Foo", "Ministry of Bar"]),
        # a body and the one it is of
        ("the Bureau of Oats of the Grain Ministry", ["Bureau of Oats", "Grain Ministry"]),
        ("the General Office of the Grain Ministry", ["General Office of the Grain Ministry"]),
        # plans, programmes and laws
        ("the Foo Strategy 2025 ended", ["Foo Strategy 2025"]),
        ("In the Nordic Foo 2020 strategy", ["Nordic Foo 2020 strategy"]),
        ("Since the Japan 2020 plan", []),
        ("the Foo Strategy 2021-2025 ended", ["Foo Strategy"]),
        ("the Foo Act of 1980", ["Foo Act of 1980"]),
        ("in 2010 the 12th five-year plan", ["12th five-year plan"]),
        ("the Fourteenth Five-year plan", ["Fourteenth Five-year plan"]),
        ("calls Made in Japan 2025 a success", ["Made in Japan 2025"]),
        ("the programme “Foo 2030”", ["Foo 2030"]),
        ("in the initiative called “Bar”", ["Bar"]),
        ("its “Bar for All” initiative", ["“Bar for All” initiative"]),
        ("the “Bar for All” idea", []),
        ("the Opinions on Building Bridges in an Orderly Way", ["Opinions on Building Bridges in an Orderly Way"]),
        ("the Law on Bridges in the United States", ["Law on Bridges"]),
        ("Bridges Europe, the Plan for Bridges (2021-2027), is new", ["Bridges Europe", "Plan for Bridges"]),
        ("Old Europe, the Plan for Bridges and the Foo Plan", ["Plan for Bridges", "Foo Plan"]),
        ("Japan, the Plan for Bridges, is", ["Plan for Bridges"]),
        ("the Plan for Bridges and The 13th Plan for Roads", ["Plan for Bridges", "The 13th Plan for Roads"]),
    ],
)
def test_names(text, names, told):
    """Capitalised runs with a head noun are names; meetings and heads alone are none."""
    assert told(text) == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the Foo Council", ThingKind.BODY),
        ("the Foo Plan", ThingKind.PLAN),
        ("the Foo Programme", ThingKind.PROGRAMME),
        ("the Plan of the Foo Council", ThingKind.PLAN),
    ],
)
def test_the_head_tells_the_kind(text, kind, finder):
    """The head noun, or the one before "of", tells what a name names."""
    assert finder.names(text, 0, len(text))[0].kind is kind


def test_what_the_authority_knows_as_a_body_is_no_programme(finder):
    """The International Monetary Fund is no fund that somebody runs."""
    assert finder.names("the International Monetary Fund", 0, 31)[0].kind is ThingKind.BODY


def test_an_acronym_in_brackets_belongs_to_its_name(finder):
    """Its span is told, and it is no name of its own."""
    text = "the Council for Science, Technology and Innovation (CSTI) met"
    (name,) = finder.names(text, 0, len(text))
    assert text[name.acronym.start : name.acronym.end] == "CSTI"
    assert text[name.whole.start : name.whole.end].endswith("(CSTI)")


@pytest.mark.parametrize(
    ("bracket", "acronym"),
    [
        ("(hereafter SFD)", "SFD"),
        ("(hereinafter called “SFD”)", "SFD"),
        ("(SFD, founded in 2005)", "SFD"),
        ("(Scifo)", "Scifo"),
        ("(A*STAR)", "A*STAR"),
    ],
)
def test_a_definition_may_say_more(bracket, acronym, finder):
    """Words around the acronym are no part of it; one with a single capital has its letters in the name."""
    text = f"the Science Foundation {bracket} met"
    (name,) = finder.names(text, 0, len(text))
    assert text[name.acronym.start : name.acronym.end] == acronym


def test_a_native_name_in_brackets_is_no_second_body(told):
    """The authority knows that the Wissenschaftsrat's own name is no acronym and no other body."""
    assert told("the Science Council (Wissenschaftsrat) met") == ["Science Council"]


@pytest.mark.parametrize("bracket", ["(see below)", "(Tokyo)", "(2014)", "(C)", "(FY2021-2025)", "(FY21)", "(No.12)"])
def test_other_brackets_are_no_acronyms(bracket, finder):
    """A place, a year, a fiscal year and a number are short for no name."""
    text = f"the Foo Council {bracket}"
    assert finder.names(text, 0, len(text))[0].acronym is None


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Bureau of Science Affairs of Cabinet Office", "Cabinet Office"),
        ("Cabinet Innovation Strategy Conference", "Cabinet"),
        ("Council of Ministers", None),
    ],
)
def test_a_name_may_tell_its_owner(text, owner, finder):
    """The body behind "of", or before the rest, is what the bearer is part of."""
    (name,) = finder.names(text, 0, len(text))
    assert (name.owner and text[name.owner.start : name.owner.end]) == owner


def test_unnamed_bodies_are_a_group(finder):
    """Related agencies of a body are a group that is part of it."""
    text = "related agencies of the National Diet of Japan."
    group = finder.body_group(text, 0, len(text))
    assert text[group.name.start : group.name.end] == "related agencies of the National Diet of Japan"
    assert text[group.owner.start : group.owner.end] == "National Diet of Japan"
    assert finder.body_group("old stories of the Diet", 0, 23) is None


def test_unnamed_programmes_may_tell_who_runs_them(finder):
    """Large programmes run by a body."""
    text = "several large programmes run by UK Research and Innovation."
    group = finder.programme_group(text, 0, len(text))
    assert text[group.name.start : group.name.end] == "large programmes run by UK Research and Innovation"
    assert text[group.agent.start : group.agent.end] == "UK Research and Innovation"


def test_a_run_without_end_is_no_name(told):
    """No name is longer than 200 characters, and a run of thousands is read in a moment."""
    assert told("Foo " * 60 + "Council") == []
    assert len(told("Foo Council and " * 2000)) == 2000
