"""Where a request comes from: the one address that nobody can make up, and the block of it that one person has."""

import ipaddress
import re

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_BLOCK = 64  # what a provider gives one customer of IPv6 at least (RFC 6177)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_WITH_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)(?:%[^\]]*)?\]|(?P<four>[0-9.]+))(?::\d{1,5})?\Z")


def sender(peer: str, forwarded: str, *, hops: int) -> str:
    """The address of who sent a request; "" where there is none (a socket file without a proxy that says it).

    `peer` is who is connected to this server, `forwarded` the whole X-Forwarded-For. Every proxy adds at its end whom
    it heard: with `hops` proxies of the operator's own, the last `hops` entries are theirs, and the first of those is
    the sender. All before it may be made up by the sender. Where fewer came, the request went around a proxy.
    """
    chain = [part.strip() for part in forwarded.split(",")] if forwarded else []
    if hops > 0 and len(chain) >= hops and (found := _address(chain[-hops])):
        return str(found)
    found = _address(peer)
    return str(found) if found else ""


def block(address: str) -> str:
    """What is counted as one sender: an IPv4 address, or a /64 of IPv6; "" for no address."""
    found = _address(address)
    if found is None or isinstance(found, ipaddress.IPv4Address):
        return str(found or "")
    return str(ipaddress.ip_network((int(found), _BLOCK), strict=False))


def _address(text: str) -> IP | None:
    """IPv4 in whatever clothes of IPv6 it comes; with or without a port, brackets and zone."""
    fits = _WITH_PORT.match(text)
    bare = (fits["six"] or fits["four"]) if fits else text.partition("%")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return found.ipv4_mapped
        if found in _NAT64:
            return ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return found
