"""Each format tells where things stand."""

import pytest

from kg.check.rdf_files.places import Precision, Statement
from kg.rdf.formats import GraphFormat

EX = "http://example.org/ns#"


def ex(local):
    """A node in N-Triples."""
    return f"<{EX}{local}>"


def at(spot):
    """Line, column and words."""
    return f"{spot.place.line}:{spot.place.column} {spot.place.quote}"


def test_a_triple_stands_where_its_object_does(graph):
    """Of several values each has its own place."""
    places = graph('ex:a ex:p "x"@en, "é𝄞" ;\n  ex:q "5"^^xsd:integer .').places
    assert at(places.statement(Statement(ex("a"), ex("p"), '"x"@en'))) == '2:11 "x"@en'
    assert at(places.statement(Statement(ex("a"), ex("p"), '"é𝄞"'))) == '2:19 "é𝄞"'
    integer = '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert at(places.statement(Statement(ex("a"), ex("q"), integer))) == '3:8 "5"^^xsd:integer'
    assert at(places.predicate(Statement(ex("a"), ex("q"), integer))) == "3:3 ex:q"
    assert at(places.subject(ex("a"))) == "2:1 ex:a"


def test_columns_count_characters_and_lines_end_as_anywhere(graph):
    """A character is one column however many bytes it has; a line may end as on Windows."""
    places = graph('ex:a ex:p "𝄞é", ex:b .\r\nex:c ex:p ex:d .').places
    assert at(places.mention(ex("b"))) == "2:17 ex:b"
    assert at(places.subject(ex("c"))) == "3:1 ex:c"


def test_a_byte_order_mark_is_no_column(graph):
    """A file of a Windows editor has its first word in column 1."""
    places = graph(f"\ufeff@prefix ex: <{EX}> . ex:a ex:p ex:b .").places
    assert places.subject(ex("a")).place.column == len(f"@prefix ex: <{EX}> .") + 2


def test_blank_nodes_have_the_file_s_labels_or_their_place(graph):
    """A person finds the node by what it is called."""
    data = graph("_:who ex:p [ ex:q 1 ] .")
    names = {data.places.label(node) for node in data.nodes if node.startswith("_:")}
    assert names == {"_:who", "_:line2column12"}


def test_named_graphs_of_trig_and_quads(graph):
    """In TriG and N-Quads the triple's own words are found."""
    trig = graph(f"PREFIX ex: <{EX}>\nex:g {{ ex:a ex:p 1 .\n ex:b ex:p 2 }}", "x.trig", GraphFormat.TRIG)
    assert at(trig.places.subject(ex("b"))) == "3:2 ex:b"
    quads = graph(f"<{EX}a> <{EX}p> <{EX}b> <{EX}g> .\n", "x.nq", GraphFormat.NQUADS)
    assert at(quads.places.statement(Statement(ex("a"), ex("p"), ex("b")))).endswith(f" <{EX}b>")


JSONLD = """{"@context": {"ex": "http://example.org/ns#", "id": "@id", "@base": "http://base.example/"},
 "@graph": [
  {"@id": "ex:a", "ex:knows": [{"@id": "ex:b"}, {"@id": "_:x", "ex:p": 1}]},
  {"id": "ex:b", "ex:p": {"ex:q": 2}},
  {"@id": "relative", "ex:p": "\\u0022"}
]}"""


@pytest.mark.parametrize(
    ("node", "place"),
    [
        (ex("a"), '3:11 "ex:a"'),
        (ex("b"), '4:10 "ex:b"'),
        ("<http://base.example/relative>", '5:11 "relative"'),
    ],
)
def test_json_ld_tells_the_node_object(graph, node, place):
    """The place is the name of the node object that describes it, not a mere reference to it."""
    places = graph(JSONLD, "x.jsonld", GraphFormat.JSONLD).places
    assert at(places.subject(node)) == place
    assert places.subject(node).precision is Precision.EXACT


def test_a_json_ld_node_without_a_name_is_near_what_refers_to_it(graph):
    """The nearest named node stands in, and the spot says so."""
    data = graph(JSONLD, "x.jsonld", GraphFormat.JSONLD)
    (nameless,) = (each.object for each in data.described[ex("b")])
    spot = data.places.subject(nameless)
    assert (at(spot), spot.precision) == ('4:10 "ex:b"', Precision.NEAR)
    assert data.places.label(nameless) == "_:nameless1"


RDFXML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/ns#"
         xml:base="http://example.org/ns">
  <!-- é --> <ex:Person rdf:about="#a"><ex:knows rdf:resource="#b"/></ex:Person>
  <ex:Person rdf:ID="b"><ex:knows><rdf:Description rdf:nodeID="n" ex:p="1"/></ex:knows></ex:Person>
</rdf:RDF>"""


@pytest.mark.parametrize(("node", "place"), [(ex("a"), "4:14 <ex:Person"), (ex("b"), "5:3 <ex:Person")])
def test_rdf_xml_tells_the_element(graph, node, place):
    """The place is the element with rdf:about or rdf:ID."""
    assert at(graph(RDFXML, "x.rdf", GraphFormat.RDFXML).places.subject(node)) == place


def test_rdf_xml_tells_labelled_blank_nodes(graph):
    """rdf:nodeID is a name like any other."""
    data = graph(RDFXML, "x.rdf", GraphFormat.RDFXML)
    (node,) = (each for each in data.nodes if each.startswith("_:"))
    assert (at(data.places.subject(node)), data.places.label(node)) == ("5:35 <rdf:Description", "_:n")


def test_where_the_readings_differ_only_first_mentions_are_told(graph, monkeypatch):
    """A spot that is not the words themselves says so; none is made up."""

    def refuse(*_):
        raise ValueError

    monkeypatch.setattr("kg.check.rdf_files.turtle_places._paired", refuse)
    places = graph("ex:x ex:p ex:b .\nex:a ex:p ex:b, ex:c .").places
    spot = places.statement(Statement(ex("a"), ex("p"), ex("c")))
    assert (at(spot), spot.precision) == ("3:1 ex:a", Precision.NEAR)
    assert at(places.subject(ex("b"))) == "2:11 ex:b"


def test_places_are_found_when_asked_for(graph, monkeypatch):
    """A file without findings is read by Oxigraph alone."""

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr("kg.check.rdf_files.files.TurtlePlaces", refuse)
    assert graph("ex:a ex:p ex:b .").says(Statement(ex("a"), ex("p"), ex("b")))


def test_a_deep_line_of_nameless_nodes_is_climbed_once(graph):
    """Hundreds of nodes inside one another each have the place of the one with a name."""
    depth = 900
    inner = "<ex:A><ex:p>" * depth + "</ex:p></ex:A>" * depth
    head = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/ns#">\n'
    top = f'<ex:A r:about="http://example.org/ns#top"><ex:p>{inner}</ex:p></ex:A></r:RDF>'
    data = graph(head + top, "x.rdf", GraphFormat.RDFXML)
    spots = {(at(data.places.subject(node)), data.places.subject(node).precision) for node in data.described}
    assert spots == {("2:1 <ex:A", Precision.EXACT), ("2:1 <ex:A", Precision.NEAR)}
