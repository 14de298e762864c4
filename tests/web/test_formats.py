"""Formats by the fields that clients send beside a query."""

from __future__ import annotations

import pytest

from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.web.formats import NAMES, Page, wanted
from kg.web.problems import Problem

SPARQLWRAPPER = ("format", "output", "results")


def asked(*values):
    """The fields as SPARQLWrapper writes them: three names for each value."""
    return tuple((field, value) for field in SPARQLWRAPPER for value in values)


@pytest.mark.parametrize(
    ("values", "accept", "results", "graph"),
    [
        (["json"], "*/*", ResultsFormat.JSON, GraphFormat.JSONLD),
        (["xml"], "*/*", ResultsFormat.XML, GraphFormat.RDFXML),
        (["turtle"], "*/*", ResultsFormat.JSON, GraphFormat.TURTLE),
        (["n3"], "text/csv", ResultsFormat.CSV, GraphFormat.TURTLE),
        (["tsv", "text/tab-separated-values"], "text/csv", ResultsFormat.TSV, None),
        (["rdf+xml", "application/rdf+xml"], None, ResultsFormat.JSON, GraphFormat.RDFXML),
        (["json-ld", "application/ld+json, application/x-json+ld"], None, ResultsFormat.JSON, GraphFormat.JSONLD),
        (["application/n-triples"], "*/*", ResultsFormat.JSON, GraphFormat.NTRIPLES),
        (["html"], "*/*", Page(), Page()),
        ([""], "text/csv, application/trig", ResultsFormat.CSV, GraphFormat.TRIG),
        ([], "text/csv, application/trig", ResultsFormat.CSV, GraphFormat.TRIG),
    ],
)
def test_a_field_goes_before_the_header(values, accept, results, graph):
    """A field decides for the kinds of answers that it speaks of; the Accept header decides for the others."""
    found = wanted(asked(*values), accept)
    assert (found.results, found.graph) == (results, graph)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_stands_for_a_format(name):
    """Each name is of some use, whatever the header accepts."""
    found = wanted((("format", name),), "image/png")
    assert (found.results, found.graph) != (None, None)


def test_an_unknown_name_is_refused():
    """A format that is not there is named in the refusal, with those that are."""
    with pytest.raises(Problem, match="'parquet'; there are json, "):
        wanted((("format", "parquet"),), "*/*")


def test_a_field_that_was_not_escaped(get):
    """The plus sign of rdf+xml comes as a space from clients that do not escape it."""
    response = get("/sparql?query=DESCRIBE%20%3Curn:x%3E&format=rdf+xml")
    assert response.headers["content-type"] == "application/rdf+xml"
