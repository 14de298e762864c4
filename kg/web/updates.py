"""The update operation of the SPARQL 1.1 Protocol (section 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.model.errors import QueryRefused, ServiceFailed
from kg.model.writes import Write, WriteKind
from kg.web.bodies import Form, read_form, read_text
from kg.web.problems import Problem
from kg.web.requests import content_type
from kg.web.site import site_of
from kg.web.writing import Asked, perform, takes_writes

router = APIRouter()

FORM: Final = "application/x-www-form-urlencoded"
UPDATE: Final = "application/sparql-update"
_ACCEPTED: Final = {"Accept-Post": f"{FORM}, {UPDATE}"}


@router.options("/update")
async def options(request: Request) -> Response:
    """How updates may come; none where writes are off."""
    allow = "OPTIONS, POST" if takes_writes(request) else "OPTIONS"
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allow, **_ACCEPTED})


@router.post("/update")
async def update(request: Request) -> Response:
    """An update, applied where what it makes of the graph conforms to the shapes; else nothing is changed."""
    return await perform(request, _asked)


async def _asked(request: Request, body: bytes) -> Asked:
    media_type, charset = content_type(request)
    if media_type not in {FORM, UPDATE} or charset != "utf-8":
        detail = f"an update comes as {FORM} or {UPDATE}, in UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers=_ACCEPTED)
    text = read_text(body)
    in_address = read_form(request.url.query)
    form = (*read_form(text), *in_address) if media_type == FORM else (("update", text), *in_address)
    only, site = _only_update(form), site_of(request)
    try:
        loads = () if site.loading is None else await site.loading.documents(only, site.queries.deadline)
    except (QueryRefused, ServiceFailed) as error:
        raise Problem.of(error) from error
    return Asked(
        write=Write(
            kind=WriteKind.UPDATE,
            body=only.encode(),
            loads=loads,
            media_type=UPDATE,
            base=site.addresses.base,
            using_graphs=tuple(_fields(form, "using-graph-uri")),
            using_named_graphs=tuple(_fields(form, "using-named-graph-uri")),
        )
    )


def _only_update(form: Form) -> str:
    """The update of a request.

    Raises:
        Problem: it has none, more than one, or a query (section 2.2.1: exactly one update parameter).
    """
    texts = list(_fields(form, "update"))
    if len(texts) != 1 or any(_fields(form, "query")):
        raise Problem(HTTPStatus.BAD_REQUEST, f"expected one field named update and no query, found {len(texts)}")
    return texts[0]


def _fields(form: Form, name: str) -> Iterator[str]:
    return (value for each, value in form if each == name)
