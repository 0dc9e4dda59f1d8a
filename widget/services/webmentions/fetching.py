"""A stranger's page through the one door, and what it answers by posting to it; redirects are looked at one by one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from widget import net
from widget.core import addresses, markup, webmention
from widget.core.markup import Element

HOPS = 5
SECONDS = 10.0  # for a page and all that leads to it
_ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, text/*;q=0.8"
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# Python knows others, of which some take the square of a text's length (punycode).
_KNOWN = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|iso-?8859-\d{1,2}|windows-125\d|koi8-[ru]|shift[_-]jis|euc-(?:jp|kr)|gbk|gb2312"
    r"|gb18030|big5",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fetched:
    """What an address answered in the end: `url` is where that was, `links` its Link header."""

    url: str
    status: int
    mimetype: str
    body: str
    links: tuple[dict[str, str], ...]

    @property
    def is_there(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300

    def page(self) -> Element | None:
        """Its elements, if it is a page."""
        return markup.parse(self.body) if webmention.is_html(self.mimetype) else None


def get(url: str, *, named: Iterable[str] = ()) -> Fetched:
    """The page at an address; `named` are addresses from a site's settings, whose hosts may be private.

    Raises net.Error: refused, unreachable, too slow, too large, or more than HOPS redirects.
    """
    session = _session(named)
    with net.within(SECONDS):
        for _ in range(1 + HOPS):
            try:
                answer = session.get(_web(url), headers=_headers(Accept=_ACCEPT))
            except net.Redirected as redirect:
                url = redirect.location
                continue
            return _read(url, answer)
    raise net.Refused(f"more than {HOPS} redirects")


def post(url: str, form: dict[str, str]) -> net.Response:
    """What an address answers to a form. Raises net.Error."""
    session = _session(())
    with net.within(SECONDS):
        for _ in range(1 + HOPS):
            try:
                return session.post(_web(url), data=form, headers=_headers())
            except net.Redirected as redirect:
                url = redirect.location
    raise net.Refused(f"more than {HOPS} redirects")


def _session(named: Iterable[str]) -> net.Session:
    return net.session(named=named, private=addresses.private_hosts(current_app.config["PRIVATE_HOSTS"]))


def _web(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise net.Refused("not an address of the web")
    return url


def _headers(**more: str) -> dict[str, str]:
    return {"User-Agent": f"comment-widget Webmention (+{current_app.config['PUBLIC_URL']})", **more}


def _read(url: str, answer: net.Response) -> Fetched:
    mimetype, _, parameters = answer.headers.get("Content-Type", "").partition(";")
    said = re.search(r"charset=[\"']?([A-Za-z0-9_:.-]+)", parameters, re.IGNORECASE)
    found = _CHARSET.search(answer.content[:2_048])
    charset = said[1] if said else found[1].decode() if found else ""
    body = answer.content.decode(charset if _KNOWN.fullmatch(charset) else "utf-8", "replace")
    return Fetched(url, answer.status_code, mimetype.strip().lower(), body, tuple(net.links(answer)))
