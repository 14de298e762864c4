"""The SPARQL 1.1 Protocol's query operation, and what the service says of itself where no query comes.

A query comes by GET, by POST as a form or as it is (SPARQL 1.1 Protocol, section 2.1), or by QUERY, the safe method
with a body of RFC 10008.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.errors import KgError
from kg.query import AnswerKind, Query, service_description
from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.web.answer_pages import answer_page, error_page, form_page
from kg.web.bodies import Form, read_body, read_form, read_text
from kg.web.formats import Page, wanted
from kg.web.negotiate import GRAPHS, best, prefers_html
from kg.web.problems import Problem
from kg.web.site import run_for, site_of

router = APIRouter()

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_MOST_ON_A_PAGE: Final = 4 * 1024 * 1024
_METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "QUERY")
_ACCEPTED: Final = {"Accept-Post": f"{_FORM}, {_QUERY}", "Accept-Query": f"{_FORM}, {_QUERY}"}


@router.api_route("/sparql", methods=list(_METHODS))
async def sparql(request: Request) -> Response:
    """A query and its answer; without one the form for a person, or the service's description for a program."""
    match request.method:
        case "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(_METHODS), **_ACCEPTED})
        case "POST" | "QUERY":
            return await _answered(request, await _sent(request))
    await read_body(request)
    form = read_form(request.url.query)
    accept = request.headers.get("accept")
    if any(name in {"query", "update"} for name, _ in form):
        return await _answered(request, form)
    if prefers_html(accept):
        return form_page(request)
    graph = best(accept, GRAPHS)
    if graph is None:
        return await _answered(request, form)
    site = site_of(request)
    return site.answer(service_description(f"{site.addresses.base}sparql", graph), graph.media_type)


async def _sent(request: Request) -> Form:
    """The fields of a request with a body; those of its address count, too."""
    media_type, parameters = _content_type(request)
    if media_type not in {_FORM, _QUERY} or parameters.get("charset", "utf-8") != "utf-8":
        detail = f"a query comes as {_FORM} or {_QUERY}, in UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers=_ACCEPTED)
    body = read_text(await read_body(request))
    in_address = read_form(request.url.query)
    in_body = read_form(body) if media_type == _FORM else (("query", body),)
    return (*in_body, *in_address)


def _content_type(request: Request) -> tuple[str, Mapping[str, str]]:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return media_type.strip(), {name.strip(): value.strip(' "') for name, _, value in pairs}


async def _answered(request: Request, form: Form) -> Response:
    accept = request.headers.get("accept")
    query, how = _query(form), wanted(form, accept)
    query = replace(
        query,
        results=ResultsFormat.JSON if isinstance(how.results, Page) else how.results,
        graph=GraphFormat.TURTLE if isinstance(how.graph, Page) else how.graph,
    )
    if isinstance(how.results, Page):
        query = replace(query, most_bytes=_MOST_ON_A_PAGE)
    site = site_of(request)
    try:
        answer = await run_for(request, site.queries, query)
    except KgError as error:
        if prefers_html(accept):
            return error_page(request, query, Problem.of(error))
        raise
    if isinstance(how.graph if answer.kind is AnswerKind.GRAPH else how.results, Page):
        return answer_page(request, query, answer)
    return site.answer(answer.payload, answer.media_type)


def _query(form: Form) -> Query:
    """The query of a request.

    Raises:
        Problem: it has none, more than one, or an update (section 2.1.4: exactly one query parameter).
    """
    texts = [value for name, value in form if name == "query"]
    if any(name == "update" for name, _ in form):
        raise Problem(HTTPStatus.BAD_REQUEST, "updates are not run here; queries alone are answered")
    if len(texts) != 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"expected one field named query, found {len(texts)}")
    return Query(
        text=texts[0],
        default_graphs=tuple(value for name, value in form if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in form if name == "named-graph-uri"),
    )
