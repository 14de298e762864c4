"""Each finding points to the words that a person should look at."""

import pytest

from kg.check.claims import Claims
from kg.check.locate import Places
from kg.check.shacl.graph import Graph
from kg.model.evidence import Place
from kg.model.verdict import Finding, Severity

BASE = "http://127.0.0.1:8000/"
TITLE = "http://purl.org/dc/terms/title"
READ = """
<id/report/r> a coord:Report ; dcterms:title "One"@en , "Two"@en ; coord:authorship <id/authorship/r/1> .
<id/mention/r/1> a coord:Mention .
"""
EVIDENCE = """
<id/mention/r/10-13> a coord:Mention ; oa:hasTarget <id/report/drc-2021-267#char=10,13> ;
    coord:candidate <id/mention/r/10-13/1> .
<id/gap/r/byline> a coord:Gap ; coord:field "byline" .
"""


def places_of(page):
    """The places of a page."""
    evidence = Graph.of_quads(page.evidence)
    return Places(page, evidence, Claims(evidence))


@pytest.fixture
def place(draft):
    """Where a finding shows in a page with the statements above."""

    def locate(focus, path=None, value=None, **kwargs):
        page = draft(READ, evidence=EVIDENCE).page(**kwargs)
        finding = Finding(
            shape="urn:s", focus=BASE + focus, path=path, value=value, severity=Severity.VIOLATION, message="m"
        )
        return places_of(page).place(finding)

    return locate


def test_a_wrong_value_is_where_its_claim_read_it(place):
    """The statement's own passage, and not another of the same property."""
    assert (place("id/report/r", TITLE, '"One"@en').line, place("id/report/r", TITLE, '"Two"@en').line) == (2, 3)


def test_a_value_too_many_is_where_the_last_one_was_read(place):
    """Two titles show at the second."""
    assert place("id/report/r", TITLE).line == 3


def test_a_missing_value_is_where_it_was_expected(place):
    """The reader knows where it looked."""
    expected = Place(source="page.txt", line=9, column=4)
    assert place("id/report/r", TITLE, expected={(f"{BASE}id/report/r", TITLE): expected}) == expected


def test_a_missing_value_without_a_place_is_where_the_things_type_was_read(place):
    """The thing itself is the next best place."""
    assert place("id/report/r", "urn:other") == Place(source="page.txt", line=1, column=1, quote="w00")


def test_a_thing_that_is_only_named_is_where_it_was_named(place):
    """A node about which nothing was read shows where another pointed to it."""
    assert place("id/authorship/r/1").line == 4


@pytest.mark.parametrize(
    ("focus", "line"),
    [
        ("id/claim/drc-2021-267/01", 2),
        ("id/report/drc-2021-267#char=20,23", 3),
        ("id/mention/r/10-13", 2),
        ("id/mention/r/10-13/1", 2),
    ],
)
def test_evidence_is_at_its_own_passage(place, focus, line):
    """Claims, passages, mentions and candidates each have one."""
    assert place(focus).line == line


@pytest.mark.parametrize("focus", ["id/gap/r/byline", "id/page/e008f607e5bad1e3", "id/nowhere"])
def test_what_has_no_words_is_at_the_start_of_the_page(place, focus):
    """A page, a gap, or a node nobody mentions: line 1, column 1."""
    assert place(focus) == Place(source="page.txt", line=1, column=1)


def test_a_passage_on_a_numbered_page_names_it(draft):
    """Lines of a PDF count from 1 on each of its pages, so a place without the page would be none."""
    sheet = "<id/report/drc-2021-267#char=10,13> coord:sheet 3 ."
    assert str(located(draft(READ, evidence=sheet), '"One"@en')) == "page.txt#page=3:2:1"


def test_what_has_no_words_in_a_record_is_at_its_row(draft):
    """The start of a record is not the start of its table."""
    page = draft(READ, evidence="<id/page/e008f607e5bad1e3> coord:firstLine 7 .")
    assert str(located(page, None, focus="id/nowhere")) == "page.txt:7:1"


def located(draft, value, focus="id/report/r"):
    """Where a finding about a title shows in a draft."""
    page = draft.page()
    finding = Finding(
        shape="urn:s", focus=BASE + focus, path=TITLE, value=value, severity=Severity.VIOLATION, message="m"
    )
    return places_of(page).place(finding)
