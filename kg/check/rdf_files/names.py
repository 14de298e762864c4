"""The names of a document of the Turtle family: IRIs, prefixed names and blank nodes as terms."""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from kg.check.rdf_files.escapes import iri_text, local_text
from kg.check.rdf_files.resolution import resolved
from kg.check.rdf_files.tokens import Kind, Token

Node: TypeAlias = NamedNode | BlankNode

#: Before the label of a blank node that the file gives, and of one that it does not.
LABELLED, ANONYMOUS = "l", "a"


class UnknownGrammarError(ValueError):
    """The text has something that this reader does not know, such as the triple terms of RDF 1.2."""


class Names:
    """What names mean at one point of a document, as its directives have it."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._iris: dict[str, NamedNode] = {}
        self._labels: dict[str, BlankNode] = {}
        self._anonymous = 0

    def declare(self, prefix: str, iri: Token) -> None:
        """From here on the prefix stands for this IRI."""
        self._prefixes[prefix] = self._resolved(iri)
        self._iris.clear()

    def rebase(self, iri: Token) -> None:
        """From here on relative IRIs are resolved against this one."""
        self._base = self._resolved(iri)
        self._iris.clear()

    def node(self, token: Token) -> Node:
        """The node that an IRI, a prefixed name or a label names.

        Raises:
            UnknownGrammarError: it is none of these, or its prefix is not declared.
        """
        if token.kind is not Kind.LABEL:
            return self.iri(token)
        label = token.words.removeprefix("_:")
        if label not in self._labels:
            self._labels[label] = BlankNode(f"{LABELLED}{label}")
        return self._labels[label]

    def fresh(self) -> BlankNode:
        """A blank node that the document gives no label."""
        self._anonymous += 1
        return BlankNode(f"{ANONYMOUS}{self._anonymous}")

    def iri(self, token: Token) -> NamedNode:
        """The IRI that an IRI or a prefixed name stands for.

        Raises:
            UnknownGrammarError: it is neither, or its prefix is not declared.
        """
        known = self._iris.get(token.words)
        if known is None:
            known = self._iris[token.words] = NamedNode(self._expanded(token))
        return known

    def _expanded(self, token: Token) -> str:
        if token.kind is Kind.IRI:
            return self._resolved(token)
        prefix, colon, local = token.words.partition(":")
        if not colon or prefix not in self._prefixes:
            raise unknown(token)
        return self._prefixes[prefix] + local_text(local)

    def _resolved(self, token: Token) -> str:
        if token.kind is not Kind.IRI:
            raise unknown(token)
        return resolved(iri_text(token.words), self._base)


def unknown(token: Token) -> UnknownGrammarError:
    """The error that names a token and its offset."""
    return UnknownGrammarError(f"{token.words[:40]!r} at offset {token.at} is not expected there")
