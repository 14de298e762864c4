"""`kg push` to a real Apache Jena Fuseki."""

from __future__ import annotations

import httpx
import pytest

COUNTS = "SELECT ?g (COUNT(*) AS ?n) { { ?s ?p ?o BIND('' AS ?g) } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g"
RECORD = "http://127.0.0.1:8000/graph/pushed"


def counts(fuseki):
    """How many triples each graph of the server holds, the record left out."""
    answer = httpx.post(f"{fuseki}/query", data={"query": COUNTS}, headers={"Accept": "application/json"}, timeout=60)
    found = {row["g"]["value"]: int(row["n"]["value"]) for row in answer.json()["results"]["bindings"]}
    found.pop(RECORD, None)
    return found


def counts_here(kg):
    """The same of the store."""
    rows = kg("query", COUNTS, "--format", "csv").text.splitlines()[1:]
    return {name: int(count) for name, count in (row.rsplit(",", 1) for row in rows)}


def test_push_to_fuseki(kg, fuseki):
    """All graphs arrive; one whose page is gone can be deleted; a page that comes sends what it adds."""
    examples = kg.examples()
    assert kg("build", "examples").code == 0
    ran = kg("push", f"{fuseki}/data")
    assert ran.code == 0, ran.err
    assert counts(fuseki) == counts_here(kg)
    assert "v1: would write 0 graphs" in kg("push", f"{fuseki}/data", "--dry-run").text

    page = next(examples.glob("drc-*.txt"))
    words = page.read_bytes()
    page.unlink()
    assert kg("build", "examples").code == 0
    ran = kg("push", f"{fuseki}/data", "--delete-missing")
    assert "1 deleted" in ran.text
    assert counts(fuseki) == counts_here(kg)

    page.write_bytes(words)
    before = sum(counts_here(kg).values())
    assert kg("build", "examples").code == 0
    ran = kg("push", f"{fuseki}/data")
    assert f"({sum(counts_here(kg).values()) - before:,} triples)" in ran.text
    assert counts(fuseki) == counts_here(kg)


def test_what_fuseki_refuses(kg, fuseki):
    """An address without a graph store ends with exit code 4 and says what is needed."""
    kg.examples()
    assert kg("build", "examples").code == 0
    ran = kg("push", f"{fuseki}/nothing-here")
    assert ran.code == 4
    assert "graph store" in ran.err


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "is no address"),
        ("http://user:secret@127.0.0.1/store", "keep them in a file"),
        ("http://[::1", "is no address"),
    ],
)
def test_addresses(built, url, reason):
    """What is no address is said; a password in an address is never repeated."""
    ran = built("push", url)
    assert ran.code == 2
    assert reason in ran.err
    assert "secret" not in ran.err


def test_credential_crosses_no_open_network(built, kg):
    """A token is not sent by plain HTTP to another machine; a file that holds none is an error."""
    ran = built("push", "http://sparql.example.org/store", KG_REMOTE_TOKEN="t0ken")  # noqa: S106 - it opens nothing
    assert ran.code == 2
    assert "unencrypted" in ran.err
    assert "t0ken" not in ran.err
    empty = kg.page("token.txt", "\n")
    assert "the credential is empty" in built("push", "http://127.0.0.1:1/", "--token-file", str(empty)).err
