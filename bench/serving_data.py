"""What servers are compared on: a published store of so many reports, and the same statements as files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from invented import USUAL, Density, page
from pyoxigraph import RdfFormat, Store
from serving_peers import ROOT, Data

BASE: Final = "http://127.0.0.1:8000/"
_PIECE: Final = 2000  # lean reports that are loaded at once
_COORD: Final = "https://w3id.org/policy-kg/coord#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
_FUNCTIONS: Final = ("advising-government", "balancing-budgets", "setting-priorities", "evaluating-programmes")
_TOPICS: Final = ("Robotics", "Energy", "Oceans", "Health", "Materials", "Skills", "Climate", "Standards", "Space")


class Reports(Enum):
    """How much is said of each report."""

    FULL = "full"  # pages that were read: about 1,000 statements a report, evidence and mentions among them
    LEAN = "lean"  # the flat statements alone, invented as such: about 30 a report, twice


def prepare(folder: Path, reports: int, kind: Reports) -> Data:
    """The data, made where the folder does not hold it yet."""
    store, quads = folder / "store", folder / "all.nq"
    merged, named = folder / "merged.nt", folder / "named.nq"
    if not (store / "CURRENT").exists():
        folder.mkdir(parents=True, exist_ok=True)
        if kind is Reports.FULL:
            _build(folder, reports)
        else:
            _publish(store, reports)
    if not (folder / "complete").exists():
        _run("export", "--store", store, "--format", "nquads", "--output", quads)
        triples = _divide(quads, merged, named)
        (folder / "complete").write_text(f"{triples}\n")
    triples = int((folder / "complete").read_text())
    return Data(folder=folder, store=store, quads=quads, merged=merged, named=named, triples=triples)


def opened(data: Data) -> Store:
    """The published version's store, for reading."""
    return Store.read_only(str(next((data.store / "versions").glob("v*")) / "data"))


def _build(folder: Path, reports: int) -> None:
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    for number in range(reports):
        (pages / f"page-{number}.txt").write_text(page(number, USUAL, Density.AVERAGE), "utf-8")
    _run("build", pages, "--store", folder / "store")


def _run(*arguments: str | Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_BASE_IRI": BASE}
    command = [sys.executable, "-m", "kg", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: some pages have findings, as of any
        raise RuntimeError(f"kg {arguments[0]} failed: {done.stderr[-2000:]}")


def _publish(path: Path, reports: int) -> None:
    from kg.store import Facts, VersionStore  # noqa: PLC0415 - full reports are built by the program

    with VersionStore(path).writer("bench") as writer:
        lines = (line for number in range(reports) for line in _lean(number))
        while piece := "".join(islice(lines, _PIECE * 60)):
            writer.store.bulk_load(piece.encode(), RdfFormat.N_QUADS, lenient=True)
        for piece in _around():
            writer.store.bulk_load(piece.encode(), RdfFormat.N_QUADS, lenient=True)
        writer.publish(Facts(inputs={"reports": str(reports)}, shapes="none", code="bench"))


def _lean(number: int) -> Iterator[str]:
    """A report's flat statements, each in the graph of its page and in the merged graph."""
    key, year = f"drc-{2010 + number % 15}-{number}", 2010 + number % 15
    graph = f"<{BASE}graph/report/{key}>"
    for statement in _statements(number, key, year):
        yield f"{statement} .\n"
        yield f"{statement} {graph} .\n"


def _statements(number: int, key: str, year: int) -> Iterator[str]:
    chance = Random(number)  # noqa: S311 - invented data, no secret
    report, mechanism = f"<{BASE}id/report/{key}>", f"<{BASE}id/mechanism/{key}>"
    topic = chance.choice(_TOPICS)
    day = f"{year}-{1 + number % 12:02}-{1 + number % 27:02}"
    team = f"<{BASE}id/team/{number % 5000}>"
    jurisdiction = f"<{BASE}id/jurisdiction/{number % 20}>"
    yield f"{report} {_TYPE} <{_COORD}Report>"
    yield f'{report} <{_DCTERMS}title> "The coordination of {topic} in part {number}"@en'
    yield f'{report} <{_COORD}number> "{number}"'
    yield f'{report} <{_COORD}seriesYear> "{year}"^^<{_XSD}gYear>'
    yield f'{report} <{_DCTERMS}issued> "{day}"^^<{_XSD}date>'
    if number % 3:
        yield f'{report} <{_DCTERMS}available> "{day}"^^<{_XSD}date>'
    yield f"{report} <{_DCTERMS}spatial> {jurisdiction}"
    yield f"{report} <{_COORD}describes> {mechanism}"
    if number % 4:
        yield f"{report} <{_COORD}team> {team}"
        yield f'{team} {_LABEL} "Team {number % 5000}"@en'
    for _ in range(chance.randrange(1, 5)):
        one = chance.randrange(20000)
        yield f"{report} <{_DCTERMS}creator> <{BASE}id/person/{one}>"
        yield f'<{BASE}id/person/{one}> <http://xmlns.com/foaf/0.1/name> "Person {one}"'
    yield f"{mechanism} {_TYPE} <{_COORD}CoordinationMechanism>"
    yield f"{mechanism} <{_COORD}jurisdiction> {jurisdiction}"
    for _ in range(3):
        body = f"<{BASE}id/body/{int(chance.paretovariate(0.4)) % 9000}>"
        yield f"{mechanism} <{_COORD}hasComponent> {body}"
    yield f"{mechanism} <{_COORD}performs> <{_FUNCTION}{chance.choice(_FUNCTIONS)}>"


_FUNCTION: Final = "https://w3id.org/policy-kg/concept/function/"


def _around() -> Iterator[str]:
    """Bodies, each below another one: a tree nine levels deep at most."""
    for piece in range(9):
        lines = []
        for number in range(piece * 1000, (piece + 1) * 1000):
            body = f"<{BASE}id/body/{number}>"
            statements = [f"{body} {_TYPE} <{_COORD}CoordinatingBody>", f'{body} {_LABEL} "Body {number}"@en']
            if number:
                above = f"<{BASE}id/body/{number // 3}>"
                statements.append(f"{body} <http://www.w3.org/ns/org#subOrganizationOf> {above}")
            for statement in statements:
                lines += [f"{statement} .\n", f"{statement} <{BASE}graph/authority> .\n"]
        yield "".join(lines)


def _divide(quads: Path, merged: Path, named: Path) -> int:
    """The default graph's statements and the others', in two files; the number of the former."""
    count = 0
    with (
        quads.open(encoding="utf-8") as lines,
        merged.open("w", encoding="utf-8") as default,
        named.open("w", encoding="utf-8") as others,
    ):
        for line in lines:
            has_graph = _has_graph(line)
            (others if has_graph else default).write(line)
            count += not has_graph
    return count


def _has_graph(line: str) -> bool:
    """Whether a statement in the N-Quads that we write names a graph: IRIs hold no spaces and no quotes."""
    last = line.rfind('"')
    if last < 0:
        return len(line.split()) == 5  # noqa: PLR2004 - subject, predicate, object, graph and the stop
    behind = line[last + 1 :].split()
    return len(behind) > 1 and behind[-2].startswith("<")
