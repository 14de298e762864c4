"""Who asks, and how many seconds of workers each may use: nobody can keep the others waiting.

A client is an address, of IPv6 the network of 64 bits in which one household or server has all of them. Behind a proxy
it is what the proxy says in X-Forwarded-For, and only there: anybody can send that header.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import Scope

from kg.model.errors import QueryRefused, Refusal

Network = IPv4Network | IPv6Network

_MINUTE: Final = 60.0
_MOST_CLIENTS: Final = 10_000
_MOST_AT_ONCE: Final = 96  # queries of one client: three quarters of those that may wait
_HOUSEHOLD: Final = 64  # bits of an IPv6 address


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies whose word is taken for whom they ask."""

    trusted: tuple[Network, ...] = ()

    def client(self, scope: Scope) -> str:
        """The client of a request: the last address in X-Forwarded-For that no trusted proxy has, or the peer's."""
        peer = scope.get("client")
        address = peer[0] if peer else ""
        if self.trusted and self._is_trusted(address):
            address = next((told for told in _forwarded(scope) if not self._is_trusted(told)), address)
        return _household(address)

    def _is_trusted(self, address: str) -> bool:
        return _is_in(address, self.trusted)


@lru_cache(1024)
def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:  # not an address: nobody's
        return False
    return any(parsed in network for network in networks)


def _forwarded(scope: Scope) -> Iterable[str]:
    """The addresses that proxies told, the last first."""
    told = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return (address.strip() for address in reversed(told.decode("latin-1").split(",")) if address.strip())


@lru_cache(1024)
def _household(address: str) -> str:
    """The address, of IPv6 its network; what is no address is cut, as anything may stand there."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _HOUSEHOLD), strict=False))


class OverBudget(QueryRefused):
    """A client has its share of the workers already; in so many seconds it may ask again."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(f"{reason}; ask again in {math.ceil(seconds)} s", Refusal.BUDGET)
        self.seconds = seconds


class Places:
    """Places for what may take longer than a query; who finds none has no more time than a query has."""

    def __init__(self, most: int) -> None:
        self._free = most

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Takes a place until the block ends, and says whether there was one."""
        found = self._free > 0
        self._free -= found
        try:
            yield found
        finally:
            self._free += found


@dataclass(slots=True)
class _Account:
    left: float
    at: float
    running: dict[int, float] = field(default_factory=dict)


class Budgets:
    """Seconds of workers a client may use: a bucket that fills up within a minute, and is never overfull."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        """Budgets of so many seconds a minute for each client; 0 for none at all."""
        self.seconds = seconds
        self._now = now
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._number = 0

    def begin(self, client: str) -> Callable[[float], None]:
        """Lets a query begin, and returns what must be told, once, how many seconds its worker was busy.

        Queries that run count for as long as they have run.

        Raises:
            OverBudget: the client has nothing left.
        """
        if not self.seconds:
            return lambda _: None
        account, now = self._account(client), self._now()
        left = account.left - (sum(now - began for began in account.running.values()) if account.running else 0.0)
        if left <= 0:
            reason = f"your queries have used the {self.seconds:g} seconds of workers that a client has in a minute"
            raise OverBudget(reason, (1 - left) * _MINUTE / self.seconds)
        if len(account.running) >= _MOST_AT_ONCE:
            raise OverBudget(f"{len(account.running)} queries of yours run or wait already", 1)
        self._number += 1
        number = self._number
        account.running[number] = now

        def end(seconds: float) -> None:
            if account.running.pop(number, None) is not None:
                account.left -= seconds

        return end

    def _account(self, client: str) -> _Account:
        now = self._now()
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(self.seconds, now)
            while len(self._accounts) > _MOST_CLIENTS:
                self._accounts.popitem(last=False)
        else:
            self._accounts.move_to_end(client)
        account.left = min(self.seconds, account.left + (now - account.at) * self.seconds / _MINUTE)
        account.at = now
        return account
