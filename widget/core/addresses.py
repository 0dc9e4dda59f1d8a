"""Which addresses are of the open internet, and what an operator writes to let visitors name a host that is not."""

import ipaddress
import re
from typing import NamedTuple

# What `ipaddress.is_global` of Python 3.11 takes for public and is not: protocol assignments, 6to4 relays and
# multicast. Of IPv6, 2000::/3 alone is given out, and Teredo, 6to4 and documentation lie within it.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
_IPV6_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_HTTPS = 443
_PLACE = re.compile(r"(?P<host>[a-z0-9_.-]{1,253}|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")


class PrivateHost(NamedTuple):
    """A host and port that may be private, and where it is dialled: itself, unless the operator says otherwise."""

    host: str
    port: int
    dial_host: str
    dial_port: int


def is_public(address: str) -> bool:
    """Whether an IP address (as text, a zone allowed) is one of the open internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        ip = ipaddress.IPv6Address(int(ip))  # without its zone, which no network contains
        if ip not in _IPV6_GIVEN_OUT:
            return False
    return ip.is_global and not any(ip in block for block in _NOT_PUBLIC if block.version == ip.version)


def private_hosts(setting: str) -> tuple[PrivateHost, ...]:
    """`host[:port][=address[:port]]`, several with spaces or commas between; ports are 443 where not given.

    Raises ValueError with the entry that is none.
    """
    return tuple(_private_host(entry) for entry in re.split(r"[\s,]+", setting.lower()) if entry)


def _private_host(entry: str) -> PrivateHost:
    name, _, target = entry.partition("=")
    host, port = _place(name, entry)
    dial_host, dial_port = _place(target, entry, port) if target else (host, port)
    return PrivateHost(host, port, dial_host, dial_port)


def _place(text: str, entry: str, default: int = _HTTPS) -> tuple[str, int]:
    found = _PLACE.fullmatch(text)
    if found is None or int(found["port"] or default) not in range(1, 65_536):
        raise ValueError(entry)
    return found["host"].strip("[]"), int(found["port"] or default)
