"""A worker process that asks a SPARQL endpoint: `python -m kg.query.upstream_worker URL …`.

A query is read by our engine before it is sent, so that both servers must take it for SPARQL 1.1, and so that it is
known what it answers. The answer comes back as N-Triples or JSON, is parsed here, and is written as a store's own
would be: what another server sends can end this process, and never the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import BinaryIO, Final
from urllib.parse import urlencode

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from kg.model.errors import (
    QueryError,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    Refusal,
    RemoteError,
    UpstreamFailed,
)
from kg.network import Address, Credential, Remote, Request, Response
from kg.query.evaluate import DEFAULT_GRAPH, evaluated, write_found
from kg.query.messages import Piece, Query, error_frame, frame, receive, send
from kg.query.sandbox import Limits, begin_query, confine

_TRIPLES: Final = "application/n-triples"
_ROWS: Final = "application/sparql-results+json"
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

Found = QuerySolutions | QueryBoolean | QueryTriples


def main() -> None:
    """Says that it is ready, then asks the endpoint until the service closes the connection."""
    options = _options()
    limits = Limits(memory=options.memory, processor=options.processor)
    close_off = confine(limits)
    with (
        open(os.dup(0), "rb") as requests,  # noqa: PTH123  (descriptors)
        open(os.dup(0), "wb", buffering=0) as answers,  # noqa: PTH123  (as above)
        asyncio.Runner() as runner,
    ):
        endpoint = _endpoint(options.url, requests)
        sandbox = close_off(())  # it must reach the network
        send(answers, frame({"ready": os.getpid(), "sandbox": sandbox.described}))
        while (request := receive(requests)) is not None:
            begin_query(limits)
            _reply(runner, endpoint, Query.unframe(*request), answers)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kg.query.upstream_worker")
    parser.add_argument("url", type=Address.read)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--processor", type=int, required=True)
    return parser.parse_args()


def _endpoint(address: Address, requests: BinaryIO) -> Remote:
    greeting = receive(requests)
    secret = None if greeting is None else json.loads(greeting[1])
    return Remote(address, None if secret is None else Credential(secret))


def _reply(runner: asyncio.Runner, endpoint: Remote, query: Query, answers: BinaryIO) -> None:
    def send_on(piece: Piece) -> None:
        send(answers, piece.frame())

    try:
        _answer(query, lambda body, accept: runner.run(_asked(endpoint, body, accept, query.most_bytes)), send_on)
    except (QueryError, QueryRefused) as error:
        send(answers, error_frame(error))
    except MemoryError:
        send(answers, error_frame(QueryFailed("the answer needs more memory than a worker has")))


def _answer(query: Query, ask: Callable[[bytes, str], bytes], send_on: Callable[[Piece], None]) -> None:
    """Sends an endpoint's answer on, written as the client wants it."""
    is_graph = isinstance(evaluated(Store(), query), QueryTriples)
    answered = ask(_form(query), _TRIPLES if is_graph else _ROWS)
    try:
        if is_graph:
            write_found((quad.triple for quad in parse(answered, RdfFormat.N_TRIPLES)), query, send_on)
        else:
            write_found(parse_query_results(answered, QueryResultsFormat.JSON), query, send_on)
    except (SyntaxError, ValueError) as error:
        raise UpstreamFailed(f"the server asked for this graph answers what cannot be read: {error}") from error


def _form(query: Query) -> bytes:
    """The query as a form (SPARQL 1.1 Protocol, section 2.1.2)."""
    graphs = [("default-graph-uri", iri) for iri in query.default_graphs if iri != DEFAULT_GRAPH]
    graphs += [("named-graph-uri", iri) for iri in query.named_graphs]
    return urlencode([("query", query.text), *graphs]).encode()


async def _asked(endpoint: Remote, body: bytes, accept: str, most: int) -> bytes:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
    request = Request(method="POST", target=endpoint.address.target, headers=headers, body=(body,))
    try:
        async with endpoint.exchange(request) as response:
            await _check(response, accept)
            return await response.read(most)
    except RemoteError as error:
        raise UpstreamFailed(f"the server asked for this graph fails: {error.reason}") from error


async def _check(response: Response, accept: str) -> None:
    """Raises what a response says unless it is an answer.

    The server's own words go to the client only where they are about the query.
    """
    if response.status == HTTPStatus.OK and response.media_type in {accept, "application/json"}:
        return
    if response.status == HTTPStatus.OK:
        raise UpstreamFailed(f"the server asked for this graph answers {response.media_type!r}, not {accept}")
    if response.status == HTTPStatus.BAD_REQUEST:
        raise QuerySyntaxError(f"the server asked for this graph refuses it: {await response.explained()}")
    if response.status in _BUSY:
        raise QueryRefused(
            "the server asked for this graph is busy, or stopped the query; try again soon", Refusal.BUSY
        )
    raise UpstreamFailed(f"the server asked for this graph answers with status {response.status}")


if __name__ == "__main__":
    main()
