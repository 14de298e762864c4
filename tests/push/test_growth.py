"""What a graph has gained, where that is enough to be sent."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.push import growth as module
from kg.push.contents import DEFAULT, mark
from kg.push.growth import growth

SAYS = NamedNode("http://example.org/says")


def store(*words, subject=SAYS):
    """A store whose default graph says these words."""
    made = Store()
    for word in words:
        made.add(Quad(subject, SAYS, Literal(word), DefaultGraph()))
    return made


def grown(old, new):
    """What the default graph gained from one to the other."""
    found = growth(old, new, DEFAULT, mark(old, DEFAULT))
    return found if found is None else set(found)


def test_gain():
    """The triples that are new, and nothing else."""
    said = b"<http://example.org/says> <http://example.org/says>"
    assert grown(store("a", "b"), store("a", "b", "c")) == {said + b' "c" .\n'}


def test_loss():
    """What lost a triple did not merely grow, however much it gained."""
    assert grown(store("a", "b"), store("b", "c", "d")) is None


def test_blank_nodes_cannot_be_added():
    """A server takes a blank node for a new one each time."""
    new = store("a")
    new.add(Quad(BlankNode(), SAYS, Literal("b"), DefaultGraph()))
    assert grown(store("a"), new) is None


def test_much_is_sent_whole(monkeypatch):
    """What is more than one request should hold goes the usual way."""
    monkeypatch.setattr(module, "_MOST", 100)
    assert grown(store("a"), store("a", "b")) is not None
    assert grown(store("a"), store("a", "b", "c" * 100)) is None


@pytest.mark.parametrize("there", [store(), store("a", "c")])
def test_something_else_is_there(there):
    """Where the server says that it holds something else than the earlier version, nothing is known of it."""
    assert growth(store("a", "b"), store("a", "b", "c"), DEFAULT, mark(there, DEFAULT)) is None
