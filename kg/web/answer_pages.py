"""The form to write a query, and its answer, as pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response

from kg.query import Answer, AnswerKind, Query
from kg.rdf.vocab import PREFIXES
from kg.web.problems import Problem
from kg.web.questions import read_questions
from kg.web.site import site_of
from kg.web.terms import read_boolean, read_table

_MOST_ROWS: Final = 1000
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


def form_page(request: Request) -> Response:
    """The form with a query to begin with, and the questions of the site."""
    site = site_of(request)
    return site.page(
        "sparql.html",
        headers={"Vary": "Accept"},
        query=_STARTER,
        questions=read_questions(site.questions),
        shown={},
    )


def answer_page(request: Request, query: Query, answer: Answer) -> Response:
    """The query in its form, and below it the answer; rows and truth values must come as JSON."""
    shown: dict[str, object] = {}
    match answer.kind:
        case AnswerKind.GRAPH:
            shown["graph"] = answer.payload.decode()
        case AnswerKind.BOOLEAN:
            shown["truth"] = read_boolean(answer.payload)
        case AnswerKind.SOLUTIONS:
            shown["table"] = read_table(answer.payload)
            shown["most_rows"] = _MOST_ROWS
    return _page(request, query, {"Vary": "Accept"}, shown)


def error_page(request: Request, query: Query, problem: Problem) -> Response:
    """The query in its form, and why it has no answer."""
    headers = {**problem.headers, "Vary": "Accept", "Cache-Control": "no-store"}
    response = _page(request, query, headers, {"problem": problem})
    response.status_code = problem.status
    return response


def _page(request: Request, query: Query, headers: Mapping[str, str], shown: Mapping[str, object]) -> Response:
    return site_of(request).page("sparql.html", headers=headers, query=query.text, questions=(), shown=shown)
