"""SPARQL-based constraints and constraint components (SHACL §5 and §6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_iri, is_literal, literal, plain, tagged, words
from kg.check.shacl.paths import IllFormed, Path, PathKind
from kg.check.shacl.query.answers import Query, Solution
from kg.check.shacl.query.refusals import NAMESPACE, PREFIX_NAME
from kg.check.shacl.results import Accepts, Blame, Check, Result, SetCheck
from kg.check.shacl.shapes_graph import Shape, ShapesGraph, is_true
from kg.rdf.vocab import OWL, RDF, RDFS, SH

_SELECT, _ASK, _PREFIXES, _MESSAGE = (str(SH(name)) for name in ("select", "ask", "prefixes", "message"))
_DECLARE, _PREFIX, _NAMESPACE = (str(SH(name)) for name in ("declare", "prefix", "namespace"))
_PARAMETER, _PATH, _OPTIONAL, _DEACTIVATED = (
    str(SH(name)) for name in ("parameter", "path", "optional", "deactivated")
)
_VALIDATOR, _NODE_VALIDATOR, _PROPERTY_VALIDATOR = (
    str(SH(name)) for name in ("validator", "nodeValidator", "propertyValidator")
)
_IMPORTS: Final = str(OWL("imports"))
_USUAL: Final[Mapping[str, str]] = {"rdf": RDF.iri, "rdfs": RDFS.iri, "owl": OWL.iri}
_TEMPLATE: Final = re.compile(r"\{[?$](\w+)\}")
_LOCAL: Final = re.compile(r"[\w-]+>$")
_COMPONENT: Final = "SPARQLConstraintComponent"


@dataclass(frozen=True, slots=True)
class _Component:
    """A constraint component that the shapes graph defines.

    Attributes:
        parameters: predicate to the variable's name, and whether a shape may do without it.
    """

    node: str
    parameters: Mapping[str, tuple[str, bool]]


class SparqlConstraints:
    """Makes the SPARQL constraints of shapes."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = shapes
        self._graph = shapes.graph
        self._components = [
            _Component(node, parameters)
            for node, described in self._graph.nodes.items()
            if (_VALIDATOR in described or _NODE_VALIDATOR in described or _PROPERTY_VALIDATOR in described)
            and (parameters := self._parameters(node))
        ]

    def checks(self, shape: Shape) -> Iterator[SetCheck]:
        """The SPARQL constraints of a shape, and those of the components that it has all parameters for.

        Raises:
            IllFormed: a query is none, or one that SHACL does not allow.
        """
        for node in shape.values("sparql"):
            if not is_true(next(iter(self._graph.objects(node, _DEACTIVATED)), None)):
                yield self._constraint(shape, node)
        for component in self._components:
            if all(path in shape.described or optional for path, (_, optional) in component.parameters.items()):
                yield from self._parametrised(shape, component)

    def _constraint(self, shape: Shape, node: str) -> SetCheck:
        query = self._query(shape, node, _SELECT, frozenset())
        messages = tuple(self._graph.objects(node, _MESSAGE)) or shape.messages
        blame = replace(
            Blame.of(shape, _COMPONENT, "The SPARQL constraint is broken."),
            constraint=node,
        )
        blame = replace(blame, messages=messages or blame.messages)
        with_value, begins = shape.path is None, query.begins

        def check(graph: Graph, focus: str, _values: Collection[str], found: list[Result]) -> None:
            if begins(graph, focus):
                usual = focus if with_value else None
                found += [_solved(blame, focus, each, usual) for each in query.solutions(graph, {"?this": focus})]

        return SetCheck(check, idle=False, single=Accepts("not {known}(graph, focus)", begins))

    def _parametrised(self, shape: Shape, component: _Component) -> Iterator[SetCheck]:
        """The constraints of one component: with one parameter, one for each of its values (SHACL §2.1.1)."""
        single = len(component.parameters) == 1
        described = {name: shape.described.get(path, ()) for path, (name, _) in component.parameters.items()}
        if single:
            bindings = [{f"?{name}": value} for name, values in described.items() for value in values]
        else:
            bindings = [{f"?{name}": values[0] for name, values in described.items() if values}]
        for bound in bindings:
            yield SetCheck(self._validator(shape, component, bound), idle=False)

    def _validator(self, shape: Shape, component: _Component, bound: dict[str, str]) -> Check:
        """The check by the most fitting validator (SHACL §6.2.3)."""
        special = _NODE_VALIDATOR if shape.path is None else _PROPERTY_VALIDATOR
        names = frozenset(bound)
        of_component = component.node
        for node in self._graph.objects(of_component, special):
            blame = self._blame(shape, of_component, node)
            return _by_select(blame, self._query(shape, node, _SELECT, names), bound, alone=shape.path is None)
        for node in self._graph.objects(of_component, _VALIDATOR):
            blame = self._blame(shape, of_component, node)
            return _by_ask(blame, self._query(shape, node, _ASK, names | {"?value"}), bound)
        raise IllFormed(of_component, "a constraint component without a validator for this kind of shape")

    def _blame(self, shape: Shape, component: str, validator: str) -> Blame:
        messages = (
            *self._graph.objects(validator, _MESSAGE),
            *([] if self._graph.objects(validator, _MESSAGE) else self._graph.objects(component, _MESSAGE)),
        )
        usual = Blame.of(shape, _COMPONENT, "The constraint is broken.")
        return replace(usual, component=component, messages=messages or usual.messages)

    def _parameters(self, node: str) -> dict[str, tuple[str, bool]]:
        found = {}
        for parameter in self._graph.objects(node, _PARAMETER):
            for path in self._graph.objects(parameter, _PATH):
                local = _LOCAL.search(path)
                optional = is_true(next(iter(self._graph.objects(parameter, _OPTIONAL)), None))
                found[path] = (local[0][:-1] if local else path, optional)
        return found if any(not optional for _, optional in found.values()) else {}

    def _query(self, shape: Shape, node: str, predicate: str, names: frozenset[str]) -> Query:
        texts = [each for each in self._graph.objects(node, predicate) if is_literal(each)]
        if len(texts) != 1:
            raise IllFormed(node, f"{len(texts)} queries in {predicate}; expected one", predicate)
        text = literal(texts[0]).lexical
        if re.search(r"[?$]PATH\b", text):
            if shape.path is None:
                raise IllFormed(node, "$PATH in a node shape, which has none", predicate)
            text = re.sub(r"[?$]PATH\b", lambda _: _in_pattern(shape.path), text)
        try:
            return Query(text, self._prefixes(node), self._graph, names | {"?this"}, shape.node)
        except ValueError as error:
            raise IllFormed(node, str(error), predicate) from error

    def _prefixes(self, node: str) -> dict[str, str]:
        """The prefixes declared for a query, also by what its declarations import (SHACL §5.2.1)."""
        found: dict[str, str] = {}
        waiting = list(self._graph.objects(node, _PREFIXES))
        seen: set[str] = set()
        while waiting:
            owner = waiting.pop()
            if owner in seen:
                continue
            seen.add(owner)
            waiting += self._graph.objects(owner, _IMPORTS)
            for declared in self._graph.objects(owner, _DECLARE):
                for prefix in self._graph.objects(declared, _PREFIX):
                    for namespace in self._graph.objects(declared, _NAMESPACE):
                        name, iri = words(prefix), words(namespace)
                        if not (PREFIX_NAME.fullmatch(name) and NAMESPACE.fullmatch(iri)):
                            raise IllFormed(node, f"{name}: <{iri}> is no declaration of a prefix", _PREFIXES)
                        if found.setdefault(name, iri) != iri:
                            raise IllFormed(node, f"{name}: stands for {found[name]} and for {iri}", _PREFIXES)
        return {**_USUAL, **found}


def _by_select(blame: Blame, query: Query, bound: dict[str, str], *, alone: bool) -> Check:
    def check(graph: Graph, focus: str, _values: Collection[str], found: list[Result]) -> None:
        for solution in query.solutions(graph, {**bound, "?this": focus}):
            told = {**{name[1:]: value for name, value in bound.items()}, **solution}
            result = _solved(blame, focus, told, focus if alone else None)
            found.append(result)

    return check


def _by_ask(blame: Blame, query: Query, bound: dict[str, str]) -> Check:
    def check(graph: Graph, focus: str, values: Collection[str], found: list[Result]) -> None:
        for value in values:
            known = {**bound, "?this": focus, "?value": value}
            if not query.holds(graph, known):
                told = {name[1:]: each for name, each in known.items()}
                found.append(replace(blame.result(focus, value), messages=_filled(blame.messages, told)))

    return check


def _solved(blame: Blame, focus: str, solution: Solution, usual: str | None) -> Result:
    """The result that one solution stands for (SHACL §5.3.2)."""
    path = solution.get("path")
    found = blame.result(
        solution.get("this", focus),
        solution.get("value", usual),
        Path(PathKind.PREDICATE, path) if path is not None and is_iri(path) else None,
    )
    message = solution.get("message")
    if message is not None:
        return replace(found, messages=(message,))
    told = {"this": focus, **({} if blame.path is None else {"path": str(blame.path)}), **solution}
    return replace(found, messages=_filled(blame.messages, told))


def _filled(messages: Sequence[str], told: Mapping[str, str]) -> tuple[str, ...]:
    """The messages with their {?variables} replaced by what a solution says (SHACL §5.3.2)."""
    if not any("{" in each for each in messages):
        return tuple(messages)
    return tuple(_replaced(each, lambda match: _shown(told, match)) for each in messages)


def _replaced(message: str, shown: Callable[[re.Match[str]], str]) -> str:
    parts = literal(message)
    text = _TEMPLATE.sub(shown, parts.lexical)
    return tagged(text, parts.language) if parts.language else plain(text)


def _shown(told: Mapping[str, str], match: re.Match[str]) -> str:
    value = told.get(match[1])
    return match[0] if value is None else words(value)


def _in_pattern(path: Path | None) -> str:
    return f"({path})" if path and path.kind in (PathKind.SEQUENCE, PathKind.ALTERNATIVE) else str(path)
