"""Whoever sends a request cannot choose what they are counted as."""

import pytest

from widget.core import senders

PROXY = "10.0.0.2"
TRUE = "203.0.113.9"
SPOOFS = [
    "",
    "1.2.3.4",
    "1.2.3.4, 5.6.7.8",
    "127.0.0.1",
    "::1",
    "unknown",
    "_hidden",
    "x" * 5000,
    ",,,",
    "203.0.113.9:1",
]


@pytest.mark.parametrize("spoofed", SPOOFS)
def test_without_proxies_nothing_that_is_sent_counts(spoofed: str) -> None:
    assert senders.sender(TRUE, spoofed, hops=0) == TRUE


@pytest.mark.parametrize("spoofed", SPOOFS)
@pytest.mark.parametrize("hops", [1, 2, 3])
def test_behind_proxies_only_what_they_add_counts(spoofed: str, hops: int) -> None:
    theirs = [TRUE, *(f"10.0.0.{number}" for number in range(2, hops + 1))]
    chain = ", ".join([*filter(None, [spoofed]), *theirs])
    assert senders.sender(PROXY, chain, hops=hops) == TRUE


def test_the_first_of_the_chain_is_the_senders_own_word() -> None:
    """The negative control: what many programs take is what the sender wrote."""
    chain = f"1.2.3.4, {TRUE}"
    assert chain.split(",")[0] == "1.2.3.4" != senders.sender(PROXY, chain, hops=1)
    # And so is anything, when the operator counts more proxies than there are.
    assert senders.sender(TRUE, "1.2.3.4, 5.6.7.8", hops=2) == "1.2.3.4"


@pytest.mark.parametrize("chain", ["", "unknown", "not an address", "999.1.1.1"])
def test_a_request_around_the_proxy_is_the_connections(chain: str) -> None:
    assert senders.sender(TRUE, chain, hops=1) == TRUE
    assert senders.sender(TRUE, f"{chain}", hops=2) == TRUE


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("203.0.113.9", TRUE),
        ("203.0.113.9:4711", TRUE),
        ("::ffff:203.0.113.9", TRUE),
        ("[::ffff:203.0.113.9]:4711", TRUE),
        ("64:ff9b::203.0.113.9", TRUE),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", ""),
        ("/run/widget.sock", ""),
    ],
)
def test_forms_of_addresses(written: str, found: str) -> None:
    assert senders.sender(written, "", hops=0) == found
    if found:
        assert senders.sender("10.0.0.2", written, hops=1) == found


def test_an_ipv6_customer_is_one_sender() -> None:
    one, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"
    assert senders.block(one) == senders.block(other) == "2001:db8:1:2::/64"
    assert senders.block("2001:db8:1:3::1") != senders.block(one)


def test_ipv4_addresses_are_senders_each() -> None:
    assert senders.block("203.0.113.9") == senders.block("::ffff:203.0.113.9") == TRUE
    assert senders.block("203.0.113.10") != TRUE
    assert senders.block("") == ""
