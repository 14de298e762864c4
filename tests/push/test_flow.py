"""A push to a server that keeps what it is sent, and to one that fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kg.model.errors import RemoteError
from kg.network import Address, Credential, Remote
from kg.push import GraphStore, Missing, Order, Scope, push

BASE = "http://kg.example.org/"
RECORD = f"{BASE}graph/pushed"
FIRST = Order(version="v1", base=BASE)
SECOND = Order(version="v2", base=BASE)


@pytest.fixture
def pauses():
    """The seconds that were waited before trying again."""
    return []


@pytest.fixture
def pushed(shelf, pauses):
    """Pushes a store to the server; what was done."""

    def run(store, order=FIRST, credential=None, **earlier):
        async def pause(seconds):
            pauses.append(seconds)

        target = GraphStore(Remote(Address.read(shelf.url), credential, patience=20), pause=pause)
        shelf.asked.clear()
        return asyncio.run(push(store, order, target, earlier=earlier.get))

    return run


def written(shelf):
    """The graphs that were put, without the record."""
    return [graph for method, graph in shelf.asked if method == "PUT" and graph != RECORD]


def lines(store, graph):
    """The lines of a graph in a store."""
    return {f"{quad.triple} .\n".encode() for quad in store if getattr(quad.graph_name, "value", "") == graph}


def test_all_graphs_arrive(shelf, pushed, version):
    """Each named graph and the merged graph hold there what they hold here; the default graph comes last."""
    store = version(a=["x", "y"], b=["y", "z"])
    done = pushed(store)
    assert {name: held for name, held in shelf.graphs.items() if name != RECORD} == {
        name: lines(store, name) for name in (f"{BASE}a", f"{BASE}b", "")
    }
    assert written(shelf)[-1] == ""
    assert (done.written, done.unchanged, done.triples) == (3, 0, 7)


def test_second_push_sends_what_changed(shelf, pushed, version):
    """Of the next version only the graphs that differ are sent; of the same version nothing."""
    pushed(version(a=["x"], b=["y"]))
    done = pushed(version(a=["x"], b=["z"]), SECOND)
    assert written(shelf) == [f"{BASE}b", ""]
    assert (done.written, done.unchanged) == (2, 1)
    pushed(version(a=["x"], b=["z"]), SECOND)
    assert [method for method, _ in shelf.asked] == ["GET"]


def sent(shelf):
    """How the default graph was written."""
    return [method for method, graph in shelf.asked if graph == "" and method != "GET"]


def test_what_only_grew_is_added_to(shelf, pushed, version):
    """Of a default graph that lost nothing only the new triples are sent, in one request."""
    old, new = version(a=["x"], b=["y"]), version(a=["x"], b=["y"], c=["z"])
    pushed(old)
    done = pushed(new, SECOND, v1=old)
    assert sent(shelf) == ["POST"]
    assert (shelf.graphs[""], done.triples) == (lines(new, ""), 2)
    pushed(new, SECOND)
    assert [method for method, _ in shelf.asked] == ["GET"]


@pytest.mark.parametrize(
    ("named", "order"),
    [
        ({"v1": {"a": ["x"], "b": ["z"]}}, SECOND),  # another version of this name
        ({}, SECOND),  # it is here no more
        ({"v1": {"a": ["x"], "b": ["y"]}}, replace(SECOND, scope=Scope.ALL)),
    ],
)
def test_what_is_not_known_is_sent_whole(shelf, pushed, version, named, order):
    """Where nobody can say what is there, the whole default graph takes its place."""
    pushed(version(a=["x"], b=["y"]))
    new = version(a=["x"], b=["y"], c=["z"])
    pushed(new, order, **{name: version(**graphs) for name, graphs in named.items()})
    assert sent(shelf) == ["PUT"]
    assert shelf.graphs[""] == lines(new, "")


def test_what_lost_something_is_sent_whole(shelf, pushed, version):
    """A triple that went is gone there, too, in the same moment in which others come."""
    old, new = version(a=["x"], b=["y"]), version(a=["x"], c=["z", "w"])
    pushed(old)
    pushed(new, SECOND, v1=old)
    assert sent(shelf) == ["PUT"]
    assert shelf.graphs[""] == lines(new, "")


def test_default_graph_that_others_changed_is_made_whole(shelf, pushed, version):
    """Where adding does not give what it should, the whole graph follows at once."""
    old, new = version(a=["x"]), version(a=["x", "y"])
    pushed(old)
    shelf.graphs[""] = set()
    pushed(new, SECOND, v1=old)
    assert sent(shelf) == ["POST", "PUT"]
    assert shelf.graphs[""] == lines(new, "")


def test_server_that_adds_nothing(shelf, pushed, version):
    """One that refuses to add to a graph gets the whole of it."""
    old, new = version(a=["x"]), version(a=["x", "y"])
    pushed(old)
    refusal = (405, (), b"POST is not for this")
    shelf.fault = lambda method, graph: refusal if (method, graph) == ("POST", "") else None
    pushed(new, SECOND, v1=old)
    assert shelf.graphs[""] == lines(new, "")


def test_push_that_broke_off_while_adding(shelf, pushed, version):
    """After that the record knows nothing of the default graph, and the next push sends all of it."""
    old, new = version(a=["x"]), version(a=["x", "y"])
    pushed(old)
    shelf.fault = lambda _method, graph: (507, (), b"full") if graph == "" else None
    with pytest.raises(RemoteError):
        pushed(new, SECOND, v1=old)
    shelf.fault = lambda _method, _graph: None
    pushed(new, SECOND, v1=old)
    assert sent(shelf) == ["PUT"]
    assert shelf.graphs[""] == lines(new, "")


def test_all_sends_everything_again(shelf, pushed, version):
    """With Scope.ALL what the record says is not believed."""
    pushed(version(a=["x"]))
    shelf.graphs[f"{BASE}a"] = set()
    pushed(version(a=["x"]), replace(FIRST, scope=Scope.ALL))
    assert shelf.graphs[f"{BASE}a"] == lines(version(a=["x"]), f"{BASE}a")


def test_missing_graphs_stay_unless_told(shelf, pushed, version):
    """A graph that is gone from the version is kept and counted, or deleted; a stranger's graph is never touched."""
    shelf.graphs["http://stranger.example/"] = {b"<http://a> <http://b> <http://c> .\n"}
    pushed(version(a=["x"], b=["y"]))
    assert pushed(version(a=["x"]), SECOND).left == 1
    assert f"{BASE}b" in shelf.graphs
    done = pushed(version(a=["x"]), replace(SECOND, missing=Missing.DELETE))
    assert (done.deleted, done.left) == (1, 0)
    assert set(shelf.graphs) == {f"{BASE}a", "", RECORD, "http://stranger.example/"}


def test_a_failure_tells_how_far_it_got_and_the_next_push_goes_on(shelf, pushed, version):
    """When the server refuses a graph, those before it are there, and the same push sends the others."""
    store = version(a=["x"], b=["y"], c=["z"])
    full = (507, (), b"the disk is full")
    shelf.fault = lambda method, graph: full if (method, graph) == ("PUT", f"{BASE}b") else None
    with pytest.raises(RemoteError, match=r"the disk is full; 1 of 4 graphs are written, .*/b> may be old or new"):
        pushed(store)
    shelf.fault = lambda _method, _graph: None
    pushed(store)
    assert written(shelf) == [f"{BASE}b", f"{BASE}c", ""]
    assert shelf.graphs[""] == lines(store, "")


def test_record_never_says_too_much(shelf, pushed, version):
    """After the server died amid a push of another version, pushing the old one again restores what was half sent."""
    old, new = version(a=["x"], b=["y"]), version(a=["x2"], b=["y2"])
    pushed(old)
    dead = []

    def dying(method, graph):
        if (method, graph) == ("PUT", f"{BASE}b"):
            dead.append(graph)
        return "cut" if dead else None

    shelf.fault = dying
    with pytest.raises(RemoteError):
        pushed(new, SECOND)
    shelf.fault = lambda _method, _graph: None
    pushed(old)
    assert {name: shelf.graphs[name] for name in (f"{BASE}a", f"{BASE}b", "")} == {
        name: lines(old, name) for name in (f"{BASE}a", f"{BASE}b", "")
    }


def test_busy_server_is_asked_again(shelf, pushed, version, pauses):
    """503 and 429 are waited out, as long as the server says, else twice as long each time."""
    busy = iter([(503, (), b""), (429, (("Retry-After", "7"),), b""), (503, (), b""), "cut"])
    shelf.fault = lambda method, graph: next(busy, None) if (method, graph) == ("PUT", f"{BASE}a") else None
    pushed(version(a=["x"]))
    assert pauses == [1.0, 7.0, 4.0, 8.0]
    assert shelf.graphs[f"{BASE}a"] == lines(version(a=["x"]), f"{BASE}a")


def test_server_that_stays_busy(shelf, pushed, version, pauses):
    """After six tries the push fails with what the server said."""
    shelf.fault = lambda *_: (503, (), b"come back next week")
    with pytest.raises(RemoteError, match="503 Service Unavailable: come back next week"):
        pushed(version(a=["x"]))
    assert len(pauses) == 5


def test_counts_are_compared(shelf, pushed, version):
    """A server that holds something else than was sent is found out."""
    shelf.fault = lambda method, graph: (200, (), b"") if (method, graph) == ("PUT", f"{BASE}a") else None
    with pytest.raises(RemoteError, match="/a> holds 0 triples there after 2 were sent"):
        pushed(version(a=["x", "y"]))


def test_refusal_is_not_repeated(shelf, pushed, version, pauses):
    """401 ends the push at once, and says what helps; the credential is in no message."""
    shelf.fault = lambda *_: (401, (), b"who are you?")
    with pytest.raises(RemoteError, match=r"401 Unauthorized: who are you.*--token-file") as error:
        pushed(version(a=["x"]), credential=Credential("s3cret"))
    assert pauses == []
    assert shelf.shown == ["Bearer s3cret"]
    assert "s3cret" not in str(error.value) + repr(Credential("s3cret"))


def test_redirect_is_not_followed(shelf, pushed, version):
    """A server that sends us elsewhere gets neither credential nor graph there."""
    shelf.fault = lambda *_: (307, (("Location", "http://169.254.169.254/"),), b"")
    with pytest.raises(RemoteError, match=r"leads to 'http://169.254.169.254/', and no redirect is followed"):
        pushed(version(a=["x"]))


def test_unreadable_record(shelf, pushed, version):
    """A record that somebody spoilt is named; Scope.ALL goes on without it."""
    shelf.graphs[RECORD] = {b"no triples\n"}
    with pytest.raises(RemoteError, match=r"cannot be read.*--all"):
        pushed(version(a=["x"]))
    assert pushed(version(a=["x"]), replace(FIRST, scope=Scope.ALL)).written == 2
