"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol.

`/graphs?default` is the default graph and `/graphs?graph=IRI` the graph of that name (section 4.2, indirect); where the
address of a request is itself the name of a graph, as `/graph/authority` is, it gives that graph (section 4.1, direct).
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.errors import QuerySyntaxError
from kg.query import WHOLE_GRAPH, Query
from kg.rdf.formats import GraphFormat
from kg.web.bodies import Form, read_body, read_form
from kg.web.downloads import graph_response
from kg.web.formats import Page, wanted
from kg.web.problems import Problem
from kg.web.representations import tag_version
from kg.web.site import site_of
from kg.web.terms import read_boolean

router = APIRouter()

READING: Final = ("GET", "HEAD", "OPTIONS")
_METHODS: Final = ["GET", "HEAD"]
DEFAULT: Final = ""  # no graph has this name
_ANY: Final = "ASK { ?s ?p ?o }"


@router.api_route("/graphs", methods=_METHODS)
async def named(request: Request) -> Response:
    """The graph that the fields of the address name."""
    return await _graph(request, chosen_graph)


@router.api_route("/graphs/{path:path}", methods=_METHODS)
@router.api_route("/graph/{path:path}", methods=_METHODS)
async def addressed(request: Request) -> Response:
    """The graph whose name is the address."""
    return await _graph(request, addressed_graph)


async def _graph(request: Request, name: Callable[[Request, Form], str]) -> Response:
    await read_body(request)
    form = read_form(request.url.query)
    iri = name(request, form)
    graph = _format(form, request.headers.get("accept"))
    tag_version(request.scope, site_of(request).edition.name)
    site, graphs = site_of(request), () if iri == DEFAULT else (iri,)
    try:
        any_statement = await site.queries.run(Query(text=_ANY, default_graphs=graphs))
    except QuerySyntaxError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, error.reason) from error
    if graphs and not read_boolean(any_statement.payload):
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no graph <{iri}>")
    most = site.bounds
    query = Query(
        text=WHOLE_GRAPH, graph=graph, default_graphs=graphs, most_bytes=most.answer_bytes, most_rows=most.answer_rows
    )
    return await graph_response(request, query)


def chosen_graph(request: Request, form: Form) -> str:
    """The name in the fields; empty for the default graph.

    Raises:
        Problem: they name no graph or more than one; a request to the store itself must name one (section 4.2).
    """
    del request
    names = [value for name, value in form if name == "graph"]
    names += [DEFAULT for name, _ in form if name == "default"]
    if len(names) != 1 or ("graph", "") in form:
        raise Problem(HTTPStatus.BAD_REQUEST, "expected ?default or one ?graph=IRI, to say which graph is meant")
    return names[0]


def addressed_graph(request: Request, form: Form) -> str:
    """The address as it was sent, escapes and all, below the public base.

    Raises:
        Problem: the fields name another graph.
    """
    if any(name in {"graph", "default"} for name, _ in form):
        raise Problem(HTTPStatus.BAD_REQUEST, "the address names a graph, and its fields another one")
    path: bytes = request.scope["raw_path"]
    return site_of(request).addresses.base + path.decode("ascii").removeprefix("/")


def _format(form: Form, accept: str | None) -> GraphFormat:
    graph = wanted(form, accept).graph
    if graph is None:
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "none of the formats asked for can hold a graph")
    return GraphFormat.TURTLE if isinstance(graph, Page) else graph
