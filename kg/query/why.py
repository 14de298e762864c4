"""Why a thing is said to be what it is: its claims, each with rule, place and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kg.model.errors import UsageError
from kg.query.messages import Query
from kg.rdf.formats import ResultsFormat

_NOT_IN_IRIS: Final = frozenset('<>"{}|^`\\')
_TEXT: Final = """
PREFIX coord: <https://w3id.org/policy-kg/coord#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?subject ?predicate ?object ?source ?line ?column ?quote ?method ?confidence ?polarity WHERE {
  { BIND(<%(iri)s> AS ?subject) ?claim rdf:subject ?subject ; rdf:object ?object }
  UNION
  { BIND(<%(iri)s> AS ?object) ?claim rdf:object ?object ; rdf:subject ?subject }
  ?claim a coord:Claim ; rdf:predicate ?predicate ; coord:evidence ?passage ; coord:method ?method ;
         coord:confidence ?confidence ; coord:polarity ?polarity .
  ?passage oa:exact ?quote ; oa:start ?start ; coord:line ?line ; coord:column ?column ; dcterms:isPartOf ?page .
  ?page coord:sourcePath ?source .
}
ORDER BY ?source ?start ?predicate ?object ?subject
"""


def grounds_query(iri: str) -> Query:
    """The query for the claims in which a thing is subject or object.

    Raises:
        UsageError: the text is no IRI.
    """
    if any(letter in _NOT_IN_IRIS or letter <= " " for letter in iri):
        raise UsageError(f"{iri!r} is no IRI")
    return Query(text=_TEXT % {"iri": iri}, results=ResultsFormat.JSON)


def grounds_text(answer: Mapping[str, Any]) -> str:
    """The claims as text, a place and its words each; empty where there is none."""
    rows: Sequence[Mapping[str, Mapping[str, str]]] = answer["results"]["bindings"]
    return "\n".join(_claim({name: term["value"] for name, term in row.items()}) for row in rows)


def _claim(row: Mapping[str, str]) -> str:
    place = f"{row['source']}:{row['line']}:{row['column']}"
    denied = "denied: " if row["polarity"] == "denied" else ""
    statement = f"{_short(row['subject'])} {_short(row['predicate'])} {_short(row['object'])}"
    words = " ".join(row["quote"].split())
    return f"{place}: {denied}{statement}\n    “{words}”\n    read by {row['method']}, confidence {row['confidence']}"


def _short(value: str) -> str:
    """An IRI's telling end; other values as they are, on one line."""
    if "://" not in value:
        return " ".join(value.split())
    if "/id/" in value:
        return value.rpartition("/id/")[2]
    return value.rpartition("#")[2] if "#" in value else value.rpartition("/")[2]
