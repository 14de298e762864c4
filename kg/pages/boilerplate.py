"""Which elements of a web page hold its own text, by their names, roles and classes; the words are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path

from kg.pages.markup import Attribute

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAMES = ("class", "id", "aria-label", "itemtype")


class Part(Enum):
    """What an element is to its page."""

    TEXT = "text"
    MAIN = "main"
    CRUMBS = "crumbs"  # the path that leads to the page: kept wherever it stands, on one line
    KEPT = "kept"  # text even where it consists of links
    BESIDE = "beside"  # navigation, sharing and the like, unless the page's text stands in it
    NEVER = "never"  # what no reader sees


def part(name: str, attributes: Mapping[str, Attribute]) -> Part:
    """What the element is to its page."""
    words = _words()
    if name in words["never"] or _is_hidden(attributes):
        return Part.NEVER
    if name in {"main", "article"} or _value(attributes, "role") in {"main", "article"}:
        return Part.MAIN
    return _named_part(name, attributes)


def _named_part(name: str, attributes: Mapping[str, Attribute]) -> Part:
    words = _words()
    names = [token for key in _NAMES if key in attributes for token in _tokens(attributes[key].value)]
    said = {word for token in names for word in token}
    if said & words["crumbs"]:
        return Part.CRUMBS
    is_beside = name in words["elements"] or _value(attributes, "role") in words["roles"]
    if is_beside or _value(attributes, "aria-hidden") == "true":
        return Part.BESIDE
    if any(token[0] not in words["about"] and words["words"].intersection(token) for token in names if token):
        return Part.BESIDE
    return Part.KEPT if said & words["kept"] else Part.TEXT


def _tokens(value: str) -> list[tuple[str, ...]]:
    return [tuple(word.lower() for word in _WORD.findall(token)) for token in value.split()[:50]]


def _value(attributes: Mapping[str, Attribute], name: str) -> str:
    found = attributes.get(name)
    return found.value.strip().lower() if found else ""


def _is_hidden(attributes: Mapping[str, Attribute]) -> bool:
    style = attributes.get("style")
    return "hidden" in attributes or (style is not None and _HIDDEN.search(style.value) is not None)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    path = Path(__file__).with_name("boilerplate.toml")
    return {name: frozenset(words) for name, words in tomllib.loads(path.read_text(encoding="utf-8")).items()}
