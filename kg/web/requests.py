"""What requests say of their bodies."""

from __future__ import annotations

from fastapi import Request


def content_type(request: Request) -> tuple[str, str]:
    """Media type and charset of the body, in small letters; empty and `utf-8` where nothing is said."""
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    given = {name.strip(): value.strip(' "') for name, _, value in pairs}
    return media_type.strip(), given.get("charset", "utf-8")
