"""One query of a constraint: answered by the compiled plan, or by Oxigraph where the plan is beyond us."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from weakref import WeakKeyDictionary

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
    Triple,
    Variable,
)

from kg.check.shacl.graph import Graph
from kg.check.shacl.literals import is_blank
from kg.check.shacl.query.parser import Parser
from kg.check.shacl.query.plan import Plan, Planner
from kg.check.shacl.query.refusals import refuse, variable_name
from kg.check.shacl.query.syntax import Beyond
from kg.check.shacl.query.tokens import tokens

Solution = Mapping[str, str]

_SHAPES_GRAPH = "urn:x-shacl:shapes-graph"


class Query:
    """A SELECT or ASK query with variables bound beforehand.

    Args:
        text: the query, $PATH being replaced already.
        prefixes: prefix to namespace.
        shapes: the shapes graph.
        names: the variables that will be bound, with question marks.
        shape: the shape's node, which is $currentShape.

    Raises:
        ValueError: it is no query, or one that SHACL does not allow (Appendix A).
    """

    def __init__(
        self, text: str, prefixes: Mapping[str, str], shapes: Graph, names: frozenset[str], shape: str
    ) -> None:
        self._text, self._prefixes, self._shapes = text, dict(prefixes), shapes
        always = {"?currentShape": shape, "?shapesGraph": f"<{_SHAPES_GRAPH}>"}
        self._always = {name: term for name, term in always.items() if name[1:] in text}
        bound = names | self._always.keys()
        refuse(text, bound)
        self._plan = self._planned(bound)
        self._asked(dict.fromkeys(names, "<urn:x>"), Store())

    @property
    def is_compiled(self) -> bool:
        """Whether it is answered without Oxigraph."""
        return self._plan is not None

    @property
    def begins(self) -> Callable[[Graph, str], bool]:
        """Whether there may be a solution for `$this`, told quickly; it must be the only variable bound beforehand."""
        if self._plan is None or self._plan.names != ("?this",):
            return lambda _graph, _this: True
        return self._plan.begins

    def solutions(self, graph: Graph, bound: Mapping[str, str]) -> Collection[Solution]:
        """The distinct solutions of a SELECT query, by names without question marks."""
        known = {**self._always, **bound}
        found = self._plan.solutions(graph, known) if self._plan else list(self._rows(graph, known))
        return found if len(found) <= 1 else {tuple(sorted(each.items())): each for each in found}.values()

    def holds(self, graph: Graph, bound: Mapping[str, str]) -> bool:
        """The answer to an ASK query."""
        known = {**self._always, **bound}
        if self._plan:
            return self._plan.matches(graph, known)
        return bool(self._asked(known, self._store(graph)))

    def _planned(self, bound: frozenset[str]) -> Plan | None:
        try:
            return Planner(self._shapes, bound).plan(Parser(self._text, self._prefixes).query())
        except Beyond:
            return None

    def _rows(self, graph: Graph, bound: Mapping[str, str]) -> Iterator[Solution]:
        answer = self._asked(bound, self._store(graph))
        if isinstance(answer, QuerySolutions):
            names = [variable.value for variable in answer.variables]
            for row in answer:
                yield {name: str(each) for name, each in zip(names, row, strict=True) if each is not None}

    def _asked(self, bound: Mapping[str, str], store: Store) -> QuerySolutions | QueryBoolean:
        """Oxigraph's answer.

        Raises:
            ValueError: the query is none.
        """
        blank: dict[Variable, BlankNode | NamedNode | Literal | Triple] = {
            Variable(name[1:]): BlankNode(term[2:]) for name, term in bound.items() if is_blank(term)
        }
        told = {name: term for name, term in bound.items() if not is_blank(term)}
        try:
            text = _with_prefixes(_bound_text(self._text, told), self._prefixes)
            return store.query(text, substitutions=blank)  # type: ignore[return-value] # SELECT and ASK only
        except (Beyond, SyntaxError, RuntimeError) as error:
            raise ValueError(f"no SPARQL query that can be run: {error}") from error

    def _store(self, graph: Graph) -> Store:
        store = _STORES.get(graph)
        if store is None:
            store = _STORES[graph] = Store()
            store.extend(_quads(graph, DefaultGraph()))
            store.extend(_quads(self._shapes, NamedNode(_SHAPES_GRAPH)))
        return store


#: The graphs that Oxigraph was asked about, each in a store for as long as somebody holds the graph.
_STORES: WeakKeyDictionary[Graph, Store] = WeakKeyDictionary()


def _quads(graph: Graph, home: NamedNode | DefaultGraph) -> Iterator[Quad]:
    return (Quad(quad.subject, quad.predicate, quad.object, home) for quad in graph.quads())


def _with_prefixes(text: str, prefixes: Mapping[str, str]) -> str:
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items()) + text


def _bound_text(text: str, bound: Mapping[str, str]) -> str:
    """The query with its bound variables replaced by their values; where one is selected, it is selected as itself.

    Raises:
        Beyond: the text has something that is no token of ours.
    """
    parts: list[str] = []
    written, depth = 0, 0
    found = list(tokens(text))
    clause, skipped = "", -1
    for place, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        clause = token.text.upper() if token.is_word(*_CLAUSES) else clause
        if place <= skipped:
            continue
        term = bound.get(variable_name(token))
        if token.is_word("BOUND") and len(found) > place + 3 and variable_name(found[place + 2]) in bound:
            skipped = place + 3
            end, instead = found[skipped].start + 1, "(true)"
        elif term is not None:
            end = token.start + len(token.text)
            named = token.text if depth == 0 and clause == "SELECT" else f"?bound{place}"
            instead = term if found[place - 1].is_word("(", ",") else _in_clause(clause, term, named)
        else:
            continue
        parts += [text[written : token.start], instead]
        written = end
    return "".join([*parts, text[written:]])


_CLAUSES = ("SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "{", "}")


def _in_clause(clause: str, term: str, name: str) -> str:
    """A term where a variable stood: in some clauses only a new variable may stand for it."""
    if clause in ("SELECT", "GROUP"):
        return f"({term} AS {name})"
    return f"({term})" if clause == "ORDER" else term
