"""What is known beforehand, read from small folders and from the ontology itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from kg import assets
from kg.model.dates import PartialDate
from kg.model.errors import KnowledgeError
from kg.model.knowledge import EntryKind, NameKind, Scheme
from kg.rdf.iris import Minter
from kg.rdf.knowledge import knowledge_quads, read_knowledge
from kg.rdf.vocab import PREFIXES

BASE = "https://kg.example/"
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
CONCEPT = PREFIXES["concept"]

JAPAN = """
<id/jurisdiction/jp> a dcterms:Jurisdiction ;
    skos:prefLabel "Japan"@en , "日本"@ja ; skos:altLabel "Japanese"@en ; skos:notation "JP" .
<id/body/jp-cao> a coord:CoordinatingBody ; coord:jurisdiction <id/jurisdiction/jp> .
<id/name/jp-cao/1> a coord:Name ; coord:nameOf <id/body/jp-cao> ; coord:nameKind coord:OfficialName ;
    skosxl:literalForm "Cabinet Office"@en .
<id/body/jp-csti> a coord:CoordinatingBody ; coord:jurisdiction <id/jurisdiction/jp> ;
    org:classification <https://w3id.org/policy-kg/concept/body-type/council> ;
    org:subOrganizationOf <id/body/jp-cao> ; coord:startDate "2001-01-06"^^xsd:date .
<id/name/jp-csti/1> a coord:Name ; coord:nameOf <id/body/jp-csti> ; coord:nameKind coord:NativeName ;
    skosxl:literalForm "総合科学技術・イノベーション会議"@ja .
<id/name/jp-csti/2> a coord:Name ; coord:nameOf <id/body/jp-csti> ; coord:nameKind coord:FormerName ;
    skosxl:literalForm "Council for Science and Technology Policy"@en ;
    coord:startDate "2001-01"^^xsd:gYearMonth ; coord:endDate "2014-05-18"^^xsd:date .
<id/name/jp-csti/3> a coord:Name ; coord:nameOf <id/body/jp-csti> ; coord:nameKind coord:OfficialName ;
    skosxl:literalForm "Council for Science, Technology and Innovation"@en .
<id/plan/jp-plan> a coord:PlanSeries ; coord:jurisdiction <id/jurisdiction/jp> .
<id/name/jp-plan/1> a coord:Name ; coord:nameOf <id/plan/jp-plan> ; coord:nameKind coord:OfficialName ;
    skosxl:literalForm "Basic Plan"@en .
<id/plan/jp-plan-6> a coord:Plan ; coord:jurisdiction <id/jurisdiction/jp> ; dcterms:isPartOf <id/plan/jp-plan> ;
    coord:startDate "2021"^^xsd:gYear .
<id/name/jp-plan-6/1> a coord:Name ; coord:nameOf <id/plan/jp-plan-6> ; coord:nameKind coord:OfficialName ;
    skosxl:literalForm "6th Basic Plan"@en .
"""

TYPES = """
<https://w3id.org/policy-kg/concept/body-type/council> a coord:BodyType ;
    skos:prefLabel "Council"@en , "会議"@ja ; skos:altLabel "advisory Council"@en , "理事会"@zh ;
    coord:cue "council" , "meet in council" ; coord:headNoun "Council" , "Board" ;
    coord:translatesLike <https://w3id.org/policy-kg/concept/body-type/conference> .
<https://w3id.org/policy-kg/concept/body-type/conference> a coord:BodyType ; skos:prefLabel "conference"@en .
"""


@pytest.fixture
def minter():
    """Mints under a deployment's base."""
    return Minter(BASE)


@pytest.fixture
def ontology(tmp_path):
    """A small ontology folder."""
    folder = tmp_path / "ontology"
    write(folder, "coord.ttl", "coord:CoordinatingBody a owl:Class .")
    write(folder, "vocabularies/body-types.ttl", TYPES)
    write(folder, "alignments/schema.ttl", "coord:CoordinatingBody rdfs:subClassOf <https://schema.org/Organization> .")
    write(folder, "authority/japan.ttl", JAPAN)
    return folder


def write(folder: Path, name: str, turtle: str) -> None:
    """Puts a file with every prefix declared into the folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + turtle, encoding="utf-8")


def body(statements: str) -> str:
    """A body with a name, and something more said of it or its name."""
    return f"""<id/body/jp-x> a coord:CoordinatingBody .
    <id/name/jp-x/1> a coord:Name ; coord:nameOf <id/body/jp-x> ; {statements} ."""


def refusal(ontology: Path, minter: Minter, turtle: str, name: str = "authority/broken.ttl") -> str:
    """The reason for which reading refuses the file."""
    write(ontology, name, turtle)
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(ontology, minter)
    assert caught.value.file == f"ontology/{name}"
    return caught.value.reason


def test_entry_is_read_whole(ontology, minter):
    """A body carries its IRI, key, jurisdiction's code, type, parents and dates."""
    entry = read_knowledge(ontology, minter).by_iri[f"{BASE}id/body/jp-csti"]
    assert entry.key == "jp-csti"
    assert entry.kind is EntryKind.BODY
    assert entry.jurisdiction == "JP"
    assert entry.body_type == f"{CONCEPT}body-type/council"
    assert entry.parents == (f"{BASE}id/body/jp-cao",)
    assert entry.start == PartialDate(2001, 1, 6)
    assert entry.end is None


def test_entries_stand_in_order_of_their_iris(ontology, minter):
    """Entries are sorted by IRI, whatever the order in the files."""
    iris = [entry.iri for entry in read_knowledge(ontology, minter).entries]
    assert iris == sorted(iris)
    assert len(iris) == 5


def test_names_stand_in_a_fixed_order(ontology, minter):
    """English names come first, the official one before former ones."""
    names = read_knowledge(ontology, minter).by_iri[f"{BASE}id/body/jp-csti"].names
    assert [(name.language, name.kind) for name in names] == [
        ("en", NameKind.OFFICIAL),
        ("en", NameKind.FORMER),
        ("ja", NameKind.NATIVE),
    ]
    assert names[1].start == PartialDate(2001, 1)
    assert names[1].end == PartialDate(2014, 5, 18)


def test_an_edition_is_part_of_its_series(ontology, minter):
    """A plan's parent is its series."""
    plan = read_knowledge(ontology, minter).by_iri[f"{BASE}id/plan/jp-plan-6"]
    assert plan.parents == (f"{BASE}id/plan/jp-plan",)
    assert plan.start == PartialDate(2021)


def test_a_jurisdiction_is_named_by_its_labels(ontology, minter):
    """A jurisdiction's preferred English label is official, its alternative labels are variants."""
    japan = read_knowledge(ontology, minter).jurisdictions["JP"]
    assert japan.label == "Japan"
    assert [(name.text, name.kind) for name in japan.names] == [
        ("Japan", NameKind.OFFICIAL),
        ("Japanese", NameKind.VARIANT),
        ("日本", NameKind.TRANSLATION),
    ]


def test_concept_is_called_up_by_its_english_labels_and_cues(ontology, minter):
    """Cues are the English labels in lower case and the coord:cue values, each once."""
    conference, council = read_knowledge(ontology, minter).in_scheme(Scheme.BODY_TYPE)
    assert council.label == "Council"
    assert council.cues == ("council", "advisory council", "meet in council")
    assert council.heads == ("Board", "Council")
    assert council.translates_like == (conference.iri,)
    assert (conference.heads, conference.translates_like) == ((), ())


def test_relative_iris_resolve_against_the_base(ontology):
    """The same files serve a deployment under any base."""
    entries = read_knowledge(ontology, Minter("http://other.example/kg/")).entries
    assert {entry.iri.split("id/")[0] for entry in entries} == {"http://other.example/kg/"}


def test_a_fault_in_the_syntax_is_placed(ontology, minter):
    """A file that does not parse is refused with line and column."""
    lines = HEADER.count("\n")
    reason = refusal(ontology, minter, "<id/body/a b> a coord:CoordinatingBody .")
    assert reason == f"line {lines + 1}, column 1: Invalid IRI code point ' '"


def test_a_fault_in_a_vocabulary_is_placed(ontology, minter):
    """Vocabulary files are refused like authority files."""
    reason = refusal(ontology, minter, "<a> <b> 'c'", name="vocabularies/broken.ttl")
    assert reason.startswith(f"line {HEADER.count(chr(10)) + 1}, column ")


@pytest.mark.parametrize(
    "turtle", ["<id/body/x> coord:note [] .", "[] coord:note 'x'@en .", "<id/x> coord:note (1 2) ."]
)
def test_a_blank_node_is_refused(ontology, minter, turtle):
    """No file may hold a blank node, as subject, as object or in a list."""
    assert "holds a blank node, at <" in refusal(ontology, minter, turtle)


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        ("<id/body/jp-x> a coord:CoordinatingBody .", "id/body/jp-x> has no name; give it a coord:Name"),
        (
            body("skosxl:literalForm 'X'@en ; coord:nameKind coord:Nickname"),
            "id/name/jp-x/1> is of the kind <https://w3id.org/policy-kg/coord#Nickname>; expected one of "
            + ", ".join(f"coord:{kind.value}" for kind in NameKind),
        ),
        (
            body("skosxl:literalForm 'X'@en"),
            "id/name/jp-x/1> is of the kind none; expected one of "
            + ", ".join(f"coord:{kind.value}" for kind in NameKind),
        ),
        (
            body("coord:nameKind coord:OfficialName ; skosxl:literalForm 'X'"),
            "id/name/jp-x/1> has no literal form with a language tag",
        ),
        (
            body("coord:nameKind coord:OfficialName ; skosxl:literalForm 'X'@en ; coord:startDate 'May 2014'"),
            "id/name/jp-x/1> has the date 'May 2014'; expected 2014, 2014-05 or 2014-05-19",
        ),
        (
            body("coord:nameOf <id/body/jp-cao>"),
            "id/name/jp-x/1> has 2 values of <https://w3id.org/policy-kg/coord#nameOf>; expected one at most",
        ),
        (
            "<id/name/jp-y/1> a coord:Name ; coord:nameOf <id/body/jp-y> .",
            "id/name/jp-y/1> names <https://kg.example/id/body/jp-y>; expected an entry",
        ),
        ("<id/name/jp-y/1> a coord:Name .", "id/name/jp-y/1> names nothing; expected an entry"),
        (
            "<id/jurisdiction/xx> a dcterms:Jurisdiction ; skos:prefLabel 'Nowhere'@en .",
            "id/jurisdiction/xx> has no code; give it a skos:notation",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(ontology, minter, turtle, reason):
    """A refusal names the subject, what was found and what was expected."""
    assert refusal(ontology, minter, turtle) == f"<{BASE}{reason}"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "coord:jurisdiction <id/jurisdiction/fr>",
            "belongs to <https://kg.example/id/jurisdiction/fr>, which is no jurisdiction of the authority",
        ),
        (
            "org:subOrganizationOf <id/body/jp-z>",
            "is part of <https://kg.example/id/body/jp-z>, which is no entry of the authority",
        ),
        (
            "coord:startDate '2001', '2014'",
            "has 2 values of <https://w3id.org/policy-kg/coord#startDate>; expected one at most",
        ),
    ],
)
def test_what_leads_nowhere_is_refused(ontology, minter, statement, reason):
    """An entry's jurisdiction and parents are entries, and it begins once."""
    named = body("coord:nameKind coord:OfficialName ; skosxl:literalForm 'X'@en")
    turtle = f"{named}\n<id/body/jp-x> {statement} ."
    assert refusal(ontology, minter, turtle) == f"<https://kg.example/id/body/jp-x> {reason}"


def test_an_entry_lies_under_the_base(ontology, minter):
    """An entry with an IRI of another site is refused."""
    turtle = """<https://elsewhere.example/x> a coord:CoordinatingBody .
    <id/name/x/1> a coord:Name ; coord:nameOf <https://elsewhere.example/x> ; coord:nameKind coord:OfficialName ;
        skosxl:literalForm "X"@en ."""
    expected = "<https://elsewhere.example/x> lies outside https://kg.example/id/; write its IRI as <id/…>"
    assert refusal(ontology, minter, turtle) == expected


def test_a_concept_has_one_english_label(ontology, minter):
    """A concept without a preferred English label is refused."""
    turtle = "<https://w3id.org/policy-kg/concept/sector/x> a coord:Sector ; skos:prefLabel 'x'@zh ."
    reason = refusal(ontology, minter, turtle, name="vocabularies/sectors.ttl")
    assert reason.endswith("concept/sector/x> has 0 preferred labels in English; expected one")


def test_a_missing_part_is_named(tmp_path, minter):
    """A folder without an authority is refused by name."""
    with pytest.raises(KnowledgeError, match=r"^ontology/authority/\*\.ttl: no such file in "):
        read_knowledge(tmp_path / "ontology", minter)


def test_quads_stand_in_two_graphs(ontology, minter):
    """The authority has its named graph; terms, vocabularies and alignments share the other."""
    graphs = {}
    for quad in knowledge_quads(ontology, minter):
        graphs.setdefault(quad.graph_name.value, set()).add(quad.subject.value)
    assert set(graphs) == {f"{BASE}graph/authority", f"{BASE}graph/ontology"}
    assert f"{BASE}id/body/jp-csti" in graphs[f"{BASE}graph/authority"]
    assert graphs[f"{BASE}graph/ontology"] == {
        f"{PREFIXES['coord']}CoordinatingBody",
        f"{CONCEPT}body-type/council",
        f"{CONCEPT}body-type/conference",
    }


def test_quads_are_sorted_and_stand_once(ontology, minter):
    """A statement made in two files of a graph is one quad."""
    before = knowledge_quads(ontology, minter)
    write(ontology, "authority/again.ttl", JAPAN)
    assert knowledge_quads(ontology, minter) == before
    assert [str(quad) for quad in before] == sorted({str(quad) for quad in before})


def test_the_ontology_itself_can_be_used():
    """The whole ontology folder becomes plain data and quads without blank nodes."""
    minter = Minter(BASE)
    knowledge = read_knowledge(assets.ontology(), minter)
    quads = knowledge_quads(assets.ontology(), minter)
    assert knowledge.of_kind(EntryKind.BODY)
    assert not [quad for quad in quads if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)]
    assert NamedNode(f"{BASE}id/body/jp-csti") in {quad.subject for quad in quads}


def test_every_scheme_has_concepts_and_types_translate_both_ways():
    """The vocabularies fill all four schemes, and translating alike is mutual."""
    knowledge = read_knowledge(assets.ontology(), Minter(BASE))
    for scheme in Scheme:
        assert knowledge.in_scheme(scheme)
    types = {concept.iri: concept for concept in knowledge.in_scheme(Scheme.BODY_TYPE)}
    for concept in types.values():
        for other in concept.translates_like:
            assert concept.iri in types[other].translates_like


OWN = """
<id/body/fi-x> a coord:CoordinatingBody ; coord:jurisdiction <id/jurisdiction/jp> .
<id/name/fi-x/1> a coord:Name ; coord:nameOf <id/body/fi-x> ; coord:nameKind coord:OfficialName ;
    skosxl:literalForm "Lake Council"@en .
"""


def test_entries_of_ones_own_stand_beside_the_shipped_ones(ontology, minter, tmp_path):
    """A folder of one's own adds entries, which may refer to the shipped ones."""
    write(tmp_path / "own", "lake.ttl", OWN)
    knowledge = read_knowledge(ontology, minter, tmp_path / "own")
    assert knowledge.by_iri[f"{BASE}id/body/fi-x"].label == "Lake Council"
    assert len(knowledge.entries) == 6


def test_statements_of_ones_own_stand_in_the_authority_graph(ontology, minter, tmp_path):
    """They are added to the graph of the authority and to no other."""
    write(tmp_path / "own", "lake.ttl", OWN)
    added = set(knowledge_quads(ontology, minter, tmp_path / "own")) - set(knowledge_quads(ontology, minter))
    assert {quad.graph_name for quad in added} == {NamedNode(f"{BASE}graph/authority")}
    assert len(added) == 6


def test_an_empty_folder_of_ones_own_adds_nothing(ontology, minter, tmp_path):
    """Before the first entry the folder may be empty."""
    (tmp_path / "own").mkdir()
    assert knowledge_quads(ontology, minter, tmp_path / "own") == knowledge_quads(ontology, minter)


def test_a_folder_of_ones_own_that_is_not_there_is_named(ontology, minter, tmp_path):
    """A mistyped folder is an error, not an empty authority."""
    with pytest.raises(KnowledgeError, match="there is no such folder"):
        read_knowledge(ontology, minter, tmp_path / "nowhere")


def test_an_authority_of_ones_own_is_read_from_turtle_and_json_ld_in_folders(ontology, minter, tmp_path):
    """Entries in JSON-LD, and in folders within the folder, are entries like all others."""
    own = tmp_path / "own"
    write(own, "jp/a.ttl", body('coord:nameKind coord:OfficialName ; skosxl:literalForm "X Board"@en'))
    (own / "z.jsonld").write_text(
        """{"@context": {"coord": "https://w3id.org/policy-kg/coord#", "skosxl": "http://www.w3.org/2008/05/skos-xl#"},
        "@graph": [{"@id": "id/body/jp-z", "@type": "coord:CoordinatingBody"},
        {"@id": "id/name/jp-z/1", "@type": "coord:Name", "coord:nameOf": {"@id": "id/body/jp-z"},
        "coord:nameKind": {"@id": "coord:OfficialName"},
        "skosxl:literalForm": {"@value": "Z Board", "@language": "en"}}]}""",
        encoding="utf-8",
    )
    known = read_knowledge(ontology, minter, own).by_iri
    assert known[f"{BASE}id/body/jp-x"].label == "X Board"
    assert known[f"{BASE}id/body/jp-z"].label == "Z Board"


def test_evidence_in_an_authority_is_refused(ontology, minter, tmp_path):
    """It comes with the page that says it: stated here as well, it would stay when the page goes."""
    write(tmp_path / "own", "a.ttl", "<id/page/bacf5d6a482ffd66> a coord:Page .")
    with pytest.raises(KnowledgeError, match=r"own/a\.ttl: states <.*type> of <.*>, which is evidence"):
        read_knowledge(ontology, minter, tmp_path / "own")


def test_rdf_xml_in_an_authority_is_refused(ontology, minter, tmp_path):
    """It is not parsed at all: a DOCTYPE of a few lines unpacks to gigabytes."""
    write(tmp_path / "own", "a.rdf", "<!DOCTYPE x>")
    with pytest.raises(KnowledgeError, match=r"own/a\.rdf: RDF/XML is not read; save it as Turtle"):
        read_knowledge(ontology, minter, tmp_path / "own")
