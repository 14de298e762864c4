"""Why a thing is said to be what it is: its claims, each with rule, place and words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal

from kg.model.errors import UsageError
from kg.model.evidence import Place, on_sheet
from kg.query.messages import Query
from kg.rdf.formats import ResultsFormat
from kg.rdf.vocab import PREFIXES, RDF

_NOT_IN_IRIS: Final = frozenset('<>"{}|^`\\')
_TEXT: Final = """
PREFIX coord: <https://w3id.org/policy-kg/coord#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?subject ?predicate ?object ?source ?sheet ?line ?column ?quote ?method ?confidence ?polarity WHERE {
  %s
  ?claim a coord:Claim ; rdf:predicate ?predicate ; coord:evidence ?passage ; coord:method ?method ;
         coord:confidence ?confidence ; coord:polarity ?polarity .
  ?passage oa:exact ?quote ; oa:start ?start ; coord:line ?line ; coord:column ?column ; dcterms:isPartOf ?page .
  ?page coord:sourcePath ?source .
  OPTIONAL { ?passage coord:sheet ?sheet }
}
ORDER BY ?source ?page ?start ?predicate ?object ?subject
"""
_CURATED: Final = """
PREFIX coord: <https://w3id.org/policy-kg/coord#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?subject ?predicate ?object ?source WHERE {
  %s
  ?claim a coord:CuratedFact ; rdf:predicate ?predicate ; prov:wasDerivedFrom ?file .
  ?file coord:sourcePath ?source .
}
ORDER BY ?source ?subject ?predicate ?object
"""
_ABOUT: Final = """
  { BIND(<%(iri)s> AS ?subject) ?claim rdf:subject ?subject ; rdf:object ?object }
  UNION
  { BIND(<%(iri)s> AS ?object) ?claim rdf:object ?object ; rdf:subject ?subject }
"""
_TOKEN: Final = re.compile(r"""<[^>\s]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?|\S+""")
_LITERAL: Final = re.compile(
    r"""(?P<text>"(?:[^"\\\n]|\\.)*")(?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^(?P<datatype>\S+))?"""
)
_PREFIXED: Final = re.compile(r"(?P<prefix>[a-z]+):(?P<local>[\w./-]+)")
_KEY: Final = re.compile(r"(?:id/)?[a-z]+(?:-[a-z]+)*(?:/[a-z0-9-]+)+")


def grounds_queries(iri: str) -> tuple[Query, ...]:
    """The queries for the claims, and for the curated facts, in which a thing is subject or object.

    Raises:
        UsageError: the text is no IRI.
    """
    return _queries(_ABOUT % {"iri": _checked(iri)})


def triple_words(line: str) -> list[str]:
    """The terms of a line such as an N-Triples one, without the full stop at its end."""
    words: list[str] = _TOKEN.findall(line)
    return words[:-1] if words and words[-1] == "." else words


def triple_queries(subject: str, predicate: str, value: str, base: str) -> tuple[Query, ...]:
    """The queries for the claims, and for the curated facts, of exactly one statement.

    Each term is an IRI, with or without angle brackets, a name with a known prefix, or an IRI's last part
    (`body/jp-csti`); the value may be a literal as in N-Triples too, or its bare words, of whatever type or language.

    Raises:
        UsageError: subject or predicate is none of these, or the literal is none.
    """
    about, said = _iri(subject, base), RDF("type").value if predicate == "a" else _iri(predicate, base)
    if about is None or said is None:
        wrong = subject if about is None else predicate
        raise UsageError(f"{wrong!r} is no IRI, no name with a known prefix and no last part of an IRI")
    literal = _LITERAL.fullmatch(value)
    meant = None if literal else _iri(value, base)
    if literal and (literal["language"] or literal["datatype"]):
        same = f"?object = {_literal(literal, base)}"
    elif meant is not None:
        same = f"?object = <{meant}>"
    else:
        same = f"STR(?object) = {literal['text'] if literal else Literal(value)}"
    where = f"VALUES (?subject ?predicate) {{ (<{about}> <{said}>) }}"
    where += f" ?claim rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object FILTER({same})"
    return _queries(f"{{ {where} }}")


def _queries(where: str) -> tuple[Query, ...]:
    return tuple(Query(text=text % where, results=ResultsFormat.JSON) for text in (_TEXT, _CURATED))


def _iri(word: str, base: str) -> str | None:
    """The IRI that a word stands for, if it looks like one."""
    if word.startswith("<") and word.endswith(">"):
        return _checked(word[1:-1])
    prefixed = _PREFIXED.fullmatch(word)
    if prefixed and prefixed["prefix"] in PREFIXES:
        return f"{PREFIXES[prefixed['prefix']]}{prefixed['local']}"
    if re.match(r"[a-z]+://\S+$", word):
        return _checked(word)
    return f"{base}id/{word.removeprefix('id/')}" if _KEY.fullmatch(word) else None


def _literal(parts: re.Match[str], base: str) -> str:
    """The literal in SPARQL; SPARQL writes strings as N-Triples does."""
    if parts["language"]:
        return f"{parts['text']}@{parts['language']}"
    datatype = _iri(parts["datatype"], base)
    if datatype is None:
        raise UsageError(f"{parts['datatype']!r} is no datatype; expected an IRI or a name such as xsd:gYear")
    return f"{parts['text']}^^<{datatype}>"


def _checked(iri: str) -> str:
    if any(letter in _NOT_IN_IRIS or letter <= " " for letter in iri):
        raise UsageError(f"{iri!r} is no IRI")
    return iri


def grounds_text(answer: Mapping[str, Any]) -> str:
    """The claims or curated facts as text, each with its place, a claim with its words; empty where there is none."""
    rows: Sequence[Mapping[str, Mapping[str, str]]] = answer["results"]["bindings"]
    return "\n".join(_claim({name: term["value"] for name, term in row.items()}) for row in rows)


def _claim(row: Mapping[str, str]) -> str:
    statement = f"{_short(row['subject'])} {_short(row['predicate'])} {_short(row['object'])}"
    if "quote" not in row:
        return f"{row['source']}: {statement}\n    stated by hand"
    place = Place(source=on_sheet(row["source"], row.get("sheet")), line=int(row["line"]), column=int(row["column"]))
    denied = "denied: " if row["polarity"] == "denied" else ""
    words = " ".join(row["quote"].split())
    return f"{place}: {denied}{statement}\n    “{words}”\n    read by {row['method']}, confidence {row['confidence']}"


def _short(value: str) -> str:
    """An IRI's telling end; other values as they are, on one line."""
    if "://" not in value:
        return " ".join(value.split())
    if "/id/" in value:
        return value.rpartition("/id/")[2]
    return value.rpartition("#")[2] if "#" in value else value.rpartition("/")[2]
