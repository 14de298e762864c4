"""Requests known by their bytes, so that the same need not be parsed again."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

_MOST: Final = 1024  # requests
_LONGEST: Final = 4096  # bytes
_END_OF_HEAD: Final = b"\r\n\r\n"


class Heard:
    """Requests that were answered at once, each with its scope."""

    def __init__(self) -> None:
        self._scopes: dict[bytes, Scope] = {}

    def __len__(self) -> int:
        """How many are known."""
        return len(self._scopes)

    def scope(self, data: bytes) -> Scope | None:
        """The scope of a request that was the same to the byte."""
        return self._scopes.get(data)

    def remember(self, data: bytes, scope: Scope) -> None:
        """Remembers data that began a request of this scope, where it is that request and nothing more.

        It must have begun it: the end of another request may look like one.
        """
        is_whole = data.startswith(b"GET ") and data.find(_END_OF_HEAD) == len(data) - len(_END_OF_HEAD)
        if is_whole and len(data) <= _LONGEST and scope["http_version"] == "1.1":
            if len(self._scopes) >= _MOST:
                self._scopes.clear()
            self._scopes[data] = scope
