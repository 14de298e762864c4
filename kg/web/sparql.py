"""The SPARQL 1.1 Protocol's query operation for people, and what the service says of itself where no query comes.

Programs are answered ahead of the framework, by `direct`; what comes here is for a browser, or asks nothing.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.errors import KgError
from kg.query import AnswerKind, service_description
from kg.web.answer_pages import answer_page, error_page, form_page
from kg.web.asking import ACCEPTED, query_of, read_fields, wanted_by
from kg.web.bodies import Form
from kg.web.formats import Page
from kg.web.negotiate import GRAPHS, best, prefers_html
from kg.web.problems import Problem
from kg.web.site import FLEETING, run_for, site_of
from kg.web.writing import takes_writes

router = APIRouter()

_MOST_ON_A_PAGE: Final = 4 * 1024 * 1024
_METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "QUERY")


@router.api_route("/sparql", methods=list(_METHODS))
async def sparql(request: Request) -> Response:
    """A query and its answer; without one the form for a person, or the service's description for a program."""
    if request.method == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(_METHODS), **ACCEPTED})
    form = await read_fields(request)
    if request.method in {"POST", "QUERY"} or any(name in {"query", "update"} for name, _ in form):
        return await _answered(request, form)
    accept = request.headers.get("accept")
    if prefers_html(accept):
        return form_page(request)
    graph = best(accept, GRAPHS)
    if graph is None:
        return await _answered(request, form)
    site = site_of(request)
    update = f"{site.addresses.base}update" if takes_writes(request) else ""
    federates = site.federation is not None
    described = service_description(f"{site.addresses.base}sparql", graph, update=update, federates=federates)
    return site.answer(described, graph.media_type)


async def _answered(request: Request, form: Form) -> Response:
    site, how = site_of(request), wanted_by(form, accept := request.headers.get("accept"))
    query = query_of(form, how, site.bounds)
    if isinstance(how.results, Page):
        query = replace(query, most_bytes=min(query.most_bytes, _MOST_ON_A_PAGE))
    try:
        answer = await run_for(request, query)
    except KgError as error:
        if prefers_html(accept):
            return error_page(request, query, Problem.of(error))
        raise
    if isinstance(how.graph if answer.kind is AnswerKind.GRAPH else how.results, Page):
        response = answer_page(request, query, answer)
    else:
        response = site.answer(answer.payload, answer.media_type)
    if site.is_federated(query):
        del response.headers["Last-Modified"]
        response.headers.update(FLEETING)
    return response
