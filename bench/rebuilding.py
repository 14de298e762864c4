"""Building again when nothing, or one page of many, is another: time and memory.

    python bench/rebuilding.py [--pages 100000] [--rounds 3] [--folder PLACE]

Small pages (`invented.small`, some 290 lines of N-Quads each) are built once. Two of them do not go together, by a
misprinted cumulative number, so that a clash stands in each version. Then each round builds again after nothing
changed, one page was reprinted, one got another number in its year (its report is another thing then), one is gone, and
one is new; each time with two workers, as `kg build` in a process of its own. Memory is the most that it and its
workers take together, looked at forty times a second, with pages that they share counted once (proportional set size).
Of the rounds the table has the least, the middle and the most.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from building import ROOT, memory
from invented import small

#: The page that misprints its cumulative number, and those that change: of its year, or of the year after.
_MISPRINTED, _REPRINTED, _RENUMBERED = 20, 40, 60
_OFTEN = 0.025  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages in their folders, a thousand a folder."""

    folder: Path
    count: int

    def write(self) -> None:
        """Writes all of them; their files are old."""
        for number in range(1, self.count + 1):
            self._put(number, small(number))
        self._replace(_MISPRINTED, f"(Total {_MISPRINTED + 6000})", f"(Total {_MISPRINTED + 6001})")

    def changes(self, at: int) -> Iterator[tuple[str, Callable[[], None]]]:
        """What a round does, by name; the pages of each round are others."""
        step = 20 * 100 * at
        reprinted, renumbered = _REPRINTED + step, _RENUMBERED + step
        yield "nothing changed", lambda: None
        yield "one page changed", lambda: self._replace(reprinted, "\n\nKeywords", "\n\nPrinted again.\n\nKeywords")
        other = 20 * self.count + renumbered
        yield "one page's number changed", lambda: self._replace(renumbered, f"No.{renumbered},", f"No.{other},")
        yield "one page gone", lambda: self._file(reprinted).unlink()
        yield "one new page", lambda: self._put(self.count + 20 * at, small(self.count + 20 * at))

    def _put(self, number: int, text: str) -> None:
        file = self._file(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _replace(self, number: int, words: str, others: str) -> None:
        text = self._file(number).read_text(encoding="utf-8")
        if words not in text:
            raise ValueError(f"page {number} has no {words!r}")
        self._put(number, text.replace(words, others))

    def _file(self, number: int) -> Path:
        return self.folder / f"{number // 1000:03}" / f"{number}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One run of `kg build`: seconds by the clock and of processor time, from start to exit; and bytes of memory."""

    wall: float
    processor: float
    peak: int

    def show(self, name: str) -> None:
        """A line of its own."""
        _show(name, [self])


def built(pages: Pages, store: Path, name: str) -> Build:
    """Builds with two workers, in a folder without settings."""
    print(f"{'':10}{name} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "kg", "build", str(pages.folder), "--store", str(store), "--jobs", "2", "--quiet"]
    with tempfile.TemporaryFile("w+") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=store.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=said, stderr=said
        )
        peak, ended = 0, 0
        while not ended:
            peak = max(peak, memory(process.pid))
            time.sleep(_OFTEN)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        wall, process.returncode = time.perf_counter() - begun, os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{name} failed with exit code {process.returncode}: …{said.read()[-2000:]}")
    return Build(wall=wall, processor=used.ru_utime + used.ru_stime, peak=peak)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line for the build of everything, and one for each kind of change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000, help="how many pages (e.g. 100000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each kind of change is made")
    parser.add_argument("--folder", help="where pages and store lie meanwhile; 12 GB for 100,000 pages")
    chosen = parser.parse_args(arguments)
    made: dict[str, list[Build]] = {}
    with tempfile.TemporaryDirectory(prefix="kg-bench-", dir=chosen.folder) as folder:
        pages, store = Pages(folder=Path(folder) / "pages", count=chosen.pages), Path(folder) / "store"
        pages.write()
        built(pages, store, "all pages").show("all pages")
        built(pages, store, "first").show("nothing changed, first time")
        for at in range(1, chosen.rounds + 1):
            for name, change in pages.changes(at):
                change()
                made.setdefault(name, []).append(built(pages, store, name))
                _forget(store)
    for name, measures in made.items():
        _show(name, measures)


def _forget(store: Path) -> None:
    """Removes all versions but the newest one."""
    *older, _ = sorted((store / "versions").iterdir(), key=lambda version: int(version.name[1:]))
    for version in older:
        shutil.rmtree(version)


def _show(name: str, measures: Sequence[Build]) -> None:
    wall, processor = _spread([each.wall for each in measures]), _spread([each.processor for each in measures])
    memory = " ".join(f"{each:4,.0f}" for each in _three([each.peak / 2**20 for each in measures]))
    print(f"{name:28}{wall} s by the clock  {processor} s of processor time  {memory} MiB", flush=True)


def _spread(values: Sequence[float]) -> str:
    return " ".join(f"{each:5.2f}" for each in _three(values))


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    return min(values), statistics.median(values), max(values)


if __name__ == "__main__":
    main()
