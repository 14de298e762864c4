"""Which other servers may be asked for a client: those that a list names, at addresses of the public internet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

#: Given out to whoever has a site: all else is for one network, one machine, or nobody yet (IANA).
_GIVEN_OUT: Final = ip_network("2000::/3")
#: Networks that are public by the registries of some versions of Python, and lead elsewhere.
_ELSEWHERE: Final = tuple(
    map(ip_network, ("192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"))
)  # relays of 6to4 (RFC 7526), protocols (RFC 2928; Teredo is one), documentation (RFC 3849, RFC 9637)
#: The lower half of an IPv6 address that is made from an IPv4 one (ISATAP, RFC 5214), by its upper 32 bits.
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
_NAT64: Final = ip_network("64:ff9b::/96")  # RFC 6052
_FOUR_BYTES: Final = 0xFFFFFFFF
_PLAIN: Final = re.compile(r"https?://[\x21-\x7e]+")
#: What may lead out of a folder, by whichever reader of the path.
_CLIMBING: Final = re.compile(r"/\.|%2e|%2f|%5c|\\|[?#]", re.IGNORECASE)


class Hosts(StrEnum):
    """Where a server may be that is asked on behalf of a client."""

    PUBLIC = "public"  # at addresses of the public internet alone, whatever its name resolves to
    ANY = "any"  # on this machine and in networks of one's own, too

    def admit(self, address: str) -> bool:
        """Whether a server at this address may be asked."""
        return self is Hosts.ANY or is_public(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which other servers a service may ask.

    Attributes:
        services: SPARQL endpoints, by their IRIs as a query's SERVICE names them.
        loads: documents that an update may LOAD: by their IRIs, or by that of their folder with its slash.
        hosts: where they may be.
    """

    services: frozenset[str] = frozenset()
    loads: tuple[str, ...] = ()
    hosts: Hosts = Hosts.PUBLIC

    def may_load(self, iri: str) -> bool:
        """Whether a document is one of the list, or lies in a folder of it."""
        return any(iri == entry or (_is_below(iri, entry)) for entry in self.loads)


def is_plain_iri(iri: str) -> bool:
    """Whether this is an IRI of http or https by which a server can be asked: with a host, and no user or fragment."""
    if not _PLAIN.fullmatch(iri) or set(iri) & set('#<>"{}|\\^`'):
        return False
    return has_host(iri) and "@" not in urlsplit(iri).netloc


def has_host(iri: str) -> bool:
    """Whether an IRI names a server."""
    try:
        parts = urlsplit(iri)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address, a port that is no number
        return False


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, as is every other that is hidden in it."""
    try:
        parsed = ip_address(address)
    except ValueError:  # with a zone (fe80::1%eth0), or none at all
        return False
    if any(parsed in network for network in _ELSEWHERE if network.version == parsed.version):
        return False
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    hidden = _hidden(parsed)
    if hidden is not None and not is_public(str(hidden)):
        return False
    is_translated = parsed.ipv4_mapped is not None or parsed in _NAT64
    return is_translated or (parsed in _GIVEN_OUT and parsed.is_global)


def _hidden(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this one may be sent to in the end."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (int(address) >> 32) & _FOUR_BYTES in _ISATAP:
        return IPv4Address(int(address) & _FOUR_BYTES)
    return None


def _is_below(iri: str, folder: str) -> bool:
    return folder.endswith("/") and iri.startswith(folder) and _CLIMBING.search(iri, len(folder) - 1) is None
