"""Kept answers that are sent ahead of the framework."""

from __future__ import annotations

import asyncio

from kg.model.access import Readers
from kg.model.imprint import Imprint
from kg.query import QueryPool, WorkerOptions
from kg.rdf.dataset import Census, Edition
from kg.web import create_app
from kg.web.access import Access
from kg.web.direct import DirectAnswers

EDITION = Edition(base="http://127.0.0.1:8000/", name="v7", imprint=Imprint())


def test_kept_answers_are_not_sent_to_whom_may_not_read(data, questions):
    """Where a token is needed nothing is sent before it was looked at."""

    async def main():
        async with QueryPool(WorkerOptions(data=data, base=EDITION.base), workers=1, deadline=20) as pool:
            given = {
                "queries": pool,
                "pages": pool,
                "edition": EDITION,
                "census": Census(triples=1),
                "questions": questions,
            }
            scope = {
                "type": "http", "http_version": "1.1", "method": "GET", "path": "/sparql", "raw_path": b"/sparql",
                "query_string": b"query=ASK%7B%7D", "headers": [], "client": ("127.0.0.1", 1),
            }  # fmt: skip

            async def unused(*_):
                return {"type": "http.disconnect"}

            found = []
            for readers in Readers:
                app = create_app(**given, access=Access(readers=readers))
                await DirectAnswers(app.framework)({**scope, "app": app}, unused, unused)
                plain = app.plain({**scope})
                found.append(plain is not None and app.at_once(plain) is not None)
            return dict(zip(Readers, found, strict=True))

    assert asyncio.run(main()) == {Readers.ANYONE: True, Readers.TOKENS: False}
