"""Each shape passes what is right and finds what is wrong: one folder of examples a thing."""

from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import NamedNode
from rdflib import RDF, SH, Graph, URIRef

from kg import assets
from kg.check.shapes import Scope, read_turtle
from kg.rdf.vocab import PREFIXES

BASE = "http://127.0.0.1:8000/"
HERE = Path(__file__).parent
EXAMPLES = sorted(HERE.glob("*/*.ttl"))
VALID = [file for file in EXAMPLES if file.name.startswith("valid_")]
CONTEXT = HERE / "context.ttl"
WITH_QUERIES = ("claim", "curated-fact", "dated", "fact", "passage", "reading")
CONSTRAINTS = {PREFIXES["sh"] + name for name in ("sparql", "or", "not", "and", "xone", "closed", "node", "hasValue")}


def name(file):
    """The folder and the name of an example."""
    return f"{file.parent.name}/{file.stem}"


def expected(file):
    """The findings listed beside an example."""
    listed = file.with_suffix(".expected")
    return sorted(listed.read_text(encoding="utf-8").splitlines()) if listed.exists() else []


def line(severity, shape, focus):
    """A finding as .expected files list it."""
    return f"{severity}\t{shape}\t{str(focus).removeprefix(BASE)}"


@pytest.mark.parametrize("file", EXAMPLES, ids=name)
def test_an_example_yields_exactly_the_findings_listed_beside_it(file, judge):
    """A valid example yields none, an invalid one those of its .expected file."""
    findings = judge(file.parent.name, read_turtle(file, base=BASE))
    found = sorted({line(finding.severity.value, finding.shape, finding.focus) for finding in findings})
    assert found == expected(file)
    assert bool(found) == file.name.startswith("invalid_")


@pytest.mark.parametrize(
    "folder",
    sorted({file.parent for file in EXAMPLES if not file.parent.name.startswith(("across-", "term"))}),
    ids=lambda folder: folder.name,
)
def test_pyshacl_by_itself_finds_the_same(folder, reference_shapes):
    """Handing Turtle parsed by rdflib to pyshacl.validate gives the findings that our feeding of it gives."""
    files = sorted(folder.glob("*.ttl"))
    for file in files if folder.name in WITH_QUERIES else (files[0], files[-1]):
        own = Graph().parse(file, publicID=BASE)
        data = own + Graph().parse(CONTEXT, publicID=BASE)
        _, report, _ = pyshacl.validate(data, shacl_graph=reference_shapes, inplace=True)
        assert reported(report, set(own.subjects())) == expected(file), file


@pytest.mark.parametrize(
    "file", [file for file in EXAMPLES if file.parent.name.startswith("across-") and expected(file)], ids=name
)
def test_pyshacl_by_itself_finds_the_same_over_all_pages(file):
    """Shapes over all pages are SHACL with targets of the Advanced Features, which another validator runs as well."""
    shapes = Graph()
    for part in ("prefixes.ttl", "cross-page.ttl"):
        shapes.parse(assets.shapes() / part)
    data = Graph().parse(file, publicID=BASE)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    assert reported(report, set(data.all_nodes())) == expected(file)


def reported(report, nodes):
    """What a validation report says about these nodes, as .expected files list it."""
    results = [
        (report.value(result, SH.resultSeverity), report.value(result, SH.sourceShape), focus)
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if (focus := report.value(result, SH.focusNode)) in nodes
    ]
    return sorted({line(severity.removeprefix(str(SH)), shape, focus) for severity, shape, focus in results})


@pytest.fixture(scope="module")
def reference_shapes():
    """Our shapes of single pages as rdflib reads them."""
    graph = Graph()
    for file in sorted(assets.shapes().glob("*.ttl")):
        if file.name not in {scope.value for scope in Scope}:
            graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def all_shapes():
    """All our shapes as rdflib reads them."""
    graph = Graph()
    for file in sorted(assets.shapes().glob("*.ttl")):
        graph.parse(file)
    return graph


def test_every_property_shape_and_every_constraint_of_a_node_shape_has_an_invalid_example(all_shapes):
    """No constraint is there that was never seen to fail."""
    tried = {row.split("\t")[1] for file in EXAMPLES for row in expected(file)}
    shapes = set(all_shapes.subjects(RDF.type, SH.PropertyShape))
    shapes |= {
        shape
        for shape in all_shapes.subjects(RDF.type, SH.NodeShape)
        if any(str(predicate) in CONSTRAINTS for predicate in all_shapes.predicates(shape))
    }
    assert {str(shape) for shape in shapes} - tried == set()


def test_every_property_on_a_path_occurs_in_a_valid_example(shape_set):
    """What shapes constrain is also shown right once."""
    shown = {quad.predicate.value for file in VALID for quad in read_turtle(file, base=BASE)}
    assert shape_set.predicates - shown == set()


def test_every_targeted_class_has_a_valid_example(shape_set):
    """Each class is shown right once."""
    shown = {
        quad.object.value
        for file in VALID
        for quad in read_turtle(file, base=BASE)
        if isinstance(quad.object, NamedNode)
    }
    assert shape_set.target_classes - shown == set()


def test_every_expected_file_stands_beside_its_example():
    """No list of findings is left over from an example that is gone."""
    assert [file for file in HERE.glob("*/*.expected") if not file.with_suffix(".ttl").exists()] == []


def test_the_shapes_are_well_formed_shacl(all_shapes):
    """The shapes themselves conform to the shapes of SHACL."""
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=all_shapes, meta_shacl=True)
    assert conforms, text


def test_every_shape_has_an_iri_a_name_a_message_and_a_severity(all_shapes):
    """Each shape can be cited, and says in a full sentence what is wrong."""
    shapes = {
        *all_shapes.subjects(RDF.type, SH.NodeShape),
        *all_shapes.subjects(RDF.type, SH.PropertyShape),
    }
    for shape in shapes:
        assert isinstance(shape, URIRef), shape
        assert shape.startswith("https://w3id.org/policy-kg/shape/"), shape
        (label,) = all_shapes.objects(shape, SH.name)
        (message,) = all_shapes.objects(shape, SH.message)
        (severity,) = all_shapes.objects(shape, SH.severity)
        assert label.language == message.language == "en", shape
        assert message[0].isupper(), shape
        assert message.endswith("."), shape
        assert severity in (SH.Violation, SH.Warning, SH.Info), shape


def test_every_shape_is_described_in_one_file():
    """One file a thing: no shape is spread over two."""
    seen = {}
    for file in sorted(assets.shapes().glob("*.ttl")):
        for quad in read_turtle(file, base=""):
            if isinstance(quad.subject, NamedNode):
                assert seen.setdefault(quad.subject, file.name) == file.name
