"""Writes that a page of another site has a browser send, refused: forged forms, and names that were bound anew."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from kg.web.problems import Problem

_OURS: Final = frozenset({"same-origin", "none"})  # none: the person typed the address


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
    return Problem(HTTPStatus.FORBIDDEN, f"{detail}; writes come from programs and from our own pages alone")
