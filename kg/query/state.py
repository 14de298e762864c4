"""How a pool of workers is doing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.query.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """A pool at one moment, for those who watch it.

    Attributes:
        workers: processes that live, of which `idle` are free.
        waiting: queries that wait for one.
        replaced: workers that were replaced since the pool was started, since they died, were killed, or had grown.
        spooled: bytes of long answers that were read from workers and wait for their clients.
        is_in_memory: whether workers have the version in memory, and not on disk.
        sandbox: what is in force in each worker; None where none lives.
    """

    workers: int
    idle: int
    waiting: int
    replaced: int
    spooled: int
    is_in_memory: bool
    sandbox: Sandbox | None

    def beside(self, waiting: int) -> PoolState:
        """The same, where so many more queries wait before they come to the pool."""
        return replace(self, waiting=self.waiting + waiting)
