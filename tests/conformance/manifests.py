"""The W3C's SPARQL 1.1 tests as their manifests describe them: cases to evaluate, syntax to judge, requests to send."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

SHARED = Path(__file__).resolve().parents[3] / "shared/w3c/sparql11"
#: Where the files of the suite are said to lie: a test's data is a graph of this name, relative IRIs are resolved here.
HOME = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
_DEPRECATED = "http-rdf-update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test of the suite.

    Attributes:
        name: folder and local name, as in `bind/bind01`.
        kind: local name of its class, as in `QueryEvaluationTest`.
        query: IRI of the file with the query or update; None for a test over HTTP.
        default_graphs, named_graphs: IRIs of the files it is run over.
        result: IRI of the file it must answer; None where the test is about syntax.
        before, after: the graphs, each its name (empty for the default graph) and its file, that an update meets, and
            that it must leave.
        requests: what a test over HTTP sends, in order.
    """

    __test__ = False

    name: str
    kind: str
    query: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    result: str | None = None
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    requests: tuple[Exchange, ...] = ()

    @property
    def folder(self) -> str:
        """The part of the suite it belongs to."""
        return self.name.partition("/")[0]

    @property
    def text(self) -> str:
        """Its query."""
        return file_of(self.query).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request with what its response must be.

    Attributes:
        statuses: such as `2xx` or `404`; one of them.
        truth: what an ASK must answer.
        form: `boolean`, `tabular` or `RDF`.
        graph: Turtle that the response's graph is isomorphic to.
        media_type: of the response.
        location: the name of a variable that the response's Location is kept in.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    statuses: tuple[str, ...] = ()
    truth: bool | None = None
    form: str | None = None
    graph: str | None = None
    media_type: str | None = None
    location: str | None = None


def tests() -> list[Test]:
    """Every test of the suite but those it calls deprecated, in the order of its manifests."""
    found = (manifest for manifest in sorted(SHARED.glob("*/manifest*.ttl")) if manifest.parent.name != _DEPRECATED)
    return [test for manifest in found for test in _Manifest(manifest).tests()]


def file_of(iri: str) -> Path:
    """The file that an IRI of the suite names."""
    return SHARED / iri.removeprefix(HOME)


_STATUSES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}


class _Manifest:
    def __init__(self, path: Path) -> None:
        self.folder = path.parent.name
        self._objects = defaultdict(list)
        base = HOME + path.relative_to(SHARED).as_posix()
        for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri=base):
            self._objects[quad.subject, quad.predicate.value].append(quad.object)

    def tests(self) -> list[Test]:
        lists = [found for (_, link), found in self._objects.items() if link == f"{MF}entries"]
        return [self._test(node) for (first,) in lists for node in self._items(first)]

    def _test(self, node) -> Test:
        kind = self._one(node, f"{RDF}type").value.removeprefix(MF)
        name = f"{self.folder}/{node.value.rpartition('#')[2]}"
        action = self._one(node, f"{MF}action")
        if action is None:
            return Test(name=name, kind=kind)
        if self._one(action, f"{HT}requests") is not None:
            exchanges = (self._exchange(each) for each in self._items(self._one(action, f"{HT}requests")))
            return Test(name=name, kind=kind, requests=tuple(exchanges))
        if isinstance(action, NamedNode):
            return Test(name=name, kind=kind, query=action.value)
        result = self._one(node, f"{MF}result")
        return Test(
            name=name,
            kind=kind,
            query=(self._one(action, f"{QT}query") or self._one(action, f"{UT}request")).value,
            default_graphs=self._iris(action, f"{QT}data"),
            named_graphs=self._iris(action, f"{QT}graphData"),
            before=tuple(self._graphs(action)),
            after=tuple(self._graphs(result)),
            result=result.value if isinstance(result, NamedNode) else None,
        )

    def _exchange(self, node) -> Exchange:
        response = self._one(node, f"{HT}resp")
        truth, location = (self._one(response, f"{MF}{name}") for name in ("expectedBoolean", "expectedLocation"))
        statuses = (status.value.rpartition("#")[2] for status in self._objects[response, f"{MF}expectedStatus"])
        body, expected = self._body(node), self._body(response)
        return Exchange(
            method=self._one(node, f"{HT}methodName").value,
            path=self._one(node, f"{HT}absolutePath").value,
            headers=self._headers(node),
            body=body,
            statuses=tuple(sorted(_STATUSES.get(each, each.removeprefix("StatusCode")) for each in statuses)),
            truth=None if truth is None else truth.value == "true",
            form=self._text(response, f"{MF}expectedFormat"),
            graph=None if expected is None else expected.decode(),
            media_type=dict(self._headers(response)).get("content-type"),
            location=None if location is None else location.value,
        )

    def _body(self, node) -> bytes | None:
        body = self._one(node, f"{HT}body")
        if body is None:
            return None
        return self._text(body, f"{CNT}chars").encode(self._text(body, f"{CNT}characterEncoding") or "utf-8")

    def _headers(self, node) -> tuple[tuple[str, str], ...]:
        first = self._one(node, f"{HT}headers")
        found = [] if first is None else self._items(first)
        return tuple((self._text(each, f"{HT}fieldName"), self._text(each, f"{HT}fieldValue")) for each in found)

    def _graphs(self, node):
        """The graphs before or after an update."""
        for file in self._objects[node, f"{UT}data"]:
            yield "", file.value
        for named in self._objects[node, f"{UT}graphData"]:
            file = self._one(named, f"{UT}graph")
            yield self._text(named, f"{RDFS}label") or file.value, file.value

    def _iris(self, node, link: str) -> tuple[str, ...]:
        """The graphs linked; a graph may be given by a node that names and labels it."""
        return tuple(found.value for found in self._objects[node, link] if isinstance(found, NamedNode))

    def _text(self, node, link: str) -> str | None:
        found = self._one(node, link)
        return found.value if isinstance(found, Literal) else None

    def _one(self, node, link: str):
        return next(iter(self._objects[node, link]), None)

    def _items(self, node):
        while node != NamedNode(f"{RDF}nil"):
            yield self._one(node, f"{RDF}first")
            node = self._one(node, f"{RDF}rest")
