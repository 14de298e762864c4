"""The SPARQL 1.1 protocol's query operation, and the form and tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.errors import KgError
from kg.query import Answer, AnswerKind, Query
from kg.rdf.formats import GraphFormat, ResultsFormat
from kg.rdf.vocab import PREFIXES
from kg.web.bodies import Form, read_body, read_form, read_text
from kg.web.negotiate import GRAPHS, HTML, RESULTS, best, prefers_html
from kg.web.problems import Problem
from kg.web.questions import read_questions
from kg.web.site import run_for, site_of
from kg.web.terms import read_boolean, read_table

router = APIRouter()

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_MOST_ON_A_PAGE: Final = 4 * 1024 * 1024
_MOST_ROWS_ON_A_PAGE: Final = 1000
_DATASET: Final = {"default-graph-uri", "named-graph-uri"}
_STARTER: Final = "\n".join(
    [
        *(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("coord", "dcterms", "rdfs", "skos")),
        "",
        "SELECT ?report ?title WHERE {",
        "  ?report a coord:Report ; dcterms:title ?title .",
        "}",
        "LIMIT 20",
    ]
)


@dataclass(frozen=True, slots=True)
class _Page:
    """In place of a format: the answer is shown on a page."""


_Results = ResultsFormat | _Page
_Graph = GraphFormat | _Page


@router.get("/sparql")
@router.head("/sparql")
async def get_sparql(request: Request) -> Response:
    """A query in the address, or the form to write one."""
    await read_body(request)
    form = read_form(request.url.query)
    if not any(name == "query" for name, _ in form) and prefers_html(request.headers.get("accept")):
        return _form_page(request)
    return await _answered(request, form)


@router.post("/sparql")
async def post_sparql(request: Request) -> Response:
    """A query in the body, as a form or as it is."""
    media_type, parameters = _content_type(request)
    if media_type not in {_FORM, _QUERY} or parameters.get("charset", "utf-8") != "utf-8":
        accepted = {"Accept-Post": f"{_FORM}, {_QUERY}"}
        detail = f"a query comes as {_FORM} or {_QUERY}, in UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers=accepted)
    body = read_text(await read_body(request))
    if media_type == _FORM:
        return await _answered(request, read_form(body))
    in_address = read_form(request.url.query)
    if any(name == "query" for name, _ in in_address):
        raise Problem(HTTPStatus.BAD_REQUEST, "the query stands in the body; the address has another one")
    return await _answered(request, (("query", body), *in_address))


def _content_type(request: Request) -> tuple[str, Mapping[str, str]]:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return media_type.strip(), {name.strip(): value.strip(' "') for name, _, value in pairs}


def _form_page(request: Request) -> Response:
    site = site_of(request)
    return site.page("sparql.html", query=_STARTER, questions=read_questions(site.questions), shown={})


async def _answered(request: Request, form: Form) -> Response:
    accept = request.headers.get("accept")
    results = best(accept, _RESULTS_OR_PAGE)
    graph = best(accept, _GRAPHS_OR_PAGE)
    if results is None and graph is None:
        offered = ", ".join(dict.fromkeys([*RESULTS, *GRAPHS, HTML]))
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"none of the formats asked for; there are {offered}")
    query = replace(
        _query(form),
        results=ResultsFormat.JSON if isinstance(results, _Page) else results,
        graph=GraphFormat.TURTLE if isinstance(graph, _Page) else graph,
    )
    on_a_page = {AnswerKind.GRAPH: isinstance(graph, _Page)}
    if isinstance(results, _Page):
        query = replace(query, most_bytes=_MOST_ON_A_PAGE)
    try:
        answer = await run_for(request, site_of(request).queries, query)
    except KgError as error:
        if prefers_html(accept):
            return _error_page(request, query, Problem.of(error))
        raise
    if on_a_page.get(answer.kind, isinstance(results, _Page)):
        return _answer_page(request, query, answer)
    return Response(answer.payload, media_type=answer.media_type, headers={"Vary": "Accept"})


_RESULTS_OR_PAGE: Final[Mapping[str, _Results]] = {**RESULTS, HTML: _Page(), "application/xhtml+xml": _Page()}
_GRAPHS_OR_PAGE: Final[Mapping[str, _Graph]] = {**GRAPHS, HTML: _Page(), "application/xhtml+xml": _Page()}


def _query(form: Form) -> Query:
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


def _answer_page(request: Request, query: Query, answer: Answer) -> Response:
    shown: dict[str, object] = {}
    match answer.kind:
        case AnswerKind.GRAPH:
            shown["graph"] = answer.payload.decode()
        case AnswerKind.BOOLEAN:
            shown["truth"] = read_boolean(answer.payload)
        case AnswerKind.SOLUTIONS:
            shown["table"] = read_table(answer.payload)
            shown["most_rows"] = _MOST_ROWS_ON_A_PAGE
    return _query_page(request, query, {"Vary": "Accept"}, shown)


def _error_page(request: Request, query: Query, problem: Problem) -> Response:
    response = _query_page(request, query, {**problem.headers, "Vary": "Accept"}, {"problem": problem})
    response.status_code = problem.status
    return response


def _query_page(request: Request, query: Query, headers: Mapping[str, str], shown: Mapping[str, object]) -> Response:
    return site_of(request).page("sparql.html", headers=headers, query=query.text, questions=(), shown=shown)
