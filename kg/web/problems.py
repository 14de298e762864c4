"""Refusals and failures as RFC 9457 problem documents, or as a page where a person is reading."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from kg.model.errors import (
    KgError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    Refusal,
    ServiceFailed,
    UpstreamFailed,
)
from kg.web.clients import OverBudget
from kg.web.negotiate import prefers_html
from kg.web.site import site_of

_MEDIA_TYPE: Final = "application/problem+json"
_RETRY: Final = {"Retry-After": "5"}
_REFUSALS: Final = {
    Refusal.FEDERATION: HTTPStatus.FORBIDDEN,
    Refusal.UPDATE: HTTPStatus.BAD_REQUEST,
    Refusal.SIZE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Refusal.FORMAT: HTTPStatus.NOT_ACCEPTABLE,
    Refusal.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Refusal.BUDGET: HTTPStatus.TOO_MANY_REQUESTS,
}


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """Why a request is not answered.

    Attributes:
        detail: what was found and what was expected.
        members: further members of the problem document.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        members: Mapping[str, object] = MappingProxyType({}),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.members, self.headers = status, detail, members, headers

    @classmethod
    def of(cls, error: KgError) -> Problem:
        """The problem that an error of a query is for its client."""
        match error:
            case QuerySyntaxError():
                return cls(HTTPStatus.BAD_REQUEST, f"not a SPARQL query: {error.reason}", members=_place(error))
            case QueryRefused():
                status = _REFUSALS[error.kind]
                return cls(status, error.reason, members=_place(error), headers=_retry(error))
            case ServiceFailed():
                status = HTTPStatus.GATEWAY_TIMEOUT if error.is_late else HTTPStatus.BAD_GATEWAY
                return cls(status, str(error), members={"service": error.service, **_place(error)}, headers=_RETRY)
            case UpstreamFailed():
                return cls(HTTPStatus.BAD_GATEWAY, str(error), headers=_RETRY)
            case QueryTimeout():
                return cls(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers=_RETRY)
            case _:
                return cls(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    def response(self, request: Request) -> Response:
        """The response that tells it, as the client reads best."""
        headers = {**self.headers, "Vary": "Accept", "Cache-Control": "no-store"}
        if prefers_html(request.headers.get("accept")):
            return site_of(request).page("problem.html", status=self.status, headers=headers, problem=self)
        members = {"title": self.status.phrase, "status": self.status.value, "detail": self.detail, **self.members}
        return Response(json.dumps(members), self.status, headers, _MEDIA_TYPE)


async def answer_problem(request: Request, error: Exception) -> Response:
    """The response to a problem that ended a request."""
    match error:
        case Problem():
            problem = error
        case KgError():
            problem = Problem.of(error)
        case HTTPException():
            problem = _of_http(error)
        case _:
            raise error
    return problem.response(request)


def _of_http(error: HTTPException) -> Problem:
    """The framework's own refusals; the methods that it allows come in any order."""
    headers = {
        name: ", ".join(sorted(value.split(", "))) if name == "Allow" else value
        for name, value in (error.headers or {}).items()
    }
    return Problem(HTTPStatus(error.status_code), error.detail, headers=headers)


def _retry(error: QueryRefused) -> Mapping[str, str]:
    """When to ask again, where that may help."""
    match error:
        case OverBudget():
            return {"Retry-After": str(math.ceil(error.seconds))}
        case QueryRefused(kind=Refusal.BUSY):
            return _RETRY
        case _:
            return {}


def _place(error: QuerySyntaxError | QueryRefused | ServiceFailed) -> Mapping[str, object]:
    """Line and column of the query, where the error has them."""
    return {} if error.line is None else {"line": error.line, "column": error.column}
