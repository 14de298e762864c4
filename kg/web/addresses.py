"""Where things are found: IRIs to the links of our pages, and paths of requests to IRIs."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

from kg.rdf.vocab import CONCEPT, COORD, PREFIXES

_NOT_IN_IRIS: Final = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')
_CONCEPTS: Final = "concept/"
_IN_PATHS: Final = "/#=,:;@!$&'()*+~-._%?"


class Addresses:
    """The addresses of a deployment under its public base, such as `http://127.0.0.1:8000/`."""

    def __init__(self, base: str) -> None:
        self.base: Final = base
        self.root: Final = urlsplit(base).path or "/"

    def subject(self, path: str) -> str:
        """The IRI of the thing that `doc/{path}` is about.

        Raises:
            ValueError: a character in it is allowed in no IRI.
        """
        return checked_iri(
            CONCEPT.iri + path.removeprefix(_CONCEPTS) if path.startswith(_CONCEPTS) else self._id + path
        )

    def link(self, iri: str) -> str | None:
        """What a page links an IRI to: our document about it, the place itself on the web, or nothing."""
        if iri.startswith(self._id):
            return self.document(iri.removeprefix(self._id))
        if iri.startswith(CONCEPT.iri):
            return self.document(_CONCEPTS + iri.removeprefix(CONCEPT.iri))
        if iri.startswith(COORD.iri):
            return self.path(f"ontology#{iri.removeprefix(COORD.iri)}")
        return iri if urlsplit(iri).scheme in {"http", "https"} else None

    def absolute(self, iri: str) -> str:
        """The whole address of our document about a thing of this graph, or the IRI itself."""
        here = iri.removeprefix(self._id)
        return iri if here == iri else f"{self.base}doc/{quote(here, safe=_IN_PATHS)}"

    def document(self, path: str) -> str:
        """The link to the document about `{base}id/{path}`."""
        return self.path(f"doc/{path}")

    def path(self, path: str) -> str:
        """The link to a path of this site."""
        return self.root + quote(path, safe=_IN_PATHS)

    def short(self, iri: str) -> str:
        """An IRI as people read it: a prefixed name, or its part below our base."""
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri.removeprefix(self._id)

    @property
    def _id(self) -> str:
        return f"{self.base}id/"


def checked_iri(iri: str) -> str:
    """The same IRI, safe to stand between `<` and `>` in a query.

    Raises:
        ValueError: a character in it is allowed in no IRI.
    """
    found = _NOT_IN_IRIS.search(iri)
    if found:
        raise ValueError(f"{found.group()!r} stands in no IRI")
    return iri
