"""`kg query` and `kg why`: answers in every format, and refusals that say why."""

from __future__ import annotations

import csv
import json

import pytest
from pyoxigraph import RdfFormat, parse

TITLES = "SELECT ?title WHERE { ?report a coord:Report ; dcterms:title ?title } ORDER BY ?title"
TYPES = "CONSTRUCT { ?report a coord:Report } WHERE { ?report a coord:Report }"


def test_a_table_is_what_people_get(built):
    """Without --format rows come as a table, and their number is said beside it."""
    ran = built("query", TITLES)
    assert ran.code == 0
    assert "┃ title" in ran.text
    assert "│ Who Steers Research in the United Kingdom?" in ran.text
    assert ran.err == "5 rows\n"


def test_one_row_is_one_row(built):
    """The number of rows is said in grammar."""
    assert built("query", f"{TITLES} LIMIT 1").err == "1 row\n"


def test_csv_and_tsv_hold_a_row_each(built):
    """Five reports give five rows below the header."""
    rows = list(csv.reader(built("query", TITLES, "--format", "csv").text.splitlines()))
    assert rows[0] == ["title"]
    assert len(rows) == 6
    assert built("query", TITLES, "--format", "tsv").text.splitlines()[0] == "?title"


def test_json_and_xml_are_the_standard_results_formats(built):
    """Programs get SPARQL's own formats."""
    bindings = json.loads(built("query", TITLES, "--format", "json").out)["results"]["bindings"]
    assert bindings[0]["title"]["xml:lang"] == "en"
    assert "<sparql" in built("query", TITLES, "--format", "xml").text


def test_a_truth_value_is_a_word(built):
    """ASK answers true or false."""
    assert built("query", "ASK { ?report a coord:Report }").out == b"true\n"


@pytest.mark.parametrize(
    ("name", "rdf"),
    [
        ("table", RdfFormat.TURTLE),
        ("turtle", RdfFormat.TURTLE),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("json", RdfFormat.JSON_LD),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdfxml", RdfFormat.RDF_XML),
    ],
)
def test_triples_come_in_every_graph_format(built, name, rdf):
    """CONSTRUCT gives triples, as Turtle where nothing else is asked for."""
    ran = built("query", TYPES, "--format", name)
    assert ran.code == 0
    assert len(list(parse(ran.out, format=rdf))) == 5


def test_an_answer_goes_to_a_file(built, tmp_path):
    """With --output the answer stands in the file and nothing goes to standard output."""
    file = tmp_path / "titles.csv"
    ran = built("query", TITLES, "--format", "csv", "--output", str(file))
    assert (ran.code, ran.out) == (0, b"")
    assert file.read_bytes().startswith(b"title\r\n")
    assert [path.name for path in tmp_path.iterdir()] == ["titles.csv"]


def test_a_query_comes_from_a_file_or_from_standard_input(built, tmp_path):
    """--file reads a file, and standard input where it is a hyphen."""
    file = tmp_path / "titles.rq"
    file.write_text(TITLES, encoding="utf-8")
    from_file = built("query", "--file", str(file), "--format", "csv")
    from_input = built("query", "--file", "-", "--format", "csv", stdin=TITLES.encode())
    assert from_file.out == from_input.out == built("query", TITLES, "--format", "csv").out


def test_quotes_are_the_words_of_the_page(built):
    """The words of a passage stand in the page at the line that the graph names."""
    query = """SELECT ?words ?line ?path WHERE {
      ?claim coord:evidence ?passage . ?passage oa:exact ?words ; coord:line ?line ;
             dcterms:isPartOf/coord:sourcePath ?path }"""
    rows = list(csv.DictReader(built("query", query, "--format", "csv").text.splitlines(keepends=True)))
    assert rows
    for row in rows:
        lines = (built.folder / row["path"]).read_text(encoding="utf-8").splitlines()
        assert row["words"].splitlines()[0] in lines[int(row["line"]) - 1]


REFUSED = {
    "an update": ("INSERT DATA { <a:a> <a:b> 1 }", "INSERT is an update"),
    "federation": ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE and LOAD are not run here"),
    "no SPARQL": ("SELECT", "line 1, column 7"),
}


@pytest.mark.parametrize(("query", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_run_is_refused_with_its_reason(built, query, reason):
    """A refusal goes to standard error with exit code 2."""
    ran = built("query", query)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith("kg: ")
    assert reason in ran.err


def test_a_query_that_runs_too_long_is_stopped(built):
    """The deadline ends a query, with exit code 4."""
    ran = built("query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", KG_DEADLINE="0.3")
    assert ran.code == 4
    assert ran.err == "kg: no answer within 0.3 s; the query was stopped\n"


def test_a_format_that_cannot_hold_the_answer_is_refused(built):
    """Rows are no triples, and triples no rows."""
    assert built("query", TITLES, "--format", "turtle").code == 2
    assert built("query", TYPES, "--format", "csv").code == 2


def test_a_query_or_a_file_is_needed_and_not_both(built):
    """The command says what it lacks."""
    for arguments in ([], [TITLES, "--file", "x.rq"], ["--file", "no-such-file.rq"]):
        assert built("query", *arguments).code == 2


def test_a_store_without_a_version_says_how_to_build_one(kg):
    """The message holds the command to type."""
    ran = kg("query", "ASK {}")
    assert ran.code == 2
    assert "no published version in kg-store; build one with: kg build SOURCES" in ran.err


def test_why_shows_place_words_and_rule(built):
    """Each claim about a thing comes with file, line, column, words, rule and confidence."""
    ran = built("why", "body/gb-cst")
    assert ran.code == 0
    assert "examples/hiip-2022-si3.txt:11:412: denied: body/gb-cst hasFeature right-to-allocate-funds" in ran.text
    assert "    “UKRI has the right to allocate funds, while the Council for Science" in ran.text
    assert "    read by statement/features, confidence 0.9" in ran.text


def test_why_takes_a_whole_iri_or_its_last_part(built):
    """Both name the same thing."""
    short, whole = built("why", "report/drc-2021-267"), built("why", "http://127.0.0.1:8000/id/report/drc-2021-267")
    assert short.out == whole.out
    assert short.out.count(b"\n") > 10


@pytest.mark.parametrize("thing", ["body/nobody", "a b", "<x>"])
def test_why_says_when_there_is_nothing_to_say(built, thing):
    """An unknown thing, or a text that is no IRI, is a mistake of the user's."""
    ran = built("why", thing)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith("kg: ")


REPORT = "http://127.0.0.1:8000/id/report/drc-2021-267"
COORD = "https://w3id.org/policy-kg/coord#"


@pytest.mark.parametrize(
    "statement",
    [
        ["report/drc-2021-267", "coord:number", "267"],
        [REPORT, f"{COORD}number", '"267"'],
        [f'<{REPORT}> <{COORD}number> "267" .'],
        ["report/drc-2021-267 coord:number 267"],
        ["report/drc-2021-267", "coord:number", '"267"^^xsd:string'],
    ],
)
def test_why_of_a_statement_shows_its_claims_alone(built, statement):
    """A statement is three arguments or one line, with IRIs in full, by prefix or by their last parts."""
    ran = built("why", *statement)
    assert ran.code == 0, ran.err
    assert ran.text == (
        "examples/drc-2021-267.txt:11:21: report/drc-2021-267 number 267\n"
        "    “267”\n    read by drc/series-line, confidence 1\n"
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (["report/drc-2021-267", "a", "coord:Report"], "report/drc-2021-267 type Report\n"),
        (["mechanism/jp-drc-2021-267", "coord:hasComponent", "body/jp-csti"], "hasComponent body/jp-csti\n"),
        (["report/drc-2021-267", "dcterms:issued", "2021-09-15"], "issued 2021-09-15\n"),
        (["report/drc-2021-267", "coord:seriesYear", '"2021"^^xsd:gYear'], "seriesYear 2021\n"),
        (["report/drc-2021-267", "dcat:keyword", '"enlightenment"@en'], "keyword enlightenment\n"),
    ],
)
def test_why_finds_statements_with_objects_of_every_kind(built, statement, words):
    """Classes, things, dates and texts may be asked for."""
    assert words in built("why", *statement).text


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            ["report/drc-2021-267", "coord:number", "268"],
            "has no claim that says: report/drc-2021-267 coord:number 268",
        ),
        (["report/drc-2021-267", "dcat:keyword", '"enlightenment"@fr'], "has no claim that says: "),
        (["report/drc-2021-267", "coord:number"], "has 2 terms; a statement has three, a thing is one IRI"),
        (["report/drc-2021-267", "number", "267"], "'number' is no IRI, no name with a known prefix"),
        (["report/drc-2021-267", "coord:number", '"267"^^string'], "'string' is no datatype"),
        (["<a b>", "coord:number", "267"], "'a b' is no IRI"),
        (["report/drc-2021-267", "coord:number", '"} DROP ALL #'], "has no claim that says: "),
    ],
)
def test_why_of_what_is_not_stated_says_so(built, statement, words):
    """The message repeats what was asked for, or says which term is none."""
    ran = built("why", *statement)
    assert (ran.code, ran.out) == (2, b"")
    assert words in ran.err
