"""Answers as they travel: packed where a client wants it, told apart by their ETags, and not sent twice."""

from __future__ import annotations

import gzip
import json

import pytest
import zstandard

ALL = {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "format": "csv"}
UNPACKED = {
    "gzip": gzip.decompress,
    "zstd": lambda payload: zstandard.ZstdDecompressor().decompressobj().decompress(payload),
}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *;q=0.1", "gzip"),
        ("br", None),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_encodings(sent, accepted, encoding):
    """The answer comes in the encoding that the client likes best, and caches are told."""
    response = sent("/sparql", ALL, {"Accept-Encoding": accepted})
    assert response.headers.get("content-encoding") == encoding
    assert "Accept-Encoding" in response.headers["vary"]
    unpacked = UNPACKED.get(encoding, bytes)(response.raw)
    assert unpacked == sent("/sparql", ALL, {"Accept-Encoding": "identity"}).raw
    assert int(response.headers["content-length"]) == len(response.raw)


def test_short_answers_are_not_packed(sent):
    """An answer of a few bytes would only grow."""
    assert "content-encoding" not in sent("/sparql", {"query": "ASK {}"}, {"Accept-Encoding": "gzip"}).headers


def test_each_representation_has_a_strong_etag_of_its_own(sent):
    """The same bytes have the same ETag, other bytes another: by format, by encoding, by query."""

    def etag(query, encoding, **fields):
        return sent("/sparql", {"query": query, **fields}, {"Accept-Encoding": encoding}).headers["etag"]

    query = ALL["query"]
    tags = [etag(query, "identity"), etag(query, "gzip"), etag(query, "zstd"), etag(query, "identity", format="csv")]
    assert len({*tags, etag("ASK {}", "identity")}) == 5
    assert etag(query, "identity") == tags[0]
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize(
    "address", ["/", "/sparql?query=ASK%7B%7D", "/graph/authority", "/doc/body/jp-csti.ttl", "/sparql"]
)
def test_what_is_known_is_not_sent_again(web, address):
    """A client that has an answer is told so; one that has another gets it whole."""
    first = web("GET", address)
    again = web("GET", address, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == first.headers["vary"]
    assert "content-type" not in again.headers
    assert web("GET", address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert web("GET", address, headers={"If-None-Match": "*"}).status_code == 304


def test_answers_bear_the_time_of_their_version(web):
    """The version's time is told; it counts only where it is the same, since a rollback makes an older one current."""
    first = web("GET", "/graph/authority")
    assert first.headers["last-modified"] == "Sun, 01 Nov 2026 12:00:00 GMT"
    assert first.headers["cache-control"] == "public, no-cache"
    for since, status in [(first.headers["last-modified"], 304), ("Wed, 04 Nov 2026 12:00:00 GMT", 200)]:
        assert web("GET", "/graph/authority", headers={"If-Modified-Since": since}).status_code == status
    both = {"If-Modified-Since": first.headers["last-modified"], "If-None-Match": '"other"'}
    assert web("GET", "/graph/authority", headers=both).status_code == 200


def test_problems_are_not_kept(get):
    """A refusal has no ETag and is not to be kept."""
    response = get("/sparql", params={"query": "SELECT"})
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert json.loads(response.content)["status"] == 400


def test_a_query_that_is_posted_has_no_etag(web):
    """An ETag tells about an address; what a POST answers is not at its address. QUERY is safe, and has one."""
    posted, queried = (web(method, "/sparql", data={"query": "ASK {}"}) for method in ("POST", "QUERY"))
    assert "etag" not in posted.headers
    assert queried.headers["etag"]
