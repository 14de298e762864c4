"""What is wrong with a shapes graph: all that a validator would pass over in silence or leave to chance.

It says what the W3C's shapes for shapes say (SHACL, Appendix C), and what they do not: terms that SHACL does not have,
other namespaces, shapes that nothing ever runs, recursion, and patterns that may never come to an end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Final

from kg.check.shacl.backtracking import is_catastrophic
from kg.check.shacl.datatypes import well_typed
from kg.check.shacl.graph import TYPE_TERM, Graph
from kg.check.shacl.literals import LANG_STRING, STRING, is_iri, is_literal, literal, words
from kg.check.shacl.paths import IllFormed, read_list, read_path
from kg.check.shacl.query.refusals import NAMESPACE, PREFIX_NAME
from kg.check.shacl.shapes_graph import NODE_SHAPE, PREFIX, PROPERTY_SHAPE, SHAPE_LISTS, SHAPE_PARAMETERS, ShapesGraph
from kg.check.shacl.targets import TARGETS, targets
from kg.check.shacl.vocabulary import TERMS
from kg.rdf.federation import federation
from kg.rdf.vocab import SH, XSD

_PATH, _PROPERTY, _PATTERN, _FLAGS = (str(SH(name)) for name in ("path", "property", "pattern", "flags"))
_LIKE_SHACL: Final = re.compile(r"<https?://(?:www\.)?w3\.org/(?:ns/)?shacl[/#]\w", re.IGNORECASE)
_BOOLEAN = XSD("boolean").value


class FaultKind(Enum):
    """The kinds of faults."""

    TERM = "a term that SHACL does not have"
    NAMESPACE = "a namespace that looks like SHACL's"
    VALUE = "a value of the wrong kind, or too many"
    REFERENCE = "a shape that nothing runs, or that nobody describes"
    RECURSION = "a shape that refers to itself"
    PATTERN = "a pattern that is none or may have no end"


@dataclass(frozen=True, slots=True)
class Fault:
    """A triple of the shapes graph that is wrong, in N-Triples terms, and why, in a clause."""

    kind: FaultKind
    subject: str
    predicate: str
    value: str
    reason: str

    @property
    def term(self) -> str:
        """The predicate or the object, whichever is at fault."""
        unknown = self.predicate.startswith(PREFIX) and self.predicate[len(PREFIX) : -1] not in TERMS
        return self.predicate if unknown or _looks_like_shacl(self.predicate) else self.value


def faults(graph: Graph) -> list[Fault]:
    """All faults of a shapes graph; those of one triple stand together."""
    shapes = ShapesGraph(graph)
    found = [*_terms(graph), *_parameters(graph), *_structure(shapes), *_recursion(shapes)]
    return list(dict.fromkeys(found))


def _terms(graph: Graph) -> Iterator[Fault]:
    """Terms that SHACL does not have, in its namespace or in one that looks like it."""
    for subject, predicate, value in graph.triples():
        for term in (predicate, value):
            if term.startswith(PREFIX):
                local = term[len(PREFIX) : -1]
                if local and local not in TERMS:
                    yield Fault(
                        FaultKind.TERM, subject, predicate, value, f"sh:{local} is no term of SHACL{_hint(local)}"
                    )
            elif _looks_like_shacl(term):
                yield Fault(
                    FaultKind.NAMESPACE,
                    subject,
                    predicate,
                    value,
                    f"{term} is not in SHACL's namespace, which is <{SH.iri}>",
                )


def _looks_like_shacl(term: str) -> bool:
    return is_iri(term) and not term.startswith(PREFIX) and bool(_LIKE_SHACL.match(term))


def _hint(local: str) -> str:
    folded = {term.lower(): term for term in TERMS}
    near = get_close_matches(local.lower(), folded, n=1)
    return f"; did you mean sh:{folded[near[0]]}?" if near else ""


def _whole(value: str) -> bool:
    return is_literal(value) and literal(value).datatype == XSD("integer").value and well_typed(value)


def _text(value: str) -> bool:
    return is_literal(value) and literal(value).datatype == STRING


def _words(value: str) -> bool:
    return is_literal(value) and literal(value).datatype in (STRING, LANG_STRING)


def _prefix(value: str) -> bool:
    return _text(value) and bool(PREFIX_NAME.fullmatch(literal(value).lexical))


def _namespace(value: str) -> bool:
    return is_literal(value) and bool(NAMESPACE.fullmatch(literal(value).lexical))


def _boolean(value: str) -> bool:
    return is_literal(value) and literal(value).datatype == _BOOLEAN and well_typed(value)


def _node_kind(value: str) -> bool:
    return value.removeprefix(PREFIX)[:-1] in _KINDS


def _any_node(value: str) -> bool:
    return not is_literal(value)


_KINDS: Final = frozenset({"IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"})
Kind = tuple[Callable[[str], bool], str]
_NUMBER: Final[Kind] = (_whole, "an xsd:integer")
_IRI: Final[Kind] = (is_iri, "an IRI")
_NODE: Final[Kind] = (_any_node, "an IRI or a blank node")
_LITERAL: Final[Kind] = (is_literal, "a literal")
_TRUTH: Final[Kind] = (_boolean, "true or false")
_STRING: Final[Kind] = (_text, "an xsd:string")
_KINDS_OF: Final[Mapping[str, Kind]] = {
    "class": _NODE, "datatype": _IRI, "nodeKind": (_node_kind, "one of SHACL's six kinds of nodes"),
    "minCount": _NUMBER, "maxCount": _NUMBER, "minLength": _NUMBER, "maxLength": _NUMBER,
    "minExclusive": _LITERAL, "minInclusive": _LITERAL, "maxExclusive": _LITERAL, "maxInclusive": _LITERAL,
    "pattern": _STRING, "flags": _STRING, "uniqueLang": _TRUTH, "closed": _TRUTH, "deactivated": _TRUTH,
    "equals": _IRI, "disjoint": _IRI, "lessThan": _IRI, "lessThanOrEquals": _IRI,
    "not": _NODE, "node": _NODE, "property": _NODE, "qualifiedValueShape": _NODE,
    "qualifiedMinCount": _NUMBER, "qualifiedMaxCount": _NUMBER, "qualifiedValueShapesDisjoint": _TRUTH,
    "severity": _IRI, "message": (_words, "a string, with a language or without"), "sparql": _NODE,
    "targetClass": _IRI, "targetSubjectsOf": _IRI, "targetObjectsOf": _IRI,
    "select": _STRING, "ask": _STRING, "prefix": (_prefix, "a prefix"), "namespace": (_namespace, "an IRI"),
}  # fmt: skip
_LISTS: Final = frozenset({"and", "or", "xone", "in", "languageIn", "ignoredProperties"})
_ONCE: Final = frozenset(
    {
        "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength", "uniqueLang", "closed", "deactivated",
        "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "in", "languageIn", "ignoredProperties",
        "flags", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint",
        "severity", "path", "select", "ask",
    }
)  # fmt: skip
_OF_PROPERTIES: Final = frozenset(
    {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"}
)


def _parameters(graph: Graph) -> Iterator[Fault]:
    """Values of the wrong kind, and more of them than there may be."""
    for subject, described in graph.nodes.items():
        for predicate, values in described.items():
            local = predicate[len(PREFIX) : -1] if predicate.startswith(PREFIX) else ""
            for value in values if local else ():
                reason = _reason(graph, local, value)
                if reason:
                    yield Fault(FaultKind.VALUE, subject, predicate, value, reason)
            if local in _ONCE and len(values) > 1:
                reason = f"{len(values)} values of sh:{local}, which may have one"
                yield Fault(FaultKind.VALUE, subject, predicate, list(values)[1], reason)
            if local in _OF_PROPERTIES and _PATH not in described and _is_shape(described):
                yield Fault(
                    FaultKind.VALUE,
                    subject,
                    predicate,
                    next(iter(values)),
                    f"sh:{local} in a node shape, which has no values",
                )
        yield from _patterns(graph, subject)


def _is_shape(described: Mapping[str, object]) -> bool:
    return _PROPERTY in described or not TARGETS.isdisjoint(described) or TYPE_TERM in described


def _reason(graph: Graph, local: str, value: str) -> str:
    """What is wrong with a parameter's value; empty where nothing is."""
    known = _KINDS_OF.get(local)
    if known is not None and not known[0](value):
        return f"sh:{local} {value} is not {known[1]}"
    if local in ("select", "ask"):
        return federation(words(value))
    try:
        if local in _LISTS:
            read_list(graph, value)
        elif local == "path":
            read_path(graph, value)
    except IllFormed as error:
        return f"sh:{local} is {error.reason}"
    return ""


def _patterns(graph: Graph, subject: str) -> Iterator[Fault]:
    flags = next((words(value) for value in graph.objects(subject, _FLAGS)), "")
    for value in graph.objects(subject, _PATTERN):
        try:
            endless = is_catastrophic(words(value), flags)
        except ValueError as error:
            yield Fault(FaultKind.PATTERN, subject, _PATTERN, value, f"no pattern that SPARQL's REGEX knows: {error}")
        else:
            if endless:
                reason = "a pattern that may take endless time, since what it repeats can be read in two ways"
                yield Fault(FaultKind.PATTERN, subject, _PATTERN, value, reason)


def _structure(shapes: ShapesGraph) -> Iterator[Fault]:
    """Shapes that nothing would ever run, and references to shapes that nobody describes."""
    graph = shapes.graph
    referred = {value for _, predicate, value in graph.triples() if predicate != TYPE_TERM}
    for subject, described in graph.nodes.items():
        types = described.get(TYPE_TERM, ())
        for kind in types if not targets(graph, subject) and subject not in referred else ():
            if kind in (NODE_SHAPE, PROPERTY_SHAPE):
                reason = f"{subject} would never run: it has no target, and no shape refers to it"
                yield Fault(FaultKind.REFERENCE, subject, TYPE_TERM, kind, reason)
        if PROPERTY_SHAPE in types and _PATH not in described:
            yield Fault(FaultKind.REFERENCE, subject, TYPE_TERM, PROPERTY_SHAPE, "a property shape without sh:path")
        yield from _references(graph, subject)


def _references(graph: Graph, subject: str) -> Iterator[Fault]:
    described = graph.nodes[subject]
    for predicate in SHAPE_PARAMETERS & described.keys():
        for value in described[predicate]:
            if predicate == _PROPERTY and _PATH not in graph.nodes.get(value, {}):
                yield Fault(
                    FaultKind.REFERENCE, subject, predicate, value, f"{subject} refers to {value}, which has no sh:path"
                )
            elif value not in graph.nodes:
                yield Fault(
                    FaultKind.REFERENCE,
                    subject,
                    predicate,
                    value,
                    f"{subject} refers to {value}, which nobody describes",
                )
    for predicate in SHAPE_LISTS & described.keys():
        for value in described[predicate]:
            yield from _members(graph, subject, predicate, value)


def _members(graph: Graph, subject: str, predicate: str, head: str) -> Iterator[Fault]:
    try:
        members = read_list(graph, head)
    except IllFormed:
        return
    if not members:
        yield Fault(FaultKind.REFERENCE, subject, predicate, head, "a list of shapes without a member")
    for member in members:
        if member not in graph.nodes:
            yield Fault(
                FaultKind.REFERENCE, subject, predicate, head, f"{subject} refers to {member}, which nobody describes"
            )


def _recursion(shapes: ShapesGraph) -> Iterator[Fault]:
    """Shapes that refer to themselves, by whatever way; SHACL leaves open what that means (§3.4.3)."""
    done: set[str] = set()
    for start in shapes.graph.nodes:
        stack = [(start, iter(list(shapes.referred(start))))] if start not in done else []
        within = [start] if stack else []
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done.add(node)
                stack.pop()
                within.pop()
            elif following in within:
                yield _circle(shapes.graph, node, following)
            elif following not in done:
                stack.append((following, iter(list(shapes.referred(following)))))
                within.append(following)


def _circle(graph: Graph, node: str, following: str) -> Fault:
    for predicate, values in graph.nodes[node].items():
        if predicate in SHAPE_PARAMETERS and following in values:
            return Fault(
                FaultKind.RECURSION, node, predicate, following, f"{following} refers to itself by way of {node}"
            )
    predicate = next(each for each in graph.nodes[node] if each in SHAPE_LISTS)
    value = next(iter(graph.nodes[node][predicate]))
    return Fault(FaultKind.RECURSION, node, predicate, value, f"{following} refers to itself by way of {node}")
