"""What pages of other sites have a browser send."""

from __future__ import annotations

import pytest

UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://localhost:8000", "Host": "localhost:8000"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_forms_of_other_sites_are_refused(opened, headers, status, is_open):
    """What a browser sends for another site is refused, token or not; programs say no origin."""
    site = opened(is_open=is_open)
    site.token()
    assert site("POST", "/update", {**FORM, **headers}, b"update=CLEAR+ALL").status_code == status
    assert len(site.gate.asked) == (status == 200)
    assert [told["event"] for told in site.told] == (["began", "ended"] if status == 200 else ["refused"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("127.9.9.9", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:8000", 421),
        ("evil.example@localhost", 421),
        ("[::1", 421),
        ("192.0.2.1", 421),
        ("", 421),
    ],
)
def test_open_writes_are_for_this_machine(opened, host, status):
    """A name that was bound to this machine does not let its pages write: nobody asks for a token here."""
    site = opened(is_open=True)
    assert site("POST", "/update", {**UPDATE, "Host": host}, b"CLEAR ALL").status_code == status
    assert [write.author for write in site.gate.asked] == [""] * (status == 200)


def test_browsers_learn_that_other_sites_may_not_write(site):
    """The preflight of a write from elsewhere allows none of its methods."""
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "PUT"}
    response = site("OPTIONS", "/graphs?default", asked)
    assert "PUT" not in response.headers.get("access-control-allow-methods", "")
