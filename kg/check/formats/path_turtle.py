"""A property path as SPARQL writes it → the same path as SHACL does in Turtle (SHACL, section 2.3.1)."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"\s*(<[^<>\s]*>|[/|^*+?()])")
_REPEATED: Final = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def path_turtle(path: str) -> str:
    """The path in Turtle: an IRI, or blank nodes and lists that describe it.

    Args:
        path: an IRI without brackets, or a SPARQL property path (SPARQL 1.1, section 9.1) with full IRIs.

    Raises:
        ValueError: it is no path.
    """
    if "<" not in path:
        return f"<{path}>"
    tokens = _TOKEN.findall(path)
    if "".join(tokens) != re.sub(r"\s", "", path):
        raise ValueError(f"{path} is no property path")
    reader = _Reader(tokens)
    found = reader.alternatives()
    if reader.tokens:
        raise ValueError(f"{path} is no property path")
    return found


class _Reader:
    """Reads a path by the grammar's rules PathAlternative to PathPrimary."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def alternatives(self) -> str:
        parts = [self._sequence()]
        while self._takes("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else f"[ sh:alternativePath ( {' '.join(parts)} ) ]"

    def _sequence(self) -> str:
        parts = [self._element()]
        while self._takes("/"):
            parts.append(self._element())
        return parts[0] if len(parts) == 1 else f"( {' '.join(parts)} )"

    def _element(self) -> str:
        if self._takes("^"):
            return f"[ sh:inversePath {self._element()} ]"
        found = self._primary()
        for sign, name in _REPEATED.items():
            if self._takes(sign):
                return f"[ sh:{name} {found} ]"
        return found

    def _primary(self) -> str:
        if self._takes("("):
            found = self.alternatives()
            if not self._takes(")"):
                raise ValueError("a bracket of the property path is not closed")
            return found
        if not self.tokens or not self.tokens[0].startswith("<"):
            raise ValueError("the property path ends, or has a sign, where an IRI should stand")
        return self.tokens.pop(0)

    def _takes(self, token: str) -> bool:
        if self.tokens[:1] == [token]:
            self.tokens.pop(0)
            return True
        return False
