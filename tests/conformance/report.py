"""Writes docs/reference/conformance.md: `python tests/conformance/report.py` runs every test and tells how it went."""

from __future__ import annotations

import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from manifests import Test, tests
from runner import Outcome, State, over_http, run, write_data, writes
from served import application, server, writable

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs/reference/conformance.md"
_HEAD = """\
# Conformance

<!-- Written by tests/conformance/report.py; run it to write this page anew. -->

What became of the W3C's tests of SPARQL 1.1 (`w3c/rdf-tests`, August 2026), each sent to `kg serve` as a client would
send it: queries by POST to `/sparql`, with the test's data as `default-graph-uri` and `named-graph-uri`; updates by
POST to `/update`; graphs to `/graphs`. The tests of updates, of the protocols and of the service description run over
HTTP against a running server, those of queries in one process with the same application and a worker of its own.

Tests that write run against a server whose writes are open and whose store is a plain dataset that is empty at first:
the data of each test is written by an update, and what its update leaves is asked for by a query. A store of reports
takes only what its shapes let pass, and other graphs than these tests write. A syntax test of an update passes with
200, 204 or, where it cannot be carried out over what the store happens to hold, 409; a text that is none must get 400.

Rows are compared as bags, or as sequences where the query sorts them; blank nodes by their places; graphs by
isomorphism; numbers by datatype and value.

`http-rdf-update`, which the suite calls deprecated, is left out.

| suite | tests | passed | failed, explained below |
|---|---:|---:|---:|
"""
_EXPLAINED = """
## What fails, and why

Each failing test is listed in `tests/conformance/explained.toml`. A test that fails and is not listed, or is listed and
passes, breaks the build.

| why | where | tests |
|---|---|---|
"""
_EVALUATION = {
    "entailment": "Query evaluation: entailment regimes",
    "service": "Query evaluation: federation",
}
_SUITES = {
    "ProtocolTest": "SPARQL 1.1 Protocol",
    "GraphStoreProtocolTest": "Graph Store Protocol",
    "ServiceDescriptionTest": "Service Description",
    "UpdateEvaluationTest": "Update evaluation",
    "CSVResultFormatTest": "CSV results",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why some tests fail: the section of the standard that they are about, or the upstream issue."""

    why: str
    where: str
    tests: tuple[str, ...]


def explanations() -> list[Explanation]:
    """The explanations, as explained.toml has them."""
    found = tomllib.loads((HERE / "explained.toml").read_text(encoding="utf-8"))["explanation"]
    return [Explanation(each["why"], each.get("issue") or each["standard"], tuple(each["tests"])) for each in found]


def suite_of(test: Test) -> str:
    """The row of the table that a test counts in."""
    if test.kind == "QueryEvaluationTest":
        return _EVALUATION.get(test.folder, "Query evaluation: query language and results")
    writes = test.query is not None and test.query.endswith(".ru")
    return _SUITES.get(test.kind, "Syntax of updates" if writes else "Syntax of queries")


def outcomes(folder: Path) -> list[Outcome]:
    """What becomes of every test, with a store in this folder."""
    data = folder / "data"
    write_data(data)
    with application(data) as send:
        found = [run(test, send) for test in tests() if not (over_http(test) or writes(test))]
    with server(data) as client:
        found += [run(test, client.request) for test in tests() if over_http(test) and not writes(test)]
    with writable(folder / "store") as client:
        return found + [run(test, client.request) for test in tests() if writes(test)]


def page(found: Iterable[Outcome]) -> str:
    """The page that tells it."""
    counted: dict[str, Counter[State]] = {}
    for outcome in found:
        counted.setdefault(suite_of(outcome.test), Counter())[outcome.state] += 1
    rows = [_row(suite, counts) for suite, counts in sorted(counted.items())]
    total = _row("all", sum(counted.values(), Counter()))
    explained = [
        f"| {each.why} | [{_short(each.where)}]({each.where}) | {_listed(each.tests)} |\n" for each in explanations()
    ]
    return "".join([_HEAD, *rows, total, _EXPLAINED, *explained])


def _row(suite: str, counts: Counter[State]) -> str:
    return f"| {suite} | {counts.total()} | {' | '.join(str(counts[state]) for state in State)} |\n"


def _short(address: str) -> str:
    if "github.com" in address:
        owner, repository, _, number = address.removeprefix("https://github.com/").split("/")
        return f"{owner}/{repository}#{number}"
    return address.rpartition("#")[2]


def _listed(names: tuple[str, ...]) -> str:
    return f"{len(names)}: " + ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(page(outcomes(Path(scratch))), encoding="utf-8")
