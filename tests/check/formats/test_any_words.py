"""Whatever a page says, each format says it in its own syntax and nothing else."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, parse

from kg.check.formats import Checked
from kg.check.formats.github import workflow_commands
from kg.check.formats.human import human
from kg.check.formats.junit import junit
from kg.check.formats.markdown import markdown
from kg.check.formats.records import findings_csv, findings_json, findings_jsonl
from kg.check.formats.shacl_report import shacl_report
from kg.check.formats.visible import visible, width
from kg.model.evidence import Place
from kg.model.excerpt import line_excerpt
from kg.model.verdict import Finding, Severity

TRICKY = st.sampled_from(
    ["::", "%0A", "\r\n", "]]>", "<!--", "|", "`", "\u2028", "\u202e", "\x00", "\x1b[", '"""', "="]
)
WORDS = st.lists(st.one_of(st.text(max_size=8), TRICKY), max_size=6).map("".join)


@st.composite
def findings(draw):
    """A finding made of any words at all."""
    place = Place(
        source=draw(WORDS), line=draw(st.integers(1, 9999)), column=draw(st.integers(1, 99)), quote=draw(WORDS)
    )
    return Finding(
        shape="https://w3id.org/policy-kg/shape/Report-issued",
        focus="http://127.0.0.1:8000/id/report/x",
        path=None,
        value=str(Literal(draw(WORDS))),
        severity=draw(st.sampled_from(Severity)),
        message=draw(WORDS),
        where=place,
    )


CHECKS = st.lists(findings(), max_size=3).map(lambda found: Checked(findings=tuple(found)))


@given(CHECKS)
def test_workflow_commands_are_one_line_each(check):
    """GitHub reads as many commands as there are findings, with their own properties."""
    lines = re.split(r"[\r\n]", workflow_commands(check))[:-1]
    assert len(lines) == len(check.findings)
    for line in lines:
        match = re.fullmatch(r"::(?:error|warning|notice) ([^\x00-\x1f]*?)::[^\x00-\x1f]*", line)
        names = [each.partition("=")[0] for each in match[1].split(",")]
        assert names[-1] == "title"
        assert len(names) == len(set(names))


@given(CHECKS)
def test_xml_is_well_formed_and_complete(check):
    """Each finding is in it once."""
    root = ET.fromstring(junit(check))  # noqa: S314 - our own document
    failures = root.findall(".//failure")
    assert len(failures) == sum(check.fails(each) for each in check.findings)


@given(CHECKS)
def test_json_gives_back_every_word(check):
    """Nothing is lost or changed; lines of JSON Lines are findings."""
    records = json.loads(findings_json(check))
    assert [record["quote"] for record in records] == [each.where.quote for each in check.findings]
    lines = findings_jsonl(check).split("\n")[:-1]
    assert [json.loads(line) for line in lines] == records


@given(CHECKS)
def test_csv_has_a_row_a_finding_and_no_formula(check):
    """A row has as many cells as there are names."""
    rows = list(csv.reader(io.StringIO(findings_csv(check), newline="")))
    assert len(rows) == 1 + len(check.findings)
    assert {len(row) for row in rows} == {11}
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@given(CHECKS)
def test_turtle_is_turtle_and_gives_back_the_message(check):
    """Another tool of SHACL reads what was written."""
    quads = list(parse(shacl_report(check), format=RdfFormat.TURTLE))
    said = sorted(quad.object.value for quad in quads if quad.predicate.value.endswith("#resultMessage"))
    assert said == sorted(each.message for each in check.findings)


@given(CHECKS)
def test_a_table_of_markdown_keeps_its_cells(check):
    """No word opens a cell, a tag or a line."""
    rows = [line for line in markdown(check).split("\n") if re.match(r"\| \d+ \|", line)]
    assert len(rows) == len(check.findings)
    assert all(row.count("|") == 6 and "<" not in row for row in rows)


@given(findings())
def test_marks_stand_below_the_words_whatever_stands_before(found):
    """The line of marks has the width of what it is below, and no line holds a control character."""
    words = found.where.quote[:8]  # so short that nothing is cut
    line = f"before {words} after"
    excerpt = line_excerpt(line.split("\n", maxsplit=1)[0], 8, words.split("\n")[0])
    text = human(Checked(findings=(found,), excerpts={found.where: excerpt}))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", text)
    shown = next(each for each in text.split("\n") if "| before" in each or "| …" in each)
    marks = text.split("\n")[text.split("\n").index(shown) + 1]
    assert width(marks) - marks.count("^") == width(shown[: shown.index("|") + 2]) + width(visible("before "))
