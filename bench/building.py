"""Building many pages, beside the raw load of what they say: time, memory, growth, and builds after a change.

    python bench/building.py [--pages 1000 10000 100000] [--ways whole] [--again] [--obvious 2] [--density average]

Pages are generated, no two alike (`bench/invented.py`). `lines` reads, maps and checks them by the same workers and
writes what they hand over to a file. `load` is `bulk_load` of these very lines, with the compaction that a build does
too, in the faster of two ways: the whole file at once, or in pieces of 128 MiB. `sorted` loads the same statements in
the order in which the store has them once it is built: an order that no build has, in which one index of three need not
be merged; it is told beside. `obvious` is a build as one would write it with rdflib
and pySHACL: our reading, a graph a page, pySHACL's `validate`, and all graphs in one store, written at the end.

Each run is a process of its own; memory is the most that it and its workers take together (proportional set size,
sampled up to five times a second, for a fiftieth of the time). Of stores and lines only what the next run needs is
kept, and how far it is goes to the standard error stream. The target is 1.5 times the load and half a millisecond a
page; `of target` is the wall time as a part of that, so below 1 it is met.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from building_scripts import BUILD, DUMP, LINES, LOAD, OBVIOUS
from invented import USUAL, Density, page

_WAYS = ("whole", "pieces", "sorted")
_LOOKS = 0.2  # seconds from one look at the memory to the next
_REST = 50  # times as long as a look takes: of processes of 1 GB it takes 15 ms
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One run: what it told, and the most memory that its processes took together, in bytes."""

    name: str
    told: dict[str, float]
    peak: int

    @property
    def wall(self) -> float:
        """Seconds by the clock."""
        return self.told["wall"]

    def show(self, pages: int, load: Measure | None = None) -> None:
        """A line of the table."""
        ratios = ""
        if load:
            ratios = f"{self.wall / load.wall:9.2f}{self.wall / (1.5 * load.wall + pages / 2000):11.2f}"
        print(
            f"{pages:>8,}  {self.name:34}{self.wall:9.2f} s{self.told['processor']:9.2f} s"
            f"{self.peak / 2**20:8,.0f} MiB{ratios}",
            flush=True,
        )


def written(folder: Path, count: int, density: Density) -> None:
    """So many pages, a thousand a folder."""
    old = 1_700_000_000
    for number in range(1, count + 1):
        place = folder / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"{number}.txt"
        file.write_text(page(number, USUAL, density), encoding="utf-8")
        os.utime(file, (old, old))


def measured(name: str, script: str, *arguments: str) -> Measure:
    """What a script measured, run in a process of its own; what it says meanwhile is shown as it comes."""
    print(f"{'':10}{name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out
        )
        peak = 0
        while process.poll() is None:
            begun = time.perf_counter()
            peak = max(peak, memory(process.pid))
            time.sleep(max(_LOOKS, _REST * (time.perf_counter() - begun)))
        out.seek(0)
        if process.returncode:
            sys.exit(f"{name} failed with exit code {process.returncode}")
        return Measure(name=name, told=json.loads(out.read()), peak=peak)


def memory(process: int) -> int:
    """Bytes of memory of a process and all that it started; what several of them share is counted once."""
    return sum(map(_share, _family(process)))


def _family(process: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process
    for thread in _listed(Path(f"/proc/{process}/task")):
        for child in _read(thread / "children").split():
            yield from _family(int(child))


def _share(process: int) -> int:
    """Bytes of memory, of shared ones a share."""
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has ended
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is measured beside the first build and the load."""

    density: Density
    ways: Sequence[str]
    obvious: int
    again: bool


def runs(folder: Path, count: int, wanted: Wanted) -> Iterator[Measure]:
    """All runs over so many pages; the load and the build are given back.

    What is no longer needed is removed at once: at most the lines and one store are there together.
    """
    pages, store, lines = folder / "pages", folder / "store", folder / "all.nq"
    written(pages, count, wanted.density)
    build = measured("build, 2 jobs", BUILD, str(pages), str(store), "2")
    build.show(count)
    data = store / "versions" / "v1" / "data"
    disk = sum(file.stat().st_size for file in data.iterdir())
    if wanted.again:
        _again(pages, store, count)
    if "sorted" in wanted.ways:
        measured("dump", DUMP, str(data), str(lines))
        _load(folder, lines, ["sorted"]).show(count)
    shutil.rmtree(store)
    made = measured("lines, 2 jobs", LINES, str(pages), str(lines), "2")
    made.show(count)
    load = _load(folder, lines, [way for way in wanted.ways if way != "sorted"])
    lines.unlink()
    load.show(count)
    build.show(count, load)
    yield load
    yield build
    quads, bytes_ = made.told["quads"], made.told["bytes"]
    print(
        f"{'':10}{quads:,.0f} lines, each {bytes_ / quads:.0f} bytes as N-Quads and {disk / quads:.0f} on the "
        f"disk; without its compaction the load took {load.told['loaded']:.2f} s",
        flush=True,
    )
    if wanted.obvious:
        some = min(wanted.obvious, count)
        way = measured(f"rdflib + pySHACL, {some} pages", OBVIOUS, str(pages), str(lines), str(some))
        way.show(some)
        print(f"{'':10}that is {way.wall / some / (build.wall / count):,.0f} times our wall time a page")


def _again(pages: Path, store: Path, count: int) -> None:
    """Builds after nothing changed, and after one page did."""
    for name in ("nothing changed, first time", "nothing changed"):
        measured(f"again, {name}", BUILD, str(pages), str(store), "2").show(count)
    with min(pages.rglob("*.txt")).open("a", encoding="utf-8") as file:
        file.write("\nPrinted again.\n")
    measured("again, one page changed", BUILD, str(pages), str(store), "2").show(count)


def _load(folder: Path, lines: Path, ways: Sequence[str]) -> Measure:
    """The faster way to load."""
    loads = []
    for way in ways:
        loads.append(measured(f"load alone, {way}", LOAD, str(lines), str(folder / "raw"), way))
        shutil.rmtree(folder / "raw")
    return min(loads, key=lambda load: load.wall)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line a run, and at the end how time grew from size to size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000], help="numbers of pages (e.g. 100000)")
    parser.add_argument(
        "--obvious", type=int, default=0, help="pages for rdflib and pySHACL, half a minute each (e.g. 2)"
    )
    parser.add_argument("--again", action="store_true", help="also builds after nothing and one page changed")
    parser.add_argument(
        "--ways",
        nargs="+",
        choices=_WAYS,
        default=_WAYS[:2],
        help="to load; pieces take longer the more pages there are",
    )
    parser.add_argument("--density", choices=[each.value for each in Density], default=Density.AVERAGE.value)
    parser.add_argument("--folder", help="where pages and stores lie meanwhile; 55 GB for 100,000 pages")
    chosen = parser.parse_args(arguments)
    print(f"{'pages':>8}  {'':34}{'wall':>11}{'processor':>11}{'memory':>12}{'to load':>9}{'of target':>11}")
    before: tuple[int, list[Measure]] | None = None
    for count in chosen.pages:
        with tempfile.TemporaryDirectory(prefix="kg-bench-", dir=chosen.folder) as folder:
            obvious = chosen.obvious if before is None else 0
            wanted = Wanted(density=Density(chosen.density), ways=chosen.ways, obvious=obvious, again=chosen.again)
            made = list(runs(Path(folder), count, wanted))
        if before:
            grown = (
                f"{one.name}: {one.wall / other.wall:.1f} times" for one, other in zip(made, before[1], strict=True)
            )
            print(f"{'':10}for {count / before[0]:g} times the pages, {'; '.join(grown)} the time")
        before = count, made


if __name__ == "__main__":
    main()
