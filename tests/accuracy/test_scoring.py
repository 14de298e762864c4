"""The measurement itself: what counts as right, wrong and missed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.model.dates import PartialDate
from kg.model.evidence import Evidence, Found, Span
from kg.model.records import Author, Named, OtherPage, Report, Series, ThingKind

BENCH = Path(__file__).resolve().parents[2] / "bench"


def found(value):
    """A value with some words."""
    return Found(value=value, evidence=Evidence(page="0", span=Span(0, 1), quote="x"), method="test")


def report(**fields):
    """A report with these fields."""
    return Report(key="k", publisher_key="p", type=found("Report"), language="en", layout="test", **fields)


def body(name, acronym=None, parent=None):
    """A body as read."""
    return found(
        Named(
            kind=ThingKind.BODY,
            name=name,
            acronym=found(acronym) if acronym else None,
            parent=found(Named(kind=ThingKind.BODY, name=parent)) if parent else None,
        )
    )


class FakeReader:
    """Gives the reading it was made with."""

    def __init__(self, reading):
        self.reading = reading

    def read(self, _text):
        """What was given."""
        return self.reading


@pytest.fixture
def scored(accuracy, tmp_path):
    """Scores one page, read as given, against one gold record."""

    def scored(reading, kind="drc-report", **gold):
        for folder in ("pages", "gold"):
            (tmp_path / folder).mkdir()
        (tmp_path / "pages" / "a.txt").write_text("a")
        (tmp_path / "gold" / "a.json").write_text(json.dumps({"kind": kind, **gold}))
        return accuracy.score(tmp_path / "pages", tmp_path / "gold", FakeReader(reading))

    return scored


def counts(scores, row, kind="all"):
    """Right, wrong, missed."""
    tally = scores.tally(kind, row)
    return tally.right, tally.wrong, tally.missed


@pytest.mark.parametrize(
    ("field", "gold", "ours"),
    [
        ("title", "A Title(No 75, 2015)", {"title": found("A Title")}),
        ("title", "A Title (Special Issue No.15, 2017)", {"title": found("A Title")}),
        ("title", "“A” title's  end (2024)", {"title": found('"A" title\N{RIGHT SINGLE QUOTATION MARK}s end (2024)')}),
        ("subtitle", "An Overview", {"subtitle": found("An Overview")}),
        ("series", "Research Report", {"series": found(Series(name="Research Report"))}),
        ("series", "Research Report, Special Issue", {"series": found(Series(name="Special Issue", code="si"))}),
        ("series", "Research Report Vol.21 (journal)", {"series": found(Series(name="Research Report Vol.21"))}),
        ("series", "Research Report Vol.21 (journal)", {"series": found(Series(name="Research Report"))}),
        ("report_number", "13-E-079", {"number": found("13-E-079")}),
        ("series_year", "2015", {"series_year": found(2015)}),
        ("total_number", "4760", {"cumulative_number": found(4760)}),
        ("report_date", "2024-06", {"issued": found(PartialDate(2024, 6))}),
        ("web_date", "2024-06-07", {"available": found(PartialDate(2024, 6, 7))}),
        ("team", "A theme", {"team": found("A theme")}),
        ("institution", "DRC", {"institution": body("Development Research Center", "DRC")}),
        ("institution", "Development Research Center (DRC)", {"institution": body("DRC")}),
        ("institution", "World Bank", {"institution": body("World Bank")}),
        ("abstract_start", "Since 2014, people have", {"abstract": found("Since\n2014, people have agreed.")}),
        ("authors", ["Li Guo"], {"authors": (found(Author(position=1, name="Guo, Li", family="Guo", given="Li")),)}),
        ("authors", ["Lu Wei"], {"authors": (found(Author(position=1, name="Lu Wei")),)}),
        (
            "author_affiliations",
            {"Lu Wei": "A University"},
            {"authors": (found(Author(position=1, name="Lu Wei", affiliation=found("A University"))),)},
        ),
        ("departments", ["Department A"], {"departments": (found("Department A"),)}),
        ("keywords", ["trade"], {"keywords": (found("trade"),)}),
        ("bodies", [{"name": "WTO", "acronym": "WTO", "parent": None}], {"bodies": (body("WTO", "WTO"),)}),
        ("programmes_plans_laws", ["Plan A"], {"documents": (body("Plan A"),)}),
    ],
)
def test_what_agrees_is_right(field, gold, ours, scored):
    """Each field is met by the values that the rules in bench/README.md allow."""
    assert counts(scored(report(**ours), **{field: gold}), field) == (1, 0, 0)


@pytest.mark.parametrize(
    ("gold", "ours", "expected"),
    [
        (None, None, (0, 0, 0)),
        ("7", None, (0, 0, 1)),
        (None, "7", (0, 1, 0)),
        ("7", "8", (0, 1, 1)),
        ("A", "a", (0, 1, 1)),
    ],
)
def test_a_value_is_right_wrong_or_missed(gold, ours, expected, scored):
    """One too many is wrong, one too few is missed, another is both, and none where there is none is not counted."""
    assert counts(scored(report(number=found(ours) if ours else None), report_number=gold), "report_number") == expected


def test_sets_are_compared_name_by_name(scored):
    """Order plays no part, and a name said twice counts once."""
    ours = tuple(found(Author(position=at, name=name)) for at, name in enumerate(("C", "A", "A", "X"), 1))
    scores = scored(report(authors=ours), authors=["A", "B", "C"])
    assert counts(scores, "authors") == (2, 1, 1)
    assert counts(scores, "header") == (2, 1, 1)
    assert scores.tally("all", "authors").f1 == pytest.approx(2 / 3)


def test_a_field_that_gold_does_not_list_is_not_judged(scored):
    """Nor are keywords that gold holds in part."""
    ours = report(subtitle=found("x"), keywords=(found("x"),))
    scores = scored(ours, keywords=["a"], keywords_truncated=True)
    assert [scores.tally("all", row).judged for row in ("subtitle", "keywords")] == [False, False]


def test_acronyms_and_parents_are_judged_on_bodies_that_both_have(scored):
    """A body that only one of them has counts as a body alone."""
    gold = [
        {"name": "A", "acronym": "AA", "parent": "P"},
        {"name": "B", "acronym": None, "parent": "DRC"},
        {"name": "C", "acronym": "CC", "parent": None},
    ]
    scores = scored(report(bodies=(body("A", "AA", "Q"), body("B", "BB"), body("D", "DD"))), bodies=gold)
    assert counts(scores, "bodies") == (2, 1, 1)
    assert counts(scores, "bodies: acronym") == (1, 1, 0)
    assert counts(scores, "bodies: parent") == (0, 1, 2)


def test_a_page_that_is_no_report_has_no_number(scored):
    """What else it tells counts; its number, if one was read, does not."""
    told = report(title=found("T"), number=found("7"), series_year=found(2015))
    scores = scored(OtherPage(layout="test", reason="", told=told), title="T", report_number="7", series_year=None)
    assert [counts(scores, row) for row in ("title", "report_number", "series_year")] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 0, 0),
    ]


def test_a_page_of_which_nothing_is_told_misses_all(scored):
    """No record is a record without values."""
    assert counts(scored(OtherPage(layout="none", reason=""), title="T", authors=["A"]), "header") == (0, 0, 2)


def test_numbers_on_pages_that_are_no_reports_are_told_apart(scored):
    """Such a page is counted, and its number with it."""
    scores = scored(report(number=found("7")), kind="drc-other", report_number=None)
    assert (scores.read_as_reports, scores.numbers_on_other_pages) == (1, 1)
    assert counts(scores, "report_number", "drc-other") == (0, 1, 0)


def test_disagreements_hold_both_values(scored, accuracy):
    """A person sees what gold has and what we have."""
    (line,) = accuracy.error_lines(scored(report(number=found("8")), report_number="7"))
    assert line == "a  report_number\n    gold  7\n    ours  8"


def test_a_gold_record_needs_its_page(accuracy, tmp_path):
    """A record without a page, or no record at all, is an error and not a perfect score."""
    for folder in ("pages", "gold"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pages" / "a.txt").write_text("a")
    with pytest.raises(ValueError, match="no gold record"):
        accuracy.score(tmp_path / "pages", tmp_path / "gold", FakeReader(None))
    (tmp_path / "gold" / "b.json").write_text("{}")
    with pytest.raises(ValueError, match=r"no page in .* for b"):
        accuracy.score(tmp_path / "pages", tmp_path / "gold", FakeReader(None))


@pytest.mark.parametrize("option", [None, "--json", "--errors"])
def test_the_command_prints_a_table_or_json(option):
    """The measurement runs as a command over the pages beside this file."""
    here = Path(__file__).parent
    command = [sys.executable, BENCH / "accuracy.py", here / "pages", here / "gold", *([option] if option else [])]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    if option == "--json":
        kinds = json.loads(run.stdout)["kinds"]
        assert kinds["all"]["pages"] == sum(each["pages"] for kind, each in kinds.items() if kind != "all")
    else:
        assert "programmes_plans_laws" in run.stdout
        assert "pages that are no reports" in run.stdout


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """The command ends with a message and no traceback."""
    command = [sys.executable, BENCH / "accuracy.py", tmp_path / "none", tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert "none" in run.stderr
    assert "Traceback" not in run.stderr
