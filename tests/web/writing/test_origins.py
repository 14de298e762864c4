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


APP = "https://app.example.org"
PLACES = [
    ("POST", "/update"),
    ("PUT", "/graphs?default"),
    ("PATCH", "/graphs/curated/mine"),
    ("DELETE", "/graph/curated/mine"),
    ("PUT", "/reports/drc-2021-267"),
]


def preflight(site, method, address, origin):
    """What a browser is told that asks whether a page of this origin may send such a request with a token."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return site("OPTIONS", address, {**asked, "Access-Control-Request-Headers": "authorization,if-match"})


@pytest.mark.parametrize(("method", "address"), PLACES)
@pytest.mark.parametrize("origins", [(), (APP,)])
def test_browsers_learn_that_other_sites_may_not_write(opened, method, address, origins):
    """The preflight of a write from elsewhere is refused, and allows no origin, whoever else is let in."""
    response = preflight(opened(origins=origins), method, address, "http://evil.example")
    assert response.status_code == 403
    assert not [name for name in response.headers if name.startswith("access-control-allow")]
    assert "evil.example" in response.json()["detail"]


@pytest.mark.parametrize(("method", "address"), PLACES)
def test_browsers_learn_that_a_site_is_let_in(opened, method, address):
    """The preflight of a write from a site that is let in allows that origin, the method, and the token."""
    headers = preflight(opened(origins=(APP,)), method, address, APP).headers
    assert headers["access-control-allow-origin"] == APP
    assert method in headers["access-control-allow-methods"].split(", ")
    assert {"Authorization", "If-Match"} <= set(headers["access-control-allow-headers"].split(", "))
    assert "access-control-allow-credentials" not in headers
    assert "Origin" in headers["vary"]


@pytest.mark.parametrize("address", ["/graphs?default", "/sparql", "/doc/body/jp-csti"])
def test_any_site_may_read(opened, address):
    """The preflight of reading, with whatever headers, allows every origin."""
    response = preflight(opened(), "GET", address, "http://evil.example")
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        (APP, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 200),
        (APP, {}, 200),
        (APP, {"Content-Type": FORM["Content-Type"]}, 200),  # the token shows that it is no form
        (APP, {"Sec-Fetch-Mode": "navigate"}, 403),
        (APP, {"Sec-Fetch-Mode": "no-cors"}, 403),
        ("https://app.example.org.evil.example", {}, 403),
        ("http://app.example.org", {}, 403),
        ("null", {}, 403),
    ],
)
def test_site_that_is_let_in_writes(opened, origin, headers, status):
    """What a page of a listed site sends with a token is a write; nobody else's is."""
    site = opened(origins=(APP,))
    site.token()
    body = b"update=CLEAR+ALL" if "Content-Type" in headers else b"CLEAR ALL"
    response = site("POST", "/update", {**UPDATE, "Origin": origin, **headers}, body)
    assert (response.status_code, len(site.gate.asked)) == (status, int(status == 200))
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Request-Id" in response.headers["access-control-expose-headers"]


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
@pytest.mark.parametrize("address", ["/update", "/graphs?default"])
def test_forms_of_a_site_that_is_let_in_are_refused(opened, address, media_type):
    """A form shows no token, and its browser asks nobody: it writes nowhere, not even where no token is asked for."""
    site = opened(origins=(APP,), is_open=True)
    headers = {"Origin": APP, **({"Content-Type": media_type} if media_type else {})}
    assert site("POST", address, headers, b"update=CLEAR+ALL").status_code == 403
    assert site.gate.asked == []
