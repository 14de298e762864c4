"""Who may read and write: tokens shown as RFC 6750 has it, in the header Authorization and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers

from kg.model.access import Readers, Scope, Token
from kg.model.errors import UsageError
from kg.tokens import find_token
from kg.web.problems import Problem

_LOG = logging.getLogger(__name__)
_REALM: Final = 'Bearer realm="kg"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what.

    Attributes:
        tokens: those that there are now.
        readers: who may read.
        is_open: anybody may write; for tests.
        origins: sites whose pages may have a browser write, as browsers call them: `https://app.example.org`.
        now: the time.
        noted: is told of each use of a token that was good for it, and when that was.
    """

    tokens: Callable[[], tuple[Token, ...]] = tuple
    readers: Readers = Readers.ANYONE
    is_open: bool = False
    origins: frozenset[str] = frozenset()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    noted: Callable[[Token, datetime], None] = lambda _, __: None

    @property
    def takes_writes(self) -> bool:
        """Whether anybody may write at all: without a token for it, nobody may."""
        return self.is_open or any(token.scope.covers(Scope.CURATE) for token in self._tokens())

    def writer(self, headers: Headers) -> str:
        """The name of the token that lets a request write; empty where anybody may.

        Raises:
            Problem: it shows none, or one that is not good for that.
        """
        return "" if self.is_open else self.admitted(headers, Scope.CURATE).name

    def admitted(self, headers: Headers, scope: Scope) -> Token:
        """The token that a request shows.

        Raises:
            Problem: it shows none (401), one that is unknown or expired (401), or one of too small a scope (403).
        """
        token = find_token(self._tokens(), _shown(headers))
        if token is None:
            raise _unauthorized("there is no such token; it may have been revoked")
        now = self.now()
        if token.is_expired(now):
            raise _unauthorized(f"the token expired at {token.expires}")
        if not token.scope.covers(scope):
            detail = f"the token {token.name} is good for {token.scope.value}; this needs {scope.value}"
            challenge = f'{_REALM}, error="insufficient_scope", scope="{scope.value}"'
            raise Problem(HTTPStatus.FORBIDDEN, detail, headers={"WWW-Authenticate": challenge})
        self.noted(token, now)
        return token

    def _tokens(self) -> tuple[Token, ...]:
        try:
            return self.tokens()
        except UsageError as error:
            _LOG.error("%s", error)
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "the tokens cannot be read; the server's log says why"
            ) from error


def _shown(headers: Headers) -> str:
    """The secret in a request.

    Raises:
        Problem: there is none, or more than one.
    """
    shown = headers.getlist("authorization")
    if not shown:
        detail = "this needs a token: Authorization: Bearer …"
        raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": _REALM})
    scheme, _, secret = shown[0].partition(" ")
    if len(shown) > 1 or scheme.lower() != "bearer":
        raise _unauthorized("expected one header of the form Authorization: Bearer …")
    return secret.strip()


def _unauthorized(detail: str) -> Problem:
    challenge = f'{_REALM}, error="invalid_token"'
    return Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": challenge})
