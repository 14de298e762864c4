"""`kg release`: a folder that anybody can check, load, cite and list in a catalogue."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from pathlib import Path

import pyshacl
import pytest
import rdflib
import yaml
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse
from rdflib import DCTERMS, PROV, RDF, VOID

from kg import assets

SHAPES = Path(__file__).parents[1] / "store" / "release" / "description.shapes.ttl"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own knows no DCAT 3
DATASET = rdflib.URIRef("http://127.0.0.1:8000/dataset")
IMPRINT = ("--license", "CC-BY-4.0", "--author", "Doe, Jane", "--author", "Team CSTP", "--publisher", "An institute")


@pytest.fixture(scope="module")
def desk(built, tmp_path_factory):
    """A folder of its own with two versions, between which an author's name was corrected, and a release of each."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copytree(built.folder, folder, dirs_exist_ok=True)
    desk = type(built)(folder)
    page = folder / "examples/drc-2021-267.txt"
    page.write_text(page.read_text("utf-8").replace("Sun Jie", "Sun Jia"), "utf-8")
    assert desk("build", "examples", "-q").code == 0
    for name, version in (("first", "v1"), ("second", "v2")):
        ran = desk("release", name, "--version", version, *IMPRINT, "--issued", "2026-11-30")
        assert ran.code == 0, ran.err
    return desk


@pytest.fixture(scope="module")
def described(desk):
    """The description of the second release."""
    return rdflib.Graph().parse(desk.folder / "second/dataset.ttl")


def bytes_of(folder):
    """The files of a folder with their bytes."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_sha256sum_passes_and_knows_every_file(desk):
    """The checksums are those of the tool that everybody has, and no file is without one."""
    folder = desk.folder / "second"
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    checked = {line.split(b": ")[0].decode() for line in done.stdout.splitlines()}
    assert checked == set(bytes_of(folder)) - {"SHA256SUMS"}


def test_the_same_version_gives_the_same_bytes(desk):
    """In another folder, every file is equal; in the same one, nothing is written and the command is content."""
    first = bytes_of(desk.folder / "second")
    assert desk("release", "again", *IMPRINT, "--issued", "2026-11-30").code == 0
    assert bytes_of(desk.folder / "again") == first
    ran = desk("release", "again", *IMPRINT, "--issued", "2026-11-30")
    assert (ran.code, "there already" in ran.text) == (0, True)


def test_every_dump_gives_back_the_graph(desk):
    """N-Quads and JSON-LD hold every quad, Turtle the merged graph."""
    held = set(Store.read_only(str(desk.folder / "kg-store/versions/v2/data")))
    folder = desk.folder / "second"
    assert set(parse(gzip.decompress((folder / "graph.nq.gz").read_bytes()), RdfFormat.N_QUADS)) == held
    assert set(parse((folder / "graph.jsonld").read_bytes(), RdfFormat.JSON_LD)) == held
    merged = {quad for quad in held if quad.graph_name == DefaultGraph()}
    assert set(parse((folder / "graph.ttl").read_bytes(), RdfFormat.TURTLE)) == merged


def test_packed_dumps_hold_what_the_plain_ones_do(desk):
    """`--packed gzip` packs Turtle and JSON-LD, and the description names the packing."""
    assert desk("release", "packed", "--packed", "gzip").code == 0
    folder = desk.folder / "packed"
    for name in ("graph.ttl", "graph.jsonld"):
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == (desk.folder / "second" / name).read_bytes()
    told = rdflib.Graph().parse(folder / "dataset.ttl")
    assert len(list(told.subjects(DCAT.compressFormat))) == 3


def test_ontology_and_shapes_are_those_that_were_used(desk):
    """The terms of the graph's own named graph, and every triple of every file of shapes."""
    folder = desk.folder / "second"
    terms = {quad.triple for quad in parse((folder / "ontology.ttl").read_bytes(), RdfFormat.TURTLE)}
    held = Store.read_only(str(desk.folder / "kg-store/versions/v2/data"))
    assert terms == {quad.triple for quad in held if str(quad.graph_name).endswith("/graph/ontology>")}
    files = sum(len(rdflib.Graph().parse(file)) for file in assets.shapes().glob("*.ttl"))
    assert len(rdflib.Graph().parse(folder / "shapes.ttl")) == files


def test_the_description_passes_its_shapes(described):
    """DCAT, VoID and PROV each have what a catalogue asks for; see the shapes for what that is."""
    conforms, _, words = pyshacl.validate(described, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, words


def test_the_shapes_of_the_description_bite(described):
    """Without a checksum or the build, they find fault: they reach what they are for."""
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    for predicate in (spdx.checksum, PROV.wasGeneratedBy, VOID.dataDump, DCTERMS.title):
        lacking = rdflib.Graph() + described
        lacking.remove((None, predicate, None))
        assert not pyshacl.validate(lacking, shacl_graph=rdflib.Graph().parse(SHAPES))[0], predicate


def test_the_description_tells_the_truth_about_each_file(desk, described):
    """Sizes and digests are those of the files."""
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    sums = dict(line.split("  ")[::-1] for line in (desk.folder / "second/SHA256SUMS").read_text().splitlines())
    found = set()
    for node in described.subjects(RDF.type, DCAT.Distribution):
        name = str(described.value(node, DCAT.downloadURL)).rpartition("/")[2]
        found.add(name)
        assert int(described.value(node, DCAT.byteSize)) == (desk.folder / "second" / name).stat().st_size
        value = described.value(described.value(node, spdx.checksum), spdx.checksumValue, any=False)
        assert value.n3().split('"')[1] == sums[name]
    assert found >= {"graph.nq.gz", "graph.ttl", "graph.jsonld", "ontology.ttl", "shapes.ttl"}


def test_the_census_counts_what_the_turtle_holds(desk, described):
    """Triples, subjects, and what each class and property has, as counted by another library."""
    graph = rdflib.Graph().parse(desk.folder / "second/graph.ttl")
    version = described.value(DATASET, DCAT.hasCurrentVersion)
    assert described.value(version, VOID.triples).toPython() == len(graph)
    assert described.value(version, VOID.distinctSubjects).toPython() == len(set(graph.subjects()))
    own = {subject for subject in graph.subjects() if subject.startswith("http://127.0.0.1:8000/id/")}
    assert described.value(version, VOID.entities).toPython() == len(own)
    classes = set(graph.objects(None, RDF.type))
    assert set(described.objects(None, VOID["class"])) == classes
    assert described.value(version, VOID.classes).toPython() == len(classes)
    assert described.value(version, VOID.properties).toPython() == len(set(graph.predicates()))
    for part in described.objects(version, VOID.classPartition):
        of_class = described.value(part, VOID["class"])
        assert described.value(part, VOID.entities).toPython() == len(set(graph.subjects(RDF.type, of_class)))
    for part in described.objects(version, VOID.propertyPartition):
        of = described.value(part, VOID.property)
        assert described.value(part, VOID.triples).toPython() == len(list(graph.subject_objects(of)))
        assert described.value(part, VOID.distinctSubjects).toPython() == len(set(graph.subjects(of)))


def test_versions_are_linked_and_their_changes_told(desk, described):
    """The second names the first as the version before it, and says in which words an author changed."""
    assert described.value(DATASET + "/v2", DCAT.previousVersion) == DATASET + "/v1"
    changes = (desk.folder / "second/CHANGES.md").read_text("utf-8")
    assert changes.startswith("# v1 → v2")
    assert "Sun Jia" in changes
    assert (desk.folder / "first/CHANGES.md").read_text("utf-8") == "# v1\n\nThe first version.\n"
    first = rdflib.Graph().parse(desk.folder / "first/dataset.ttl")
    assert first.value(DATASET + "/v1", DCAT.previousVersion) is None


def test_an_export_may_be_what_changes_are_told_against(desk):
    """Its name stands in the report; it is no version, so that none is linked."""
    assert desk("export", "--version", "v1", "-o", "old.nq.gz").code == 0
    assert desk("release", "against", "--since", "old.nq.gz").code == 0
    changes = (desk.folder / "against/CHANGES.md").read_text("utf-8")
    assert changes.startswith("# old.nq.gz → v2")
    assert changes.partition("\n")[2] == (desk.folder / "second/CHANGES.md").read_text("utf-8").partition("\n")[2]
    assert "previousVersion" not in (desk.folder / "against/dataset.ttl").read_text("utf-8")


def test_the_citation_is_a_citation_file(desk):
    """The keys that CFF 1.2.0 requires, a person with two names and a team with one, date, licence and digest."""
    told = yaml.safe_load((desk.folder / "second/CITATION.cff").read_text("utf-8"))
    assert (told["cff-version"], told["type"], told["version"]) == ("1.2.0", "dataset", "v2")
    assert told["authors"] == [{"family-names": "Doe", "given-names": "Jane"}, {"name": "Team CSTP"}]
    assert (str(told["date-released"]), told["license"]) == ("2026-11-30", "CC-BY-4.0")
    lines = gzip.decompress((desk.folder / "second/graph.nq.gz").read_bytes()).decode().splitlines()
    assert told["identifiers"][0]["value"] == f"sum-sha256-groups:{_sum(lines):064x}"
    assert told["identifiers"][0]["value"] in (desk.folder / "second" / "README.md").read_text("utf-8")


def _sum(lines):
    """The sum over named graphs, and over subjects of what stands in the default graph, and in no other."""
    quads = {line: next(iter(parse(line, RdfFormat.N_QUADS))) for line in lines}
    named = {quad.triple for quad in quads.values() if quad.graph_name != DefaultGraph()}
    groups = {}
    for line, quad in quads.items():
        if quad.graph_name != DefaultGraph():
            groups.setdefault(str(quad.graph_name), []).append(line)
        elif quad.triple not in named:
            groups.setdefault((quad.subject, "alone"), []).append(line)
    texts = ("".join(f"{line}\n" for line in sorted(group)) for group in groups.values())
    return sum(int.from_bytes(hashlib.sha256(text.encode()).digest()) for text in texts) % 2**256


def test_settings_say_what_no_option_does(desk):
    """A table `dataset` in kg.toml gives title and licence; an option goes before it."""
    told = '{title = "Our graph", license = "https://example.org/licence", authors = ["A team"]}'
    ran = desk("release", "settled", "--author", "Roe, Richard", KG_DATASET=told)
    assert ran.code == 0, ran.err
    cited = yaml.safe_load((desk.folder / "settled/CITATION.cff").read_text("utf-8"))
    assert (cited["title"], cited["license-url"]) == ("Our graph", "https://example.org/licence")
    assert cited["authors"] == [{"family-names": "Roe", "given-names": "Richard"}]
    assert "date-released" not in cited


def test_the_readme_names_every_file(desk):
    """A reader learns of each file what it is."""
    readme = (desk.folder / "second/README.md").read_text("utf-8")
    for name in bytes_of(desk.folder / "second"):
        assert f"| `{name}` |" in readme


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("examples",), "holds no release"),
        (("first",), "another release"),
        (("examples/drc-2021-267.txt",), "is no folder"),
        (("no/where",), "cannot write"),
        (("new", "--since", "v2"), "is the version to release"),
        (("new", "--since", "v9"), "no version v9"),
        (("new", "--issued", "30 November"), "is no date"),
        (("new", "--url", "ftp://x/"), "is no address"),
        (("new", "--license", "no licence"), "SPDX"),
        (("new", "--title", ""), "words on one line"),
    ],
)
def test_what_cannot_be_released_is_said_and_nothing_is_left(desk, arguments, said):
    """A usage error that names what is wrong; no folder, hidden or not, is made."""
    before = sorted(desk.folder.rglob("*"))
    ran = desk("release", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert sorted(desk.folder.rglob("*")) == before


def test_a_graph_of_another_base_is_refused(desk):
    """The description would tell of IRIs that are not in the graph."""
    ran = desk("release", "new", KG_BASE_IRI="https://kg.example.org/")
    assert (ran.code, "another base_iri" in ran.err) == (2, True), ran.err


def test_an_empty_folder_is_filled(desk):
    """As after `mkdir`."""
    (desk.folder / "empty").mkdir()
    assert desk("release", "empty").code == 0
    assert (desk.folder / "empty/SHA256SUMS").is_file()
