"""What became of a write, as a response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response

from kg.check.formats.checked import Checked
from kg.check.formats.records import finding_records
from kg.check.formats.shacl_report import shacl_report
from kg.model.writes import WriteOutcome, Written
from kg.query.translation import translated
from kg.rdf.formats import GraphFormat
from kg.web.conditions import CONFIRMATION, CONFIRMED
from kg.web.negotiate import GRAPHS, best
from kg.web.problems import Problem

_STATUSES: Final[Mapping[WriteOutcome, HTTPStatus]] = {
    WriteOutcome.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    WriteOutcome.FORBIDDEN: HTTPStatus.FORBIDDEN,
    WriteOutcome.MALFORMED: HTTPStatus.BAD_REQUEST,
    WriteOutcome.UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    WriteOutcome.IMPOSSIBLE: HTTPStatus.CONFLICT,
    WriteOutcome.MISSING: HTTPStatus.NOT_FOUND,
    WriteOutcome.STALE: HTTPStatus.PRECONDITION_FAILED,
    WriteOutcome.REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,  # as draft-ietf-httpapi-idempotency-key-header-07 has it
    WriteOutcome.UNCONFIRMED: HTTPStatus.CONFLICT,
    WriteOutcome.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    WriteOutcome.TIMED_OUT: HTTPStatus.SERVICE_UNAVAILABLE,
    WriteOutcome.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    WriteOutcome.FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_RETRIED: Final = frozenset({WriteOutcome.TIMED_OUT, WriteOutcome.BUSY})
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_RDF: Final = {name: graph for name, graph in GRAPHS.items() if name != _JSON}
_OFFERS: Final[Mapping[str, GraphFormat | None]] = {_PROBLEM: None, _JSON: None, **_RDF}
_MOST_TOLD: Final = 1000  # findings in a problem document; a report in RDF has all


def answered(request: Request, written: Written, location: str) -> Response:
    """The response that tells what became of a write.

    Args:
        request: whose client is told.
        written: what became of it.
        location: where what was written can be had; empty where it is no one thing.

    Raises:
        Problem: it was not done.
    """
    match written.outcome:
        case WriteOutcome.PUBLISHED:
            return _published(written, location)
        case WriteOutcome.UNCHANGED:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=_headers(written))
        case WriteOutcome.REFUSED if written.findings:
            return _refused(request, written)
        case _:
            raise _problem(written)


def _published(written: Written, location: str) -> Response:
    """200, or 201 with the address of what is there now (Graph Store Protocol, sections 5.3 and 5.5)."""
    members = {
        "version": written.version,
        "created": written.created,
        "added": written.added,
        "removed": written.removed,
        "findings": finding_records(written.findings[:_MOST_TOLD]),
    }
    headers = _headers(written)
    if written.created and location:
        headers["Location"] = location
        return Response(json.dumps({**members, "location": location}) + "\n", HTTPStatus.CREATED, headers, _JSON)
    return Response(json.dumps(members) + "\n", HTTPStatus.OK, headers, _JSON)


def _refused(request: Request, written: Written) -> Response:
    """422 with the verdict: a problem document, or a SHACL validation report where the client likes RDF better."""
    graph = best(request.headers.get("accept"), _OFFERS)
    if graph is None:
        raise _problem(written)
    report = shacl_report(Checked(findings=written.findings)).encode()
    if graph is not GraphFormat.TURTLE:
        report = translated(report, graph)
    headers = {**_headers(written), "Vary": "Accept"}
    return Response(report, HTTPStatus.UNPROCESSABLE_ENTITY, headers, graph.media_type)


def _problem(written: Written) -> Problem:
    members: dict[str, Any] = {"outcome": written.outcome.value}
    if written.line:
        members |= {"line": written.line, "column": written.column}
    if written.findings:
        members |= {"findings": finding_records(written.findings[:_MOST_TOLD]), "found": len(written.findings)}
    detail = written.reason or _PLAIN.get(written.outcome, "the write was not done")
    if written.outcome is WriteOutcome.UNCONFIRMED:
        members |= {"added": written.added, "removed": written.removed} if written.removed else {}
        detail += f"; nothing was changed. If that is meant, send it again with the header {CONFIRMATION}: {CONFIRMED}"
    retry = {"Retry-After": "5"} if written.outcome in _RETRIED else {}
    return Problem(_STATUSES[written.outcome], detail, members=members, headers={**_headers(written), **retry})


_PLAIN: Final = {
    WriteOutcome.REFUSED: "what this would make of the graph does not conform to its shapes; nothing was changed",
}


def _headers(written: Written) -> dict[str, str]:
    """The version that is current afterwards; of a writing client no cache keeps anything."""
    version = {"KG-Version": written.version} if written.version else {}
    return {**version, "Cache-Control": "no-store"}
