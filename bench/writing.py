"""Single writes to a Policy KG of many pages: processor time and statements, each write a version of its own.

    python bench/writing.py [--pages 1000] [--store FOLDER]

Pages are generated, no two alike (`bench/invented.py`), and built once; a store that is named is built only where there
is none yet, so that it can be used again. Writes run in this process, which the gate otherwise forks for each: the
fork, some hundredths of a second, is left out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import uuid
from pathlib import Path

from invented import USUAL, Density, page

from kg.build import Builder, Manner
from kg.model.writes import Write, WriteKind
from kg.store import VersionStore
from kg.writing import GateOptions
from kg.writing.gate import Gate

ROOT = Path(__file__).resolve().parents[1]
BASE = "http://127.0.0.1:8000/"
GRAPH = f"{BASE}graph/curated/notes"
LABEL = "<http://www.w3.org/2004/02/skos/core#altLabel>"
SEED = (ROOT / "examples" / "drc-2021-267.txt").read_bytes()


def fact(name: str) -> bytes:
    """A curated fact about a body of the authority."""
    return f'<{BASE}id/body/jp-csti> {LABEL} "{name}"@en .'.encode()


def update(text: str) -> Write:
    """A SPARQL update."""
    return Write(kind=WriteKind.UPDATE, body=text.encode())


def put_page(payload: bytes) -> Write:
    """A page of a report that no generated page is."""
    return Write(kind=WriteKind.PUT_PAGE, target="drc-2021-267", body=payload, media_type="text/plain")


def put_graph(name: str) -> Write:
    """A graph of one fact."""
    return Write(kind=WriteKind.PUT_GRAPH, target=GRAPH, body=fact(name), media_type="text/turtle")


WRITES = {
    "a graph that is new": put_graph("one"),
    "a graph that is replaced": put_graph("two"),
    "an update of data": update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {fact('three').decode()} }} }}"),
    "an update with a pattern": update(
        f"DELETE {{ GRAPH <{GRAPH}> {{ ?s {LABEL} 'two'@en }} }} WHERE {{ GRAPH <{GRAPH}> {{ ?s {LABEL} 'two'@en }} }}"
    ),
    "a page that is new (and its reader made)": put_page(SEED),
    "a page that is replaced": put_page(SEED + b"\nMore.\n"),
    "a page that is deleted": Write(kind=WriteKind.DELETE_PAGE, target="drc-2021-267", is_deletion_confirmed=True),
    "a graph that is deleted": Write(kind=WriteKind.DELETE_GRAPH, target=GRAPH),
}


def build(store: Path, pages: int) -> None:
    """A store of so many generated pages."""
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        for number in range(1, pages + 1):
            text = page(number, USUAL, Density.AVERAGE)
            (Path(folder) / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        Builder(base=BASE).build([Path(folder)], store, Manner(jobs=2), lambda *_: None)


def measure(store: Path) -> None:
    """Prints what each write takes."""
    counts = VersionStore(store).current().manifest.counts
    print(f"{counts.reports:,} reports, {counts.statements:,} statements")
    gate = Gate(GateOptions(store=store, base=BASE))
    gate.set_up()
    for name, write in WRITES.items():
        begun = time.process_time()
        written = gate.apply(write, uuid.uuid4().hex)
        spent = time.process_time() - begun
        told = f"{written.outcome.value}, {written.added:,} came, {written.removed:,} went {written.reason}"
        print(f"{spent:8.3f} s  {name}: {told}")


def main() -> None:
    """Builds where needed, and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        store = options.store or Path(folder) / "store"
        if VersionStore(store).current_or_none() is None:
            build(store, options.pages)
        measure(store)


if __name__ == "__main__":
    main()
