"""A push from beginning to end: what is there, what changed, what is sent, and what was found there afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat

from kg.model.errors import RemoteError
from kg.push.contents import DEFAULT, Mark, marks, pieces
from kg.push.growth import growth
from kg.push.record import Record, marks_written, read, record_graph, written
from kg.push.target import GraphStore

if TYPE_CHECKING:
    from pyoxigraph import Store

_LONGEST_RECORD: Final = 256 * 1024 * 1024
_NOTED_AT_ONCE: Final = 50

#: Is told how many graphs are done, of how many.
Listener = Callable[[int, int], None]
#: Opens an earlier version by its name; None where it is here no more.
Earlier = Callable[[str], "Store | None"]


class Scope(Enum):
    """What is sent: the graphs that differ from what the record says, or all."""

    CHANGED = "changed"
    ALL = "all"


class Missing(Enum):
    """What becomes of graphs that were pushed earlier and are in the version no more."""

    KEEP = "keep"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is pushed and how; `base` is the deployment's, below which the record's graph has its name."""

    version: str
    base: str
    scope: Scope = Scope.CHANGED
    missing: Missing = Missing.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a push will do.

    Attributes:
        write: marks of the graphs to be sent, by name, in the order of sending; the default graph is the last.
        unchanged: marks of those that are there as they are wanted.
        gone: marks of those that were pushed earlier and are in the version no more.
        there: what the server holds, as it says itself.
        is_done: the server holds this version already, whole.
    """

    write: Mapping[str, Mark]
    unchanged: Mapping[str, Mark]
    gone: Mapping[str, Mark]
    there: Record
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push has done: how many graphs were written, left as they were, deleted, and left though they are gone.

    Attributes:
        triples: how many were sent.
        unverified: how many of the written graphs could not be counted, since the server writes no N-Triples.
    """

    written: int
    unchanged: int
    deleted: int
    left: int
    triples: int
    unverified: int


async def plan(store: Store, order: Order, target: GraphStore) -> Plan:
    """What has to be done so that the server holds this version.

    Raises:
        RemoteError: the server cannot be read, or its record cannot.
    """
    there = await _recorded(order, target)
    wanted = marks(store)
    as_it_was = there.marks if order.scope is Scope.CHANGED else {}
    write = {name: mark for name, mark in wanted.items() if as_it_was.get(name) != mark}
    gone = {name: mark for name, mark in there.marks.items() if name not in wanted}
    return Plan(
        write=write,
        unchanged={name: mark for name, mark in wanted.items() if name not in write},
        gone=gone,
        there=there,
        is_done=not write and there.version == order.version and not (gone and order.missing is Missing.DELETE),
    )


async def push(
    store: Store,
    order: Order,
    target: GraphStore,
    listen: Listener = lambda *_: None,
    earlier: Earlier = lambda _: None,
) -> Pushed:
    """Sends what the server lacks, and counts each graph there after it was written.

    A graph is put in the place of its older self. The default graph is added to where it only grew, which `earlier`
    lets see: one request as well, so that readers there see it as it was or as it will be.

    A server knows no transaction over several graphs: readers see the graphs change one after the other, the default
    graph last. After a failure the same push goes on where this one ended.

    Raises:
        RemoteError: the server refuses or fails, or holds another number of triples than was sent.
    """
    work = await plan(store, order, target)
    push_ = _Push(_Versions(store, earlier), order, target, work, listen)
    if not work.is_done:
        await push_.run()
    return push_.told


async def _recorded(order: Order, target: GraphStore) -> Record:
    name = record_graph(order.base)
    found = await target.read(name, _LONGEST_RECORD)
    if found is None:
        return Record()
    media_type, payload = found
    form = RdfFormat.N_TRIPLES if media_type == "text/plain" else RdfFormat.from_media_type(media_type)
    try:
        return read(payload, order.base, form or RdfFormat.TURTLE)
    except ValueError as error:
        if order.scope is Scope.ALL:
            return Record()
        reason = f"its graph <{name}>, which tells what was pushed, cannot be read: {error}; push all with --all"
        raise RemoteError(target.server, reason, may_pass=False) from error


@dataclass(frozen=True, slots=True)
class _Versions:
    """What is pushed, and what opens the versions before it."""

    wanted: Store
    earlier: Earlier


class _Push:
    """One push under way."""

    def __init__(self, versions: _Versions, order: Order, target: GraphStore, work: Plan, listen: Listener) -> None:
        self._versions, self._order, self._target, self._plan, self._listen = versions, order, target, work, listen
        self._store = versions.wanted
        self._record = record_graph(order.base)
        self._unnoted: list[tuple[str, Mark]] = []
        self._written = self._deleted = self._unverified = self._triples = 0

    @property
    def told(self) -> Pushed:
        """What was done so far."""
        return Pushed(
            written=self._written,
            unchanged=len(self._plan.unchanged),
            deleted=self._deleted,
            left=len(self._plan.gone) - self._deleted,
            triples=self._triples,
            unverified=self._unverified,
        )

    async def run(self) -> None:
        """All steps."""
        staying = {**self._plan.unchanged, **(self._plan.gone if self._order.missing is Missing.KEEP else {})}
        await self._put_record(Record(marks=staying))
        try:
            await self._write()
            await self._delete()
        except RemoteError as error:
            with suppress(RemoteError):
                await self._note()
            raise RemoteError(error.server, f"{error.reason}; {self._how_far}") from error
        await self._put_record(Record(version=self._order.version, marks={**staying, **self._plan.write}))

    @property
    def _how_far(self) -> str:
        """What a push that failed leaves behind."""
        done = f"{self._written:,} of {len(self._plan.write):,} graphs are written"
        under_way = next(iter(list(self._plan.write)[self._written :]), None)
        if under_way is not None:
            done += f", {_named(under_way)} may be old or new, the others are as they were"
        return f"{done}; the same command goes on from here"

    async def _write(self) -> None:
        for name, mark in self._plan.write.items():
            if name != DEFAULT or not await self._has_grown(mark):
                await self._target.put(name, lambda name=name: pieces(self._store, name))  # type: ignore[misc] # bound now
                await self._verify(name, mark)
                self._triples += mark.triples
            self._written += 1
            self._unnoted.append((name, mark))
            if len(self._unnoted) >= _NOTED_AT_ONCE:
                await self._note()
            self._listen(self._written, len(self._plan.write))

    async def _has_grown(self, mark: Mark) -> bool:
        """Adds to the default graph what it lacks, where that will do; whether it then held as much as it should."""
        there = self._plan.there
        if self._order.scope is Scope.ALL or there.version is None or DEFAULT not in there.marks:
            return False
        earlier = self._versions.earlier(there.version)
        added = None if earlier is None else growth(earlier, self._store, DEFAULT, there.marks[DEFAULT])
        if added is None:
            return False
        try:
            await self._target.add(DEFAULT, b"".join(added))
        except RemoteError:
            return False  # whatever came of it: the whole graph takes its place
        self._triples += len(added)
        return await self._target.count(DEFAULT) == mark.triples  # else somebody changed it, or it cannot be told

    async def _verify(self, name: str, mark: Mark) -> None:
        found = await self._target.count(name)
        if found is None:
            self._unverified += 1
        elif found != mark.triples:
            reason = f"{_named(name)} holds {found:,} triples there after {mark.triples:,} were sent"
            raise RemoteError(self._target.server, reason, may_pass=False)

    async def _delete(self) -> None:
        if self._order.missing is Missing.DELETE:
            for name in self._plan.gone:
                await self._target.delete(name)
                self._deleted += 1

    async def _note(self) -> None:
        """Adds to the record what was written since; one request for many graphs."""
        if self._unnoted:
            await self._target.add(self._record, marks_written(self._unnoted, self._order.base))
            self._unnoted.clear()

    async def _put_record(self, record: Record) -> None:
        await self._target.put(self._record, lambda: (written(record, self._order.base),))


def _named(graph: str) -> str:
    return "the default graph" if graph == DEFAULT else f"<{graph}>"
