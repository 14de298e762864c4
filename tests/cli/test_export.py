"""`kg export` beyond whole graphs: parts, tables and packed files."""

from __future__ import annotations

import csv
import fcntl
import gzip
import io
import signal
import subprocess
import sys

import pytest
import zstandard
from pyoxigraph import NamedNode, RdfFormat, parse

COORD = "https://w3id.org/policy-kg/coord#"
CLAIM = (NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(f"{COORD}Claim"))
REPORT = "http://127.0.0.1:8000/id/report/drc-2021-267"


def quads(payload):
    """The quads of an N-Quads export."""
    return set(parse(payload, RdfFormat.N_QUADS))


def test_a_packed_file_holds_the_export(built):
    """Names ending in .gz and .zst are packed; what they hold is the plain export."""
    plain = built("export").out
    for name, unpack in (("g.nq.gz", gzip.decompress), ("g.nq.zst", _unzstd)):
        assert built("export", "-o", name).code == 0
        assert unpack((built.folder / name).read_bytes()) == plain


def _unzstd(payload):
    return zstandard.ZstdDecompressor().decompressobj().decompress(payload)


def test_one_graph_is_what_the_page_states(built):
    """All its quads, and no other graph's."""
    whole, one = quads(built("export").out), quads(built("export", "--graph", "report/drc-2021-267").out)
    assert one == {quad for quad in whole if str(quad.graph_name).endswith("/graph/report/drc-2021-267>")}
    assert one


def test_one_thing_comes_with_the_words_that_say_so(built):
    """Its statements, a claim for each that was read, and the exact words."""
    triples = set(
        parse(built("export", "--thing", "report/drc-2021-267", "--format", "ntriples").out, RdfFormat.N_TRIPLES)
    )
    number = [quad.object.value for quad in triples if str(quad.predicate) == f"<{COORD}number>"]
    assert number == ["267"]
    quotes = [quad.object.value for quad in triples if quad.predicate.value.endswith("#exact")]
    assert any("No.267" in quote for quote in quotes)


def test_a_query_gives_its_graph_in_order_and_once(built):
    """A CONSTRUCT query with a known prefix, whose lines come sorted and without repeats."""
    text = b"CONSTRUCT { ?report a coord:Thing } WHERE { ?report a coord:Report ; dcat:keyword ?keyword }"
    lines = built("export", "--query", "-", "--format", "ntriples", stdin=text).text.splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) > 1


def test_the_table_has_a_row_for_each_report(built):
    """Columns by prefixed names, several values in one cell."""
    rows = list(csv.DictReader(io.StringIO(built("export", "--format", "csv").text)))
    (report,) = [row for row in rows if row["iri"] == REPORT]
    assert (report["coord:number"], report["dcterms:issued"]) == ("267", "2021-09-15")
    assert report["dcterms:creator"].count(" | ") == 1


def test_the_parquet_table_holds_each_claim_with_its_words(built):
    """As many claims as the graph has, in order, each with a quote that stands in the page at its offsets."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    assert built("export", "--format", "parquet", "-o", "claims.parquet").code == 0
    rows = parquet.read_table(built.folder / "claims.parquet").to_pylist()
    claims = {quad.subject.value for quad in quads(built("export").out) if (quad.predicate, quad.object) == CLAIM}
    assert {row["claim"] for row in rows} == claims
    assert [row["claim"] for row in rows] == sorted(row["claim"] for row in rows)
    for row in rows:
        text = (built.folder / row["source"]).read_text("utf-8")
        assert text[row["start"] : row["end"]] == row["quote"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--graph", "report/none"), "no graph"),
        (("--thing", "body/none"), "nothing about"),
        (("--thing", "a b"), "is no IRI"),
        (("--thing", "body/jp-csti", "--graph", "x"), "one of"),
        (("--format", "csv", "--class", "coord:Nothing"), "nothing of the class"),
        (("--format", "csv", "--thing", "body/jp-csti"), "whole version"),
        (("--query", "nowhere.rq"), "nowhere.rq"),
    ],
)
def test_what_cannot_be_exported_is_said(built, arguments, said):
    """A usage error that names what is wrong, and no file."""
    ran = built("export", *arguments, "-o", "none.out")
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert not (built.folder / "none.out").exists()


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }"]
)
def test_queries_that_give_no_graph_or_reach_out_are_refused(built, query):
    """A SELECT, and one that would ask another server."""
    assert built("export", "--query", "-", stdin=query.encode()).code == 2


ENDED = """
import os, sys
import kg.store.export
exporting = sys.modules["kg.store.export"]  # `kg.store` has a function of this name
def export(store, form, out):
    out.write(b"a part")
    out.flush()
    os.kill(os.getpid(), {number})
    out.write(b"more")
exporting.export = export
from kg.cli import main
sys.argv = ["kg", "export", "--store", {store!r}, "-o", {out!r}]
main()
"""


def ended(built, folder, by):
    """The exit code of an export that a signal met while it wrote `g.nq` in a folder."""
    text = ENDED.format(number=by.value, store=str(built.folder / "kg-store"), out=str(folder / "g.nq"))
    run = subprocess.run(
        [sys.executable, "-c", text], env=built.environment(), capture_output=True, check=False, timeout=60
    )
    assert b"Traceback" not in run.stderr
    return run.returncode


@pytest.mark.parametrize(("by", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_export_that_is_ended_leaves_nothing_behind(built, tmp_path, by, code):
    """Neither the file nor what was written of it; what the file held before stays."""
    (tmp_path / "g.nq").write_bytes(b"before")
    assert ended(built, tmp_path, by) == code
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"g.nq": b"before"}


def test_the_next_export_removes_what_a_killed_one_left(built, tmp_path):
    """Of the same file alone, and nothing that a living process still writes."""
    other = tmp_path / ".other.nq.kg-output-x"
    other.touch()
    assert ended(built, tmp_path, signal.SIGKILL) == -signal.SIGKILL
    (left,) = tmp_path.glob(".g.nq.*")
    with left.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert built("export", "-o", str(tmp_path / "g.nq")).code == 0
        assert left.exists()
    assert built("export", "-o", str(tmp_path / "g.nq")).code == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [other.name, "g.nq"]
