"""Content negotiation by the client's qualities and our order."""

from __future__ import annotations

import pytest

from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.web.negotiate import GRAPHS, RESULTS, best, prefers_html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, ResultsFormat.JSON),
        ("", ResultsFormat.JSON),
        ("*/*", ResultsFormat.JSON),
        ("text/*", ResultsFormat.CSV),
        ("text/csv", ResultsFormat.CSV),
        ("TEXT/CSV ; Q=0.3", ResultsFormat.CSV),
        ("text/csv;q=0.5, application/json;q=0.9", ResultsFormat.JSON),
        ("text/csv;q=0.9, application/json;q=0.5", ResultsFormat.CSV),
        ("application/sparql-results+xml;charset=utf-8", ResultsFormat.XML),
        ("text/tab-separated-values, */*;q=0.1", ResultsFormat.TSV),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", ResultsFormat.XML),
        ("text/csv;q=2", None),
        ("text/csv;q=0", None),
        ("image/png", None),
        ("nonsense", None),
        ("/, ;q=1, text/", None),
        ("text/turtle", None),
    ],
)
def test_results(accept, expected):
    """The most liked format of results is chosen, by the most exact range that names it; ours first among equals."""
    assert best(accept, RESULTS) is expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", GraphFormat.TURTLE),
        ("application/n-triples", GraphFormat.NTRIPLES),
        ("application/ld+json", GraphFormat.JSONLD),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", GraphFormat.RDFXML),
        ("text/csv", None),
    ],
)
def test_graphs(accept, expected):
    """The most liked format of graphs is chosen."""
    assert best(accept, GRAPHS) is expected


@pytest.mark.parametrize(
    ("accept", "expected"), [(BROWSER, True), ("*/*", False), (None, False), ("text/html;q=0.1", True)]
)
def test_prefers_html(accept, expected):
    """Browsers get pages, programs get data."""
    assert prefers_html(accept) is expected
