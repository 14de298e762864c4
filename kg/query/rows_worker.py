"""The process that reads one answer of another server: `python -m kg.query.rows_worker`.

It is closed off before a byte of the answer comes, writes the rows as inline data, and ends.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Final

from kg.query.messages import frame, receive, send
from kg.query.sandbox import Barrier, Limits, confine
from kg.query.values import blank_name, values_block

#: For an answer of as many bytes as are taken: 4 MiB of JSON take 60 MB and a third of a second.
_LIMITS: Final = Limits(memory=512 * 1024**2, processor=10)


def main() -> None:
    """Reads one answer from standard input and writes what becomes of it to standard output."""
    close_off = confine(_LIMITS)
    with open(os.dup(0), "rb") as requests, open(os.dup(1), "wb", buffering=0) as replies:  # noqa: PTH123  (descriptors)
        close_off(Barrier)
        asked = receive(requests)
        if asked is None:
            return
        header, answer = asked
        try:
            rows = values_block(
                answer,
                header["variables"],
                media_type=header["media_type"],
                most_rows=header["most_rows"],
                name=partial(blank_name, header["blank"]),
            )
        except (ValueError, MemoryError) as error:
            reason = str(error) or "its answer takes more memory than reading it may"
            send(replies, frame({"refused": True}, reason.encode(errors="replace")))
        else:
            send(replies, frame({"rows": True}, rows.encode()))


if __name__ == "__main__":
    main()
