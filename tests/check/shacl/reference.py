"""What pySHACL says, in the form in which the compiled engine's results are counted."""

from collections import Counter

from pyshacl import validate
from rdflib import RDF, BNode, Graph, Namespace

from kg.check.rdflib_terms import TermTable
from kg.check.shacl.graph import Graph as Statements
from kg.check.shacl.paths import read_path

SH = Namespace("http://www.w3.org/ns/shacl#")
_PARTS = ("focusNode", "resultPath", "value", "sourceShape", "sourceConstraintComponent", "resultSeverity")


def reference_results(shapes, data):
    """The results of pySHACL, counted; shapes and data are quads.

    pySHACL is asked as any caller would ask it; terms pass through one table, so that plain literals stay plain.
    """
    terms = TermTable()
    conforms, report, _ = validate(_graph(data, terms), shacl_graph=_graph(shapes, terms), inference="none")
    if isinstance(report, Exception):
        raise report
    found = Counter()
    statements = Statements((_text(s, terms), _text(p, terms), _text(o, terms)) for s, p, o in report)
    for node in report.objects(None, SH.result):
        values = {part: report.value(node, SH[part]) for part in _PARTS}
        path = values["resultPath"]
        if path is not None:
            values["resultPath"] = str(read_path(statements, _text(path, terms)))
        found[tuple(each if type(each) in (str, type(None)) else _text(each, terms) for each in values.values())] += 1
    assert conforms == (not found)
    return found


def _graph(quads, terms):
    graph = Graph()
    for quad in quads:
        graph.add(terms.triple(quad))
    return graph


def _text(term, terms):
    return str(terms.origin(term))


assert RDF
assert BNode
