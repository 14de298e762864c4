"""pySHACL's findings in invented reports, and how long it takes for them."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Sequence

from pyshacl import validate
from rdflib import Graph, Namespace

_SH = Namespace("http://www.w3.org/ns/shacl#")
_PARTS = ("focusNode", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity")

warnings.simplefilter("ignore")


def measured(turtle: str, texts: Sequence[str]) -> tuple[float, Counter[tuple[str, ...]]]:
    """Seconds of processor time for all reports, parsing apart, and their findings."""
    shapes = Graph().parse(data=turtle, format="turtle")
    graphs = [Graph().parse(data=text, format="nt") for text in texts]
    begun = time.process_time()
    reports = [validate(graph, shacl_graph=shapes, inference="none")[1] for graph in graphs]
    seconds = time.process_time() - begun
    return seconds, Counter(row for report in reports for row in _told(report))


def _told(report: Graph) -> list[tuple[str, ...]]:
    nodes = report.objects(None, _SH.result)
    values = ([report.value(node, _SH[part]) for part in _PARTS] for node in nodes)
    return [tuple("" if value is None else value.n3() for value in row) for row in values]
