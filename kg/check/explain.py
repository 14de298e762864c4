"""What a shape asks for, in words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.check.rules import Rule, rule_name
from kg.check.shapes import ShapeSet
from kg.rdf.vocab import PREFIXES, RDF, SH

Term = NamedNode | BlankNode | Literal | Triple

_FIRST, _REST, _NIL = RDF("first"), RDF("rest"), RDF("nil")
_PATH_SIGNS: Final = {SH("zeroOrMorePath"): "*", SH("oneOrMorePath"): "+", SH("zeroOrOnePath"): "?"}
_TARGETS: Final = {
    SH("targetClass"): "every {}",
    SH("targetNode"): "{}",
    SH("targetSubjectsOf"): "everything that has a {}",
    SH("targetObjectsOf"): "everything that some {} points to",
    SH("target"): "what the query beside it finds over all pages",
}
_SELF_DESCRIPTION: Final = frozenset(
    SH(name)
    for name in ("path", "name", "description", "message", "severity", "property", "order", "group", "flags", "target")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule with all that its shape says.

    Attributes:
        targets: the nodes that are looked at, in words.
        path: what is looked at from them, as SPARQL writes paths with prefixes; None where it is the node itself.
        constraints: what must hold, in words.
        place: the file and the line that define it; None for a rule that is no shape.
    """

    rule: Rule
    targets: tuple[str, ...]
    path: str | None
    constraints: tuple[str, ...]
    place: str | None


class Explainer:
    """Explains the rules of a set of shapes."""

    def __init__(self, shapes: ShapeSet, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._said: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._users: dict[Term, list[Term]] = defaultdict(list)
        for quad in shapes.quads:
            self._said[quad.subject][quad.predicate].append(quad.object)
            if quad.predicate == SH("property"):
                self._users[quad.object].append(quad.subject)

    def explain(self, iri: str) -> Explanation:
        """The explanation of a rule.

        Raises:
            KeyError: there is no such rule.
        """
        rule = self._rules[iri]
        node = NamedNode(iri)
        holders = [node, *self._users[node]]
        paths = self._said[node][SH("path")]
        return Explanation(
            rule=rule,
            targets=tuple(words for holder in holders for words in self._targets(holder)),
            path=self._path(paths[0]) if paths else None,
            constraints=tuple(self._constraints(node)),
            place=_place(rule.file, iri) if rule.file else None,
        )

    def _targets(self, node: Term) -> Iterator[str]:
        for predicate, words in _TARGETS.items():
            yield from (words.format(short(target)) for target in self._said[node][predicate])

    def _constraints(self, node: Term) -> Iterator[str]:
        for predicate, values in self._said[node].items():
            if predicate in _SELF_DESCRIPTION or predicate in _TARGETS or not predicate.value.startswith(SH.iri):
                continue
            words = _WORDS.get(predicate.value.removeprefix(SH.iri))
            for value in values:
                yield words(self, value) if words else f"{short(predicate)} {short(value)}"

    def _path(self, node: Term) -> str:
        described = self._said.get(node, {})
        if isinstance(node, NamedNode):
            return short(node)
        if _FIRST in described:
            return " / ".join(map(self._path, self._items(node)))
        for predicate, values in described.items():
            if predicate == SH("inversePath"):
                return f"^{self._path(values[0])}"
            if predicate == SH("alternativePath"):
                return f"({' | '.join(map(self._path, self._items(values[0])))})"
            if predicate in _PATH_SIGNS:
                return f"({self._path(values[0])}){_PATH_SIGNS[predicate]}"
        return short(node)

    def _items(self, node: Term) -> list[Term]:
        found: list[Term] = []
        while node != _NIL and node in self._said:
            found += self._said[node][_FIRST]
            node = next(iter(self._said[node][_REST]), _NIL)
        return found

    def listed(self, node: Term) -> str:
        """The members of a list, shortened."""
        return ", ".join(map(short, self._items(node)))

    def shape(self, node: Term) -> str:
        """What a shape within a shape asks for."""
        if isinstance(node, NamedNode):
            return f"it conforms to {rule_name(node.value)}"
        inner = [words for prop in self._said[node][SH("property")] for words in self._inner(prop)]
        return " and ".join([*self._constraints(node), *inner]) or "anything"

    def _inner(self, prop: Term) -> Iterator[str]:
        path = next(iter(self._said[prop][SH("path")]), None)
        yield from (f"{self._path(path) if path else ''}: {words}" for words in self._constraints(prop))

    def shapes(self, node: Term, between: str) -> str:
        """What each shape of a list asks for."""
        return between.join(f"({self.shape(item)})" for item in self._items(node))

    def query(self, node: Term) -> str:
        """The query of a SPARQL constraint, its lines set in."""
        selects = [text.value for text in self._said[node][SH("select")] if isinstance(text, Literal)]
        lines = [line.strip() for select in selects for line in select.strip().splitlines()]
        return "this query finds nothing:\n" + "\n".join(f"    {line}" for line in lines)


def short(term: Term) -> str:
    """A term with a prefix where one is known, else as N-Triples has it."""
    if isinstance(term, Literal):
        plain = term.language is None and term.datatype.value.endswith(("#integer", "#decimal", "#boolean"))
        return term.value if plain else str(term).replace(f"^^<{PREFIXES['xsd']}", "^^xsd:").removesuffix(">")
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace) and re.fullmatch(r"[\w-]+", term.value.removeprefix(namespace)):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
    return str(term)


def _place(file: Path, iri: str) -> str:
    """The file, and the line on which the shape's description begins."""
    subject = re.compile(rf"(?:[\w-]*:{re.escape(rule_name(iri))}|<{re.escape(iri)}>)\s+(?:a|rdf:type)\s")
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if subject.match(line):
            return f"{file}:{number}"
    return str(file)


_Words = Callable[[Explainer, Term], str]


def _plainly(pattern: str) -> _Words:
    return lambda _, value: pattern.format(short(value))


def _counted(pattern: str, noun: str) -> _Words:
    return lambda _, value: pattern.format(f"{short(value)} {noun}" + ("" if short(value) == "1" else "s"))


def _text(pattern: str) -> _Words:
    return lambda _, value: pattern.format(value.value if isinstance(value, Literal) else short(value))


#: Constraint parameters of SHACL (sections 4 and 5), by local name.
_WORDS: Final[Mapping[str, _Words]] = {
    "class": _plainly("each value is a {}"),
    "datatype": _plainly("each value is a well-formed literal of type {}"),
    "nodeKind": _plainly("each value is of the kind {}"),
    "minCount": _counted("it has at least {}", "value"),
    "maxCount": _counted("it has at most {}", "value"),
    "minExclusive": _plainly("each value is greater than {}"),
    "minInclusive": _plainly("each value is at least {}"),
    "maxExclusive": _plainly("each value is less than {}"),
    "maxInclusive": _plainly("each value is at most {}"),
    "minLength": _counted("each value has at least {}", "character"),
    "maxLength": _counted("each value has at most {}", "character"),
    "pattern": _text("each value matches the regular expression {}"),
    "languageIn": lambda explainer, value: f"each value has one of the language tags {explainer.listed(value)}",
    "uniqueLang": lambda _explainer, _value: "no two values have the same language tag",
    "equals": _plainly("the values are exactly those of {}"),
    "disjoint": _plainly("no value is also a value of {}"),
    "lessThan": _plainly("each value is less than those of {}"),
    "lessThanOrEquals": _plainly("no value is greater than those of {}"),
    "not": lambda explainer, value: f"this does not hold: {explainer.shape(value)}",
    "and": lambda explainer, value: f"all of these hold: {explainer.shapes(value, ' and ')}",
    "or": lambda explainer, value: f"one of these holds: {explainer.shapes(value, ' or ')}",
    "xone": lambda explainer, value: f"exactly one of these holds: {explainer.shapes(value, ' or ')}",
    "node": lambda explainer, value: f"for each value {explainer.shape(value)}",
    "qualifiedValueShape": lambda explainer, value: f"values of which this holds are counted: {explainer.shape(value)}",
    "qualifiedMinCount": _plainly("at least {} of them"),
    "qualifiedMaxCount": _plainly("at most {} of them"),
    "closed": lambda _explainer, _value: "no properties but those named stand here",
    "ignoredProperties": lambda explainer, value: f"besides {explainer.listed(value)}",
    "hasValue": _plainly("one of the values is {}"),
    "in": lambda explainer, value: f"each value is one of {explainer.listed(value)}",
    "sparql": lambda explainer, value: explainer.query(value),
}
