"""A dataset without pages as writes find it: every graph may be written, the default one too, and nothing is checked.

What came and went, and the digest, are found by passes over the whole dataset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg import __version__
from kg.model.writes import Write, WriteKind, WriteOutcome, Written
from kg.store import Contents, Counts, Facts, Writer
from kg.store.digest import content_digest, graph_digests
from kg.store.writer import WRITES
from kg.writing.bodies import in_graph, plain_quads, text_of
from kg.writing.bounds import check_text
from kg.writing.dataset import with_dataset
from kg.writing.declined import Declined
from kg.writing.deletion import check_deletion
from kg.writing.documents import documents_of
from kg.writing.evaluation import check_syntax, run_update
from kg.writing.history import Entry, History
from kg.writing.options import GateOptions
from kg.writing.update import silently_loads, taken_apart

_DEFAULT: Final = DefaultGraph()
_INPUT: Final = "graphs"  # the named graphs, empty ones too: no digest of statements tells of those


class PlainDataset:
    """What a plain dataset makes of a write; one that has no version yet begins with it."""

    def __init__(self, options: GateOptions) -> None:
        self._options = options

    def set_up(self) -> None:
        """Nothing is needed."""

    def written(self, write: Write, entry: Entry, writer: Writer) -> Written:
        """What becomes of a write whose turn it is.

        Raises:
            Declined: nothing is published.
        """
        if write.kind in (WriteKind.PUT_PAGE, WriteKind.DELETE_PAGE):
            raise Declined(WriteOutcome.FORBIDDEN, "pages are not read here: this is a dataset without reports")
        store = writer.store
        before = _Held(store)
        created = self._apply(write, store)
        after = _Held(store)
        if writer.current and before == after:
            return Written(outcome=WriteOutcome.UNCHANGED, version=writer.current.name)
        removed = len(before.lines - after.lines)
        check_deletion(write, removed, len(before.lines), self._options.most_deleted)
        entry = replace(entry, created=created, added=len(after.lines - before.lines), removed=removed)
        writer.publish(_facts(after, entry), _contents(store, History.of(writer.current).with_entry(entry)))
        return entry.written

    def _apply(self, write: Write, store: Store) -> bool:
        """Changes the store; whether a graph is there that was not."""
        if write.kind is WriteKind.UPDATE:
            self._update(write, store)
            return False
        graph = _graph(write.target)
        there = _is_there(store, graph)
        if write.kind is WriteKind.PATCH_GRAPH:
            self._patch(write, store, graph)
            return False
        if write.kind is WriteKind.DELETE_GRAPH:
            if not there:
                raise Declined(WriteOutcome.MISSING, f"there is no graph <{write.target}>")
            store.remove_graph(graph)
            return False
        quads = plain_quads(write, write.base or self._options.base)
        if write.kind is WriteKind.PUT_GRAPH:
            store.clear_graph(graph)
        if isinstance(graph, NamedNode):
            store.add_graph(graph)
        store.extend(in_graph(quad, graph) for quad in quads)
        return not there

    def _update(self, write: Write, store: Store) -> None:
        text, base = text_of(write), write.base or self._options.base
        if not (write.using_graphs or write.using_named_graphs or write.loads or silently_loads(text)):
            check_text(text)
            check_syntax(text, base)
            run_update(store, text, base, text, 0)
            return
        update = with_dataset(taken_apart(text, documents_of(write, _statements)), write)
        check_syntax(update.text, base)
        for part in update.operations:
            run_update(store, part.whole, base, text, part.start)

    def _patch(self, write: Write, store: Store, graph: NamedNode | DefaultGraph) -> None:
        """The update of a PATCH sees its graph alone, as the default graph (Graph Store Protocol, section 5.7)."""
        if not _is_there(store, graph):
            raise Declined(WriteOutcome.MISSING, f"there is no graph <{write.target}>")
        text, base = text_of(write), write.base or self._options.base
        check_text(text)
        check_syntax(text, base)
        alone = Store()
        alone.extend(Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
        run_update(alone, text, base, text, 0)
        if any(True for _ in alone.named_graphs()):
            raise Declined(WriteOutcome.FORBIDDEN, f"a PATCH writes <{write.target}> alone, without naming a graph")
        store.clear_graph(graph)
        store.extend(in_graph(quad, graph) for quad in cast("Iterable[Quad]", alone))


def _statements(body: Write, base: str) -> Iterable[str]:
    return (f"{quad.triple} .\n" for quad in plain_quads(body, base))


class _Held:
    """All that a store holds at one moment."""

    def __init__(self, store: Store) -> None:
        self.lines = frozenset(map(str, cast("Iterable[Quad]", store)))
        self.graphs = tuple(sorted(str(graph) for graph in store.named_graphs()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and (self.lines, self.graphs) == (other.lines, other.graphs)

    def __hash__(self) -> int:
        return hash((self.lines, self.graphs))


def _facts(held: _Held, entry: Entry) -> Facts:
    inputs = {_INPUT: hashlib.sha256("\n".join(held.graphs).encode()).hexdigest(), "write": entry.mark}
    return Facts(inputs=inputs, shapes="", code=__version__, created=entry.at, write=entry.told)


def _contents(store: Store, history: list[bytes]) -> Contents:
    graphs = graph_digests(store)
    counts = Counts(
        statements=sum(1 for _ in store.quads_for_pattern(None, None, None, _DEFAULT)),
        named_graphs=len(graphs),
        pages=0,
        reports=0,
        gaps=0,
        findings=0,
    )
    return Contents(counts=counts, digest=content_digest(store), graphs=graphs, records={WRITES: history})


def _is_there(store: Store, graph: NamedNode | DefaultGraph) -> bool:
    return graph == _DEFAULT or store.contains_named_graph(graph)


def _graph(target: str) -> NamedNode | DefaultGraph:
    try:
        return NamedNode(target) if target else _DEFAULT
    except ValueError as error:
        raise Declined(WriteOutcome.MALFORMED, f"{target!r} is no absolute IRI: {error}") from error
