"""Rows of another server as a VALUES block of a query: every term written anew, so that none can say more than itself.

SPARQL 1.1 Query Results JSON and XML Formats; SPARQL 1.1 Query Language, sections 10.2 (inline data) and 19.8 (the
grammar).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from kg.query.rows_xml import rows_of_xml

#: What stands for a failure that is to be silent: one solution that binds nothing.
NOTHING: Final = "() { () }"

_LONGEST_TAG: Final = 100
_MOST_TERMS: Final = 500_000
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20\x7f<>\"{}|^`\\]*")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\0": r"\u0000"})
ROWS: Final = "application/sparql-results+json"
#: Media types of the JSON format.
JSON: Final = frozenset({ROWS, "application/json"})
_LITERALS: Final = frozenset({"literal", "typed-literal"})  # the second is of a draft that some servers follow
_Term = Mapping[str, Any]


def values_block(
    answer: bytes,
    variables: Sequence[str],
    *,
    media_type: str = ROWS,
    most_rows: int,
    name: Callable[[str], str],
) -> str:
    """The rows of an answer, as what follows the word VALUES.

    Args:
        answer: in the JSON or the XML format.
        variables: those that may be bound; what else the answer binds is left out.
        media_type: which of them; XML is for a process that is closed off.
        most_rows: more are an error.
        name: the IRI that stands for a blank node, by its label: inline data can have none.

    Raises:
        ValueError: it is not in that format, holds what is no RDF 1.1 term, or too many rows.
    """
    told, rows = _read_json(answer) if media_type in JSON else rows_of_xml(answer)
    if len(rows) > most_rows:
        raise ValueError(f"it answers {len(rows):,} rows; at most {most_rows:,} are taken from a service")
    answered = {each for each in told if isinstance(each, str)}
    bound = [variable for variable in variables if variable in answered]
    if len(rows) * len(bound) > _MOST_TERMS:
        raise ValueError(f"it answers {len(rows):,} rows of {len(bound):,} variables, which is too much")
    lines = (_row(row, bound, name) for row in rows)
    return f"({' '.join(f'?{variable}' for variable in bound)}) {{ {' '.join(lines)} }}"


def blank_name(prefix: str, label: str) -> str:
    """The IRI that stands for a blank node of an answer, by its label (RDF 1.1 Concepts, section 3.5)."""
    return prefix + quote(label, safe="")


def _read_json(answer: bytes) -> tuple[list[Any], list[Any]]:
    """The variables and the rows of an answer."""
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise ValueError("its answer is no JSON") from error
    match document:
        case {"head": {"vars": list(told)}, "results": {"bindings": list(rows)}}:
            return told, rows
        case _:
            raise ValueError("its answer is not what application/sparql-results+json holds")


def _row(row: Any, variables: Sequence[str], name: Callable[[str], str]) -> str:  # noqa: ANN401 - anything of JSON
    if not isinstance(row, dict):
        raise ValueError("a row of its answer is none")  # noqa: TRY004 - what is wrong is another server's answer
    return f"({' '.join(_term(row[each], name) if each in row else 'UNDEF' for each in variables)})"


def _term(term: Any, name: Callable[[str], str]) -> str:  # noqa: ANN401 - anything of JSON
    match term:
        case {"type": "uri", "value": str(value)}:
            return _iri(value)
        case {"type": "bnode", "value": str(value)}:
            return _iri(name(value))
        case {"type": str(kind), "value": str(value)} if kind in _LITERALS:
            return _literal(value, term)
        case _:
            raise ValueError(f"a term of its answer is none of RDF 1.1: {str(term)[:80]!r}")


def _literal(value: str, term: _Term) -> str:
    quoted = f'"{_whole(value).translate(_ESCAPES)}"'
    match term:
        case {"xml:lang": str(tag)}:
            if len(tag) > _LONGEST_TAG or not _TAG.fullmatch(tag):
                raise ValueError(f"a language of its answer is none: {tag[:80]!r}")
            return f"{quoted}@{tag}"
        case {"datatype": str(datatype)}:
            return f"{quoted}^^{_iri(datatype)}"
        case _:
            return quoted


def _iri(text: str) -> str:
    if not _IRI.fullmatch(_whole(text)):
        raise ValueError(f"an IRI of its answer is none, or not absolute: {text[:80]!r}")
    return f"<{text}>"


def _whole(text: str) -> str:
    """The text, where it is one of Unicode: JSON can hold halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text of its answer holds half a character") from error
    return text
