"""Writes to graphs of curated facts: what they would hold, as far as that is new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.curating import DEPOSITED, deposited_facts
from kg.model.errors import KnowledgeError
from kg.model.page import Page
from kg.model.writes import Write, WriteKind, WriteOutcome
from kg.rdf.curated import CuratedFile
from kg.rdf.iris import Minter
from kg.store import Writer
from kg.store.deposits import CURATED
from kg.writing.bodies import curated_statements, declined, in_graph, lines, text_of
from kg.writing.bounds import check_text
from kg.writing.change import Change
from kg.writing.dataset import with_dataset
from kg.writing.declined import Declined
from kg.writing.documents import documents_of
from kg.writing.evaluation import Evaluation, check_syntax, run_update
from kg.writing.territory import Territory
from kg.writing.update import taken_apart

_SUFFIX: Final = ".nt"
#: Deposits by name: their new facts, or None where they go.
Facts = Mapping[str, CuratedFile | None]


class CuratedGraphs:
    """What a write makes of the graphs of curated facts that clients wrote.

    Args:
        write: of them.
        writer: of the next version.
        minter: of the deployment.
        published: the sources of the curated facts that are in the current version.

    Raises:
        Declined: it cannot be read, or is about what no client may write.
    """

    def __init__(self, write: Write, writer: Writer, minter: Minter, published: Collection[str]) -> None:
        self._writer, self._minter, self._published = writer, minter, published
        self._territory = Territory(minter)
        self._is_put = write.kind in (WriteKind.PUT_GRAPH, WriteKind.POST_GRAPH)
        self._body = Page(source="body", media_type=write.media_type, payload=write.body)
        self._wanted = self._changed(write)

    @property
    def changes_nothing(self) -> bool:
        """Whether every graph holds what it would hold."""
        return not self._wanted

    def apply(self, change: Change) -> bool:
        """Puts the new facts in the place of the old ones; whether a graph that was put is new."""
        change.body = self._body
        created = self._is_put and all(name not in self._writer.deposits for name in self._wanted)
        for name, new in self._wanted.items():
            change.replace_facts(self._file(name), new)
            if new:
                self._writer.deposits.put(name, new.page.payload)
            else:
                self._writer.deposits.remove(name)
        return created

    def _changed(self, write: Write) -> Facts:
        """The deposits that the write changes, by name: their new facts, or None where they go."""
        if write.kind is WriteKind.UPDATE:
            made = self._updated(write)
        else:
            name = self._named(write.target)
            made = {name: self._graph(write, name)}
        return {
            name: self._facts(name, statements) for name, statements in made.items() if self._is_new(name, statements)
        }

    def _is_new(self, name: str, statements: frozenset[str]) -> bool:
        """Whether the statements are not what is published; those of a graph that a build withheld are tried again."""
        is_withheld = bool(statements) and DEPOSITED + name.removeprefix(CURATED) not in self._published
        return is_withheld or statements != self._held(name)

    def _file(self, name: str) -> CuratedFile | None:
        """The facts of a deposit as the current version may have them."""
        if name not in self._writer.deposits:
            return None
        try:
            return deposited_facts(name, self._writer.deposits.payload(name), self._minter)
        except KnowledgeError:
            return None  # builds cannot read it either, so nothing of it is published

    def _named(self, graph: str) -> str:
        """The deposit of a graph."""
        reason = self._territory.refusal(graph)
        if reason:
            raise Declined(WriteOutcome.FORBIDDEN, reason)
        return f"{CURATED}{self._territory.name(graph)}{_SUFFIX}"

    def _graph(self, write: Write, name: str) -> frozenset[str]:
        """What a write of one graph makes of it."""
        held = self._held(name)
        base = write.base or self._minter.base
        if write.kind is WriteKind.PUT_GRAPH:
            return _some(curated_statements(write, base))
        if write.kind is WriteKind.POST_GRAPH:
            return held | _some(curated_statements(write, base))
        if not held:
            raise Declined(WriteOutcome.MISSING, f"there is no graph <{write.target}>")
        return frozenset() if write.kind is WriteKind.DELETE_GRAPH else self._patched(write, held, base)

    def _patched(self, write: Write, held: frozenset[str], base: str) -> frozenset[str]:
        """The update of a PATCH sees its graph alone, as the default graph (Graph Store Protocol, section 5.7)."""
        text = text_of(write)
        check_text(text)
        check_syntax(text, base)
        store = Store()
        store.extend(_quads(held))
        run_update(store, text, base, text, 0)
        if any(True for _ in store.named_graphs()):
            reason = (
                f"a PATCH writes <{write.target}> alone, without naming a graph; send an update to the update address"
            )
            raise Declined(WriteOutcome.FORBIDDEN, reason)
        return lines(store.quads_for_pattern(None, None, None, None))

    def _updated(self, write: Write) -> Mapping[str, frozenset[str]]:
        """What an update makes of the graphs that it writes."""
        documents = documents_of(write, lambda body, base: sorted(_some(curated_statements(body, base))))
        update = with_dataset(taken_apart(text_of(write), documents), write)
        evaluation = Evaluation(update, write.base or self._minter.base, self._territory)

        def copy() -> Store:
            if any(operation.reads for operation in update.operations):
                return self._whole_copy()
            store = Store()
            for graph in evaluation.constant_graphs():
                store.extend(in_graph(quad, NamedNode(graph)) for quad in _quads(self._held(self._named(graph))))
            return store

        made = evaluation.graphs(copy)
        return {self._named(graph): lines(quads) for graph, quads in made.items()}

    def _whole_copy(self) -> Store:
        """A copy of the current version that goes with the writer, with the facts that a build withheld."""
        place = self._writer.room / "trial"
        current = self._writer.current
        if current is not None:
            current.open().backup(str(place))
        store = Store(str(place))
        for name in self._writer.deposits.under(CURATED):
            if DEPOSITED + name.removeprefix(CURATED) not in self._published:
                graph = NamedNode(self._territory.graph(name.removeprefix(CURATED).removesuffix(_SUFFIX)))
                store.extend(in_graph(quad, graph) for quad in _quads(self._held(name)))
        return store

    def _held(self, name: str) -> frozenset[str]:
        deposits = self._writer.deposits
        if name not in deposits:
            return frozenset()
        return frozenset(deposits.payload(name).decode().splitlines(keepends=True))

    def _facts(self, name: str, statements: frozenset[str]) -> CuratedFile | None:
        if not statements:
            return None
        try:
            return deposited_facts(name, "".join(sorted(statements)).encode(), self._minter)
        except KnowledgeError as error:
            raise declined(error.reason) from error


def _some(statements: frozenset[str]) -> frozenset[str]:
    if not statements:
        raise declined("it states nothing; to take a graph away, DELETE it")
    return statements


def _quads(statements: frozenset[str]) -> list[Quad]:
    return list(parse("".join(statements).encode(), RdfFormat.N_TRIPLES, lenient=True))
