"""The W3C's tests of updates: sent to a server that takes writes, and what its store holds afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from manifests import Test, file_of
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

UPDATE = {"Content-Type": "application/sparql-update"}
_ALL = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

Send = Callable[..., Any]


def emptied(send: Send) -> None:
    """Begins with an empty store."""
    _expected(send("POST", "/update", content="DROP ALL", headers=UPDATE))


def updated(test: Test, send: Send) -> str:
    """What is wrong with what an update leaves."""
    _expected(send("POST", "/update", content=_filling(test.before), headers=UPDATE))
    response = send("POST", "/update", content=f"BASE <{test.query}>\n{test.text}", headers=UPDATE)
    if response.status_code >= 300:
        return f"{response.status_code}: {response.json()['detail']}"
    found, wanted = _held(send), _canonical(_quads(test.after))
    return "" if found == wanted else f"leaves {found}"


def judged_update(test: Test, send: Send) -> str:
    """What is wrong with the answer to an update that is one, or is none.

    One that is, and cannot be carried out over what the store holds, gets 409.
    """
    response = send("POST", "/update", content=test.text, headers=UPDATE)
    wanted = {400} if test.kind.startswith("Negative") else {200, 204, 409}
    return "" if response.status_code in wanted else f"{response.status_code}: {response.text}"


def _expected(response: Any) -> None:
    if response.status_code >= 300:
        raise AssertionError(f"{response.status_code}: {response.text}")


def _filling(graphs: Iterable[tuple[str, str]]) -> str:
    """An update that leaves these graphs and no other."""
    parts = ["DROP ALL"]
    for name, file in graphs:
        triples = "".join(f"{quad.triple} .\n" for quad in _quads([("", file)]))
        if name:
            parts.append(f"CREATE SILENT GRAPH <{name}>")
        parts.append(f"INSERT DATA {{ GRAPH <{name}> {{ {triples} }} }}" if name else f"INSERT DATA {{ {triples} }}")
    return " ;\n".join(parts)


def _quads(graphs: Iterable[tuple[str, str]]) -> list[Quad]:
    forms = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
    return [
        Quad(*each.triple, NamedNode(name) if name else DefaultGraph())
        for name, file in graphs
        for each in parse(path=file_of(file), format=forms[file_of(file).suffix], base_iri=file)
    ]


def _held(send: Send) -> Dataset:
    response = send("POST", "/sparql", content=_ALL, headers={"Content-Type": "application/sparql-query"})
    rows = parse_query_results(response.content, format=QueryResultsFormat.JSON)
    return _canonical(Quad(row["s"], row["p"], row["o"], row["g"] or DefaultGraph()) for row in rows)


def _canonical(quads: Iterable[Quad]) -> Dataset:
    """The quads as a store gives them back, blank nodes named by their places."""
    store = Store()
    store.extend(quads)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset
