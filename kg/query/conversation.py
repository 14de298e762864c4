"""One query and what its worker sends back, from the first byte to the last.

Pieces of a long answer are kept until whoever asked takes them, so that a slow reader does not hold a worker. All such
pieces share a spool of bounded size; while it is full, a worker that sends more waits, until the deadline.

A query may be given little time at first, and more when that is over, or when its answer proves long: its worker goes
on, and yields to the others from then on.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final, NamedTuple, Protocol

from kg.model.errors import KgError, QueryFailed, QueryTimeout
from kg.query.alarm import Alarm
from kg.query.messages import Answer, AnswerKind, Header, Piece, read_piece
from kg.query.promise import Promise

_MOMENT: Final = 0.1  # seconds
#: Bytes that a stream may keep however full the spool is.
_AT_LEAST: Final = 512 * 1024


def no_longer() -> float | None:
    """For a query that gets no more time than it was given."""
    return None


class Spool:
    """Bytes of long answers that were read from workers and not yet taken.

    Attributes:
        most: bytes above which workers wait.
        held: bytes that are kept now.
    """

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0


class Pace(NamedTuple):
    """How long a query may run: its seconds, and what says how many more it gets.

    That is asked once, when these seconds are over or the answer proves long; where it says None, the query has run out
    of time.
    """

    deadline: float
    longer: Callable[[], float | None] = no_longer


class Line(Protocol):
    """The way to a worker, and what keeps time for it."""

    alarm: Alarm

    def pause(self) -> None:
        """Reads no more of what it sends."""

    def resume(self) -> None:
        """Reads again."""

    def give_way(self) -> None:
        """Makes the worker yield to other processes until this query has ended."""

    def kill(self) -> None:
        """Ends the worker at once."""


class Conversation:
    """A query that runs; it ends with its last piece, an error, the deadline, or when nobody wants it any more.

    Attributes:
        first: becomes the answer where that is short, else its stream.
    """

    def __init__(
        self,
        line: Line,
        spool: Spool,
        pace: Pace,
        ended: Callable[[Conversation], None],
        first: Promise[Answer | Stream],
    ) -> None:
        """A conversation that begins now.

        Args:
            line: the way to the worker.
            spool: what pieces of long answers are counted in.
            pace: how long the query may run.
            ended: is told once the worker owes nothing more.
            first: is kept with the first of what comes.
        """
        self.first = first
        self._line, self._spool, self._ended = line, spool, ended
        self._deadline, self._longer = pace
        self._stream: Stream | None = None
        self._began = time.perf_counter()
        self._until: float | None = None
        line.alarm.set(self._deadline, self._expire)

    @property
    def seconds(self) -> float:
        """How long the worker was busy; what it is until now while it runs."""
        return (self._until or time.perf_counter()) - self._began

    @property
    def is_over(self) -> bool:
        """Whether the worker owes nothing more."""
        return self._until is not None

    def take(self, header: Header, payload: bytes) -> None:
        """A message of the worker."""
        if self.is_over:
            return
        try:
            piece = read_piece(header, payload)
        except KgError as error:
            self._end(error)
            return
        if self._stream is not None:
            self._stream.put(piece)
        elif not piece.is_last:
            self._begin_stream(piece)
        if piece.is_last:
            self._end(None)
            if self._stream is None:
                self.first.keep(Answer(piece.kind, piece.media_type, piece.payload, piece.rows))

    def lose(self) -> None:
        """The worker is gone."""
        if not self.is_over:
            reason = "the query ended its worker: it needs more memory or nests deeper than a worker can bear"
            self._end(QueryFailed(reason))

    def leave(self) -> None:
        """Nobody wants the answer any more: what still runs is killed.

        A query that has sent nothing yet gets a moment to end by itself: a fresh worker takes longer to start than most
        answers, and whoever asks and hangs up at once shall not have one started each time.
        """
        self.first.cancel()
        if self._stream is not None:
            self._stop()
            self._stream.drop()
        elif not self.is_over:
            self._line.alarm.set(_MOMENT, self._stop)

    def _begin_stream(self, piece: Piece) -> None:
        if self.first.is_cancelled:
            self._stop()
        elif self._longer is no_longer or self._is_prolonged():
            self._stream = Stream(self, piece, self._line, self._spool)
            self.first.keep(self._stream)
        else:
            self._time_out()

    def _stop(self) -> None:
        if not self.is_over:
            self._line.kill()
            self._end(None)

    def _expire(self) -> None:
        if not self._is_prolonged():
            self._time_out()

    def _is_prolonged(self) -> bool:
        more, self._longer = self._longer(), no_longer
        if more is None:
            return False
        self._deadline += more
        self._line.alarm.set(self._deadline - self.seconds, self._expire)
        self._line.give_way()
        return True

    def _time_out(self) -> None:
        self._line.kill()
        self._end(QueryTimeout(self._deadline))

    def _end(self, error: KgError | None) -> None:
        self._until = time.perf_counter()
        self._line.alarm.unset()
        self._ended(self)
        if error is not None and self._stream is not None:
            self._stream.fail(error)
        elif error is not None:
            self.first.fail(error)


class Stream:
    """A long answer, piece by piece; closing it ends a query that still runs.

    Attributes:
        rows: how many rows or triples it held, once the last piece was taken.
    """

    def __init__(self, conversation: Conversation, first: Piece, line: Line, spool: Spool) -> None:
        self.kind: AnswerKind = first.kind
        self.media_type = first.media_type
        self.rows: int | None = None
        self._conversation, self._line, self._spool = conversation, line, spool
        self._pieces: deque[Piece] = deque()
        self._held = 0
        self._error: KgError | None = None
        self._came = asyncio.Event()
        self.put(first)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes.

        Raises:
            QueryError, QueryRefused: the answer cannot be had whole; what was taken of it is of no use.
        """
        while not self._pieces:
            if self._error is not None:
                raise self._error
            if self.rows is not None:
                raise StopAsyncIteration
            self._came.clear()
            await self._came.wait()
        piece = self._pieces.popleft()
        self._release(len(piece.payload))
        if piece.is_last:
            self.rows = piece.rows or 0
        return piece.payload

    def put(self, piece: Piece) -> None:
        """Keeps a piece until it is taken."""
        self._pieces.append(piece)
        self._held += len(piece.payload)
        self._spool.held += len(piece.payload)
        if self._spool.held > self._spool.most and self._held > _AT_LEAST and not piece.is_last:
            self._line.pause()
        self._came.set()

    def fail(self, error: KgError) -> None:
        """No further piece comes, but this error, and at once: what was kept is of no use without the rest."""
        self._error = error
        self.drop()
        self._came.set()

    def drop(self) -> None:
        """Lets go of what was kept."""
        self._pieces.clear()
        self._release(self._held)

    def close(self) -> None:
        """Ends the query if it runs."""
        self._conversation.leave()

    def _release(self, size: int) -> None:
        self._held -= size
        self._spool.held -= size
        if self._held <= _AT_LEAST and not self._conversation.is_over:
            self._line.resume()


async def whole(found: Answer | Stream) -> Answer:
    """An answer in one piece; raises what taking its pieces raises."""
    if isinstance(found, Answer):
        return found
    try:
        payload = b"".join([piece async for piece in found])
    finally:
        found.close()
    return Answer(kind=found.kind, media_type=found.media_type, payload=payload, rows=found.rows)
