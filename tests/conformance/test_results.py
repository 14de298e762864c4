"""The comparison of answers lets nothing pass that the standard would not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import results

HEAD = '{"head":{"vars":["a","b"]},"results":{"bindings":['
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def rows(*pairs):
    """Results as JSON, of terms such as `_:x`, `<x:y>` and `1`; others are strings."""
    return (HEAD + ",".join(f'{{"a":{_term(a)},"b":{_term(b)}}}' for a, b in pairs) + "]}}").encode()


def _term(word):
    if word.startswith("_:"):
        return f'{{"type":"bnode","value":"{word[2:]}"}}'
    if word.startswith("<"):
        return f'{{"type":"uri","value":"{word[1:-1]}"}}'
    if word.isdigit():
        return f'{{"type":"literal","value":"{word}","datatype":"{INTEGER}"}}'
    return f'{{"type":"literal","value":"{word}"}}'


@pytest.fixture
def agrees(tmp_path, monkeypatch):
    """Whether an answer says what a file of this suffix and content would."""

    def compared(found, wanted, suffix, *, ordered):
        file = tmp_path / f"wanted{suffix}"
        file.write_bytes(wanted)
        monkeypatch.setattr(results, "file_of", lambda _: file)
        return results.agrees(found, "x:wanted", ordered=ordered)

    return compared


@pytest.mark.parametrize(
    ("found", "wanted", "ordered", "same"),
    [
        ([("x", "y")], [("x", "y")], False, True),
        ([("x", "y")], [("x", "z")], False, False),
        ([("x", "y"), ("u", "v")], [("u", "v"), ("x", "y")], False, True),
        ([("x", "y"), ("u", "v")], [("u", "v"), ("x", "y")], True, False),
        ([("x", "y")], [("x", "y"), ("x", "y")], False, False),
        ([("x", "y"), ("x", "y"), ("u", "v")], [("x", "y"), ("u", "v"), ("u", "v")], False, False),
        ([("_:p", "_:p")], [("_:q", "_:q")], False, True),
        ([("_:p", "_:p")], [("_:q", "_:r")], False, False),
        ([("_:p", "_:r")], [("_:q", "_:q")], False, False),
        ([("_:p", "1"), ("_:p", "2")], [("_:q", "2"), ("_:q", "1")], False, True),
        ([("_:p", "1"), ("_:p", "2")], [("_:q", "2"), ("_:r", "1")], False, False),
        ([("_:p", "1")], [("<x:p>", "1")], False, False),
        ([("01", "x")], [("1", "x")], False, True),
        ([("2", "x")], [("1", "x")], False, False),
        ([("<x:1>", "x")], [("1", "x")], False, False),
    ],
)
def test_rows(agrees, found, wanted, ordered, same):
    """Rows count as often as they come; blank nodes pair off one to one over all rows; numbers are their values."""
    assert agrees(rows(*found), rows(*wanted), ".srj", ordered=ordered) is same


@pytest.mark.parametrize(
    ("found", "same"),
    [("_:a <x:p> _:b .", True), ("_:a <x:p> _:a .", False), ("", False), ("_:a <x:p> _:b . _:b <x:p> _:c .", False)],
)
def test_graphs(agrees, found, same):
    """Graphs are the same when their blank nodes can be paired off."""
    assert agrees(found.encode(), b"_:x <x:p> _:y .", ".ttl", ordered=False) is same
