"""On which day each token was used last: noted beside the tokens, once a day for each, and never waited for."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from kg.model.access import Token
from kg.model.errors import StoreLocked, UsageError
from kg.store.durable import replace_text
from kg.store.lock import locked
from kg.tokens import read_tokens

_LOG = logging.getLogger(__name__)
_TRIED_AGAIN_AFTER: Final = 60.0  # seconds
_MODE: Final = 0o600


def use_file(tokens: Path) -> Path:
    """Where the uses of a file's tokens are noted."""
    return tokens.with_name(f"{tokens.name}.used")


def read_uses(tokens: Path) -> Mapping[str, date]:
    """The day of the last use, in UTC, by the digest of each token that was used; none where nothing was noted.

    Raises:
        UsageError: what was noted cannot be read.
    """
    file = use_file(tokens)
    try:
        return {digest: date.fromisoformat(day) for digest, day in json.loads(file.read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"{file} does not tell when tokens were used: {error}; it may be deleted") from error


class TokenUse:
    """Notes uses of a file's tokens, in a thread: nobody is kept waiting. What fails is tried again at a later use."""

    def __init__(self, tokens: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """What notes uses beside the tokens; the clock tells seconds."""
        self._tokens, self._clock = tokens, clock
        self._noted: dict[str, date] = {}
        self._not_before = float("-inf")
        self._is_told = False
        self._thread = ThreadPoolExecutor(1, "token-use")

    def note(self, token: Token, at: datetime) -> None:
        """Has a use noted that is the first one on its day; returns at once."""
        day = at.astimezone(UTC).date()
        if self._noted.get(token.digest) != day and self._clock() >= self._not_before:
            self._noted[token.digest] = day
            self._thread.submit(self._keep, token.digest, day)

    def close(self) -> None:
        """Returns when all that was to be noted is."""
        self._thread.shutdown()

    def _keep(self, digest: str, day: date) -> None:
        try:
            with locked(self._tokens.with_name(f"{use_file(self._tokens).name}.lock"), "kg serve"):
                self._write({**self._kept(), digest: day})
        except (OSError, StoreLocked, UsageError) as error:
            self._not_before = self._clock() + _TRIED_AGAIN_AFTER
            self._noted.pop(digest, None)
            if not self._is_told:
                _LOG.warning("when tokens were used cannot be noted: %s", error)
            self._is_told = True

    def _kept(self) -> Mapping[str, date]:
        try:
            return read_uses(self._tokens)
        except UsageError as error:
            _LOG.warning("what was noted of uses of tokens is lost: %s", error)
            return {}

    def _write(self, uses: Mapping[str, date]) -> None:
        """Replaces the file in one step; of tokens that were taken back nothing is kept."""
        file = use_file(self._tokens)
        there = {token.digest for token in read_tokens(self._tokens)}
        temporary = file.with_name(f".{file.name}.new")
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=_MODE)
        text = json.dumps(
            {digest: day.isoformat() for digest, day in sorted(uses.items()) if digest in there}, indent=1
        )
        replace_text(file, text, temporary=temporary)
