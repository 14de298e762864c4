"""Who may do what over HTTP: scopes, and the tokens that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Readers(StrEnum):
    """Who may read what is served."""

    ANYONE = "anyone"
    TOKENS = "tokens"  # whoever shows a token


class Scope(StrEnum):
    """What a token is good for; each has what those before it have."""

    READ = "read"  # queries, graphs and pages, where reading demands a token
    CURATE = "curate"  # writes
    ADMIN = "admin"  # health and metrics, where reading demands a token

    def covers(self, other: Scope) -> bool:
        """Whether it is good for what the other is good for."""
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER: Final = tuple(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: by the digest of its secret, from which the secret cannot be had.

    Attributes:
        name: what people call it; it stands in the audit log.
        digest: SHA-256 of the secret in hexadecimal digits.
        created: with its zone, as the next.
        expires: from when on it is good for nothing; None for never.
    """

    name: str
    scope: Scope
    digest: str
    created: datetime
    expires: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires <= now
