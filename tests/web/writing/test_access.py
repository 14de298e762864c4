"""Who may write, and who may read: tokens as they are shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kg.model.access import Readers, Scope
from kg.tokens import revoke_token

TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: A write of each kind: method, address, headers and body.
WRITES = [
    ("POST", "/update", UPDATE, b"CLEAR ALL"),
    ("POST", "/update", FORM, b"update=CLEAR+ALL"),
    ("PUT", "/graphs?default", TURTLE, b""),
    ("POST", "/graphs", TURTLE, b""),
    ("PATCH", "/graphs?graph=http://x/g", UPDATE, b"CLEAR ALL"),
    ("DELETE", "/graph/authority", {}, b""),
    ("PUT", "/reports/drc-2021-267", {"Content-Type": "text/plain"}, b"x"),
    ("DELETE", "/reports/drc-2021-267", {}, b""),
]


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_without_any_token_nothing_is_written(opened, method, address, headers, body):
    """Writing is off until there is a token for it; one that reads does not turn it on."""
    site = opened()
    site.token(scope=Scope.READ)
    response = site(method, address, headers, body)
    assert response.status_code == (405 if "graph" in address else 403)
    assert "kg token add" in response.json()["detail"]
    assert (site.gate.asked, site.told) == ([], [])


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_a_write_needs_a_token(site, method, address, headers, body):
    """Without one a client learns how to show it, and the log that it tried."""
    site.secret = None
    response = site(method, address, headers, body)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Bearer realm="kg"')
    assert site.gate.asked == []
    told = [(told["event"], told["status"], told["id"]) for told in site.told]
    assert told == [("refused", 401, response.headers["request-id"])]


@pytest.mark.parametrize(("method", "address", "headers", "body"), WRITES)
def test_a_token_lets_write(site, method, address, headers, body):
    """With one each kind of write comes to the gate, under the token's name."""
    assert site(method, address, headers, body).status_code == 200
    assert [write.author for write in site.gate.asked] == ["ada"]


@pytest.mark.parametrize(
    "shown",
    ["Bearer", "Bearer kgt_wrong", "Basic YTpi", "kgt_", "Bearer é", "Bearer {digest}", "Bearer {secret} {secret}"],
)
def test_another_token_is_none(site, shown):
    """What is no token of ours, or its digest, is refused as such."""
    digest = json.loads(site.file.read_text())["tokens"][0]["sha256"]
    shown = shown.format(digest=digest, secret=site.secret).encode("latin-1")
    response = site("POST", "/update", {**UPDATE, "Authorization": shown}, b"CLEAR ALL")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="kg", error="invalid_token"'
    assert site.gate.asked == []


def test_a_use_that_is_good_is_noted(site):
    """A token counts as used when it let something happen, not when it was refused."""
    site.now += timedelta(hours=1)
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    used = [("ada", site.now)]
    assert site.used == used
    site.token("bob", Scope.READ)
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    site.secret = "kgt_none"  # noqa: S105 - no secret of anybody
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert site.used == used


def test_a_token_in_the_address_counts_for_nothing(site):
    """It would end up in logs."""
    secret, site.secret = site.secret, None
    assert site("POST", f"/update?access_token={secret}", UPDATE, b"CLEAR ALL").status_code == 401


def test_a_token_of_too_small_a_scope(site):
    """403 says which scope is needed."""
    site.token("bob", Scope.READ)
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 403
    assert response.headers["www-authenticate"].endswith('error="insufficient_scope", scope="curate"')
    assert site.gate.asked == []


def test_a_token_is_good_until_it_expires(site):
    """From its end on it is none."""
    end = site.now + timedelta(days=1)
    site.token("bob", expires=end)
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    site.now = end
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 401


def test_a_revoked_token_is_refused_at_once(site):
    """The server need not be started again."""
    ada = site.secret
    site.token("bob")
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200
    revoke_token(site.file, "bob")
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 401
    site.secret = ada
    assert site("POST", "/update", UPDATE, b"CLEAR ALL").status_code == 200


def test_a_damaged_file_of_tokens_lets_nobody_in(site):
    """It says so in the server's log, and to the client only that it cannot be read."""
    site.file.write_text("{")
    response = site("POST", "/update", UPDATE, b"CLEAR ALL")
    assert response.status_code == 503
    assert str(site.file) not in response.text
    assert site.gate.asked == []


def test_no_secret_is_told(site, caplog):
    """Neither the audit log nor the server's has it, whatever is sent."""
    site("POST", "/update", UPDATE, b"CLEAR ALL")
    site("POST", "/update", {**UPDATE, "Authorization": f"Basic {site.secret}"}, b"CLEAR ALL")
    site("POST", "/update", {**UPDATE, "Authorization": f"Bearer {site.secret}x"}, b"CLEAR ALL")
    assert site.secret not in site.log.read_text() + caplog.text


PRIVATE = [("/", "read"), ("/sparql", "read"), ("/graphs?default", "read"), ("/ontology", "read"), ("/health", "admin")]


@pytest.mark.parametrize(("address", "scope"), PRIVATE)
def test_reading_may_need_a_token(opened, address, scope):
    """Where the deployment wants it, everything does but what shows that the service lives."""
    site = opened(readers=Readers.TOKENS)
    assert site("GET", address).status_code == 401
    for held in Scope:
        site.token(held.value, held)
        response = site("GET", address)
        assert (response.status_code == 200) is held.covers(Scope(scope))
    assert "public" not in response.headers["cache-control"]
    assert "Authorization" in response.headers["vary"]
    site.secret = None
    assert [site("GET", path).status_code for path in ("/health/live", "/static/style.css")] == [200, 200]


def test_reading_is_open_else(site):
    """A token for writing does not close what anyone may read."""
    site.secret = None
    response = site("GET", "/graphs?default")
    assert (response.status_code, response.headers["cache-control"]) == (200, "public, no-cache")
