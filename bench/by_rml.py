"""The peers of `bench/mapping.py`, each in a process of its own that prints its seconds of processor time.

    PYTHON bench/by_rml.py morph|rdfizer|rdflib FOLDER

It runs in the environment that holds the peers, and so knows nothing of Policy KG.
"""

from __future__ import annotations

import csv
import gc
import resource
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

from tables import TABLES, XSD, Slot, Table


def morph(folder: Path) -> Callable[[], object]:
    """morph-kgc, as its command does it."""
    import morph_kgc  # noqa: F401, PLC0415 - only this run loads it, and before the clock runs

    sys.argv = ["morph_kgc", str(folder / "morph.ini")]
    return lambda: runpy.run_module("morph_kgc", run_name="__main__")


def rdfizer(folder: Path) -> Callable[[], object]:
    """SDM-RDFizer."""
    sys.modules["pyodbc"] = ModuleType("pyodbc")  # it needs a system library, and no table here is in a database
    from rdfizer import semantify  # noqa: PLC0415 - as above

    def work() -> None:
        with redirect_stdout(sys.stderr):
            semantify(str(folder / "rdfizer.ini"))
        (folder / "rdfizer/tables.nt").rename(folder / "rdfizer.nq")

    return work


def rdflib(folder: Path) -> Callable[[], object]:
    """rdflib, as one would write it: a dataset, since nothing else becomes N-Quads."""
    import rdflib as library  # noqa: PLC0415 - as above

    def work() -> None:
        dataset = library.Dataset()
        for table in TABLES:
            with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for statement in _said(library, table, row):
                        dataset.add(statement)
        dataset.serialize(folder / "rdflib.nq", format="nquads", encoding="utf-8")

    return work


def _said(library: Any, table: Table, row: dict[str, str]) -> Iterator[Any]:  # noqa: ANN401 - loaded by one run alone
    subject = library.URIRef(table.subject.format(**row))
    if table.of_class:
        yield subject, library.RDF.type, library.URIRef(table.of_class)
    for slot in table.slots:
        yield subject, library.URIRef(slot.predicate), _value(library, slot, row)


def _value(library: Any, slot: Slot, row: dict[str, str]) -> Any:  # noqa: ANN401 - as above
    if slot.kind == "iri":
        return library.URIRef(slot.source.format(**row) if "{" in slot.source else row[slot.source])
    if slot.kind == "string":
        return library.Literal(row[slot.source])
    if slot.kind.startswith("@"):
        return library.Literal(row[slot.source], lang=slot.kind[1:])
    return library.Literal(row[slot.source], datatype=library.URIRef(XSD + slot.kind), normalize=False)


def seconds(work: Callable[[], object]) -> float:
    """The processor time that work takes, its children's included."""
    gc.freeze()  # as workers do: what was there before is not looked through again
    begun = _spent()
    work()
    return _spent() - begun


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


WORK = {work.__name__: work for work in (morph, rdfizer, rdflib)}

if __name__ == "__main__":
    print(seconds(WORK[sys.argv[1]](Path(sys.argv[2]))), flush=True)
