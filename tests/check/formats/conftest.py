"""Findings to write, harmless ones and such as want to be more than words."""

import pytest
from pyoxigraph import Literal

from kg import assets
from kg.check.formats import Checked, unreadable_finding
from kg.check.rules import read_rules
from kg.model.evidence import Place
from kg.model.excerpt import line_excerpt
from kg.model.verdict import Finding, Severity

FOCUS = "http://127.0.0.1:8000/id/report/x"
#: Words that end a command, open a tag, leave a cell, start a formula, turn the writing, and hide.
HOSTILE = '=1+1\n::error file=x::%25 owned\x1b[31m\r<script>|`*[a](b)`\u202e"&\x00'


def _finding(line=2, column=5, quote="wrong", **changes):
    source = changes.pop("source", "pages/a.txt")
    fields = {
        "shape": "https://w3id.org/policy-kg/shape/Report-issued",
        "focus": FOCUS,
        "path": "http://purl.org/dc/terms/issued",
        "value": '"x"',
        "severity": Severity.VIOLATION,
        "message": "A report has one date.",
        "where": Place(source=source, line=line, column=column, quote=quote) if line else None,
    }
    return Finding(**{**fields, **changes})


@pytest.fixture(scope="session")
def finding():
    """Makes a finding at a place; `line=None` for one without."""
    return _finding


@pytest.fixture(scope="session")
def rules():
    """Our rules."""
    return read_rules(assets.shapes())


@pytest.fixture(scope="session")
def checked(rules):
    """Makes a check of its findings, with an excerpt for each."""

    def made(*findings, **changes):
        places = [each.where for each in findings if each.where]
        excerpts = {place: line_excerpt(f"the {place.quote} year", place.column, place.quote) for place in places}
        sources = tuple(dict.fromkeys(place.source for place in places))
        fields = {"findings": findings, "sources": sources, "excerpts": excerpts, "rules": rules}
        return Checked(**{**fields, **changes})

    return made


@pytest.fixture(scope="session")
def hostile():
    """Words that no format may take for its own."""
    return HOSTILE


@pytest.fixture(scope="session")
def assault(checked):
    """A check in which every text is hostile."""
    found = _finding(
        message=HOSTILE, quote=HOSTILE, source=f"pages/{HOSTILE}.txt", value=str(Literal(HOSTILE)), focus=HOSTILE
    )
    return checked(found, unreadable_finding("b.txt", HOSTILE))
