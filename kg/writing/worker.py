"""The writer: `python -m kg.writing.worker` takes writes over its standard input, a socket, one after another.

It loads what reading and checking need once, and leaves each write to a process of its own. It never opens a store, and
may be killed any moment.
"""

from __future__ import annotations

import gc
import os

from kg.model.errors import KgError
from kg.model.writes import WriteOutcome, Written
from kg.query.messages import Header, frame, receive, send
from kg.query.sandbox import die_with_parent
from kg.writing.gate import Gate
from kg.writing.messages import read_write, written_frame
from kg.writing.options import GateOptions
from kg.writing.trial import tried


def main() -> None:
    """Reads its options, loads, says so, then writes until the server closes the connection."""
    die_with_parent()
    with open(os.dup(0), "rb") as requests, open(os.dup(0), "wb", buffering=0) as answers:  # noqa: PTH123  (descriptors)
        options = receive(requests)
        if options is None:
            return
        gate = Gate(GateOptions.of(options[0]))
        try:
            gate.set_up()
        except KgError as error:
            send(answers, frame({"failed": str(error)}))
            return
        gc.freeze()  # what is loaded stays shared with the processes of writes
        send(answers, frame({"ready": os.getpid()}))
        while (request := receive(requests)) is not None:
            send(answers, written_frame(_written(gate, *request)))


def _written(gate: Gate, header: Header, payload: bytes) -> Written:
    write, mark = read_write(header, payload)
    try:
        return tried(gate, write, mark)
    except OSError as error:  # no process can be started
        return gate.failed(WriteOutcome.FAILED, f"the write could not be begun: {error}")


if __name__ == "__main__":
    main()
