"""Where only those with a token may read: each request must show one, before anything else happens."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.model.access import Readers
from kg.model.access import Scope as TokenScope
from kg.web.access import Access
from kg.web.problems import Problem

#: What says nothing of the graph: how pages look, and whether the service lives.
_OPEN: Final = re.compile(r"/static/.*|/health/(?:live|ready)")
_ADMIN: Final = re.compile(r"/health|/metrics")


class ReadersOnly:
    """Passes on what bears a token that is good for it, and tells caches to share nothing."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http" or self._access.readers is Readers.ANYONE or _is_open(scope):
            await self._app(scope, receive, send)
            return
        needed = TokenScope.ADMIN if _ADMIN.fullmatch(scope["path"]) else TokenScope.READ
        try:
            self._access.admitted(Headers(scope=scope), needed)
        except Problem as problem:
            await problem.response(Request(scope, receive))(scope, receive, send)
            return
        await self._app(scope, receive, _privately(send))


def _is_open(scope: Scope) -> bool:
    """What needs no token: also a browser's question whether it may ask (CORS), which bears none."""
    return scope["method"] == "OPTIONS" or _OPEN.fullmatch(scope["path"]) is not None


def _privately(send: Send) -> Send:
    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            control = headers.get("cache-control", "")
            headers["Cache-Control"] = control.replace("public", "private") or "private, no-cache"
            headers.add_vary_header("Authorization")
        await send(message)

    return send_on
