"""Where a comment's links lead: to a host or below it, or to one address, whichever way either is written."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from widget.core import nodes, urls
from widget.core.errors import Problem


@dataclass(frozen=True)
class Wanted:
    """A host, and with it all below it; or one `address` on that host."""

    host: str
    address: str | None = None


def wanted(link: str) -> Wanted:
    """What a moderator means: `spam.example`, or `https://spam.example/buy`. Raises Problem("request.bad_field")."""
    link = link.strip()
    whole = "://" in link
    try:
        address = urls.canonical(link if whole else f"https://{link}")
    except Problem as problem:
        raise Problem("request.bad_field", field="link", reason="a host, or an address with https://") from problem
    parts = urlsplit(address)
    host = parts.hostname or ""
    if "." not in host and ":" not in host:
        raise Problem("request.bad_field", field="link", reason="a host with a dot in it")
    path = whole and (parts.path not in {"", "/"} or bool(parts.query))
    if not whole and (parts.path not in {"", "/"} or parts.query):
        raise Problem("request.bad_field", field="link", reason="a host, or an address with https://")
    return Wanted(host, address if path else None)


def leads_to(tree: str, to: Wanted) -> bool:
    """Whether a comment (its node tree as JSON text) has such a link."""
    for href in nodes.hrefs(msgspec.json.decode(tree)):
        try:
            address = urls.canonical(href)
        except Problem:
            continue  # an e-mail address
        host = urlsplit(address).hostname or ""
        if address == to.address or (to.address is None and (host == to.host or host.endswith(f".{to.host}"))):
            return True
    return False
