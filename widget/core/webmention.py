"""Webmention (W3C Recommendation of 12 January 2017), what of it needs no network: where a page takes mentions, and
whether a source links to a target."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

from widget.core import links as text_links
from widget.core import markup, microformats, urls
from widget.core.errors import Problem
from widget.core.markup import Element

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_MOST = 100_000  # values of a JSON document that are looked at


def is_html(mimetype: str) -> bool:
    """Whether a source of this type is read as a page."""
    return mimetype in _HTML


def endpoint(header: Iterable[Mapping[str, str]], page: Element | None, address: str) -> str | None:
    """Where the page at `address` takes mentions (section 3.1.2): its Link header goes before its elements, and of
    these the first. An empty href is the page itself."""
    for link in header:
        if "webmention" in link.get("rel", "").lower().split():
            return microformats.absolute(address, link["url"]) or None
    if page is None:
        return None
    for element in markup.walk(page):
        href = element.attributes.get("href")
        if element.name in {"a", "link"} and href is not None and element.has_rel("webmention"):
            return microformats.absolute(microformats.base_of(page, address), href) or None
    return None


class Target:
    """An address that is mentioned; others are the same page if they are by the rules of core.urls.

    A fragment of the target must be that of the link, too; a link may have one where the target has none.
    """

    def __init__(self, address: str) -> None:
        """Raises Problem("page.bad_url")."""
        self.page, self.fragment = urls.canonical(address), urldefrag(address).fragment

    @property
    def key(self) -> str:
        """Its one written form."""
        return f"{self.page}#{self.fragment}" if self.fragment else self.page

    def matches(self, href: str) -> bool:
        """Whether this link leads there."""
        try:
            return urls.canonical(href) == self.page and self.fragment in {"", urldefrag(href).fragment}
        except (Problem, ValueError):
            return False


def links_to(target: Target, body: str, mimetype: str, address: str) -> bool:
    """Whether what `address` answered links to the target: a page by what it links to or shows, JSON by its values,
    other texts by an address that stands in them."""
    if is_html(mimetype):
        return any(target.matches(href) for _, href in microformats.links(markup.parse(body), address))
    if mimetype == "application/json" or mimetype.endswith("+json"):
        try:
            return any(target.matches(text) for text in _texts(json.loads(body)))
        except (ValueError, RecursionError):
            return False
    if mimetype.startswith("text/"):
        return any(target.matches(found.href) for found in text_links.find(body))
    return False


def host_of(address: str) -> str:
    """The host of an address."""
    return urlsplit(urls.origin_of(address)).hostname or ""


def _texts(value: Any) -> Iterable[str]:
    waiting, seen = [value], 0
    while waiting and seen < _MOST:
        seen += 1
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
