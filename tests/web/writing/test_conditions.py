"""On which conditions a write is done, and what a client calls it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.model.writes import WriteOutcome, Written

TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
PUBLISHED = Written(outcome=WriteOutcome.PUBLISHED, version="v4", added=2, removed=1)
CREATED = replace(PUBLISHED, created=True)


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({}, None),
        ({"If-Match": '"v3"'}, "v3"),
        ({"If-Match": '"v2.0f", W/"v3.00ff-zstd"'}, "v3"),
        ({"If-Match": "*"}, "v3"),
        ({"If-None-Match": '"v2"'}, None),
    ],
)
def test_a_condition_that_holds_is_kept_in_the_gate(site, headers, version):
    """What was seen must still be so when it is written."""
    assert site("PUT", "/graph/authority", {**TURTLE, **headers}, b"").status_code == 200
    assert [write.version for write in site.gate.asked] == [version]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/graph/authority", {"If-Match": '"v2"'}),
        ("/graph/authority", {"If-Match": '"v33.00ff"'}),
        ("/graph/authority", {"If-Match": "nonsense"}),
        ("/graph/authority", {"If-None-Match": "*"}),
        ("/graphs?default", {"If-None-Match": "*"}),
        ("/graph/authority", {"If-None-Match": '"v3"'}),
        ("/graph/none", {"If-Match": "*"}),
        ("/reports/none", {"If-Match": "*", "Content-Type": "text/plain"}),
        ("/reports/drc-2021-267", {"If-None-Match": "*", "Content-Type": "text/plain"}),
    ],
)
def test_a_condition_that_does_not_hold(site, address, headers):
    """412, with what is current; the gate is not asked, and the log says so."""
    response = site("PUT", address, {**TURTLE, **headers}, b"")
    assert response.status_code == 412
    assert site.gate.asked == []
    assert [(told["event"], told["status"]) for told in site.told] == [("refused", 412)]


def test_only_what_is_not_there_is_created(site):
    """If-None-Match: * lets a new graph pass."""
    site.gate.answers = [CREATED]
    assert site("PUT", "/graph/none", {**TURTLE, "If-None-Match": "*"}, b"").status_code == 201


def test_the_tag_of_a_graph_names_its_version(site):
    """What GET gave is what If-Match takes, packed or not."""
    for encoding in ("identity", "gzip"):
        tag = site("GET", "/graph/authority", {"Accept-Encoding": encoding}).headers["etag"]
        assert site("PUT", "/graph/authority", {**TURTLE, "If-Match": tag}, b"").status_code == 200
    assert [write.version for write in site.gate.asked] == ["v3", "v3"]


def test_another_write_in_between_changes_nothing_about_a_graph(site):
    """A condition on a graph's being there is looked at again when another version was published meanwhile."""
    site.gate.answers = [Written(outcome=WriteOutcome.STALE, version="v4"), CREATED]
    assert site("PUT", "/graph/none", {**TURTLE, "If-None-Match": "*"}, b"").status_code == 201
    assert site.gate.events == ["applied", "served", "applied", "served"]


def test_another_write_in_between_makes_a_version_stale(site):
    """A condition on the version itself is not tried twice."""
    site.gate.answers = [Written(outcome=WriteOutcome.STALE, version="v4", reason="v4 is current")]
    response = site("PUT", "/graph/authority", {**TURTLE, "If-Match": '"v3"'}, b"")
    assert (response.status_code, response.headers["kg-version"]) == (412, "v4")
    assert len(site.gate.asked) == 1


@pytest.mark.parametrize(
    ("written", "key"), [('"a b"', "a b"), ("a-7", "a-7"), (r'"a\"b\\"', 'a"b\\'), ('"x"', "x"), ("x" * 255, "x" * 255)]
)
def test_a_key_comes_to_the_gate(site, written, key):
    """As a string of RFC 9651, or as a word."""
    site("POST", "/update", {**UPDATE, "Idempotency-Key": written}, b"CLEAR ALL")
    assert [write.idempotency_key for write in site.gate.asked] == [key]


@pytest.mark.parametrize("written", ["", '""', '"a', 'a"', "a b", "é", "x" * 256, '"a", "b"'])
def test_a_key_that_is_none(site, written):
    """It is refused: a client that believes to be safe must not be mistaken."""
    headers = {**UPDATE, "Idempotency-Key": written.encode("latin-1")}
    assert site("POST", "/update", headers, b"CLEAR ALL").status_code == 400
    assert site.gate.asked == []


def test_a_retry_with_a_key_gets_the_first_answer_though_its_condition_no_longer_holds(site):
    """The write itself is why: only the gate knows."""
    site.gate.answers = [CREATED, Written(outcome=WriteOutcome.STALE, version="v5")]
    headers = {**TURTLE, "If-None-Match": "*", "Idempotency-Key": "k"}
    assert site("PUT", "/graph/authority", headers, b"").status_code == 201
    second = site("PUT", "/graph/authority", headers, b"")
    assert (second.status_code, second.json()["detail"]) == (412, "it is there already, and If-None-Match is *")
    assert [write.version for write in site.gate.asked] == ["v0", "v0"]


@pytest.mark.parametrize(
    ("value", "confirmed", "status"), [(None, False, 200), ("deletion", True, 200), ("1", None, 400)]
)
def test_a_large_deletion_is_confirmed(site, value, confirmed, status):
    """By a header that says what it confirms."""
    headers = UPDATE if value is None else {**UPDATE, "KG-Confirm": value}
    assert site("POST", "/update", headers, b"CLEAR ALL").status_code == status
    assert [write.is_deletion_confirmed for write in site.gate.asked] == ([] if confirmed is None else [confirmed])
