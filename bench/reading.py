"""How fast pages are read on one core, and how time and memory grow.

    python bench/reading.py [--quick] [--profile]

Pages are generated, no two alike. Times are seconds of processor time, so that a busy machine changes little.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import pstats
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from accuracy import BASE, standard_reader
from invented import USUAL, Density, as_text, page, text, texts

from kg import assets
from kg.check import Checker
from kg.extract import Reader
from kg.model.page import Text
from kg.rdf.iris import Minter
from kg.rdf.knowledge import knowledge_quads
from kg.rdf.mapping import page_quads

_ROUNDS = 3
_SIZES = (USUAL, 4 * USUAL, 16 * USUAL)
_MEGABYTE = 1_000_000
#: A page that would take longer, by the growth seen so far, is not tried.
_LONGEST = 120.0
_PROFILED = 500
#: What a page may be filled with to make a reader slow.
_FILLINGS: Mapping[str, str] = {
    "commas": ", ",
    "brackets": "(A) (",
    "open brackets": "(",
    "capitals": "A ",
    "capitalised words": "Council Of ",
    "one long word": "A",
    "quotes": '" “',
    "names": "Shen Hengchao, ",
    "blank lines": "\n",
    "spaces": " ",
    "sentences": "The National Council for Science (NCS) reports to the Cabinet. ",
}


def _timed(work: Callable[[Text], object], pages: Iterable[Text]) -> float:
    """Seconds of processor time a page; the pages are made beforehand."""
    made = list(pages)
    begun = time.process_time()
    for each in made:
        work(each)
    return (time.process_time() - begun) / len(made)


def speed(reader: Reader, count: int) -> None:
    """Pages a second, from text to record and to quads, for pages of several sizes."""
    minter = Minter(BASE)
    stages: Mapping[str, Callable[[Text], object]] = {
        "text to record": reader.read,
        "text to quads": lambda each: page_quads(each, reader.read(each), minter),
    }
    print(f"{'':42}{'bytes a page':>14}{'pages/s':>10}{'ms a page':>11}{'MB/s':>8}")
    for density, sentences in ((Density.AVERAGE, USUAL), *((Density.DENSE, sentences) for sentences in _SIZES)):
        pages = max(count * USUAL // sentences, 10)
        for name, work in stages.items():
            seconds = _median(work, sentences, pages, density)
            _line(f"{name}, {sentences} {density.value} sentences", _size(sentences, density), seconds)


def checked(reader: Reader, count: int) -> None:
    """Pages a second from text to verdict."""
    minter = Minter(BASE)
    checker = Checker.load(assets.shapes(), knowledge_quads(assets.ontology(), minter))
    work = lambda each: checker.check(page_quads(each, reader.read(each), minter))  # noqa: E731 - two words, used once
    seconds = _median(work, USUAL, count, Density.DENSE)
    _line("text to verdict (pySHACL)", _size(USUAL, Density.DENSE), seconds)


def _median(work: Callable[[Text], object], sentences: int, count: int, density: Density) -> float:
    """The middle of several rounds, each over pages that were not read before."""
    rounds = (texts(10_000_000 * sentences + count * each, count, sentences, density) for each in range(_ROUNDS))
    return statistics.median(_timed(work, pages) for pages in rounds)


def _size(sentences: int, density: Density) -> float:
    """Bytes a page."""
    return statistics.mean(len(page(number, sentences, density).encode()) for number in range(20))


def _line(name: str, size: float, seconds: float) -> None:
    rate = size / seconds / _MEGABYTE
    print(f"{name:42}{size:14,.0f}{1 / seconds:10,.0f}{seconds * 1000:11.3f}{rate:8.2f}", flush=True)


def stream(counts: Sequence[int]) -> None:
    """Peak memory after so many pages, one after another, each forgotten when it is read."""
    reader, begun = standard_reader(), time.process_time()
    reader.read(text(0))
    done = 1
    for count in counts:
        for each in texts(done, count - done):
            reader.read(each)
        done = count
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{count:>9,} pages read: peak memory {peak:6.1f} MiB, {time.process_time() - begun:6.1f} s", flush=True)


def growth(reader: Reader, sizes: Sequence[int]) -> None:
    """Seconds for pages filled with what may make a reader slow, in the prose, among lessons, and in the header."""
    heads = "".join(f"{size / _MEGABYTE:>9g} MB" for size in sizes)
    print(f"{'':34}{heads}      times")
    usual = page(1)
    above, below = usual.partition("Abstract: ")[::2]
    frames = {
        "prose": (f"{above}Abstract: ", below),
        "lessons": (f"{above}Abstract: Lessons are as follows. ", ""),
        "byline": (usual.partition("By ")[0] + "By Shen Hengchao, ", "\n" + usual.partition("DRC\n")[2]),
        "title": ("You Are Here: Home > Reports\n\n", usual.partition("Lessons 1")[2]),
    }
    for place, frame in frames.items():
        for name, filling in _FILLINGS.items():
            seconds = _grown(reader, (frame[0], filling, frame[1]), sizes)
            shown = "".join(f"{each:10.2f} s" if each is not None else f"{'not tried':>12}" for each in seconds)
            known = [each for each in seconds if each]
            times = f"{known[-1] / known[-2]:10.1f}" if len(known) > 1 else ""
            print(f"{f'{name}, in the {place}':34}{shown}{times}", flush=True)


def _grown(reader: Reader, parts: tuple[str, str, str], sizes: Sequence[int]) -> list[float | None]:
    above, filling, below = parts
    seconds: list[float | None] = []
    for size in sizes:
        last = seconds[-1] if seconds else 0.0
        if last is None or last * 100 > _LONGEST:
            seconds.append(None)
            continue
        content = above + (filling * (size // len(filling))) + below
        seconds.append(_timed(reader.read, [as_text(content, f"{size}.txt")]))
    return seconds


def profile(reader: Reader) -> None:
    """Where the time goes, from text to record."""
    made = list(texts(77_000_000, _PROFILED))
    profiler = cProfile.Profile()
    profiler.enable()
    for each in made:
        reader.read(each)
    profiler.disable()
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(20)


def main() -> int:
    """Prints all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and smaller pages: a minute in all")
    parser.add_argument("--profile", action="store_true", help="show where the time goes, and nothing else")
    options = parser.parse_args()
    reader = standard_reader()
    if options.profile:
        profile(reader)
        return 0
    speed(reader, 300 if options.quick else 1500)
    checked(reader, 5 if options.quick else 20)
    print()
    counts = (1_000, 10_000) if options.quick else (1_000, 10_000, 100_000)
    apart = multiprocessing.get_context("spawn").Process(target=stream, args=(counts,))  # its own peak
    apart.start()
    apart.join()
    print()
    growth(reader, [size * _MEGABYTE // (100 if options.quick else 10) for size in (1, 10, 100)])
    return apart.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
