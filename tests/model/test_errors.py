"""The errors: their tree as drawn, their exit codes, their messages."""

import inspect
import re

import pytest

from kg.model import errors
from kg.model.errors import KgError

DRAWN = [
    re.match(r"([ │├└─]*)(\w+)\s+(?:exit code )?(\d)", line).groups()
    for line in errors.__doc__.splitlines()
    if re.match(r"[ │├└─]*\w+(?:Error|Missing|Locked|Refused|Timeout|Failed)\s", line)
]
CLASSES = {name: each for name, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, KgError)}
EXAMPLES = {
    "SettingsError": (("workers", 0, "a number"), "setting workers is 0; expected a number"),
    "LayoutError": (("a.toml", "lacks key"), "layout a.toml: lacks key"),
    "KnowledgeError": (("a.ttl", "no label"), "a.ttl: no label"),
    "StoreMissing": (("kg-store",), "kg-store"),
    "VersionMissing": (("kg-store", "v9", ("v1", "v2")), "no version v9 in kg-store; published: v1, v2"),
    "StoreLocked": (("kg-store", "kg build"), "kg-store is being written by kg build"),
    "QueryRefused": (("SERVICE is not run",), "SERVICE is not run"),
    "SourceError": (("a.txt", "the page is empty"), "a.txt: the page is empty"),
    "StoreError": (("kg-store", "torn"), "store kg-store: torn"),
    "RemoteError": (("example.org", "no connection"), "example.org: no connection"),
    "MintingError": (("http://x/", "a", "b"), "<http://x/> would stand for both 'a' and 'b'"),
    "QuerySyntaxError": (("unexpected }", 1, 2), "unexpected }"),
    "QueryTimeout": ((2.5,), "no answer within 2.5 s"),
    "ServiceFailed": (("http://x/", "fails", (2, 3)), "<http://x/> fails"),
    "UpstreamFailed": (("it fails",), "it fails"),
    "QueryFailed": (("its worker ended",), "its worker ended"),
}


def test_the_tree_is_drawn_in_full():
    """Each error stands in the docstring of its module, and nothing else does."""
    assert {name for _, name, _ in DRAWN} == set(CLASSES)


def test_the_tree_is_drawn_as_it_is():
    """Each error hangs below its parent, with its exit code."""
    path = []
    for branch, name, code in DRAWN:
        depth = len(branch) // 4
        path[depth:] = [name]
        assert CLASSES[name].exit_code == int(code), name
        if depth:
            assert CLASSES[name].__bases__ == (CLASSES[path[depth - 1]],), name


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_error_writes_its_own_message(name):
    """str(error) says what was found, where, and what was expected."""
    arguments, message = EXAMPLES[name]
    assert message in str(CLASSES[name](*arguments))


def test_every_error_with_fields_has_an_example():
    """No error escapes the test above, whichever packages have made kinds of their own."""
    parents = {base for each in CLASSES.values() for base in each.__bases__}
    assert set(EXAMPLES) == {name for name, each in CLASSES.items() if each not in parents}
