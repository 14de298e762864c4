"""The OpenAPI document tells of every route there is, and the context explains our JSON-LD."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.routing import Route

from kg.model.imprint import Imprint
from kg.rdf.dataset import Census, Edition
from kg.rdf.vocab import PREFIXES
from kg.web import create_app
from kg.web.metrics import Metrics


@pytest.fixture
def told(get):
    """The document."""
    return get("/openapi.json").json()


def test_every_route_is_told_of(told):
    """Each method of each route stands in the document, and no other. OpenAPI 3.1 has no word for QUERY."""
    edition = Edition(base="http://127.0.0.1:8000/", name="v3", imprint=Imprint())
    app = create_app(
        queries=None, pages=None, edition=edition, census=Census(triples=1), questions=None, parts=[Metrics().router]
    )
    documented = {(path, method) for path, methods in told["paths"].items() for method in methods}
    assert set(_routes(app)) - {("/sparql", "query")} == documented


def _routes(app):
    for included in app.routes:
        for route in included.original_router.routes if hasattr(included, "original_router") else [included]:
            if isinstance(route, Route):
                yield from ((route.path.replace(":path", ""), method.lower()) for method in route.methods)


def test_names_of_operations_are_unique(told):
    """Generators of clients name a function after each."""
    names = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_formats_that_are_told_are_given(get, told):
    """Each format of a query's answer is one that the server gives."""
    for media_type in told["paths"]["/sparql"]["get"]["responses"]["200"]["content"]:
        is_graph = (
            media_type not in {"text/csv", "text/html"} and "results" not in media_type and "tab" not in media_type
        )
        query = "CONSTRUCT WHERE { ?s ?p ?o }" if is_graph else "SELECT * { ?s ?p ?o } LIMIT 1"
        answer = get("/sparql", params={"query": query}, headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)


def test_the_context_says_what_our_answers_say(get):
    """A document that refers to the context in place of the prefixes it bears means the same triples."""
    context = get("/context.jsonld").json()
    assert context == {"@context": dict(PREFIXES)}
    query = {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "jsonld"}
    answer = get("/sparql", params=query).json()
    borne = set(parse(json.dumps(answer), RdfFormat.JSON_LD))
    assert borne == set(parse(json.dumps({**answer, **context}), RdfFormat.JSON_LD))
    assert len(borne) > 10
