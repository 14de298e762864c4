"""SPARQL's JSON results as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A value in a row of results.

    Attributes:
        iri: set for an IRI, else None.
        text: the IRI, a literal's text, or another term's own writing.
        language, datatype: of a literal; no datatype is given for strings.
    """

    text: str
    iri: str | None = None
    language: str | None = None
    datatype: str | None = None


Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a SELECT; a variable without a value is missing from its row."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(payload: bytes) -> Table:
    """The table in SPARQL results JSON."""
    results = json.loads(payload)
    rows = tuple(
        {variable: _term(value) for variable, value in binding.items()} for binding in results["results"]["bindings"]
    )
    return Table(variables=tuple(results["head"]["vars"]), rows=rows)


def read_boolean(payload: bytes) -> bool:
    """The truth value in SPARQL results JSON."""
    return bool(json.loads(payload)["boolean"])


def text_of(row: Row, variable: str) -> str:
    """A value's text, or nothing where the row has no value."""
    return row[variable].text if variable in row else ""


def _term(value: Mapping[str, Any]) -> Term:
    match value["type"]:
        case "uri":
            return Term(text=value["value"], iri=value["value"])
        case "bnode":
            return Term(text=f"_:{value['value']}")
        case "triple":
            parts = (_term(value["value"][part]).text for part in ("subject", "predicate", "object"))
            return Term(text=" ".join(parts))
        case _:
            datatype = value.get("datatype")
            return Term(
                text=value["value"],
                language=value.get("xml:lang"),
                datatype=None if datatype == _XSD_STRING else datatype,
            )
