"""How fast shapes are checked, beside pySHACL and rudof, and how time and memory grow.

    python bench/checking.py [--reports 1000] [--batch 10000] [--grow] [--rudof PYTHON]

Times are seconds of processor time, of all processes together, so that a busy machine changes little; wall time is said
beside it. Memory is the sum of all processes' peaks. Findings are compared before times are.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import synthetic
from pyoxigraph import Quad, RdfFormat, parse

from kg.check.shacl.batch import file_results
from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph

#: What one measurement tells: seconds of processor time and of wall time, the peak of memory of all its processes
#: together in MiB, the number of findings, and perhaps each of them.
Told = dict[str, Any]

_GROWTH = (1_000, 10_000, 100_000)
_SHOWN = {False: "core", True: "with SPARQL"}


def shape_quads(*, sparql: bool) -> tuple[Quad, ...]:
    """The shapes' triples, the same blank nodes each time."""
    return tuple(parse(synthetic.shapes(sparql=sparql), format=RdfFormat.TURTLE))


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time of this process."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def side_by_side(count: int, *, sparql: bool) -> None:
    """A report at a time, once the shapes are compiled: findings of both engines, then their times."""
    texts = ["".join(f"{line} .\n" for line in synthetic.report(number)) for number in range(count)]
    quads = [tuple(parse(text, format=RdfFormat.N_TRIPLES)) for text in texts]
    engine = CompiledEngine(shape_quads(sparql=sparql))
    ours = timed(lambda: [engine.results(Graph.of_quads(each)) for each in quads])
    lines = timed(lambda: [engine.results(Graph.of_lines(text)) for text in texts])
    # Imported here, so that the processes that measure the compiled engine do not hold rdflib.
    import by_pyshacl as pyshacl  # noqa: PLC0415 - as above

    statements = sum(map(len, quads)) / count
    _line(f"{_SHOWN[sparql]}: compiled, from quads", ours / count, f"{statements:.0f} statements a report")
    _line(f"{_SHOWN[sparql]}: compiled, from N-Quads lines", lines / count)
    theirs, expected = pyshacl.measured(synthetic.shapes(sparql=sparql), texts)
    found = Counter(
        (each.focus, each.value or "", each.shape, each.component, each.severity)
        for text in texts
        for each in engine.results(Graph.of_lines(text))
    )
    same = "the same" if _named(found) == _named(expected) else "OTHER"
    _line(f"{_SHOWN[sparql]}: pySHACL", theirs / count, f"{same} {sum(expected.values())} findings in {count} reports")
    print(f"{'':36}{theirs / ours:9.0f} times as fast from quads, {theirs / lines:.0f} from lines", flush=True)


def _named(found: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """The findings without those of shapes that have no name to be compared by."""
    return Counter({key: count for key, count in found.items() if not key[2].startswith("_:")})


def batch(count: int, rudof: str | None) -> None:
    """One file of many reports, loading included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write(path / "pages.nq", count)
        triples = path / "all.nt"
        with triples.open("w", encoding="utf-8") as out:
            out.writelines(f"{line} .\n" for number in range(count) for line in synthetic.report(number))
        (path / "shapes.ttl").write_text(synthetic.shapes(sparql=False), encoding="utf-8")
        ours = _in_process([str(path / "pages.nq"), "1"])
        _batch_line("compiled, one process", ours)
        _batch_line("compiled, two processes", _in_process([str(path / "pages.nq"), "2"]))
        whole = _in_process([str(triples), "whole"])
        _batch_line("compiled, as one graph", whole)
        if rudof is None or not _has_rudof(rudof):
            print("rudof: left out; name a Python that has pyrudof with --rudof", flush=True)
            return
        theirs = _run([rudof, "-c", _RUDOF, str(triples), str(path / "shapes.ttl")])
        _batch_line("rudof, as one graph", theirs)
        _compare(whole["rows"], theirs["rows"])
        ratio, memory = theirs["seconds"] / ours["seconds"], theirs["peak"] / ours["peak"]
        print(f"{'':36}{ratio:9.1f} times as fast as rudof, in {memory:.0f} times less memory", flush=True)


def _has_rudof(python: str) -> bool:
    return subprocess.run([python, "-c", "import pyrudof"], check=False, capture_output=True).returncode == 0


def _compare(ours: Iterable[Sequence[str]], theirs: Iterable[Sequence[str]]) -> None:
    """Focus node, path, component and value of each finding, and how often it is there."""
    left, right = Counter(map(_row, ours)), Counter(map(_row, theirs))
    if left == right:
        print(f"{'':36}identical: {sum(left.values())} findings", flush=True)
        return
    print(f"{'':36}OTHER: {sum((left - right).values())} are ours alone, {sum((right - left).values())} theirs")
    for row in [*(left - right), *(right - left)][:10]:
        print(f"{'':36}{'ours' if row in left else 'theirs'}: {' '.join(row)}", flush=True)


def _row(row: Sequence[str]) -> tuple[str, ...]:
    """The terms without brackets, and XML Schema's namespace in full."""
    return tuple(
        re.sub(r"\^\^xsd:(\w+)$", rf"^^{synthetic.XSD}\1", each).replace("<", "").replace(">", "") for each in row
    )


def grow(counts: Sequence[int]) -> None:
    """Time and memory for ever more reports, on two processes."""
    for sparql in (False, True):
        for count in counts:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "pages.nq"
                write(path, count)
                told = _in_process([str(path), "2", "sparql" if sparql else "core"])
                _batch_line(f"{count:>8,} reports, {_SHOWN[sparql]}", told)


def write(path: Path, count: int) -> None:
    """Writes reports as N-Quads, a named graph each."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            out.writelines(f"{line} <{synthetic.EX}graph{number}> .\n" for line in synthetic.report(number))


def checked(path: Path, processes: int, *, sparql: bool) -> Told:
    """Checks a file in this process and those it starts."""
    shapes = shape_quads(sparql=sparql)
    findings, peaks = 0, dict[int, int]()
    for _, found in file_results(path, shapes, processes=processes):
        findings += len(found)
        for child in multiprocessing.active_children():
            if child.pid is not None:
                peaks[child.pid] = _peak(child.pid)
    return _measured(findings, sum(peaks.values()))


def _peak(process: int) -> int:
    """The most memory that a process of ours had so far, in KiB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index] # there for every running process


def checked_whole(path: Path) -> Told:
    """Checks a file as one graph, and tells each finding."""
    results = CompiledEngine(shape_quads(sparql=False)).results(Graph.of_lines(path.read_text("utf-8")))
    rows = [(each.focus, str(each.path or ""), each.component, each.value or "") for each in results]
    return {**_measured(len(results), 0), "rows": rows}


def _measured(findings: int, others_peak: int) -> Told:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return {"seconds": seconds, "peak": (own.ru_maxrss + others_peak) / 1024, "findings": findings}


_RUDOF = """
import json, resource, sys, pyrudof
rudof = pyrudof.Rudof(pyrudof.RudofConfig())
rudof.read_data(open(sys.argv[1]).read(), pyrudof.RDFFormat.NTriples)
rudof.read_shacl(open(sys.argv[2]).read(), pyrudof.ShaclFormat.Turtle)
report = rudof.validate_shacl()
used = resource.getrusage(resource.RUSAGE_SELF)
rows = [(each.focus_node, each.path or "", each.constraint_component, each.value or "") for each in report]
told = {"seconds": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}
print(json.dumps({**told, "findings": len(report), "rows": rows}))
"""


def _in_process(arguments: Sequence[str]) -> Told:
    return _run([sys.executable, __file__, "--measure", *arguments])


def _run(command: Sequence[str]) -> Told:
    begun = time.perf_counter()
    told: Told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {**told, "wall": time.perf_counter() - begun}


def _line(name: str, seconds: float, more: str = "") -> None:
    print(f"{name:36}{seconds * 1000:9.3f} ms a report  {more}", flush=True)


def _batch_line(name: str, told: Told) -> None:
    spent = f"{told['seconds']:9.1f} s  {told['wall']:7.1f} s wall  {told['peak']:8.0f} MiB"
    print(f"{name:36}{spent}  {told['findings']} findings", flush=True)


def _measure(path: str, how: str, shapes: str = "core") -> None:
    """What a child process does: one measurement, as JSON."""
    told = checked_whole(Path(path)) if how == "whole" else checked(Path(path), int(how), sparql=shapes == "sparql")
    print(json.dumps(told))


def main(arguments: Iterable[str] | None = None) -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1000, help="reports to compare with pySHACL")
    parser.add_argument("--batch", type=int, default=10_000, help="reports in the file")
    parser.add_argument("--grow", action="store_true", help="1,000, 10,000 and 100,000 reports")
    parser.add_argument("--rudof", help="a Python that has pyrudof")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.measure:
        _measure(*options.measure)
        return
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors", flush=True)
    # Files come first: a child's peak of memory begins with what its parent holds when it starts it.
    batch(options.batch, options.rudof)
    if options.grow:
        grow(_GROWTH)
    for sparql in (False, True):
        side_by_side(options.reports if not sparql else max(options.reports // 5, 1), sparql=sparql)


if __name__ == "__main__":
    main()
