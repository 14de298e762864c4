"""The serialisations, each with its media type."""

import pytest

from kg.rdf.formats import GraphFormat, ResultsFormat


@pytest.mark.parametrize("form", GraphFormat)
def test_every_graph_format_can_be_written(form):
    """Each format has a media type and a serialiser of its own."""
    assert "/" in form.media_type
    assert len({each.rdf for each in GraphFormat}) == len(GraphFormat)


def test_formats_that_hold_datasets():
    """N-Quads, TriG and JSON-LD hold named graphs; Turtle, N-Triples and RDF/XML do not."""
    assert {form for form in GraphFormat if form.holds_datasets} == {
        GraphFormat.NQUADS,
        GraphFormat.TRIG,
        GraphFormat.JSONLD,
    }


@pytest.mark.parametrize("form", ResultsFormat)
def test_every_results_format_can_be_written(form):
    """Each format of answers has a media type and a serialiser."""
    assert "/" in form.media_type
    assert form.results
