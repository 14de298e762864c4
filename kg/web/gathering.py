"""Long answers gathered while they pass to their first client, so that they can be kept when they have come to the end.

Whoever reads an answer says how fast it comes. So all that are gathered share one bound, and the one whose reader has
taken nothing for the longest is given up first: clients who never read keep nobody else's answer from being kept.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from kg.query import Stream


@dataclass(slots=True, eq=False)
class Passing:
    """Long answers that take memory beside those that are kept, of all versions together.

    Attributes:
        most: bytes that may be gathered at once, and that one answer may have.
        gathered: bytes of answers that are on their way to their first client.
        lingering: bytes of answers that are kept no more, but still being sent.
    """

    most: int
    gathered: int = 0
    lingering: int = 0
    _under_way: OrderedDict[Gathering, None] = field(default_factory=OrderedDict)

    def grow(self, gathering: Gathering, size: int) -> None:
        """Counts a piece; what does not fit any more is given up."""
        self.gathered += size
        self._under_way[gathering] = None
        self._under_way.move_to_end(gathering)
        if gathering.size > self.most:
            gathering.give_up()
        while self.gathered > self.most:
            next(iter(self._under_way)).give_up()

    def drop(self, gathering: Gathering) -> None:
        """Counts an answer no more."""
        if gathering in self._under_way:
            del self._under_way[gathering]
            self.gathered -= gathering.size

    def give_up(self) -> None:
        """Gathers none of those any more that are under way."""
        for gathering in list(self._under_way):
            gathering.give_up()


class Gathering:
    """One long answer, piece by piece; what is not whole when the block ends is given up.

    Attributes:
        size: bytes of it that are held.
    """

    def __init__(
        self, passing: Passing, stream: Stream, grown: Callable[[], None], whole: Callable[[bytes, str], None]
    ) -> None:
        """Nothing yet of an answer.

        Args:
            passing: what its pieces are counted in.
            stream: knows when its last piece was taken.
            grown: is called when more is held than before.
            whole: is given the answer and its digest, once.
        """
        self.size = 0
        self._passing, self._stream, self._grown, self._whole = passing, stream, grown, whole
        self._pieces: list[bytes] | None = []
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()

    def take(self, piece: bytes) -> None:
        """A piece that was taken from the stream; with its last one the answer is whole."""
        if self._pieces is None:
            return
        self._pieces.append(piece)
        self._digest.update(piece)  # beside the rest: of a whole answer it would take 20 ms at once
        self.size += len(piece)
        self._passing.grow(self, len(piece))
        self._grown()
        if self._pieces is not None and self._stream.rows is not None:
            payload = b"".join(self._pieces)
            self.give_up()
            self._whole(payload, self._digest.hexdigest())

    def give_up(self) -> None:
        """Lets go of it; it goes on to its client."""
        self._passing.drop(self)
        self._pieces, self.size = None, 0
