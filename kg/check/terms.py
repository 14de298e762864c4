"""pyoxigraph's terms, and the words in them."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple


def text(term: Term) -> str:
    """An IRI, a blank node's label, or a literal's words."""
    return str(term) if isinstance(term, Triple) else term.value
