"""Pages and their golden records: what each page of tests/cases tells, every value with its words."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written(case, reader, text_of, rows):
    """The record of a case's page: its own, or the one that case.toml refers to."""
    told = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    page = ROOT / told["page"] if "page" in told else case / "page.txt"
    return rows(reader.read(text_of(page.read_bytes())))


def test_a_case_says_where_it_comes_from_and_why_it_is_there(case):
    """case.toml has an origin and a reason."""
    told = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    assert told["origin"]
    assert told["why"]


def test_the_page_is_read_as_a_person_read_it(case, written, pytestconfig):
    """The record equals report.json; `pytest tests/extract/test_cases.py --rewrite-cases` writes that file anew."""
    golden = case / "report.json"
    if pytestconfig.getoption("--rewrite-cases"):
        golden.write_text(written, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == written
