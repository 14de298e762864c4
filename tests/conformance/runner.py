"""Runs the W3C's tests against a server: each by the requests that a client would send."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from manifests import HOME, SHARED, Exchange, Test
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from results import agrees, canonical, media_type_of
from updates import emptied, judged_update, updated

#: A graph that holds nothing: the dataset of tests that name none.
EMPTY = f"{HOME}empty"
#: The graphs that the protocol's tests ask about lie under this address.
_KASEI = "http://kasei.us/2009/09/sparql/data/"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_QUERY = {"Content-Type": "application/sparql-query"}
_UPDATE = "application/sparql-update"
_FORMS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}
#: What the vocabulary of service descriptions says of the properties that we use: of what, and to what.
_SCHEMA = {
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "resultFormat": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
}

Send = Callable[..., Any]


class State(Enum):
    """What became of a test."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a test; `reason` says what went wrong, and is empty where nothing did."""

    test: Test
    state: State
    reason: str = ""

    @classmethod
    def of(cls, test: Test, reason: str) -> Outcome:
        """The outcome of a test with what went wrong in it, if anything."""
        return cls(test, State.FAILED if reason else State.PASSED, reason)


def write_data(folder: Path) -> None:
    """A store with every file of test data as a graph of its name."""
    store = Store(str(folder))
    store.bulk_extend(_data())
    store.flush()


def _data() -> Iterator[Quad]:
    forms = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
    for path in sorted(path for path in SHARED.glob("*/*") if path.suffix in forms):
        iri = HOME + path.relative_to(SHARED).as_posix()
        graph = NamedNode(f"{_KASEI}{path.stem}.rdf" if path.suffix == ".nt" else iri)
        for each in parse(path=path, format=forms[path.suffix], base_iri=iri, rename_blank_nodes=True):
            yield Quad(each.subject, each.predicate, each.object, graph)


def run(test: Test, send: Send) -> Outcome:
    """What becomes of a test; one that writes is sent to a server that takes writes, and meets an empty store."""
    if test.requests and writes(test):
        emptied(send)
    match test.kind:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            reason = _evaluated(test, send)
        case "UpdateEvaluationTest":
            reason = updated(test, send)
        case _ if writes(test) and not test.requests:
            reason = judged_update(test, send)
        case "PositiveSyntaxTest11" | "NegativeSyntaxTest11":
            reason = _judged(test, send)
        case "ServiceDescriptionTest":
            reason = _described(test, send)
        case _:
            reason = _conversed(test, send)
    return Outcome.of(test, reason)


def writes(test: Test) -> bool:
    """Whether a test sends updates, or changes graphs."""
    if test.requests:
        return any(_writes(each) for each in test.requests)
    return test.query is not None and test.query.endswith(".ru")


def over_http(test: Test) -> bool:
    """Whether a test is about requests, and not about the language of what they carry."""
    return test.kind in {"ProtocolTest", "GraphStoreProtocolTest", "ServiceDescriptionTest"}


def _writes(exchange: Exchange) -> bool:
    if exchange.path.startswith("/gsp"):
        return exchange.method not in {"GET", "HEAD"}
    body = (exchange.body or b"").replace(b"\0", b"")
    return "update=" in exchange.path or b"update=" in body or b"CLEAR" in body or _is_update(exchange)


def _is_update(exchange: Exchange) -> bool:
    return any(value.startswith(_UPDATE) for _, value in exchange.headers)


def _evaluated(test: Test, send: Send) -> str:
    """A query over the files that the test names, which are the protocol's dataset."""
    text = test.text
    response = send(
        "POST",
        "/sparql",
        params=_dataset(test, text),
        content=f"BASE <{test.query}>\n{text}",
        headers={**_QUERY, "Accept": media_type_of(test.result)},
    )
    if response.status_code != 200:
        return f"{response.status_code}: {response.json()['detail']}"
    ordered = re.search(r"\bORDER\s+BY\b", text, re.IGNORECASE) is not None
    return "" if agrees(response.content, test.result, ordered=ordered) else f"another answer: {response.text}"


def _judged(test: Test, send: Send) -> str:
    """A query that is one, or is none."""
    response = send("POST", "/sparql", params={"default-graph-uri": EMPTY}, content=test.text, headers=_QUERY)
    wanted = 400 if test.kind.startswith("Negative") else 200
    return "" if response.status_code == wanted else f"{response.status_code}: {response.text}"


def _dataset(test: Test, text: str) -> dict[str, list[str]]:
    if re.search(r"\bFROM\s", text):
        return {}
    return {
        "default-graph-uri": list(test.default_graphs) or [EMPTY],
        "named-graph-uri": list(test.named_graphs),
    }


def _conversed(test: Test, send: Send) -> str:
    """What is wrong with the first response that is not as it should be; a place that one names is asked by others."""
    places: dict[str, str] = {}
    for exchange in test.requests:
        response = _sent(exchange, send, places)
        if reason := _compared(exchange, response):
            return reason
        if exchange.location:
            places[exchange.location] = response.headers["location"]
    return ""


def _sent(exchange: Exchange, send: Send, places: dict[str, str]) -> Any:
    """The response to a request, sent to our addresses in place of the suite's."""
    path = exchange.path.replace("/gsp", "/graphs", 1).replace(
        "/sparql/", "/update" if _writes(exchange) else "/sparql", 1
    )
    for name, place in places.items():
        path = path.replace(name, quote(place, safe=""))
    return send(exchange.method, path, content=exchange.body, headers=dict(exchange.headers))


def _compared(exchange: Exchange, response: Any) -> str:
    """What is wrong with the response to a request."""
    status, media_type = str(response.status_code), response.headers.get("content-type", "")
    if not any(re.fullmatch(each.replace("x", r"\d"), status) for each in exchange.statuses):
        return f"{status} for {exchange.method} {exchange.path}: {response.text}"
    if exchange.form and media_type.partition(";")[0] not in _FORMS[exchange.form]:
        return f"{media_type} is not {exchange.form}"
    if exchange.truth is not None and response.json()["boolean"] is not exchange.truth:
        return f"answers {response.text}"
    if exchange.media_type and media_type != exchange.media_type:
        return f"{media_type} in place of {exchange.media_type}"
    if exchange.graph and canonical(response.content, RdfFormat.TURTLE) != canonical(
        exchange.graph.encode(), RdfFormat.TURTLE
    ):
        return f"another graph: {response.text}"
    return ""


def _described(test: Test, send: Send) -> str:
    """What is wrong with the service's description; the suite gives these three tests by their names alone."""
    response = send("GET", "/sparql")
    if response.headers["content-type"].partition(";")[0] not in _FORMS["RDF"]:
        return f"{response.headers['content-type']} is no RDF"
    quads = list(parse(response.content, format=RdfFormat.TURTLE))
    endpoint = (f"{_SD}endpoint", str(response.url))
    match test.name:
        case "service-description/returns-rdf":
            return "" if quads else "says nothing"
        case "service-description/has-endpoint-triple":
            found = {(quad.predicate.value, quad.object.value) for quad in quads}
            return "" if endpoint in found else f"no sd:endpoint {response.url}"
        case "service-description/conforms-to-schema":
            return _against_schema(quads)
    return f"{test.name} is unknown"


def _against_schema(quads: list[Quad]) -> str:
    types = defaultdict(set)
    for quad in quads:
        if quad.predicate.value.endswith("#type"):
            types[quad.subject].add(quad.object.value.removeprefix(_SD))
    for quad in quads:
        name = quad.predicate.value.removeprefix(_SD)
        if name.endswith("#type"):
            continue
        of, to = _SCHEMA.get(name, (None, None))
        if of not in types[quad.subject] or (to and to not in types[quad.object]):
            return f"{quad} is not as the vocabulary has it"
    return ""
