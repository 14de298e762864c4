"""Who a client is, and what it may use."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from kg.model.errors import Refusal
from kg.web.clients import Budgets, OverBudget, Proxies

TRUSTED = Proxies((ip_network("127.0.0.1"), ip_network("10.0.0.0/8")))


def scope(peer, *forwarded):
    """A request from a peer, with these X-Forwarded-For headers."""
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", each.encode()) for each in forwarded]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["203.0.113.9, 192.0.2.7, 10.1.2.3"], "192.0.2.7"),
        ("127.0.0.1", ["203.0.113.9", "192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["10.1.1.1"], "127.0.0.1"),
        ("192.0.2.7", ["203.0.113.9"], "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("127.0.0.1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", [], "192.0.2.7"),
    ],
)
def test_client(peer, forwarded, client):
    """It is the last address that no trusted proxy has; nobody else's word is taken; IPv6 goes by network."""
    assert TRUSTED.client(scope(peer, *forwarded)) == client


def test_without_trusted_proxies_nobody_is_believed():
    """Anybody can send X-Forwarded-For."""
    assert Proxies().client(scope("127.0.0.1", "192.0.2.7")) == "127.0.0.1"


def test_what_is_no_address_is_cut():
    """A proxy may write anything; it costs no more memory than an address."""
    assert len(TRUSTED.client(scope("127.0.0.1", "x" * 9000))) == 64


class Clock:
    """A clock that is set."""

    now = 1000.0

    def __call__(self):
        """The time it was set to."""
        return self.now


@pytest.fixture
def clock():
    """A clock that is set."""
    return Clock()


def test_budget_is_used_up_and_comes_back(clock):
    """What workers spent is taken from the client's bucket, which fills up within a minute."""
    budgets = Budgets(6.0, clock)
    budgets.begin("a")(6.5)
    with pytest.raises(OverBudget) as over:
        budgets.begin("a")
    assert (over.value.kind, over.value.seconds) == (Refusal.BUDGET, 15.0)
    budgets.begin("b")(0.0)
    clock.now += over.value.seconds
    budgets.begin("a")(0.5)
    clock.now += 3600
    budgets.begin("a")(6.5)
    with pytest.raises(OverBudget):
        budgets.begin("a")


def test_what_runs_counts(clock):
    """A client cannot get around it by asking many at once."""
    budgets = Budgets(6.0, clock)
    ends = [budgets.begin("a") for _ in range(4)]
    clock.now += 2
    with pytest.raises(OverBudget):
        budgets.begin("a")
    for end in ends:
        end(0.1)
        end(100.0)
    budgets.begin("a")


def test_one_client_cannot_fill_the_queue(clock):
    """However large its budget is, a client has only so many queries at a time."""
    budgets = Budgets(1e9, clock)
    for _ in range(96):
        budgets.begin("a")
    with pytest.raises(OverBudget, match="run or wait"):
        budgets.begin("a")
    budgets.begin("b")


def test_no_budget(clock):
    """With 0 there is no limit."""
    budgets = Budgets(0, clock)
    for _ in range(1000):
        budgets.begin("a")(100.0)


def test_clients_that_come_and_go_take_no_memory(clock):
    """The oldest account goes when there are too many."""
    budgets = Budgets(6.0, clock)
    budgets.begin("first")(100.0)
    for number in range(10_000):
        budgets.begin(str(number))(0.0)
    budgets.begin("first")
