"""How many rows a written answer holds, told from its bytes: the engine writes rows itself and does not say."""

from __future__ import annotations

import re
from typing import Final

from kg.rdf.formats import ResultsFormat

_LONGEST_HARD: Final = 1024 * 1024  # bytes: taking the strings out of more would take as long as the query
_JSON_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_CSV_STRING: Final = re.compile(rb'"[^"]*+"')


def row_count(payload: bytes, results: ResultsFormat) -> int | None:
    """The number of rows in an answer to SELECT as the engine writes it; None where that is too costly to tell.

    CSV has a line for each row outside of its strings; TSV has no other ends of lines, and XML no other `<result>`,
    since both escape them in texts.
    """
    match results:
        case ResultsFormat.JSON:
            return _json_rows(payload)
        case ResultsFormat.XML:
            return payload.count(b"<result>")
        case ResultsFormat.CSV:
            return _CSV_STRING.sub(b"", payload).count(b"\n") - 1
        case ResultsFormat.TSV:
            return payload.count(b"\n") - 1


def _json_rows(payload: bytes) -> int | None:
    """Outside of strings, `},{` stands between rows alone.

    Where each stands as `"}},{"`, and the first quote neither begins a value nor is escaped, none is within a string.
    """
    if payload.endswith(b'"bindings":[]}}'):
        return 0
    between = payload.count(b"},{")
    if between == payload.count(b'"}},{"') and b':"}},{"' not in payload and b'\\"}},{"' not in payload:
        return between + 1
    return None if len(payload) > _LONGEST_HARD else _JSON_STRING.sub(b"", payload).count(b"},{") + 1
