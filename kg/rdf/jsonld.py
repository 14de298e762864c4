"""JSON-LD (https://www.w3.org/TR/json-ld11/) from outside: what is refused before a parser sees it.

Deep nesting costs the parser time with the square of the depth and, some thousands deep, its process; of a remote
context it says no more than that it cannot load it; and a key that no context explains it passes over in silence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from kg.model.errors import KnowledgeError

MOST_DEEP: Final = 100

_NESTING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_CONTEXT, _IMPORT, _VOCAB, _CONTAINER = "@context", "@import", "@vocab", "@container"


def refuse_unsafe(payload: bytes, name: str) -> None:
    """Refuses a document that reaches beyond itself, is nested too deeply, or has keys that mean nothing.

    Args:
        payload: the document's bytes, without a byte order mark.
        name: the file, as messages give it.

    Raises:
        KnowledgeError: it does one of these, or is no JSON.
    """
    _refuse_depth(payload, name)
    try:
        text = payload.decode()
        document = json.loads(text, object_pairs_hook=_Object)
    except UnicodeDecodeError as error:
        raise KnowledgeError(name, f"no UTF-8: byte {payload[error.start]:#04x} at offset {error.start}") from error
    except json.JSONDecodeError as error:
        raise KnowledgeError(name, f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except ValueError as error:  # a number of thousands of digits
        raise KnowledgeError(name, f"holds a number that cannot be read: {error}") from error
    objects = tuple(_objects(document))
    contexts = [context for each in objects for key, value in each if key == _CONTEXT for context in _listed(value)]
    _refuse_remote(contexts, text, name)
    _refuse_doubled(objects, text, name)
    _refuse_unexplained(document, contexts, text, name)


class _Object(list[tuple[str, Any]]):
    """A JSON object as the pairs that stand in it: a key that stands twice is seen."""


def _refuse_depth(payload: bytes, name: str) -> None:
    if fault := depth_fault(payload):
        raise KnowledgeError(name, fault)


def depth_fault(payload: bytes) -> str:
    """Where a document is nested too deeply to be parsed, and that it is; empty where it is not."""
    depth = 0
    for match in _NESTING.finditer(payload):
        depth += 1 if match["open"] else -1 if match["close"] else 0
        if depth > MOST_DEEP:
            line = payload.count(b"\n", 0, match.start()) + 1
            return f"line {line}: is nested more than {MOST_DEEP} deep"
    return ""


def _objects(value: object) -> Iterator[_Object]:
    """Every object of the document; it is not nested too deeply for this."""
    if isinstance(value, _Object):
        yield value
        for _, inner in value:
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) and not isinstance(value, _Object) else [value]


def _refuse_remote(contexts: list[Any], text: str, name: str) -> None:
    inner = (value for context in contexts for each in _objects(context) for key, value in each if key == _IMPORT)
    for address in (*contexts, *inner):
        if isinstance(address, str):
            where = _line(text, address)
            raise KnowledgeError(name, f"{where}names the remote context {address!r}; write the context into the file")


def _refuse_doubled(objects: tuple[_Object, ...], text: str, name: str) -> None:
    for each in objects:
        key, times = Counter(key for key, _ in each).most_common(1)[0] if each else ("", 0)
        if times > 1:
            raise KnowledgeError(name, f"{_line(text, key)}has the key {key!r} {times} times in one object")


def _refuse_unexplained(document: object, contexts: list[Any], text: str, name: str) -> None:
    """Refuses keys that a parser would pass over, unless a context makes keys of languages or of indexes."""
    inside = [each for context in contexts for each in _objects(context)]
    explained = {key for each in inside for key, _ in each}
    if not explained.isdisjoint((_VOCAB, _CONTAINER)):
        return
    for key in _keys(document):
        if not key.startswith("@") and ":" not in key and key not in explained:
            what = "a key that no context explains"
            raise KnowledgeError(name, f"{_line(text, key)}has {what}, {key!r}; it would be passed over in silence")


def _keys(value: object) -> Iterator[str]:
    """The keys of the document outside its contexts."""
    if isinstance(value, _Object):
        for key, inner in value:
            yield key
            if key != _CONTEXT:
                yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _line(text: str, word: str) -> str:
    """The line of a word as it stands in JSON, where it stands there as it is."""
    at = text.find(f'"{word}"')
    return f"line {text.count(chr(10), 0, at) + 1}: " if at >= 0 else ""
