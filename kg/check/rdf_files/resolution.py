"""Relative IRIs made whole, as RFC 3986, section 5.2 has it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# RFC 3986, appendix B.
_PARTS: Final = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class _Parts(NamedTuple):
    scheme: str | None
    authority: str | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def iri(self) -> str:
        """The parts put together (section 5.3)."""
        return "".join(
            (
                "" if self.scheme is None else f"{self.scheme}:",
                "" if self.authority is None else f"//{self.authority}",
                self.path,
                "" if self.query is None else f"?{self.query}",
                "" if self.fragment is None else f"#{self.fragment}",
            )
        )


def resolved(reference: str, base: str) -> str:
    """The IRI that a reference means at a base.

    An IRI with a scheme, or one without a base, stays as it is written: Oxigraph does not normalise it either.
    """
    if not base or _WHOLE.match(reference):
        return reference
    own, at = _parts(reference), _parts(base)
    if own.authority is not None:
        return own._replace(scheme=at.scheme, path=_without_dots(own.path)).iri
    if not own.path:
        return at._replace(query=at.query if own.query is None else own.query, fragment=own.fragment).iri
    path = own.path if own.path.startswith("/") else _merged(own.path, at)
    return at._replace(path=_without_dots(path), query=own.query, fragment=own.fragment).iri


def _parts(iri: str) -> _Parts:
    match = _PARTS.fullmatch(iri)
    return _Parts(None, None, iri, None, None) if match is None else _Parts(*match.groups())


def _merged(path: str, base: _Parts) -> str:
    """Section 5.2.3."""
    if base.authority is not None and not base.path:
        return f"/{path}"
    return base.path[: base.path.rfind("/") + 1] + path


def _without_dots(path: str) -> str:
    """Section 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
