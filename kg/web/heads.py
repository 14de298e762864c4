"""Heads of requests that ask for a query alone: by GET, without a body and without a condition.

What a client sends around its queries is the same each time. So what was parsed once is known by its bytes, and a
request that differs in its query alone is not parsed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from starlette.types import Scope

from kg.web.asking import wanted_by
from kg.web.formats import Page, Wanted
from kg.web.kept import Wording
from kg.web.negotiate import prefers_html
from kg.web.problems import Problem
from kg.web.replies import PATH

BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
CONDITIONS: Final = frozenset({b"if-none-match", b"if-modified-since"})
_SHAPING: Final = frozenset({b"accept", b"accept-encoding"})
_READ: Final = BODY | CONDITIONS | _SHAPING
_LONGEST_ACCEPT: Final = 500  # bytes of headers that are remembered
_MOST: Final = 256  # heads
_LONGEST: Final = 4096  # bytes of a head
_ASKS: Final = b"GET %b?" % PATH.encode()
_VERSION: Final = b" HTTP/1.1\r\n"
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What stands around a query.

    Attributes:
        accept, encoding: the headers that shape an answer.
        how: how a program wants the answer; None where no program asks, or asks for what there is not.
        headers: all of them, with which a proxy says for whom it asks.
    """

    accept: bytes
    encoding: bytes
    how: Wanted | None
    headers: list[tuple[bytes, bytes]]


class Plain(NamedTuple):
    """A request that may be answered at once: what stands behind the question mark, and all around that."""

    fields: bytes
    head: Head

    @property
    def wording(self) -> Wording:
        """What it is known by."""
        return self.fields, self.head.accept, self.head.encoding


class Heads:
    """The heads that were parsed."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}

    def __len__(self) -> int:
        """How many are known."""
        return len(self._known)

    def learn(self, request: bytes, plain: Plain) -> bool:
        """Learns the head of a request that was parsed as this one, where it is that one and nothing more.

        The request must have begun with these bytes: the end of another one may look like one.

        Returns:
            whether it was learned.
        """
        asks = _ASKS + plain.fields
        head = request[len(asks) :]
        is_whole = request.startswith(asks) and head.startswith(_VERSION) and head.find(_END) == len(head) - len(_END)
        if not is_whole or len(head) > _LONGEST:
            return False
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[head] = plain.head
        return True

    def plain(self, request: bytes) -> Plain | None:
        """What a request of these bytes asks, where its head is known; its fields are what no parser has seen."""
        end = request.find(b" ", len(_ASKS))
        head = self._known.get(request[end:])
        return Plain(request[len(_ASKS) : end], head) if head is not None and request.startswith(_ASKS) else None


def plain_request(scope: Scope) -> Plain | None:
    """What a request asks that was parsed; None where it has a body or a condition, or is about something else."""
    if scope["path"] != PATH or scope["method"] != "GET":
        return None
    asked = shaping_headers(scope)
    if not asked.keys() <= _SHAPING:
        return None
    accept = asked.get(b"accept", b"")
    how = _formats(accept) if len(accept) <= _LONGEST_ACCEPT else None
    return Plain(scope["query_string"], Head(accept, asked.get(b"accept-encoding", b""), how, scope["headers"]))


def shaping_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers that shape an answer; one that comes twice is a list (RFC 9110, section 5.3)."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            found[name] = found[name] + b", " + value if name in found else value
    return found


@lru_cache(512)
def _formats(accept: bytes) -> Wanted | None:
    """What a program's headers want; None where they want a page, or what there is not."""
    accepted = accept.decode("latin-1") or None
    try:
        how = wanted_by((), accepted)
    except Problem:
        return None
    is_page = prefers_html(accepted) or isinstance(how.results, Page) or isinstance(how.graph, Page)
    return None if is_page else how
