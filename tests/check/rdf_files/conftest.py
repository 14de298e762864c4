"""Data, shapes and what is found, from texts."""

from __future__ import annotations

import pytest

from kg.check.rdf_files.checker import RdfChecker, Scope
from kg.check.rdf_files.files import located_graph
from kg.check.rdf_files.shapes_files import ShapesFiles
from kg.rdf.formats import GraphFormat

PREFIXES = """@prefix ex: <http://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
EX = "http://example.org/ns#"


def graph_of(text, source="data.ttl", form=GraphFormat.TURTLE):
    """The graph in a text; without prefixes of its own it has the usual ones on one line."""
    if form is GraphFormat.TURTLE and "@prefix" not in text:
        text = PREFIXES.replace("\n", " ") + "\n" + text
    return located_graph(source, text.encode(), form, f"file:///{source}")


@pytest.fixture
def graph():
    """Makes a graph of a text; the text's first line is line 2."""
    return graph_of


@pytest.fixture
def checker():
    """Makes a checker of the text of shapes, and of an ontology."""

    def make(shapes, ontology=None):
        return RdfChecker(
            ShapesFiles([graph_of(shapes, "shapes.ttl")]), graph_of(ontology, "ontology.ttl").quads if ontology else ()
        )

    return make


@pytest.fixture
def told(checker):
    """What is found in some data: place, words and the shape's name, a line each."""

    def tell(shapes, data, ontology=None, scope=Scope.SHAPES):
        outcome = checker(shapes, ontology).check([graph_of(data)], scope)
        return [
            f"{each.where} {each.where.quote} [{each.shape.rpartition('#')[2].rstrip('>')}]"
            for each in outcome.verdict.findings
        ]

    return tell
