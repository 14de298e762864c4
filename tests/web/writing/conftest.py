"""A site that takes writes: a gate that answers as the test wants, tokens, and an audit log."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest

from kg.model.access import Readers, Scope
from kg.model.imprint import Imprint
from kg.model.writes import WriteOutcome, Written
from kg.query import QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.tokens import TokenFile, add_token
from kg.web import create_app
from kg.web.access import Access
from kg.web.audit import AuditLog
from kg.web.writing import Writing

BASE = "http://127.0.0.1:8000/"
EDITION = Edition(base=BASE, name="v3", imprint=Imprint())
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)


class Gate:
    """Answers each write with what the test wants, and keeps what was asked."""

    def __init__(self):
        self.asked, self.answers, self.events = [], [], []

    async def apply(self, write):
        """What became of it."""
        self.asked.append(write)
        self.events.append("applied")
        answer = self.answers.pop(0) if self.answers else PUBLISHED
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def served(self):
        """Queries are answered from what was written."""
        self.events.append("served")


@pytest.fixture(scope="module")
def runner():
    """A loop."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def pool(data, runner):
    """Answers queries for all tests here."""
    pool = QueryPool(WorkerOptions(data=data, base=BASE), workers=1, deadline=5.0)
    runner.run(pool.__aenter__())
    yield pool
    runner.run(pool.close())


class Desk:
    """A site that takes writes: its gate, its tokens, its audit log, and a client."""

    def __init__(self, folder, send):
        self.gate, self.file, self.log, self._send = Gate(), folder / "tokens.json", folder / "audit.jsonl", send
        self.now = datetime(2026, 11, 1, tzinfo=UTC)
        self.used = []
        self.secret = None

    def token(self, name="ada", scope=Scope.CURATE, expires=None):
        """A new token; it is shown from now on."""
        self.secret = add_token(self.file, name, scope, expires).secret
        return self.secret

    def __call__(self, method, address, headers=None, content=b"", **given):
        """Sends a request with the token that was made last."""
        shown = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self._send(method, address, headers={**shown, **(headers or {})}, content=content, **given)

    @property
    def told(self):
        """The lines of the audit log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []


@pytest.fixture
def opened(tmp_path, runner, pool, questions):
    """Opens a site over the one store."""

    def made(*, readers=Readers.ANYONE, is_open=False, most_bytes=10_000, origins=(), **given):
        async def asked(method, address, **given):
            transport = httpx.ASGITransport(app, client=("192.0.2.7", 4321))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await client.request(method, address, **given)

        desk = Desk(tmp_path, lambda method, address, **given: runner.run(asked(method, address, **given)))
        access = Access(
            tokens=TokenFile(desk.file),
            readers=readers,
            is_open=is_open,
            origins=frozenset(origins),
            now=lambda: desk.now,
            noted=lambda token, at: desk.used.append((token.name, at)),
        )
        app = create_app(
            queries=pool,
            pages=pool,
            edition=EDITION,
            census=Census(triples=1),
            questions=questions,
            access=access,
            **given,
            writing=Writing(
                gate=desk.gate,
                access=access,
                audit=AuditLog(desk.log, lambda: desk.now),
                served=desk.gate.served,
                most_bytes=most_bytes,
            ),
        )
        return desk

    return made


@pytest.fixture
def site(opened):
    """A site with one token, which may write."""
    desk = opened()
    desk.token()
    return desk
