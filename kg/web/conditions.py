"""On which conditions a client wants a write done: by the headers of RFC 9110 (section 13), and two of writes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers

from kg.model.writes import Write
from kg.web.problems import Problem

#: The header by which a client says that it knows how much it deletes.
CONFIRMATION: Final = "KG-Confirm"
CONFIRMED: Final = "deletion"

_KEY: Final = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"|([\x21\x23-\x5b\x5d-\x7e]+)')
_LONGEST_KEY: Final = 255
_ANY: Final = "*"
_TAG: Final = re.compile(r'(?:W/)?"(v[1-9]\d*)(?:\.[^"]*)?"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A client's condition, looked at in one version.

    Attributes:
        version: the version that must still be current when the write is done; None where any may be.
        reason: why the condition does not hold; empty where it does.
        may_hold_later: it is not about the version itself, and may be looked at again in another one.
    """

    version: str | None = None
    reason: str = ""
    may_hold_later: bool = False


def named_and_confirmed(write: Write, headers: Headers) -> Write:
    """The write with what the client calls it, and whether it knows how much it deletes.

    Raises:
        Problem: the key is none, or the confirmation confirms something else.
    """
    confirmation = headers.get(CONFIRMATION)
    if confirmation not in (None, CONFIRMED):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{CONFIRMATION} is {confirmation[:100]!r}; expected {CONFIRMED}")
    return replace(write, idempotency_key=_key(headers), is_deletion_confirmed=confirmation is not None)


def version_condition(headers: Headers, current: str) -> Condition:
    """What a client says of the version that it has seen.

    A tag that we gave begins with the name of its version. As that is all that counts, a client may also name the
    version alone: `If-Match: "v12"`.

    Args:
        headers: of the request.
        current: the version that is served now.
    """
    match, none_match = headers.get("if-match", "*").strip(), headers.get("if-none-match", "*").strip()
    if none_match != _ANY and current in _TAG.findall(none_match):
        return Condition(reason=f"{current} is current, and If-None-Match names it")
    if match == _ANY:
        return Condition()
    if current not in _TAG.findall(match):
        return Condition(reason=f"{current} is current, and If-Match names another version")
    return Condition(version=current)


def asks_existence(headers: Headers) -> bool:
    """Whether it matters to a client that a thing is there: `If-Match: *` or `If-None-Match: *`."""
    return any(headers.get(name, "").strip() == _ANY for name in ("if-match", "if-none-match"))


def existence_condition(headers: Headers, current: str, *, is_there: bool) -> Condition:
    """What a client says of whether a thing may be there."""
    if is_there and headers.get("if-none-match", "").strip() == _ANY:
        return Condition(reason="it is there already, and If-None-Match is *")
    if not is_there and headers.get("if-match", "").strip() == _ANY:
        return Condition(reason="there is none, and If-Match is *")
    return Condition(version=current, may_hold_later=True)


def _key(headers: Headers) -> str:
    """What the client calls the write: a string as RFC 9651 has it, or a word."""
    written = headers.get("idempotency-key")
    if written is None:
        return ""
    match = _KEY.fullmatch(written)
    key = "" if match is None else re.sub(r"\\(.)", r"\1", match[1]) if match[2] is None else match[2]
    if not 0 < len(key) <= _LONGEST_KEY:
        detail = f"Idempotency-Key is no string of 1 to {_LONGEST_KEY} printable ASCII characters"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    return key
