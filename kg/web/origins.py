"""Writes that a page of another site has a browser send: refused, but for sites that were let in, by CORS.

Forged forms are refused from everywhere, and names that were bound anew.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.web.problems import Problem
from kg.web.requests import content_type

_OURS: Final = frozenset({"same-origin", "none"})  # none: the person typed the address
#: What a form sends; a browser asks nobody before it does so (Fetch, section 2.2.2, CORS-safelisted request-header).
_OF_FORMS: Final = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_WRITTEN: Final = re.compile(r"/update|/graphs(?:/.*)?|/graph/.*|/reports/[^/]+", re.DOTALL)
_METHODS: Final = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_ASKED_FOR: Final = "access-control-request-method"
_LET_IN: Final = {
    "Access-Control-Allow-Methods": ", ".join(sorted(_METHODS)),
    # The sign * stands for all but Authorization, so all are named (Fetch, section 4.9).
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, KG-Confirm",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin, Access-Control-Request-Method",
}


class WritesOfGuests:
    """Answers a browser that asks whether a page of another site may write here (a preflight)."""

    def __init__(self, app: ASGIApp, origins: AbstractSet[str]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers such a question, and passes all else on."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS" or _WRITTEN.fullmatch(scope["path"]) is None:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or headers.get(_ASKED_FOR) not in _METHODS:
            await self._app(scope, receive, send)
            return
        if origin in self._origins:
            told = {"Access-Control-Allow-Origin": origin, **_LET_IN}
            response = Response(status_code=HTTPStatus.NO_CONTENT, headers=told)
        else:
            response = _refusal(f"a page of {origin[:200]!r} asks for it").response(Request(scope, receive))
        await response(scope, receive, send)


def is_let_in(request: Request, origins: AbstractSet[str]) -> bool:
    """Whether a page of one of these sites asks, and its browser has asked before whether it may.

    A form, which no browser asks for, can neither show a token nor have another media type.
    """
    headers = request.headers
    if headers.get("origin") not in origins or headers.get("sec-fetch-mode", "cors") != "cors":
        return False
    is_form = request.method == "POST" and content_type(request)[0] in _OF_FORMS
    return not is_form or "authorization" in headers


def refuse_other_sites(headers: Headers, base: str) -> None:
    """Lets requests of programs and of our own pages pass.

    A browser says where a request comes from by Sec-Fetch-Site or Origin; programs send neither.

    Raises:
        Problem: another site has sent it.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site not in _OURS:
        raise _refusal(f"a page of another site ({site}) has sent this")
    if origin is not None and origin not in {_origin(base), *_here(headers)}:
        raise _refusal(f"a page of {origin[:200]!r} has sent this")


def refuse_other_hosts(headers: Headers) -> None:
    """Lets requests pass that call this machine by a name that is its own.

    Where anybody may write, a page could have its own name resolve to this machine and so be of the same origin; the
    name stays in Host.

    Raises:
        Problem: it is called by another name.
    """
    host = headers.get("host", "")
    if not is_loopback(urlsplit(f"//{host}").hostname if _is_plain(host) else None):
        detail = f"writes are open to this machine alone, and not to whoever calls it {host[:200]!r}"
        raise Problem(HTTPStatus.MISDIRECTED_REQUEST, detail)


def is_loopback(host: str | None) -> bool:
    """Whether a name or an address is this machine's own, whatever resolves it."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _here(headers: Headers) -> set[str]:
    host = headers.get("host")
    return set() if host is None else {f"http://{host}", f"https://{host}"}


def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def _is_plain(host: str) -> bool:
    try:
        urlsplit(f"//{host}").port  # noqa: B018 - reading it is the check
    except ValueError:
        return False
    return not set(host) & set("/?#@\\")


def _refusal(detail: str) -> Problem:
    return Problem(
        HTTPStatus.FORBIDDEN, f"{detail}; writes come from programs, from our own pages and from sites let in"
    )
