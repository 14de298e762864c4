"""Reports by their keys: a page put here is read, mapped and checked as `kg build` would, and published."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kg.model.writes import Write, WriteKind
from kg.query import Query
from kg.web.problems import Problem
from kg.web.requests import content_type
from kg.web.site import Site, site_of
from kg.web.terms import read_boolean
from kg.web.writing import Asked, perform, takes_writes

router = APIRouter()

_KEY: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,198}[a-z0-9])?")
_PAGES: Final = ("text/plain", "text/html", "application/xhtml+xml", "application/pdf")
_KINDS: Final = {"PUT": WriteKind.PUT_PAGE, "DELETE": WriteKind.DELETE_PAGE}


@router.get("/reports/{key}")
@router.head("/reports/{key}", include_in_schema=False)
async def report(request: Request, key: str) -> Response:
    """303 to what is said of the report."""
    _checked(key)
    return RedirectResponse(site_of(request).addresses.document(f"report/{key}"), HTTPStatus.SEE_OTHER)


@router.options("/reports/{key}")
async def options(request: Request, key: str) -> Response:
    """What may be done with a report, and in which formats its page may come."""
    _checked(key)
    methods = ["GET", "HEAD", "OPTIONS", *(["DELETE", "PUT"] if takes_writes(request) else [])]
    headers = {"Allow": ", ".join(sorted(methods)), "Accept": ", ".join(_PAGES)}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


@router.put("/reports/{key}")
@router.delete("/reports/{key}")
async def write(request: Request, key: str) -> Response:
    """The page of a report, put in place of the one before it, or taken away with all that it alone says."""
    return await perform(request, partial(_asked, key=key))


async def _asked(request: Request, body: bytes, *, key: str) -> Asked:
    media_type, _ = content_type(request)
    kind, site = _KINDS[request.method], site_of(request)
    if kind is WriteKind.PUT_PAGE and media_type not in _PAGES:
        detail = f"a page comes as one of {', '.join(_PAGES)}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": ", ".join(_PAGES)})
    base = site.addresses.base
    return Asked(
        write=Write(kind=kind, target=_checked(key), body=body, media_type=media_type, base=base),
        location=f"{base}id/report/{key}",
        is_there=partial(_is_there, site, key),
    )


async def _is_there(site: Site, key: str) -> bool:
    report = f"{site.addresses.base}id/report/{key}"
    found = await site.pages.run(Query(text=f"ASK {{ <{report}> ?p ?o }}"))
    return read_boolean(found.payload)


def _checked(key: str) -> str:
    """The key.

    Raises:
        Problem: it is none.
    """
    if not _KEY.fullmatch(key):
        raise Problem(HTTPStatus.NOT_FOUND, "a report's key has up to 200 small letters, digits and hyphens")
    return key
