"""Triples as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), compacted with the prefixes that they use.

A reader that knows JSON sees an object a thing; a reader that knows JSON-LD sees the very same triples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.vocab import RDF, TYPE, XSD

_STRING, _BOOLEAN, _INTEGER = XSD("string"), XSD("boolean"), XSD("integer")
#: Integers that every reader of JSON keeps to the last digit, written as XML Schema's canonical form has them.
_SAFE_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_LANGUAGE: Final = {RDF("langString"), RDF("dirLangString")}


def jsonld(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """A document with these triples, things and properties in the order in which they come.

    Args:
        triples: in the order wanted; none has a triple as a term.
        prefixes: the namespaces to shorten IRIs by; each ends in `/` or `#`.
    """
    triples = list(triples)
    names = _Names(prefixes, triples)
    things: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = names.reference(triple.subject)
        key, value = _member(triple, names)
        _add(things.setdefault(subject, {"@id": subject}), key, value)
    document = {"@context": names.used, "@graph": list(things.values())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


class _Names:
    """IRIs as the document writes them.

    A prefix that is also the scheme of an IRI among them would take that IRI for a short one, so it is left out.
    """

    def __init__(self, prefixes: Mapping[str, str], triples: Iterable[Triple]) -> None:
        schemes = {
            iri.value.partition(":")[0] for triple in triples for iri in _iris(triple) if isinstance(iri, NamedNode)
        }
        self._prefixes = {name: iri for name, iri in prefixes.items() if name not in schemes}
        self._used: set[str] = set()
        self._known: dict[str, str] = {}

    @property
    def used(self) -> dict[str, str]:
        """The prefixes that were needed, as a context."""
        return {name: self._prefixes[name] for name in sorted(self._used)}

    def short(self, iri: str) -> str:
        """An IRI with a prefix where one fits."""
        if iri not in self._known:
            self._known[iri] = self._shortened(iri)
        return self._known[iri]

    def _shortened(self, iri: str) -> str:
        """What begins with `//` behind a prefix would be read as an IRI, so it stays whole."""
        for name, namespace in self._prefixes.items():
            local = iri.removeprefix(namespace)
            if local and local != iri and not local.startswith("//"):
                self._used.add(name)
                return f"{name}:{local}"
        return iri

    def reference(self, node: object) -> str:
        """The name of a node."""
        return str(node) if isinstance(node, BlankNode) else self.short(_iri(node))


def _iris(triple: Triple) -> Iterable[object]:
    yield from (triple.subject, triple.predicate, triple.object)
    if isinstance(triple.object, Literal):
        yield triple.object.datatype


def _iri(node: object) -> str:
    if not isinstance(node, NamedNode):
        raise TypeError(f"no IRI: {node}")
    return node.value


def _member(triple: Triple, names: _Names) -> tuple[str, object]:
    value = triple.object
    if isinstance(value, Literal):
        return names.short(triple.predicate.value), _literal(value, names)
    if triple.predicate == TYPE:
        return "@type", names.reference(value)
    return names.short(triple.predicate.value), {"@id": names.reference(value)}


def _literal(literal: Literal, names: _Names) -> object:
    if literal.datatype == _STRING:
        return literal.value
    if literal.datatype in _LANGUAGE:
        direction = {"@direction": literal.direction.value} if literal.direction else {}
        return {"@value": literal.value, "@language": literal.language, **direction}
    if literal.datatype == _BOOLEAN and literal.value in {"true", "false"}:
        return literal.value == "true"
    if literal.datatype == _INTEGER and _SAFE_INTEGER.fullmatch(literal.value):
        return int(literal.value)
    return {"@value": literal.value, "@type": names.short(literal.datatype.value)}


def _add(thing: dict[str, Any], key: str, value: object) -> None:
    """One value stands by itself, more in an array."""
    if key not in thing:
        thing[key] = value
    elif isinstance(thing[key], list):
        thing[key].append(value)
    else:
        thing[key] = [thing[key], value]
