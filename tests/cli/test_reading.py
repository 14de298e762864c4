"""`kg read`: the record of one page, for people and for programs."""

from __future__ import annotations

import json

import pytest

from kg.cli.marks import Mark, bracketed, coloured, marks
from kg.model.evidence import Span

SEED = "examples/drc-2021-267.txt"
NO_NUMBER = """You Are Here: Home > News

A visit to the lakes

By A. Berg, DRC
"""


@pytest.fixture(scope="module")
def shown(built):
    """The seed's record as text."""
    ran = built("read", SEED)
    assert (ran.code, ran.err) == (0, "")
    return ran.text


@pytest.fixture(scope="module")
def record(built):
    """The seed's record as JSON values."""
    return json.loads(built("read", SEED, "--format", "json").out)


def test_a_value_stands_with_place_rule_and_confidence(shown):
    """Below a value stand file, line and column, the rule, and how sure it is."""
    assert (
        "\ncumulative_number\n  6332\n      examples/drc-2021-267.txt:11:38  drc/series-line, confidence 1.0\n" in shown
    )


def test_a_linked_name_shows_what_it_is_linked_to(shown):
    """A body's name is followed by its entry of the authority."""
    assert "  Comprehensive Science and Technology Innovation Conference (CSTI) → body/jp-csti\n" in shown


def test_a_statement_reads_as_a_sentence_with_its_words(shown):
    """Subject, relation and object stand in one line, the words of the page below."""
    assert "  the mechanism integrates sector/industry\n" in shown
    assert "      “Japan has integrated the forces of government, industry, academia" in shown


def test_words_that_several_statements_share_are_shown_once(shown):
    """A sentence stands below the first statement that was read from it."""
    assert shown.count("      “Japan has integrated the forces of government") == 1


def test_the_page_stands_below_with_its_words_marked(shown):
    """Away from a terminal a mark is the field's name and the words in brackets."""
    assert "\nBy [authors: Shen Hengchao] & [authors: Sun Jie], Research Team on “[team: Independent " in shown
    assert "\n[title: [jurisdictions: Japan]" in shown


def test_gaps_are_told_or_said_to_be_none(kg, seed, shown):
    """A page that lacks its date shows the gap with its place; one that lacks nothing says so."""
    assert "\nno gaps\n" in shown
    kg.page("page.txt", seed.replace("Nov 11,2021\n", "\n"))
    assert "\ngaps\n  page.txt:7:1  available: the page does not say it" in kg("read", "page.txt").text


def test_the_json_record_holds_every_value_with_its_words_and_place(record):
    """Value, quote, offsets, line, column, rule, confidence and polarity are all there."""
    assert record["number"] == {
        "value": "267",
        "evidence": {"quote": "267", "start": 383, "end": 386, "source": SEED, "line": 11, "column": 21},
        "method": "drc/series-line",
        "confidence": 1.0,
        "polarity": "asserted",
    }
    assert (record["kind"], record["key"], record["issued"]["value"]) == ("report", "drc-2021-267", "2021-09-15")


def test_quotes_of_the_json_record_stand_in_the_page_at_their_offsets(record, seed):
    """Every quote is the page's text from its start to its end."""
    evidence = list(_evidence(record))
    assert len(evidence) > 50
    assert all(seed[each["start"] : each["end"]] == each["quote"] for each in evidence)


def _evidence(value):
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _evidence(each)


def test_a_page_that_is_no_report_is_said_to_be_none(kg):
    """The reason stands first, and the exit code is 0 since nothing failed."""
    kg.page("news.txt", NO_NUMBER)
    ran = kg("read", "news.txt")
    assert ran.code == 0
    assert ran.text.startswith("news.txt: no report: the page has no ")
    assert json.loads(kg("read", "news.txt", "--format", "json").out)["kind"] == "other"


def test_standard_input_is_a_page(kg, seed):
    """`-` reads the page that is piped in."""
    assert kg("read", "-", stdin=seed.encode()).text.startswith("stdin: report drc-2021-267, by layout drc\n")


def test_a_record_goes_to_a_file(built, tmp_path):
    """With --output nothing goes to standard output."""
    file = tmp_path / "record.txt"
    assert built("read", SEED, "-o", str(file)).out == b""
    assert "cumulative_number" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("nowhere.txt", 3, "nowhere.txt: there is no such file or folder"),
        ("examples", 2, "examples holds 5 pages; name one of them"),
        ("examples/README.md", 3, "files of kind .md are not read"),
    ],
)
def test_what_is_no_single_page_is_refused(built, path, code, words):
    """The message says what is wrong with the path."""
    ran = built("read", path)
    assert (ran.code, ran.out) == (code, b"")
    assert words in ran.err


def test_control_characters_of_a_page_do_not_reach_the_terminal(kg, seed):
    """A page cannot send commands to the terminal of whoever reads it."""
    kg.page("page.txt", seed.replace("Keywords: ", "Keywords: \x1b[2Jred, "))
    assert b"\x1b" not in kg("read", "page.txt").out


def test_marks_nest_and_never_cross(reader, text_of, page_file):
    """Of two marks one holds the other, or they stand apart; each span is marked once."""
    reading = reader.read(text_of(page_file.read_bytes()))
    report = getattr(reading, "told", reading)
    found = marks(report) if report else []
    assert len({mark.span for mark in found}) == len(found)
    for first, second in ((a.span, b.span) for a in found for b in found):
        nested = first.start <= second.start and second.end <= first.end
        assert nested or first.end <= second.start or second.end <= first.start or second.start <= first.start


def test_brackets_leave_the_text_as_it_is():
    """Without the brackets the marked text is the page's."""
    text = "A plan of a council."
    found = [Mark(Span(0, 19), "plan", "things"), Mark(Span(12, 19), "body", "things")]
    assert bracketed(text, found) == "[plan: A plan of a [body: council]]."


def test_colours_are_explained_above_the_text():
    """On a terminal a line says what each colour means."""
    shown = coloured("Japan", [Mark(Span(0, 5), "about", "places")])
    assert shown.plain == "colours: places  \n\nJapan"
    assert [(span.start, span.end) for span in shown.spans] == [(9, 15), (19, 24)]
