"""Pages read by worker processes, and taken in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from kg.build.candidate import Taker
from kg.build.manner import Manner
from kg.build.stations import Stations
from kg.build.walk import Aside, Listener, Walk, Written
from kg.model.page import Page

T = TypeVar("T", bound=Taker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How pages are read, and who is told."""

    stations: Stations
    manner: Manner
    listen: Listener

    def into(self, candidate_made: Callable[[], T], pages: Iterable[Page | Aside], walk: Walk) -> T:
        """The candidate with all pages in it.

        The workers are forked before the store is opened, so that they share none of its threads and files. Who reads
        all pages sets up the stations before; else the first worker does, while pages are looked for.
        """
        from kg.build.crew import Crew  # noqa: PLC0415 - a check in one process needs no others

        begin, manner = self.stations.set_up, self.manner
        with Crew[Written, Aside](self._written, manner.jobs, manner.page_deadline, begin) as crew:
            candidate = candidate_made()
            try:
                for result in crew.results(pages):
                    taken = walk.take(result)
                    if taken and (said := taken[1]).payload:
                        candidate.put(taken[0].graph, said.payload, said.asked)
                    self.listen(walk.last, walk.summary)
                self.listen("", walk.summary)
            except BaseException:  # Ctrl-C too: what is written to cannot be removed
                candidate.give_up()
                raise
        return candidate

    def _written(self, page: Page) -> Written:
        """What a worker makes of a page: bytes, which pass between processes as they are."""
        read = self.stations.read(page)
        return Written(read.account.to_line(), read.payload, read.asked)
