"""The triples of one check, twice: as an rdflib graph for pySHACL, and in Oxigraph for its queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store
from pyoxigraph import Variable as OxigraphVariable
from rdflib import Graph, Variable
from rdflib.query import Result

from kg.check.rdflib_terms import RdflibTerm, TermTable


class DataGraph(Graph):
    """An rdflib graph that lets Oxigraph answer queries.

    pySHACL binds `$this` and its like by `initBindings`; here they become substitutions, as SEP-0007 describes them.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        super().__init__(store="SimpleMemory", bind_namespaces="none")
        self.terms = TermTable()
        self._quads = tuple(quads)
        self._queried: Store | None = None
        for quad in self._quads:
            self.add(self.terms.triple(quad))

    def __bool__(self) -> bool:
        """True: pySHACL asks each time it reports, and rdflib would count all triples to know."""
        return True

    def query(  # type: ignore[override] # pySHACL gives a text and initBindings, and nothing else
        self,
        query_object: str,
        *,
        initBindings: Mapping[str, RdflibTerm] | None = None,  # noqa: N803 # rdflib's name
    ) -> Result:
        """The answer to a SELECT or ASK query."""
        bound = {OxigraphVariable(name): self.terms.origin(term) for name, term in (initBindings or {}).items()}
        answer = self._store.query(query_object, substitutions=bound)
        if isinstance(answer, QuerySolutions):
            return self._rows(answer)
        result = Result("ASK")
        result.askAnswer = isinstance(answer, QueryBoolean) and bool(answer)
        return result

    @property
    def _store(self) -> Store:
        if self._queried is None:
            self._queried = Store()
            self._queried.extend(Quad(*quad.triple) for quad in self._quads)
        return self._queried

    def _rows(self, answer: QuerySolutions) -> Result:
        result = Result("SELECT")
        result.vars = [Variable(variable.value) for variable in answer.variables]
        result.bindings = [
            {
                Variable(variable.value): self.terms.term(term)
                for variable, term in zip(answer.variables, solution, strict=True)
                if term is not None
            }
            for solution in answer
        ]
        return result
