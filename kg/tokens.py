"""The file of tokens: digests of secrets, readable by its owner alone, replaced in one step.

A secret is 256 random bits, so its SHA-256 is as good as a slow hash: there are no likely secrets to try. A slow one
would let anyone keep the server busy by showing it tokens.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kg.model.access import Scope, Token
from kg.model.errors import UsageError
from kg.store.durable import replace_text
from kg.store.lock import locked

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_BEGINNING: Final = "kgt_"  # those who look for leaked secrets can look for this
_BYTES: Final = 32
_MODE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new token and its secret, which is kept nowhere."""

    token: Token
    secret: str


def read_tokens(file: Path) -> tuple[Token, ...]:
    """The tokens of a file, in the order in which they were added; none where there is no file.

    Raises:
        UsageError: it cannot be read, holds something else, or others than its owner may write it.
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"tokens in {file} cannot be read: {error}") from error
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageError(f"tokens in {file} can be written by others; expected mode 600: chmod 600 {file}")
    try:
        return tuple(_token(each) for each in json.loads(text)["tokens"])
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{file} holds no tokens: {error!r}; expected what kg token add writes") from error


class TokenFile:
    """The tokens of a file as they are now: one `stat` each time they are asked for, and the file when that differs."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark: tuple[int, int, int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def __call__(self) -> tuple[Token, ...]:
        """The tokens.

        Raises:
            UsageError: the file is of no use.
        """
        mark = self._found()
        if mark != self._mark:
            self._tokens, self._mark = read_tokens(self._file), mark
        return self._tokens

    def _found(self) -> tuple[int, int, int, int] | None:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"tokens in {self._file} cannot be read: {error}") from error
        return found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode


def find_token(tokens: tuple[Token, ...], secret: str) -> Token | None:
    """The token of a secret, expired or not; the time this takes tells nothing of what is kept."""
    digest, found = _digest(secret), None
    for token in tokens:
        if hmac.compare_digest(token.digest, digest):
            found = token
    return found


def add_token(file: Path, name: str, scope: Scope, expires: datetime | None = None) -> Issued:
    """A new token, kept in the file.

    Args:
        file: is made where there is none.
        name: up to 64 letters, digits, dots, hyphens, underscores and at signs.
        scope: what it is good for.
        expires: until when, with its zone.

    Raises:
        UsageError: the name is taken, or none; or the file is of no use.
        StoreLocked: another command is changing the file.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} names no token; expected up to 64 letters, digits and . _ @ -")
    secret = _BEGINNING + secrets.token_urlsafe(_BYTES)
    with _changed(file) as kept:
        if any(token.name == name for token in kept):
            raise UsageError(f"there is a token {name} in {file} already; revoke it first, or take another name")
        now = datetime.now(UTC).replace(microsecond=0)
        token = Token(name=name, scope=scope, digest=_digest(secret), created=now, expires=expires)
        kept.append(token)
    return Issued(token=token, secret=secret)


def revoke_token(file: Path, name: str) -> Token:
    """The token of this name, good for nothing from now on.

    Raises:
        UsageError: there is none, or the file is of no use.
        StoreLocked: another command is changing the file.
    """
    with _changed(file) as kept:
        gone = next((token for token in kept if token.name == name), None)
        if gone is None:
            names = ", ".join(token.name for token in kept) or "none"
            raise UsageError(f"no token {name} in {file}; there are: {names}")
        kept.remove(gone)
    return gone


@contextmanager
def _changed(file: Path) -> Iterator[list[Token]]:
    """The tokens, which are kept as the block leaves them."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with locked(file.with_name(f"{file.name}.lock"), "kg token"):
            kept = list(read_tokens(file))
            yield kept
            temporary = file.with_name(f".{file.name}.new")
            temporary.unlink(missing_ok=True)
            temporary.touch(mode=_MODE)
            replace_text(
                file, json.dumps({"tokens": [_record(token) for token in kept]}, indent=1), temporary=temporary
            )
    except OSError as error:
        raise UsageError(f"tokens in {file} cannot be kept: {error}") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _record(token: Token) -> dict[str, str | None]:
    return {
        "name": token.name,
        "scope": token.scope.value,
        "sha256": token.digest,
        "created": token.created.isoformat(),
        "expires": None if token.expires is None else token.expires.isoformat(),
    }


def _token(record: dict[str, Any]) -> Token:
    """The token of a record.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    times = {name: _time(record[name]) for name in ("created", "expires") if record[name] is not None}
    token = Token(
        name=record["name"],
        scope=Scope(record["scope"]),
        digest=record["sha256"],
        created=times["created"],
        expires=times.get("expires"),
    )
    if not re.fullmatch(r"[0-9a-f]{64}", token.digest) or not _NAME.fullmatch(token.name):
        raise ValueError(f"the token {token.name!r} has no name or digest")
    return token


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return found
