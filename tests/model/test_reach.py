"""Which servers and documents are on a list, and which addresses are of the public internet."""

from __future__ import annotations

import pytest

from kg.model.reach import Hosts, Reach, is_plain_iri, is_public

PUBLIC = ["8.8.8.8", "203.0.114.1", "2001:4860:4860::8888", "2620:0:860::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NOT_PUBLIC = {
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
    "shared": ["100.64.0.1", "100.127.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved": ["0.0.0.0", "240.0.0.1", "255.255.255.255", "::", "100::1", "4000::1", "5f00::1"],  # noqa: S104 - nothing is bound
    "protocols and tests": ["192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"],
    "documentation": ["2001:db8::1", "3fff::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808"],
    "ISATAP": ["2620:0:860::5efe:a00:1", "2620:0:860::200:5efe:c0a8:101"],
    "no address": ["", "localhost", "127.1", "0x7f000001", "2130706433", "8.8.8.8.8"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    """An address of the public internet may be asked."""
    assert is_public(address)
    assert Hosts.PUBLIC.admit(address)


@pytest.mark.parametrize("address", [each for kind in NOT_PUBLIC.values() for each in kind])
def test_not_public(address):
    """Any other may not, nor one that it is hidden in; unless any may."""
    assert not Hosts.PUBLIC.admit(address)
    assert Hosts.ANY.admit(address)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/sparql",
        "http://example.org:8080/a?b=c",
        "http://127.0.0.1:3030/data/query",
        "https://[2001:db8::1]/",
    ],
)
def test_plain_iris(iri):
    """An IRI with a host is one that a server can be asked by."""
    assert is_plain_iri(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "ftp://example.org/", "file:///etc/passwd", "https:///sparql", "https://user@example.org/",
        "https://u:p@example.org/", "https://example.org/#part", "https://example.org/a b", "https://example.org/>",
        "https://example.org:0/", "https://example.org:99999/", "https://[::1/", "//example.org/", "https://exämple.org/",
    ],
)  # fmt: skip
def test_iris_that_are_not_plain(iri):
    """What no request can be made of, or what holds a user, is none."""
    assert not is_plain_iri(iri)


DOCUMENTS = Reach(loads=("https://example.org/data/", "https://example.net/one.ttl"))


@pytest.mark.parametrize(
    "iri", ["https://example.net/one.ttl", "https://example.org/data/a.ttl", "https://example.org/data/b/c.nt"]
)
def test_documents_of_the_list(iri):
    """A document of the list may be loaded, and what lies in a folder of it."""
    assert DOCUMENTS.may_load(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/data", "https://example.org/database/a.ttl", "http://example.org/data/a.ttl",
        "https://example.org/data/../secret", "https://example.org/data/%2e%2E/secret", "https://example.org/data/..%2fx",
        "https://example.org/data/a?b=c", "https://example.org/data/..\\x", "https://example.net/one.ttl?x",
        "https://example.org.evil.example/data/a.ttl", "https://example.net/one.ttl/more",
    ],
)  # fmt: skip
def test_documents_that_are_not_of_the_list(iri):
    """Nothing beside them may, however near it comes, nor what climbs out of a folder."""
    assert not DOCUMENTS.may_load(iri)
