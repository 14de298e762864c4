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
    conforms, report = _validated(shapes, data, terms)
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


def reference_report(shapes, data):
    """PySHACL's report as a graph of rdflib, without what SHACL leaves to the engine: messages and details.

    What pySHACL copies from the shapes graph goes too: of a result's nodes it describes more than the path.
    """
    terms = TermTable()
    _, report = _validated(shapes, data, terms)
    return bare_report(Graph().parse(data=_lines(report, terms), format="nt"))


def bare_report(report):
    """A report's own triples: of the report, and of each result with a path of its own.

    pySHACL lets results share one copy of a path, which SHACL §3.6.2.2 leaves open.
    """
    (root,) = report.subjects(RDF.type, SH.ValidationReport)
    found = Graph()
    for triple in report.triples((root, None, None)):
        found.add(triple)
    for node in report.objects(root, SH.result):
        for _, predicate, value in report.triples((node, None, None)):
            if predicate not in (SH.resultMessage, SH.detail):
                found.add((node, predicate, _copied(report, value, found) if predicate == SH.resultPath else value))
    return found


def _copied(report, node, found):
    """A path's node, or where it is blank a new one that says the same."""
    if not isinstance(node, BNode):
        return node
    copy = BNode()
    for _, predicate, value in report.triples((node, None, None)):
        found.add((copy, predicate, _copied(report, value, found)))
    return copy


def _validated(shapes, data, terms):
    conforms, report, _ = validate(_graph(data, terms), shacl_graph=_graph(shapes, terms), inference="none")
    if isinstance(report, Exception):
        raise report
    return conforms, report


def _lines(report, terms):
    return "".join(" ".join(_text(term, terms) for term in triple) + " .\n" for triple in report)


def _graph(quads, terms):
    graph = Graph()
    for quad in quads:
        graph.add(terms.triple(quad))
    return graph


def _text(term, terms):
    return str(terms.origin(term))
