"""The way of a write from its request to the gate and back: who asks, what, whether it is recorded, what came of it."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from kg.model.errors import KgError
from kg.model.writes import Write, WriteOutcome, Writes, Written
from kg.web.access import Access
from kg.web.audit import AuditLog, Caller
from kg.web.bodies import read_body
from kg.web.conditions import (
    Condition,
    asks_existence,
    existence_condition,
    named_and_confirmed,
    version_condition,
)
from kg.web.observation import WriteRun, note_write
from kg.web.origins import is_let_in, refuse_other_hosts, refuse_other_sites
from kg.web.problems import Problem
from kg.web.site import site_of
from kg.web.verdicts import answered

_LOG = logging.getLogger(__name__)
_SERVED_WITHIN: Final = 30.0  # seconds from publishing a version until queries are answered from it
_TRIES: Final = 5  # of a write whose conditions were looked at while another one was published
_NEVER: Final = "v0"  # no version has this name
_OFF: Final = "nothing is written here: the service is for reading alone, and kg build makes a new version"
_NOBODY: Final = "writes are off until there is a token for them: kg token add NAME --scope curate"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSide:
    """How a server takes writes; `Writing` is made of it when the server runs.

    Attributes:
        gate: applies writes, or refuses them; the server closes it.
        audit_log: file that tells of each write.
        most_bytes: the largest body of a write.
    """

    gate: Writes
    audit_log: Path
    most_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The write side of a site.

    Attributes:
        gate: applies writes, or refuses them.
        access: who may write.
        audit: what is told of each write.
        served: returns when queries are answered from the version that is current.
        most_bytes: the largest body of a write.
    """

    gate: Writes
    access: Access
    audit: AuditLog
    served: Callable[[], Awaitable[None]]
    most_bytes: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for.

    Attributes:
        write: without who asks, and on which conditions.
        location: where it can be had when it is written; empty where it is no one thing.
        is_there: whether what would be written is there already; None where that has no meaning.
    """

    write: Write
    location: str = ""
    is_there: Callable[[], Awaitable[bool]] | None = None


Reader = Callable[[Request, bytes], Awaitable[Asked]]


def takes_writes(request: Request) -> bool:
    """Whether anybody may write here now."""
    writing: Writing | None = request.app.state.writing
    return writing is not None and writing.access.takes_writes


async def perform(request: Request, read: Reader, *, off: HTTPStatus = HTTPStatus.FORBIDDEN) -> Response:
    """The response to a request to write, once that is done, recorded and served.

    Args:
        request: whose body has not been read.
        read: what it asks for.
        off: what it is told where nothing is written.

    Raises:
        Problem: it was not done.
    """
    writing: Writing | None = request.app.state.writing
    if writing is None or not writing.access.takes_writes:
        await read_body(request)
        raise Problem(off, _OFF if writing is None else _NOBODY)
    caller, written = _caller(request), None
    try:
        asked = await _admitted(request, writing, read)
        written = await _conditional(request, writing, asked, caller)
        response = answered(request, written, asked.location)
    except Problem as problem:
        problem.headers = {**problem.headers, "Request-Id": caller.id}
        if written is None:
            await _recorded(writing.audit.refused(caller, problem.status.value, problem.detail))
        raise
    response.headers["Request-Id"] = caller.id
    return response


async def _admitted(request: Request, writing: Writing, read: Reader) -> Asked:
    """What a request asks for that may be asked; its body is read when that is known."""
    headers = request.headers
    if "content-range" in headers:  # RFC 9110, section 14.5: a part must not be taken for the whole
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is a part (Content-Range); only whole ones are taken")
    if not is_let_in(request, writing.access.origins):
        refuse_other_sites(headers, site_of(request).addresses.base)
    if writing.access.is_open:
        refuse_other_hosts(headers)
    author = writing.access.writer(headers)
    request.state.author = author
    asked = await read(request, await read_body(request, writing.most_bytes))
    return replace(asked, write=replace(named_and_confirmed(asked.write, headers), author=author))


async def _conditional(request: Request, writing: Writing, asked: Asked, caller: Caller) -> Written:
    """What became of a write that has conditions.

    They are looked at in what is served, and hold in the gate while the same version is current; where another write
    comes in between that changes nothing that was asked about, they are looked at again. A write with a key of its own
    is passed on even where they do not hold: the gate may have done it already, which is why they do not.

    Raises:
        Problem: they do not hold.
    """
    for _ in range(_TRIES):
        current = site_of(request).edition.name
        condition = await _condition(request, asked, current)
        if condition.reason and not asked.write.idempotency_key:
            raise Problem(HTTPStatus.PRECONDITION_FAILED, condition.reason)
        write = replace(asked.write, version=_NEVER if condition.reason else condition.version)
        written = await _noted_run(request, writing, write, caller)
        if written.outcome is not WriteOutcome.STALE or not condition.may_hold_later:
            break
        await _until_served(writing)
    return replace(written, reason=condition.reason) if condition.reason else written


async def _condition(request: Request, asked: Asked, current: str) -> Condition:
    condition = version_condition(request.headers, current)
    if condition.reason or asked.is_there is None or not asks_existence(request.headers):
        return condition
    return existence_condition(request.headers, current, is_there=await asked.is_there())


async def _noted_run(request: Request, writing: Writing, write: Write, caller: Caller) -> Written:
    """What became of a write, noted for those who observe requests."""
    began, outcome = time.perf_counter(), "unknown"
    try:
        written = await _recorded_run(writing, write, caller, site_of(request).edition.name)
        outcome = written.outcome.value
    finally:
        run = WriteRun(kind=write.kind.value, outcome=outcome, seconds=time.perf_counter() - began)
        note_write(request.scope, run)
    return written


async def _recorded_run(writing: Writing, write: Write, caller: Caller, version: str) -> Written:
    """What became of a write that is recorded before and after; a client that goes away changes nothing."""
    await _recorded(writing.audit.began(caller, write, version))
    written: Written | None = None
    try:
        written = await writing.gate.apply(write)
    except KgError as error:
        _LOG.warning("a write failed: %s", error)
        written = Written(outcome=WriteOutcome.FAILED, reason="the writer failed; the server's log says why")
    finally:
        try:
            await writing.audit.ended(caller, write, written)
        except OSError as error:  # it is done, and the client must be told so; the next one is not begun
            _LOG.error("what became of write %s cannot be recorded: %s", caller.id, error)
    if written.outcome is WriteOutcome.PUBLISHED:
        await _until_served(writing)
    return written


async def _until_served(writing: Writing) -> None:
    try:
        async with asyncio.timeout(_SERVED_WITHIN):
            await writing.served()
    except TimeoutError:
        _LOG.warning("what was written is published and not yet served")


async def _recorded(adding: Awaitable[None]) -> None:
    """Adds to the audit log.

    Raises:
        Problem: it cannot be added to.
    """
    try:
        await adding
    except OSError as error:
        _LOG.error("the audit log cannot be written: %s", error)
        detail = "the audit log cannot be written, so nothing else is"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "30"}) from error


def _caller(request: Request) -> Caller:
    return Caller(
        id=str(uuid.uuid4()),
        address="" if request.client is None else request.client.host,
        method=request.method,
        path=request.scope["raw_path"].decode("latin-1"),
    )
