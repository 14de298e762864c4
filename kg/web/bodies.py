"""Requests' bodies and forms, read within a limit and without a library for uploads."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from kg.web.problems import Problem

# A query of 64 KiB, each byte written as %XX, with room for the names of graphs.
MOST_BYTES: Final = 256 * 1024
_MOST_FIELDS: Final = 100

Form = tuple[tuple[str, str], ...]


async def read_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body; reading stops as soon as it is too long.

    Raises:
        Problem: it is longer than `most` bytes, or compressed (RFC 7694).
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        detail = "the body is compressed; only plain bodies are read"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Encoding": "identity"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {most} bytes")
    return bytes(body)


def read_text(payload: bytes) -> str:
    """The text of a body.

    Raises:
        Problem: it is not UTF-8.
    """
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"byte {error.start} is not UTF-8: {error.reason}") from error


def read_form(written: str) -> Form:
    """The fields of a form or a query string, in their order.

    Raises:
        Problem: it is not UTF-8, or has too many fields.
    """
    try:
        fields = parse_qsl(written, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"a field is not UTF-8: {error.reason}") from error
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"more than {_MOST_FIELDS} fields") from error
    return tuple(fields)
