"""Documents fetched for updates: those of the list, whole, as they are; and where nobody is sent."""

from __future__ import annotations

import asyncio
import threading

import pytest
from endpoints import endpoints

from kg.model.errors import QueryRefused, Refusal, ServiceFailed
from kg.model.reach import Hosts, Reach
from kg.model.writes import Loaded
from kg.web.loading import MOST_BYTES, MOST_DOCUMENTS, Loading

TURTLE = (200, "text/turtle", b"<a> <b> 1 .")
NEVER = threading.Event()


def fetched(update, *listed, hosts=Hosts.ANY, deadline=10.0):
    """The documents of an update."""
    return asyncio.run(Loading(Reach(loads=listed, hosts=hosts)).documents(update, deadline))


def test_documents_of_the_list_are_fetched():
    """Each once, by its IRI; strings, comments and patterns load nothing."""
    with endpoints({"/d/a.ttl": TURTLE, "/d/b": (200, "application/n-triples; charset=utf-8", b"")}) as (base, sent):
        update = (
            f"LOAD <{base}/d/a.ttl> ; load silent <{base}/d/b> into graph <g> ; LOAD <{base}/d/a.ttl> ;"
            f"# LOAD <{base}/d/c>\nINSERT DATA {{ <s> <p> 'LOAD <{base}/d/c>' . LOAD <{base}/d/c> }}"
        )
        assert fetched(update, f"{base}/d/") == (
            Loaded(iri=f"{base}/d/a.ttl", media_type="text/turtle", payload=TURTLE[2]),
            Loaded(iri=f"{base}/d/b", media_type="application/n-triples", payload=b""),
        )
    assert [path for path, *_ in sent] == ["/d/a.ttl", "/d/b"]
    assert not {"Authorization", "Cookie"} & sent[0][2].keys()


def test_others_are_left_to_the_gate():
    """What is not of the list, or not named in full, is not fetched; the gate refuses it."""
    with endpoints({"/d/a": TURTLE}) as (base, sent):
        for update in (
            f"LOAD <{base}/e>", f"LOAD <{base}/d/../e>", "LOAD <d/a>", f"PREFIX d: <{base}/d/> LOAD d:a", "LOAD",
            "LOAD ;", f"INSERT DATA {{ <a> <b> <{base}/d/a> }}", f"LOAD <{base}/d/a>" + " " * 1024 * 1024,
        ):  # fmt: skip
            assert fetched(update, f"{base}/d/") == ()
        assert fetched(f"LOAD <{base}/d/a>") == ()
    assert sent == []


FAILURES = {
    "a redirect": (lambda handler: handler.give(302, "text/plain", b"", Location="/d/b"), "nobody is followed"),
    "not there": (None, "status 404"),
    "too long": ((200, "text/turtle", b" " * (MOST_BYTES + 1)), "more than 8,388,608 bytes"),
    "packed": (lambda handler: handler.give(200, "text/turtle", b"", Content_Encoding="gzip"), "packed"),
}


@pytest.mark.parametrize(("given", "reason"), FAILURES.values(), ids=FAILURES)
def test_failure(given, reason):
    """What cannot be had is told with its IRI and place; in silence it is left out, and nobody is followed."""
    with endpoints({"/d/a": given, "/d/b": TURTLE}) as (base, sent):
        with pytest.raises(ServiceFailed, match=reason) as failed:
            fetched(f"CLEAR DEFAULT ;\n LOAD <{base}/d/a>", f"{base}/d/")
        assert (failed.value.service, failed.value.line, failed.value.column) == (f"{base}/d/a", 2, 2)
        assert fetched(f"LOAD SILENT <{base}/d/a>", f"{base}/d/") == ()
    assert {path for path, *_ in sent} == {"/d/a"}


def test_deadline():
    """A document that does not come ends with the deadline."""
    with endpoints({"/d/a": lambda _: NEVER.wait(5)}) as (base, _):
        with pytest.raises(ServiceFailed) as failed:
            fetched(f"LOAD <{base}/d/a>", f"{base}/d/", deadline=0.2)
        NEVER.set()
    assert failed.value.is_late


def test_private_addresses_are_not_reached():
    """A document of the list in a private network is not fetched, unless any host may be asked."""
    with endpoints({"/d/a": TURTLE}) as (base, sent):
        with pytest.raises(ServiceFailed, match="not of the public internet"):
            fetched(f"LOAD <{base}/d/a>", f"{base}/d/", hosts=Hosts.PUBLIC)
        assert sent == []


def test_number_of_documents():
    """An update loads a few documents."""
    with endpoints({}) as (base, sent):
        update = " ; ".join(f"LOAD <{base}/d/{number}>" for number in range(MOST_DOCUMENTS + 1))
        with pytest.raises(QueryRefused) as refused:
            fetched(update, f"{base}/d/")
        assert (refused.value.kind, sent) == (Refusal.SIZE, [])


@pytest.mark.parametrize(
    ("told", "path", "media_type"),
    [
        ("text/plain", "/d/a.ttl", "text/turtle"),
        ("application/octet-stream", "/d/a.nt", "application/n-triples"),
        ("text/plain", "/d/a", "text/plain"),
        ("text/html", "/d/a.ttl", "text/html"),
    ],
)
def test_media_type(told, path, media_type):
    """Where a server does not know what a file is, its name tells."""
    with endpoints({path: (200, told, b"")}) as (base, _):
        (document,) = fetched(f"LOAD <{base}{path}>", f"{base}/d/")
    assert document.media_type == media_type
