"""From pyoxigraph's terms to rdflib's and back, losing nothing.

In RDF 1.1 a plain literal is an `xsd:string`. pyoxigraph says so of both; rdflib keeps them apart and unequal. Shapes
and data pass through the same door here, so that `"asserted"` in a shape's `sh:in` meets `"asserted"` in a page.
"""

from __future__ import annotations

import logging

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import BNode, URIRef
from rdflib import Literal as RdflibLiteral

from kg.check.terms import Term
from kg.rdf.vocab import XSD

RdflibTerm = URIRef | BNode | RdflibLiteral
RdflibTriple = tuple[RdflibTerm, RdflibTerm, RdflibTerm]

_STRING = XSD("string").value

# rdflib warns, with a traceback, of every literal such as "2021-13"^^xsd:gYearMonth; here that is a finding.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


class TermTable:
    """Translates terms and remembers them: each is made once, and a finding gets back the very term that was read."""

    def __init__(self) -> None:
        self._there: dict[Term, RdflibTerm] = {}
        self._back: dict[RdflibTerm, Term] = {}

    def triple(self, quad: Quad) -> RdflibTriple:
        """The quad's triple in rdflib's terms."""
        return self.term(quad.subject), self.term(quad.predicate), self.term(quad.object)

    def term(self, term: Term) -> RdflibTerm:
        """The term of rdflib for this one."""
        known = self._there.get(term)
        if known is None:
            known = self._there[term] = _rdflib_term(term)
            self._back[known] = term
        return known

    def origin(self, term: RdflibTerm) -> Term:
        """The term that this one was made from, or its like if it was computed."""
        known = self._back.get(term)
        return _oxigraph_term(term) if known is None else known


def _rdflib_term(term: Term) -> RdflibTerm:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Triple):
        raise TypeError(f"{term} is no term of RDF 1.1")
    if term.language is not None:
        return RdflibLiteral(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == _STRING:
        return RdflibLiteral(term.value)
    return RdflibLiteral(term.value, datatype=URIRef(datatype), normalize=False)


def _oxigraph_term(term: RdflibTerm) -> Term:
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    if term.language is not None:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or _STRING)))
