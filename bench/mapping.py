"""How fast records become N-Quads, beside morph-kgc, SDM-RDFizer and rdflib.

    python bench/mapping.py [--pages 300] [--rounds 3] [--peers FOLDER]

The records are those that reading makes of generated pages (`bench/invented.py`). For the peers they are CSV tables
with an RML mapping (`bench/tables.py`): claims with their objects and passages, passages, and mentions, which is about
nine statements of ten. What the tools write of these is compared as sets, and each statement must be among those that
our mapping writes. Of SDM-RDFizer's, the percent signs in IRIs that come from a column and the backslashes before
apostrophes are undone first, and `1.0` is taken for `1`; rdflib's name for the default graph is left out.

`mapping` is the station of a build: records in memory, all statements minted, put together and written to a file.
`templates` are the templates that it is made of, filled from the same tables that the peers read. Each run is a process
of its own that counts its processor time from when its libraries are loaded; rounds are paired, and ratios are those of
medians, in lines a second.

`--peers` names a virtual environment; where there is none yet, one is made, and the peers are installed into it.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from by_rml import seconds
from invented import USUAL, Density, texts
from pyoxigraph import RdfFormat, parse
from tables import BASE, COORD, DCTERMS, OA, RDF, TABLES, XSD, Slot, rml

from kg import assets
from kg.check.shacl.literals import literal, words
from kg.extract import Reader, read_layouts
from kg.model.page import Text
from kg.model.records import Reading
from kg.rdf import literals
from kg.rdf.iris import Minter
from kg.rdf.knowledge import read_knowledge
from kg.rdf.mapping import page_quads
from kg.rdf.quads import PageQuads
from kg.rdf.templates import Template, groups

ROOT = Path(__file__).resolve().parents[1]
OURS = ("mapping", "templates")
PEERS = ("morph", "rdfizer", "rdflib")
#: What is installed for them.
PACKAGES = ("morph-kgc==2.10.0", "rdfizer==4.7.5.15.4.1", "rdflib==7.2.1")
_FIRST_PAGE = 50_000
#: Rows that a template is filled with together; a page has about a hundred.
_AT_ONCE = 100
_MINTER = Minter(BASE)
Row = dict[str, str]


def prepare(folder: Path, pages: int) -> Callable[[], object]:
    """Writes the tables and the mapping."""
    return lambda: _prepare(folder, pages)


def _prepare(folder: Path, pages: int) -> None:
    rows: dict[str, list[dict[str, str]]] = {table.name: [] for table in TABLES}
    for quads in _mapped(_records(pages)):
        for name, row in _rows(quads.nodes):
            rows[name].append(row)
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[table.name])
    (folder / "mapping.ttl").write_text(rml(folder), encoding="utf-8")
    (folder / "morph.ini").write_text(
        f"[CONFIGURATION]\noutput_file={folder}/morph.nq\noutput_format=N-QUADS\nnumber_of_processes=1\n"
        f"logging_level=ERROR\n[tables]\nmappings={folder}/mapping.ttl\n",
        encoding="utf-8",
    )
    (folder / "rdfizer.ini").write_text(
        f"[default]\nmain_directory: {folder}\n[datasets]\nnumber_of_datasets: 1\noutput_folder: {folder}/rdfizer\n"
        "all_in_one_file: yes\nremove_duplicate: yes\nenrichment: yes\nname: tables\nordered: yes\n"
        f"output_format: n-triples\nlarge_file: false\n[dataset1]\nname: tables\nmapping: {folder}/mapping.ttl\n",
        encoding="utf-8",
    )


def _records(pages: int) -> list[tuple[Text, Reading]]:
    """What reading makes of the pages."""
    reader = Reader(read_layouts(assets.layouts()), read_knowledge(assets.ontology(), _MINTER))
    return [(text, reader.read(text)) for text in texts(_FIRST_PAGE, pages, USUAL, Density.AVERAGE)]


def _mapped(records: Iterable[tuple[Text, Reading]]) -> Iterator[PageQuads]:
    return (page_quads(text, report, _MINTER) for text, report in records)


def _rows(nodes: Mapping[str, Mapping[str, Collection[str]]]) -> Iterator[tuple[str, Row]]:
    """The rows of a page: its evidence, taken apart again."""
    for iri, node in nodes.items():
        said = {predicate[1:-1]: [*values] for predicate, values in node.items()}
        told = {predicate: words(values[0]) for predicate, values in said.items()}
        taken_apart = _KINDS.get(told.get(f"{RDF}type", ""))
        if taken_apart is not None:
            yield from taken_apart(iri[1:-1], said, told)


def _claim(iri: str, said: Mapping[str, list[str]], told: Row) -> Iterator[tuple[str, Row]]:
    report, claim = iri.split("/")[-2:]
    row = {"report": report, "claim": claim, "about": told[f"{RDF}subject"], "property": told[f"{RDF}predicate"]}
    yield "claims", row | {name: told[COORD + name] for name in ("method", "confidence", "polarity")}
    for passage in said[f"{COORD}evidence"]:
        yield "evidence", row | _ends(passage)
    (value,) = said[f"{RDF}object"]
    yield f"objects_{_kind(value)}", row | {"value": words(value)}


def _passage(iri: str, _said: Mapping[str, list[str]], told: Row) -> Iterator[tuple[str, Row]]:
    row = {
        "report": iri.split("#", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1],
        "page": told[f"{DCTERMS}isPartOf"].split("/")[-1],
    }
    row |= {name: told[COORD + name] for name in ("line", "column")}
    yield "passages", row | {name: told[OA + name] for name in ("start", "end", "exact")}


def _mention(iri: str, said: Mapping[str, list[str]], told: Row) -> Iterator[tuple[str, Row]]:
    name = "resolvedTo" if f"{COORD}resolvedTo" in told else "mintedAs"
    row = {"report": iri.split("/")[-2], "surface": told[f"{COORD}surface"], "entity": told[COORD + name]}
    yield f"mentions_{name}", row | _ends(said[f"{OA}hasTarget"][0])


_KINDS = {f"{COORD}Claim": _claim, f"{COORD}Passage": _passage, f"{COORD}Mention": _mention}


def _ends(passage: str) -> Row:
    return dict(zip(("start", "end"), passage[:-1].split("=")[1].split(","), strict=True))


def _kind(value: str) -> str:
    if value[0] == "<":
        return "iri"
    parts = literal(value)
    return parts.language or parts.datatype.removeprefix(XSD)


def mapping(folder: Path, pages: int) -> Callable[[], object]:
    """The station: records → file."""
    gc.set_threshold(200_000)  # as `kg` and its workers do
    records = _records(pages)
    next(_mapped(records))

    def work() -> None:
        with (folder / "mapping.nq").open("wb") as out:
            for quads in _mapped(records):
                out.write(b"".join([quads.flat, *quads.groups, quads.merged]))  # as a build does

    return work


def templates(folder: Path, _pages: int) -> Callable[[], object]:
    """The tables by the templates that the mapping is made of."""
    gc.set_threshold(200_000)  # as above

    def work() -> None:
        with (folder / "templates.nq").open("wb") as out:
            for table in TABLES:
                of_class = f"<{table.of_class}>" if table.of_class else ""
                template = Template(of_class, *(f"<{slot.predicate}>" for slot in table.slots))
                makers = [_term(Slot("", table.subject)), *map(_term, table.slots)]
                with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
                    rows = ([make(row) for make in makers] for row in csv.DictReader(file))
                    while piece := list(islice(rows, _AT_ONCE)):
                        out.writelines(groups([(template, piece)]).values())

    return work


def _term(slot: Slot) -> Callable[[Row], str]:
    """The function from a row to the term for a slot."""
    source, iri, plain = slot.source, literals.iri, literals.plain
    if slot.kind == "iri":
        return (lambda row: iri(source.format_map(row))) if "{" in source else (lambda row: iri(row[source]))
    if slot.kind == "string":
        return lambda row: plain(row[source])
    if slot.kind.startswith("@"):
        return lambda row: literals.text(row[source], slot.kind[1:])
    end = f"^^<{XSD}{slot.kind}>"
    return lambda row: plain(row[source]) + end


def run(python: str, script: str, *arguments: str) -> float:
    """Seconds that a piece of work took, in a process of its own."""
    done = subprocess.run(
        [python, str(ROOT / "bench" / script), *arguments],
        cwd=arguments[1] if script == "by_rml.py" else None,  # SDM-RDFizer leaves a log where it runs
        env={**os.environ, "PYTHONPATH": str(ROOT) if script == "mapping.py" else ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


def installed(folder: Path) -> str:
    """The Python of an environment that has the peers."""
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def statements(path: Path) -> set[str]:
    """The statements of a file, as canonical lines; a strict parser reads them."""
    return {_evened(str(quad), path.stem) for quad in parse(path=path, format=RdfFormat.N_QUADS)}


def _evened(line: str, tool: str) -> str:
    if tool == "rdflib":
        return line.removesuffix(" <urn:x-rdflib:default>")
    if tool == "rdfizer":
        line = re.sub(r"<[^>]*%[^>]*>", lambda match: unquote(match[0]), line.replace("\\\\'", "'"))
        return re.sub(r'"(\d+)\.0"(?=\^\^<\S+decimal>)', r'"\1"', line)
    return line


def compare(folder: Path, works: Iterable[str]) -> dict[str, int]:
    """How many lines each tool wrote; prints how that differs from what the templates write of the tables."""
    subset, counts = statements(folder / "templates.nq"), {}
    for work in works:
        told = statements(folder / f"{work}.nq")
        with (folder / f"{work}.nq").open("rb") as file:
            counts[work] = sum(1 for _ in file)
        if work == "mapping":
            merged = sum(1 for line in told if f"> <{BASE}graph/" not in line)
            lacking = f"LACKS {len(subset - told):,}" if subset - told else "all of them are there"
            said = f"{len(subset) / merged:.0%} of those in the default graph are compared, and {lacking}"
        else:
            same = told == subset
            said = "the same set" if same else f"OTHER: {len(told - subset):,} more, {len(subset - told):,} fewer"
        print(f"{work:12}{len(told):>12,} statements; {said}", flush=True)
        if work != "mapping":
            for line in [*sorted(told - subset)[:3], *sorted(subset - told)[:3]]:
                print(f"{'':12}{line[:300]}")
    return counts


def main() -> None:
    """Prints what was compared, then a line a tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300, help="number of pages whose records are mapped")
    parser.add_argument("--rounds", type=int, default=3, help="paired rounds")
    parser.add_argument("--peers", type=Path, help="a virtual environment with the peers, made where there is none")
    parser.add_argument("--work", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        name, place = chosen.work
        print(
            seconds({"mapping": mapping, "templates": templates, "prepare": prepare}[name](Path(place), chosen.pages))
        )
        return
    peers = dict.fromkeys(PEERS, installed(chosen.peers)) if chosen.peers else {}
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as place:
        own = lambda name: run(sys.executable, "mapping.py", "--work", name, place, "--pages", str(chosen.pages))  # noqa: E731 - used twice below
        own("prepare")
        spent: dict[str, list[float]] = {name: [] for name in (*OURS, *peers)}
        for _ in range(chosen.rounds):
            for name in OURS:
                spent[name].append(own(name))
            for name, python in peers.items():
                spent[name].append(run(python, "by_rml.py", name, place))
        counts = compare(Path(place), spent)
    show(counts, {name: statistics.median(each) for name, each in spent.items()})


def show(counts: Mapping[str, int], spent: Mapping[str, float]) -> None:
    """A line a tool."""
    rates = {name: counts[name] / spent[name] for name in spent}
    print(f"\n{'':12}{'lines':>12}{'seconds':>10}{'lines/s':>12}{'mapping is':>14}{'templates are':>16}")
    for name, rate in rates.items():
        print(
            f"{name:12}{counts[name]:>12,}{spent[name]:>10.2f}{rate:>12,.0f}"
            f"{rates['mapping'] / rate:>13.1f}x{rates['templates'] / rate:>15.1f}x"
        )


if __name__ == "__main__":
    main()
