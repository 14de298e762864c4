"""`kg check`: findings at their places, for people and for programs."""

from __future__ import annotations

import json
import re

import pytest

LINE_OF_BYLINE = 9


@pytest.fixture
def without_byline(kg, seed):
    """The seed page in `page.txt`, its byline deleted."""
    lines = seed.splitlines(keepends=True)
    byline = next(number for number, line in enumerate(lines) if line.startswith("By "))
    assert byline == LINE_OF_BYLINE - 1
    kg.page("page.txt", "".join(lines[:byline] + lines[byline + 1 :]))
    return kg


def test_clean_pages_have_no_findings(built):
    """Nothing is written about pages that conform, but that they were looked at."""
    ran = built("check", "examples")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.endswith("5 pages checked: no findings\n")


def test_a_missing_byline_is_a_warning_at_the_line_where_it_should_stand(without_byline):
    """What the page lacks is found where a person would add it."""
    ran = without_byline("check", "page.txt")
    assert ran.code == 0
    assert f"page.txt:{LINE_OF_BYLINE}:1: warning: The page names no authors for this report" in ran.text
    assert "[Report-authorship-stated]" in ran.text


def test_a_missing_byline_is_a_gap_in_the_graph(without_byline):
    """The graph holds what the page does not say, as a gap with its reason."""
    ran = without_byline("build", "page.txt")
    assert ran.code == 0
    assert "1 gap" in ran.err
    query = "SELECT ?field ?reason WHERE { ?gap a coord:Gap ; coord:field ?field ; coord:reason ?reason }"
    rows = without_byline("query", query, "--format", "csv").text.splitlines()
    assert rows[0] == "field,reason"
    assert rows[1].startswith("byline,")
    assert len(rows) == 2


def test_json_holds_the_same_findings_with_their_places(without_byline):
    """A program gets shape, severity, focus, path, file, line and column."""
    ran = without_byline("check", "page.txt", "--format", "json")
    found = json.loads(ran.out)
    assert {record["severity"] for record in found} == {"Warning"}
    assert {(record["source"], record["line"], record["column"]) for record in found} == {("page.txt", 9, 1)}
    assert "https://w3id.org/policy-kg/shape/Report-authorship-stated" in {record["shape"] for record in found}
    assert set(found[0]) == {
        "shape", "severity", "message", "focus", "path", "value", "source", "line", "column", "quote",
    }  # fmt: skip


def test_json_without_findings_is_an_empty_list(built):
    """A program can always parse the answer."""
    assert json.loads(built("check", "examples", "--format", "json").out) == []


def test_findings_go_to_a_file_whole_or_not_at_all(without_byline):
    """With --output the findings stand in the file and standard output stays empty."""
    ran = without_byline("check", "page.txt", "--format", "json", "--output", "findings.json")
    assert ran.out == b""
    assert json.loads((without_byline.folder / "findings.json").read_bytes())
    refused = without_byline("check", "page.txt", "--output", "no-such-folder/findings.txt")
    assert refused.code == 2
    assert "cannot write no-such-folder/findings.txt" in refused.err


SHEETS = (
    [
        "Macro Coordination Mechanism of Japan (No.267, 2021)",
        "By Shen Hengchao & Sun Jie, DRC",
        "Research Report, No.267, 2021 (Total 6332) 2021-9-15",
        "Abstract: Japan has a mechanism.",
    ],
    ["What it does is told below."],
    ["This is the background.", "The Council for Science, Technology and Innovation (CSTI) was established in 1931."],
)


def test_a_finding_on_the_third_page_of_a_pdf_names_that_page(kg, pdf):
    """A reader opens the PDF at the page, and finds the line on it; `kg why` says the same."""
    kg.page("a.pdf", pdf(*SHEETS))
    ran = kg("check", "a.pdf")
    assert re.search(
        r"^a\.pdf#page=3:2:\d+: warning: The page gives another start than the authority", ran.text, re.MULTILINE
    )
    assert kg("build", "a.pdf").code == 0
    why = kg("why", "body/jp-csti", "coord:startDate", "1931").text
    assert why.startswith("a.pdf#page=3:2:"), why


def test_a_finding_in_a_table_names_the_line_of_the_file(kg):
    """An editor opens the table at the row; `kg why` and the record say the same."""
    kg.page(
        "kg.toml",
        '[records.index]\nfile = "index.csv"\nformat = "csv"\n[records.index.columns]\n'
        'title = "Title"\nnumber = "No."\nbyline = "Authors"\n',
    )
    kg.page("index.csv", 'Title,No.,Authors\n"Science in\nJapan",12,Sun Jie\nScience in Finland,13,Sun Jie\n')
    ran = kg("check", "index.csv")
    assert "index.csv:2:1: warning: The page gives no abstract for this report" in ran.text
    assert "index.csv:4:1: warning: The page gives no abstract for this report" in ran.text
    assert kg("build", "index.csv").code == 0
    assert "index.csv:3:11: report/page-12 creator person/sun-jie\n" in kg("why", "person/sun-jie").text


def test_two_pages_of_one_report_end_with_code_1(kg, seed):
    """A Violation is a finding, and nothing is published by a check."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", seed + "\n\n")
    ran = kg("check", "pages")
    assert ran.code == 1
    assert "pages/b.txt:11:1: violation:" in ran.text
    assert not (kg.folder / "kg-store").exists()


def test_an_unreadable_page_ends_with_code_3(kg, seed):
    """What could not be checked is named."""
    kg.page("pages/a.txt", seed)
    kg.page("pages/b.txt", b"\xff\xfe\xff")
    ran = kg("check", "pages")
    assert ran.code == 3
    assert "pages/b.txt: unreadable: " in ran.err


def test_the_ontology_and_the_authority_conform(kg):
    """What is known before reading passes its own shapes."""
    ran = kg("check", "--ontology")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.endswith("things checked: no findings\n")


def test_a_broken_layout_of_your_own_is_named(kg, seed):
    """A layout that cannot be used is a mistake in the settings."""
    kg.page("page.txt", seed)
    kg.page("my-layouts/mine.toml", 'name = "mine"\n')
    ran = kg("check", "page.txt", KG_LAYOUTS="my-layouts")
    assert ran.code == 2
    assert re.fullmatch(r"kg: layout mine\.toml: .*lacks fits_from, .*\n", ran.err)
