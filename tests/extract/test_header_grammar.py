"""Headers made from the grammar that report pages follow, and printed in as many ways: the same fields are read."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model.evidence import Evidence
from kg.model.records import OtherPage, Report

FAMILIES = ("Li", "Wang", "Ouyang", "Lyu", "Feng", "Xu", "He", "Qi")
GIVENS = ("Wei", "Jianwu", "Xiaoling", "Bo", "Yan", "Zifeng", "Wen-meng", "Er")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
TITLES = (
    "By Road or by Rail: Freight in 2015",
    "Reform, Growth and the “New Normal”",
    "What Do 1,200 Firms Say?",
    "State Farms (Part II): Two Steps",
    "No Water, No Wheat",
)
THEMES = ("Freight: Road, Rail and River", "The “Two Steps” of Reform", "Growth and Its Costs", "Firms in 2020")
UNITS = ("Research Department of Rural Economy", "Enterprise Research Institute", "Department of Finance and Trade")
KEYWORDS = ("rail", "local taxes", "New Normal", "state-owned enterprises", "Japan")
ABSTRACT = "Counties pay for what they see. By the end of the year, six of ten had seen nothing; the rest paid."
WIDE = {ord(mark): ord(mark) + 0xFEE0 for mark in "(),.:;-&0123456789"}

days = st.dates(date(2012, 1, 1), date(2022, 12, 31))


@st.composite
def names(draw):
    """Persons, no two alike."""
    chosen = draw(
        st.lists(st.tuples(st.sampled_from(FAMILIES), st.sampled_from(GIVENS)), min_size=1, max_size=13, unique=True)
    )
    return [f"{family} {given}" for family, given in chosen]


def printed(day, one_of):
    """A day in one of the ways that pages print it."""
    month = MONTHS[day.month - 1]
    return one_of(
        f"{day.year}-{day.month}-{day.day}",
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{month[:3]} {day.day},{day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """What a page says."""

    title: str
    number: int
    year: int
    special: bool
    total: int | None
    issued: date | None
    posted: date | None
    authors: list[str]
    team: str | None
    unit: str | None
    keywords: list[str]


said = st.builds(
    Said,
    title=st.sampled_from(TITLES),
    number=st.integers(1, 400),
    year=st.integers(2012, 2022),
    special=st.booleans(),
    total=st.none() | st.integers(1000, 9999),
    issued=st.none() | days,
    posted=st.none() | days,
    authors=names(),
    team=st.none() | st.sampled_from(THEMES),
    unit=st.none() | st.sampled_from(UNITS),
    keywords=st.lists(st.sampled_from(KEYWORDS), min_size=1, max_size=4, unique=True),
)


def numbering(page, one_of):
    """Number and year, with the name of the series where it is a special one."""
    series = "Special Issue" + one_of(" ", ", ") if page.special else ""
    return series + one_of("No", "No ", "No.", "No. ") + str(page.number) + one_of(", ", ",", " , ") + str(page.year)


def series_line(page, number, one_of):
    """The series line: all that numbers the report, and its date."""
    line = one_of("Research Report", "Research report") + one_of(", ", " ", ",") + number
    if page.total:
        before = one_of("Total", "Total.", "Total NO", "Total No.", "Total:", "General No.")
        line += one_of(" ", "") + f"({before} {page.total})"
    return line + (f" {printed(page.issued, one_of)}" if page.issued else "")


def byline(page, one_of):
    """Who signs: persons, a team, a department, and the centre."""
    *others, last = page.authors
    people = ", ".join(others) + one_of(" & ", " and ", ", ", ", and ", "&") + last if others else last
    team = "Research Team on " + one_of("“{}”", '"{}"').format(page.team) if page.team else None
    return "By " + ", ".join(filter(None, (people, team, page.unit, "DRC")))


@st.composite
def pages(draw):
    """What a page says, and the page, with any separators, labels and widths."""
    page = draw(said)

    def one_of(*options):
        return draw(st.sampled_from(options))

    number = numbering(page, one_of)
    lines = [
        page.title + one_of("", " ") + f"({number})",
        printed(page.posted, one_of) if page.posted else "",
        byline(page, one_of),
        series_line(page, number, one_of),
        one_of("Abstract:", "ABSTRACT: ", "[Abstract]", "【Abstract】", "Abstract:\n") + ABSTRACT,
        one_of("Keywords:", "Key words: ", "[Keywords]", "KEYWORDS: ") + one_of(", ", "; ").join(page.keywords),
    ]
    lines[-2:] = [one_of(" ", "\n", "\n\n").join(lines[-2:])]
    widths = one_of({}, {}, WIDE)
    lines[1:] = [line.translate(widths) for line in lines[1:]]
    return page, one_of("\n\n", "\n", "\n\n\n").join(["You Are Here: Home > Reports", *filter(None, lines)])


def value(found):
    """What was found, or None."""
    return None if found is None else found.value


def day(found):
    """The day that was found, or None."""
    return None if found is None else date.fromisoformat(found.value.iso)


def evidence(thing):
    """All evidence of a record."""
    if isinstance(thing, Evidence):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for each in dataclasses.fields(thing):
            yield from evidence(getattr(thing, each.name))
    elif isinstance(thing, tuple):
        for each in thing:
            yield from evidence(each)


def narrow(words):
    """Words with ASCII marks."""
    return words and words.translate({wide: mark for mark, wide in WIDE.items()})


@settings(max_examples=150)
@given(made=pages())
def test_a_header_is_read_however_it_is_printed(made, reader, text_of):
    """Separators, widths, labels and dates vary; what the header says does not, and each value has its exact words."""
    page, content = made
    text = text_of(content)
    report = reader.read(text)
    assert isinstance(report, Report)
    assert report.layout == "drc"
    read = Said(
        title=report.title.value,
        number=int(report.number.value),
        year=report.series_year.value,
        special=report.series.value.code == "si",
        total=value(report.cumulative_number),
        issued=day(report.issued),
        posted=day(report.available),
        authors=[narrow(each.value.name) for each in report.authors],
        team=narrow(value(report.team)),
        unit=next((each.value for each in report.departments), None),
        keywords=[narrow(each.value) for each in report.keywords],
    )
    assert read == page
    assert report.institution.value.name == "DRC"
    assert narrow(report.abstract.value) == ABSTRACT
    assert all(text.verify(each) for each in evidence(report))


@settings(max_examples=50)
@given(made=pages(), section=st.sampled_from(["News> Events", "Publications> Articles", "Publications> Spotlight"]))
def test_a_report_that_an_article_links_to_gives_it_no_number(made, section, reader, text_of):
    """A series line below the prose is another page's."""
    page, content = made
    line = next(each for each in content.split("\n") if narrow(each).startswith(("Research Report", "Research report")))
    prose = "The centre asked six hundred firms what they pay for, and what they would rather not pay for."
    top = f"You Are Here: Home > {section}\n\n{page.title}\n\nBy {page.authors[0]}, DRC"
    reading = reader.read(text_of(f"{top}\n\n{prose}\n\n{line}\n"))
    assert isinstance(reading, OtherPage)
    assert (reading.told.title.value, reading.told.number) == (page.title, None)
    assert reading.told.abstract.value.startswith(prose)


@pytest.mark.parametrize("name", ["Lu Wei", "Lv Wei", "Lyu Wei"])
def test_another_spelling_is_another_name(name, reader, text_of):
    """The name stays as printed; the spellings that may be the same person are proposals."""
    report = reader.read(text_of(f"T\n\nBy {name}, DRC\n\nResearch Report No 1, 2015\n\nAbstract: Words."))
    (author,) = (each.value for each in report.authors)
    assert author.name == name
    assert set(author.spellings) == {"Lu Wei", "Lv Wei", "Lyu Wei"} - {name}
