"""The W3C's SHACL tests: read from their manifests, with the results each one expects."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.check.shacl.graph import Graph
from kg.check.shacl.paths import read_path

SHARED = Path(__file__).resolve().parents[4] / "shared/w3c/shacl"
BASE = "http://example.org/w3c/"
SH = "http://www.w3.org/ns/shacl#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


@dataclass(frozen=True)
class W3cTest:
    """One test: its name, its two graphs as quads, and the results it expects; None where it expects a failure."""

    name: str
    data: tuple
    shapes: tuple
    expected: Counter | None
    messages: frozenset


def suite(folder):
    """All tests that the manifests under a folder of the suite include."""
    return [test for file in sorted((SHARED / folder).rglob("*.ttl")) for test in _tests_in(file)]


def _quads(iri):
    file = SHARED / iri.removeprefix(BASE)
    return tuple(parse(path=file, format=RdfFormat.TURTLE, base_iri=iri))


def _tests_in(file):
    iri = BASE + file.relative_to(SHARED).as_posix()
    quads = _quads(iri)
    graph = Graph.of_quads(quads)
    for node in graph.instances(f"<{SHT}Validate>"):
        (action,) = graph.objects(node, f"<{MF}action>")
        (result,) = graph.objects(node, f"<{MF}result>")
        (data,) = graph.objects(action, f"<{SHT}dataGraph>")
        (shapes,) = graph.objects(action, f"<{SHT}shapesGraph>")
        failure = result == f"<{SHT}Failure>"
        nodes = graph.objects(result, f"<{SH}result>")
        yield W3cTest(
            name=f"{file.parent.name}/{file.stem}",
            data=quads if data == f"<{iri}>" else _quads(data[1:-1]),
            shapes=quads if shapes == f"<{iri}>" else _quads(shapes[1:-1]),
            expected=None if failure else Counter(_expected(graph, each) for each in nodes),
            messages=frozenset(text for each in nodes for text in graph.objects(each, f"<{SH}resultMessage>")),
        )


def _expected(graph, node):
    def one(name):
        return next(iter(graph.objects(node, f"<{SH}{name}>")), None)

    path = one("resultPath")
    return (
        one("focusNode"),
        None if path is None else str(read_path(graph, path)),
        one("value"),
        one("sourceShape"),
        one("sourceConstraintComponent"),
        one("resultSeverity"),
    )


def told(results):
    """Results of the compiled engine, as the tests count them."""
    return Counter(
        (each.focus, each.path and str(each.path), each.value, each.shape, each.component, each.severity)
        for each in results
    )
