"""Many pages from one N-Quads file, each page a named graph, checked in several processes and in constant memory."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.pool import AsyncResult
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.check.shacl.compiled import CompiledEngine
from kg.check.shacl.graph import Graph
from kg.check.shacl.results import Result

#: Bytes that one process is handed at a time: some dozens of pages.
_BLOCK: Final = 1_000_000
#: Blocks under way for each process.
_AHEAD: Final = 2

#: A page's named graph, in N-Triples, and what was found in it.
PageResults = tuple[str, list[Result]]


def file_results(path: Path, shapes: Sequence[Quad], *, processes: int = 1) -> Iterator[PageResults]:
    """The pages of a file in which something was found, in the order of the file.

    Args:
        path: N-Quads, in which the lines of each named graph stand together.
        shapes: the shapes' triples.
        processes: how many to use.

    Raises:
        IllFormed: a shape makes no sense.
        SyntaxError: the file is no N-Quads.
        OSError: it cannot be read.
    """
    if processes == 1:
        engine = CompiledEngine(shapes)
        for block in blocks(path):
            yield from block_results(engine, block)
        return
    turtle = serialize(shapes, format=RdfFormat.N_QUADS) or b""
    with multiprocessing.get_context("spawn").Pool(processes, _begin, (turtle,)) as pool:
        waiting: deque[AsyncResult[list[PageResults]]] = deque()
        for block in blocks(path):
            waiting.append(pool.apply_async(_judged, (block,)))
            if len(waiting) >= processes * _AHEAD:
                yield from waiting.popleft().get()
        for each in waiting:
            yield from each.get()


def blocks(path: Path, size: int = _BLOCK) -> Iterator[bytes]:
    """The file in pieces of about this many bytes, none of which ends within a page."""
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(size):
            data = rest + piece
            cut = _last_page(data)
            if cut:
                yield data[:cut]
            rest = data[cut:]
    if rest:
        yield rest


def block_results(engine: CompiledEngine, block: bytes) -> Iterator[PageResults]:
    """The pages of a piece of N-Quads in which something was found."""
    for name, graph in pages(block):
        found = engine.results(graph)
        if found:
            yield name, found


def pages(block: bytes) -> Iterator[tuple[str, Graph]]:
    """Each named graph of a piece of N-Quads, whose lines stand together."""
    canonical = serialize(parse(block, format=RdfFormat.N_QUADS), format=RdfFormat.N_QUADS) or b""
    last, bodies = "", list[str]()
    for line in canonical.decode().split(" .\n"):
        body, _, name = line.rpartition(" ")
        if name != last and bodies:
            yield last, Graph.of_bodies(bodies)
            bodies = []
        last = name
        bodies.append(body)


def _last_page(data: bytes) -> int:
    """Where the last page of the data begins, which may go on behind it."""
    end = data.rfind(b"\n") + 1
    line = data[data.rfind(b"\n", 0, max(end - 1, 0)) + 1 : end].rstrip()
    name = line.removesuffix(b".").rstrip().rpartition(b" ")[2]
    first = data.find(b" " + name + b" .") if name else -1
    return data.rfind(b"\n", 0, first) + 1 if first >= 0 else 0


_ENGINES: list[CompiledEngine] = []


def _begin(shapes: bytes) -> None:
    """Compiles the shapes in a process of the pool."""
    _ENGINES[:] = [CompiledEngine(parse(shapes, format=RdfFormat.N_QUADS))]


def _judged(block: bytes) -> list[PageResults]:
    return list(block_results(_ENGINES[0], block))
