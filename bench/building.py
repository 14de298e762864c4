"""Building many pages, beside the raw load of what they say: time, memory, growth, and builds after a change.

    python bench/building.py [--pages 1000 10000] [--keep]

Pages are generated, no two alike (`bench/invented.py`). `load` is `bulk_load` of the very statements that a build of
these pages publishes, in pieces of 16 MB, with the compaction that a build does too. Each build is its own process;
memory is the peak of resident memory, of the process and of the largest of its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from invented import USUAL, Density, page

ROOT = Path(__file__).resolve().parents[1]
_BUILD = """
import json, resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from kg.build import Builder, Manner
builder = Builder(base="http://127.0.0.1:8000/")
summary = builder.build([Path(sys.argv[1])], Path(sys.argv[2]), Manner(jobs=int(sys.argv[3])), lambda *_: None)
peak = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
spent = sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"wall": time.perf_counter() - begun, "processor": spent, "own": peak[0], "worker": peak[1],
                  "read": summary.read, "pages": summary.pages, "findings": len(summary.findings)}))
"""
_LOAD = """
import json, resource, sys, time
from pathlib import Path
from pyoxigraph import DefaultGraph, RdfFormat, Store
source = Store.read_only(sys.argv[1])
pieces, size, count = Path(sys.argv[3]), 0, 0
pieces.mkdir()
out = None
for quad in source:
    if out is None or out.tell() > 16 * 1024 * 1024:
        out = (pieces / f"{count // 1000000:05}-{count}").open("wb")
    out.write(f"{quad} .\\n".encode())
    count += 1
out.close()
files = sorted(pieces.iterdir())
size = sum(file.stat().st_size for file in files)
del source
spent = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
store, before, begun = Store(sys.argv[2]), spent(), time.perf_counter()
for file in files:
    store.bulk_load(file.read_bytes(), RdfFormat.N_QUADS, lenient=True)
store.flush()
loaded = time.perf_counter() - begun
store.optimize()
print(json.dumps({"wall": time.perf_counter() - begun, "loaded": loaded, "processor": spent() - before,
                  "quads": count, "bytes": size,
                  "own": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "worker": 0}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One run."""

    name: str
    told: dict[str, float]

    def show(self, pages: int, load: float = 0.0) -> None:
        """A line of the table."""
        wall = self.told["wall"]
        ratio = f"{wall / load:8.2f}" if load else f"{'':8}"
        print(
            f"{pages:>8,}  {self.name:34}{wall:9.2f} s{self.told['processor']:9.2f} s{ratio}"
            f"{self.told['own'] / 1024:8.0f} MiB{self.told['worker'] / 1024:8.0f} MiB",
            flush=True,
        )


def written(folder: Path, count: int) -> None:
    """So many pages, a thousand a folder."""
    for number in range(1, count + 1):
        place = folder / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.txt").write_text(page(number, USUAL, Density.AVERAGE), encoding="utf-8")
    old = 1_700_000_000
    for file in folder.rglob("*.txt"):
        os.utime(file, (old, old))


def measured(name: str, script: str, *arguments: str) -> Measure:
    """What a script measured, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return Measure(name=name, told=json.loads(done.stdout))


def runs(folder: Path, count: int) -> Iterator[tuple[Measure, float]]:
    """All runs over so many pages, each with the seconds of the load to compare it with."""
    pages, store = folder / "pages", folder / "store"
    written(pages, count)
    two = measured("build, 2 jobs", _BUILD, str(pages), str(store), "2")
    load = measured("load alone", _LOAD, str(store / "versions/v1/data"), str(folder / "raw"), str(folder / "pieces"))
    yield load, 0.0
    seconds = load.told["wall"]
    yield two, seconds
    shutil.rmtree(folder / "raw")
    shutil.rmtree(folder / "pieces")
    yield measured("build, 1 job", _BUILD, str(pages), str(folder / "other"), "1"), seconds
    shutil.rmtree(folder / "other")
    yield measured("again, nothing changed, first time", _BUILD, str(pages), str(store), "2"), 0.0
    yield measured("again, nothing changed", _BUILD, str(pages), str(store), "2"), 0.0
    one = next(iter(sorted(pages.rglob("*.txt"))))
    one.write_text(one.read_text(encoding="utf-8").replace("The mechanism mainly", "The mechanism"), encoding="utf-8")
    with one.open("a", encoding="utf-8") as file:
        file.write("\nPrinted again.\n")
    yield measured("again, one page changed", _BUILD, str(pages), str(store), "2"), 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000], help="numbers of pages (e.g. 100000)")
    chosen = parser.parse_args(arguments)
    print(f"{'pages':>8}  {'':34}{'wall':>11}{'processor':>11}{'to load':>8}{'memory':>12}{'a worker':>12}")
    for count in chosen.pages:
        with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
            for run, load in runs(Path(folder), count):
                run.show(count, load)
                if run.name == "load alone":
                    quads, size = run.told["quads"], run.told["bytes"]
                    print(f"{'':10}{quads:,.0f} quads, {size / count:,.0f} bytes of N-Quads a page")


if __name__ == "__main__":
    main()
