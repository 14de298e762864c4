"""How many rows a written answer holds, told from its bytes: the engine writes rows itself and does not say."""

from __future__ import annotations

import re
from typing import Final

from kg.rdf.formats import ResultsFormat

_LONGEST: Final = 8 * 1024 * 1024  # bytes: counting in more would take a tenth of a second
_JSON_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_CSV_STRING: Final = re.compile(rb'"[^"]*+"')


def row_count(payload: bytes, results: ResultsFormat) -> int | None:
    """The number of rows in an answer to SELECT as the engine writes it; None where the answer is very long.

    Outside of strings, JSON has `},{` between rows alone; CSV has a line for each row; TSV has no other ends of lines,
    and XML no other `<result>`, since both escape them in texts.
    """
    if len(payload) > _LONGEST:
        return None
    match results:
        case ResultsFormat.JSON:
            bare = _JSON_STRING.sub(b"", payload)
            return 0 if b"[]}}" in bare else bare.count(b"},{") + 1
        case ResultsFormat.XML:
            return payload.count(b"<result>")
        case ResultsFormat.CSV:
            return _CSV_STRING.sub(b"", payload).count(b"\n") - 1
        case ResultsFormat.TSV:
            return payload.count(b"\n") - 1
