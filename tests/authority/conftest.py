"""The authority as it is shipped, read once."""

from __future__ import annotations

import pytest

from kg import assets
from kg.rdf.iris import Minter
from kg.rdf.knowledge import knowledge_quads, read_knowledge

BASE = "https://kg.example/"


@pytest.fixture(scope="session")
def knowledge():
    """The entries and concepts."""
    return read_knowledge(assets.ontology(), Minter(BASE))


@pytest.fixture(scope="session")
def graphs():
    """All triples, by the last segment of their graph's IRI."""
    found = {"authority": set(), "ontology": set()}
    for quad in knowledge_quads(assets.ontology(), Minter(BASE)):
        found[quad.graph_name.value.removeprefix(f"{BASE}graph/")].add(quad.triple)
    return found


@pytest.fixture(scope="session")
def described(graphs):
    """The authority's values by subject and predicate."""
    values = {}
    for triple in sorted(graphs["authority"], key=str):
        values.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    return values
