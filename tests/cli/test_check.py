"""`kg check`: findings at their places, for people and for programs."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

LINE_OF_BYLINE = 9
ROOT = Path(__file__).resolve().parents[2]


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
        "shape", "severity", "message", "focus", "path", "value", "source", "line", "column", "quote", "fingerprint",
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
    assert "pages/b.txt:1:1: violation: This file could not be read" in ran.text
    assert "pages/b.txt: unreadable: " in kg("check", "pages", "--format", "sarif").err


def test_the_ontology_and_the_authority_conform(kg):
    """What is known before reading passes its own shapes."""
    ran = kg("check", "--knowledge")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.endswith("things checked: no findings\n")


def test_a_broken_layout_of_your_own_is_named(kg, seed):
    """A layout that cannot be used is a mistake in the settings."""
    kg.page("page.txt", seed)
    kg.page("my-layouts/mine.toml", 'name = "mine"\n')
    ran = kg("check", "page.txt", KG_LAYOUTS="my-layouts")
    assert ran.code == 2
    assert re.fullmatch(r"kg: layout mine\.toml: .*lacks fits_from, .*\n", ran.err)


@pytest.fixture
def wrong_year(kg, seed):
    """The seed page in `pages/page.txt`, dated 1821, which is a Violation; and without a byline, which is a Warning."""
    lines = [line for line in seed.splitlines(keepends=True) if not line.startswith("By ")]
    kg.page("pages/page.txt", "".join(lines).replace("2021-9-15", "1821-9-15"))
    return kg


def test_several_formats_are_written_at_once(wrong_year):
    """One goes to standard output, the others to files of their own."""
    ran = wrong_year("check", "pages", "--format", "human", "--format", "sarif=a.sarif", "--format", "junit=b.xml")
    assert ran.code == 1
    assert "pages/page.txt:10:44: violation:" in ran.text
    assert json.loads((wrong_year.folder / "a.sarif").read_bytes())["version"] == "2.1.0"
    assert (wrong_year.folder / "b.xml").read_text().startswith("<?xml")


def test_output_is_for_the_format_without_a_file(wrong_year):
    """`--format json=… --format human -o …` gives each its own."""
    arguments = ("--format", "json=a.json", "--format", "human", "--output", "b.txt")
    assert wrong_year("check", "pages", *arguments).out == b""
    assert json.loads((wrong_year.folder / "a.json").read_bytes())
    assert "1821" in (wrong_year.folder / "b.txt").read_text()


def test_a_pipe_is_written_to_and_a_link_is_kept(wrong_year):
    """`-o /dev/null` must not make a file of the device, nor a link into a folder a file of its own."""
    pipe, link, target = (wrong_year.folder / name for name in ("pipe", "link.json", "target.json"))
    os.mkfifo(pipe)
    target.touch()
    link.symlink_to(target)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        wrong_year("check", "pages", "--format", "human=pipe", "--format", "json=link.json")
        assert b"1821" in os.read(reading, 65536)
    finally:
        os.close(reading)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert json.loads(target.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "srif"), "there is no format srif; did you mean sarif?"),
        (("--format", "json", "--format", "sarif"), "two formats go to standard output"),
        (("--format", "json=x", "--format", "sarif=x"), "two formats go to the file x"),
        (("--format", "json="), "--format json= names no file"),
        (("--format", "json=x", "-o", "y"), "--output y has no format to write"),
        (("--knowledge", "--changed-since", "HEAD"), "--changed-since chooses pages"),
        (("--baseline", "no.jsonl"), "there is no baseline no.jsonl; write one with"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(wrong_year, arguments, told):
    """Exit code 2, and what to do."""
    ran = wrong_year("check", "pages", *arguments)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1), ("info", 1)])
def test_the_least_severity_to_fail_on_can_be_chosen(without_byline, fail_on, code):
    """A Warning fails a check that fails on Warnings or less."""
    assert without_byline("check", "page.txt", "--fail-on", fail_on).code == code


def test_a_known_finding_is_left_out_and_counted(wrong_year):
    """With a baseline only what is new is told, and the check passes."""
    wrote = wrong_year("check", "pages", "--write-baseline")
    assert wrote.code == 0
    assert ".kg-baseline: 3 known findings written, 0 stale dropped" in wrote.err
    ran = wrong_year("check", "pages", "--baseline", ".kg-baseline")
    assert (ran.code, ran.out) == (0, b"")
    assert "1 page checked: no findings; 3 known findings left out\n" in ran.err


def test_a_baseline_among_the_pages_is_no_page(wrong_year):
    """It may lie in the folder that is checked."""
    wrong_year("check", ".", "--write-baseline")
    ran = wrong_year("check", ".", "--baseline", ".kg-baseline")
    assert (ran.code, ran.out) == (0, b"")


def test_known_findings_stay_known_when_lines_move(wrong_year):
    """A line added above changes no fingerprint, and a baseline written again has the same bytes."""
    wrong_year("check", "pages", "--write-baseline", "--baseline", "b.jsonl")
    before = (wrong_year.folder / "b.jsonl").read_bytes()
    page = wrong_year.folder / "pages/page.txt"
    page.write_text("\n\n" + page.read_text())
    ran = wrong_year("check", "pages", "--baseline", "b.jsonl")
    assert (ran.code, ran.out) == (0, b"")
    wrong_year("check", "pages", "--write-baseline", "--baseline", "b.jsonl")
    assert (wrong_year.folder / "b.jsonl").read_bytes() == before


def test_a_removed_fault_leaves_a_stale_entry(wrong_year):
    """The entry is named with its line; the check passes, and writing the baseline anew drops it."""
    wrong_year("check", "pages", "--write-baseline")
    page = wrong_year.folder / "pages/page.txt"
    page.write_text(page.read_text().replace("1821-9-15", "2021-9-15"))
    ran = wrong_year("check", "pages", "--baseline", ".kg-baseline")
    assert ran.code == 0
    assert ".kg-baseline:3: stale: nothing is found any more for Report-issued-period" in ran.err
    assert ".kg-baseline has 1 stale; write it anew with --write-baseline" in ran.err
    assert "2 known findings written, 1 stale dropped" in wrong_year("check", "pages", "--write-baseline").err


def test_entries_of_pages_that_were_not_checked_are_kept_and_not_stale(wrong_year, seed):
    """A check of one page says nothing of another."""
    wrong_year("check", "pages", "--write-baseline")
    wrong_year.page("other.txt", seed)
    assert "stale" not in wrong_year("check", "other.txt", "--baseline", ".kg-baseline").err
    assert "3 known findings written, 0 stale" in wrong_year("check", "other.txt", "--write-baseline").err


def test_what_cannot_be_read_is_never_known(wrong_year):
    """A baseline hides no page that nobody could look at."""
    wrong_year.page("pages/b.txt", b"\xff\xfe\xff")
    assert wrong_year("check", "pages", "--write-baseline").code == 3
    ran = wrong_year("check", "pages", "--baseline", ".kg-baseline")
    assert ran.code == 3
    assert "pages/b.txt:1:1: violation:" in ran.text


def test_a_lighter_severity_passes_the_check_and_publishes_nothing(wrong_year):
    """What is shown as a warning is still kept out of the graph, and the build says so."""
    wrong_year.page("kg.toml", '[severities]\nReport-issued-period = "warning"\n')
    ran = wrong_year("check", "pages")
    assert ran.code == 0
    assert "pages/page.txt:10:44: warning: A policy report was not issued before 1900" in ran.text
    built = wrong_year("build", "pages")
    assert built.code == 1
    assert "pages/page.txt: quarantined" in built.err
    assert "0 reports" in built.err


def test_a_graver_severity_fails_the_check_and_keeps_the_page_out(without_byline):
    """A deployment may ask more than the shapes do."""
    without_byline.page("kg.toml", '[severities]\nReport-authorship-stated = "violation"\n')
    assert without_byline("check", "page.txt").code == 1
    assert "page.txt: quarantined" in without_byline("build", "page.txt").err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('Report-isued = "warning"', "expected the name of a shape, such as Report-issued"),
        ('Report-issued = "off"', "is never published, so it is not hidden"),
        ('Report-issued = "fatal"', "expected one of violation, warning, info, off"),
    ],
)
def test_a_severity_that_cannot_be_is_refused(wrong_year, line, told):
    """A mistyped shape is no silent setting, and no Violation can be hidden."""
    wrong_year.page("kg.toml", f"[severities]\n{line}\n")
    ran = wrong_year("check", "pages")
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("name", ["AcrossReports-number", "Term-definition"])
def test_shapes_over_all_pages_and_over_terms_are_explained_too(kg, name):
    """Whatever a finding may name can be looked up, with an example that passes and one that does not."""
    text = kg("check", "--explain", name).text
    assert text.startswith(f"{name}: ")
    assert "This passes:" in text
    assert "This does not pass:" in text


def test_a_shape_is_explained(kg):
    """What it asks, of what, where it stands, and how severe it is here."""
    kg.page("kg.toml", '[severities]\nReport-issued-period = "warning"\n')
    text = kg("check", "--explain", "Report-issued-period").text
    assert "violation: a page that breaks it is left out of the graph" in text
    assert "shown as warning by kg.toml" in text
    assert "looks at    dcterms:issued of every coord:Report" in text
    assert "asks that   each value matches the regular expression ^(19|20|21)" in text
    assert re.search(r"defined in  \S+/report\.ttl:\d+\n", text)


def test_a_mistyped_shape_has_suggestions(kg):
    """The nearest names, and exit code 2."""
    ran = kg("check", "--explain", "Report-isued")
    assert ran.code == 2
    assert "there is no shape Report-isued; did you mean Report-issued" in ran.err


def test_without_a_name_every_shape_is_listed(kg):
    """Shapes and the rules beside them."""
    text = kg("check", "--explain").text
    assert re.search(r"^  Report-issued +violation  report date$", text, re.MULTILINE)
    assert "  source-unreadable " in text


def test_a_bug_shows_its_traceback_what_to_report_and_ends_with_code_4(kg):
    """An internal error is neither a finding nor the user's fault."""
    kg.page("broken/sitecustomize.py", "import kg.settings\nkg.settings.read_settings = lambda: 1 / 0\n")
    kg.page("page.txt", "x")
    ran = kg("check", "page.txt", PYTHONPATH=f"broken:{ROOT}")
    assert ran.code == 4
    assert "ZeroDivisionError: division by zero" in ran.err
    assert "this is a bug in Policy KG" in ran.err


def on_a_terminal(desk, *arguments, **variables):
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    try:
        desk_environment = {**desk.environment(**variables), "TERM": variables.get("TERM", "xterm")}
        subprocess.run(
            desk.command(*arguments),
            cwd=desk.folder,
            env=desk_environment,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
        return os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)


def test_findings_are_coloured_on_a_terminal_and_nowhere_else(wrong_year):
    """A file and a pipe get plain text; who sets NO_COLOR, or has a terminal without colours, gets none."""
    assert "\x1b[1;31mviolation:\x1b[0m" in on_a_terminal(wrong_year, "check", "pages")
    assert "\x1b" not in on_a_terminal(wrong_year, "check", "pages", NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(wrong_year, "check", "pages", TERM="dumb")
    assert "\x1b" not in wrong_year("check", "pages").text
