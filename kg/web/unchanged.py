"""Answers that cost nothing where a client has them: entity tags (RFC 9110, section 8.8.3) of a fixed version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from fastapi import Request, Response

from kg import __version__
from kg.web.site import Site


@dataclass(frozen=True, slots=True)
class Tag:
    """The entity tag of a document; it is known before the document is made, since what it depends on never changes."""

    value: str

    @classmethod
    def of(cls, site: Site, *names: str) -> Self:
        """The tag of a document that the site's version and these names determine."""
        said = repr((__version__, site.title, site.edition, site.census, names))
        return cls(f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"')

    def is_known_to(self, request: Request) -> bool:
        """Whether the client has the document (If-None-Match, section 13.1.2)."""
        known = request.headers.get("if-none-match", "")
        return known.strip() == "*" or self.value in (each.strip().removeprefix("W/") for each in known.split(","))

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes with the document: the tag, and that it is to be asked for again, cheap as that is."""
        return {"ETag": self.value, "Cache-Control": "no-cache"}

    def unchanged(self) -> Response:
        """That the client's copy is still good."""
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**self.headers, "Vary": "Accept"})
