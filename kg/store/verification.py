"""A version read through, and compared with what it was published with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Store

from kg.model.errors import StoreError
from kg.store.deposits import Deposits
from kg.store.describe import merged_count
from kg.store.digest import Scheme, default_lines, graph_digest, named_graphs, subject_groups, written_digest
from kg.store.folder import Damage, Version, storage_errors
from kg.store.manifest import Manifest
from kg.store.records import file_digest, record_damages, recorded_graphs

#: Told after each graph, with the number of graphs so far.
Listener = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of reading a version through: how many graphs hold what they should, and all that does not."""

    graphs: int
    damages: tuple[Damage, ...]


def verified(version: Version, listen: Listener) -> Verified:
    """Reads every file and every statement of a version; a graph at a time is in memory."""
    damages = [*file_damages(version)]
    try:
        reading = _Reading(version.open(), recorded_graphs(version), version.manifest.scheme, listen)
    except StoreError as error:
        return Verified(0, (*damages, Damage(name=version.name, reason=error.reason)))
    try:
        with storage_errors(version.data):
            damages += reading.graphs()
            damages += reading.whole(version.manifest)
    except StoreError as error:
        damages.append(Damage(name=reading.at, reason=error.reason))
    return Verified(reading.sound, tuple(damages))


class _Reading:
    """One reading of a store, graph by graph.

    Attributes:
        at: what is being read. sound: how many graphs hold what they should.
    """

    def __init__(self, store: Store, expected: Mapping[str, str], scheme: Scheme, listen: Listener) -> None:
        self.at = "the list of graphs"
        self.sound = 0
        self._store, self._expected, self._scheme, self._listen = store, expected, scheme, listen
        self._total = 0

    def graphs(self) -> Iterator[Damage]:
        """The named graphs that are not what they were published as."""
        left = dict(self._expected)
        for number, (iri, lines) in enumerate(named_graphs(self._store), start=1):
            self.at = f"graph {iri}"
            digest, expected = graph_digest(lines), left.pop(iri, None)
            self._total += int(digest, 16) if self._scheme is Scheme.GROUPS else self._scheme.number(lines)
            if digest == expected:
                self.sound += 1
            else:
                yield Damage(name=self.at, reason=_difference(digest, expected))
            self._listen(number)
        for iri in left:
            yield Damage(name=f"graph {iri}", reason="it was published and is gone")

    def whole(self, manifest: Manifest) -> Iterator[Damage]:
        """The whole, where it is not what was published; to be asked for after the graphs."""
        self.at = "the default graph"
        subjects = map(self._scheme.number, subject_groups(default_lines(self._store)))
        total = written_digest(self._total + sum(subjects))
        if total != manifest.digest:
            reason = f"all statements together have the sum {total[:12]}…; published with {manifest.digest[:12]}…"
            yield Damage(name="the whole", reason=reason)
        merged, published = merged_count(self._store), manifest.counts.statements
        if merged != published:
            yield Damage(name=self.at, reason=f"it has {merged:,} statements; published with {published:,}")


def file_damages(version: Version) -> tuple[Damage, ...]:
    """What a version's files are otherwise than they were published; none is parsed."""
    return (*_data(version), *record_damages(version), *_deposits(version))


def _data(version: Version) -> Iterator[Damage]:
    for name, expected in version.manifest.file_digests.items():
        file = version.data / name
        try:
            digest = file_digest(file)
        except OSError as error:
            yield Damage(name=f"data/{name}", reason=error.strerror or str(error))
            continue
        if digest != expected:
            reason = f"its bytes have the SHA-256 {digest[:12]}…; published with {expected[:12]}…"
            yield Damage(name=f"data/{name}", reason=reason)


def _deposits(version: Version) -> Iterator[Damage]:
    deposits = Deposits.of(version)
    for name in deposits:
        try:
            deposits.payload(name)
        except StoreError as error:
            yield Damage(name=f"deposits/{name}", reason=error.reason)


def _difference(digest: str, expected: str | None) -> str:
    if expected is None:
        return "it was not published"
    return f"its sorted N-Quads have the SHA-256 {digest[:12]}…; published with {expected[:12]}…"
