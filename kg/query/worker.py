"""A worker process: `python -m kg.query.worker DATA …` answers queries over its standard input, a socket, one by one.

It shares nothing with the service that started it, holds the store open for reading only, and may be killed any moment.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Final

from pyoxigraph import Store

from kg.model.errors import QueryError, QueryFailed, QueryRefused
from kg.query.evaluate import answer, write_answer
from kg.query.messages import Header, Piece, Query, error_frame, frame, receive, send
from kg.query.sandbox import Barrier, Limits, begin_query, confine

_WARMING: Final = Query(text="SELECT * { ?s ?p ?o } LIMIT 1")


def main() -> None:
    """Opens the store, says so, then answers until the service closes the connection."""
    options = _options()
    limits = Limits(memory=options.memory, processor=options.processor, niceness=options.niceness)
    answer_all(lambda: _opened(str(options.data)), limits, options.barriers, options.base)


def answer_all(opened: Callable[[], Store], limits: Limits, barriers: Iterable[Barrier], base: str | None) -> None:
    """Closes this process off once it has its store, then answers what comes on standard input, a socket."""
    close_off = confine(limits)
    with open(os.dup(0), "rb") as requests, open(os.dup(0), "wb", buffering=0) as answers:  # noqa: PTH123  (descriptors)
        try:
            store = opened()
        except QueryFailed as error:
            send(answers, error_frame(error))
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)  # never closed: nothing else shall take its number
        sandbox = close_off(barriers)
        send(answers, frame({"ready": os.getpid(), "sandbox": sandbox.described}))
        os.dup2(nowhere, 2)  # nothing a query makes the engine print reaches the service's log
        _Desk(store, limits, base, requests, answers).work()


class _Desk:
    """Where queries are answered, by one thread after another.

    The service makes the thread yield whose query takes long. A thread that yields can never be made as quick as before
    by those who are not root; so the next query is for a new one, which the first thread, where no query runs, starts.
    """

    def __init__(self, store: Store, limits: Limits, base: str | None, requests: BinaryIO, answers: BinaryIO) -> None:
        self._store, self._limits, self._base = store, limits, base
        self._requests, self._answers = requests, answers
        self._request: tuple[Header, bytes] | None = None

    def work(self) -> None:
        """Answers until the service closes the connection."""
        self._request = receive(self._requests)
        while self._request is not None:
            thread = Thread(target=self._answer_while_quick)
            thread.start()
            thread.join()

    def _answer_while_quick(self) -> None:
        """Answers until there is nothing more to answer, or it is for another thread."""
        priority = os.getpriority(os.PRIO_PROCESS, 0)
        while self._request is not None and os.getpriority(os.PRIO_PROCESS, 0) == priority:
            self._answer(*self._request)
            self._request = receive(self._requests)

    def _answer(self, header: Header, payload: bytes) -> None:
        begin_query(self._limits, header.get("seconds"))
        if "open" in header:
            self._store = _moved(self._store, header["open"], self._answers)
        else:
            _reply(self._store, Query.unframe(header, payload), self._base, self._answers)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kg.query.worker")
    parser.add_argument("data", type=Path)
    parser.add_argument("--base")
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--processor", type=int, required=True)
    parser.add_argument("--niceness", type=int, required=True)
    parser.add_argument("--barriers", type=Barrier, nargs="*", default=list(Barrier))
    return parser.parse_args()


def _opened(data: str) -> Store:
    """The store in a folder, with all that the first query opens.

    Raises:
        QueryFailed: it cannot be opened.
    """
    try:
        store = Store.read_only(data)
        answer(store, _WARMING)
    except (OSError, ValueError, QueryFailed) as error:
        raise QueryFailed(f"the store in {data} cannot be opened: {error}") from error
    return store


def _moved(store: Store, data: str, answers: BinaryIO) -> Store:
    """The store to answer from next: the one in this folder, or where it cannot be opened the one before it."""
    try:
        store = _opened(data)
    except QueryFailed as error:
        send(answers, error_frame(error))
    else:
        send(answers, frame({"open": data}))
    return store


def _reply(store: Store, query: Query, base: str | None, answers: BinaryIO) -> None:
    """Sends the answer; where that fails in the middle, the error in place of the rest."""

    def send_on(piece: Piece) -> None:
        send(answers, piece.frame())

    try:
        write_answer(store, query, base, send_on)
    except (QueryError, QueryRefused) as error:
        send(answers, error_frame(error))
    except MemoryError:
        send(answers, error_frame(QueryFailed("the query needs more memory than a worker has")))


if __name__ == "__main__":
    main()
