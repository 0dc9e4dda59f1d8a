"""One page, one address: the written form under which a page's thread is found, and the origin it belongs to.

What is the same page and what is not (each line has rows in tests/core/test_urls.py):
the same: case of scheme and host, Unicode and punycode host, default port, dot segments, an escaped letter and the
letter, lower-case escapes, raw and escaped spaces, an empty query, the fragment, tracking parameters.
different: http and https, www and none, a trailing slash, index.html, upper-case paths, the order of parameters,
a parameter with and without "=", "+" and "%20", two slashes and one. Whoever has two addresses for one page tells the
widget a page id, or lists an alias.
"""

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urljoin

import idna

from widget.core.errors import Problem

MAX_LENGTH = 2_000  # of the canonical form
_MAX_INPUT = 8_000  # tracking parameters may make the address that a browser shows much longer
_DEFAULT_PORT = {"http": "80", "https": "443"}

# Parameters that say how a reader came, never what the page is. Names are compared in lower case.
TRACKING_PREFIXES = ("utm_", "mtm_", "hsa_")
TRACKING = frozenset(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh srsltid
    mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp _ga _gl _openstat oly_anon_id oly_enc_id vero_id
    pk_campaign pk_kwd pk_source pk_medium pk_content pk_cid wickedid rb_clickid s_cid ref_src ref_url""".split()
)

# RFC 3986, appendix B, with scheme and authority required.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#\\]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?\Z", re.IGNORECASE
)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPED_CONTROL = re.compile(r"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_IN_PATH = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]")
_NOT_IN_QUERY = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str  # "" when it is the scheme's own
    path: str
    query: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}{':' if self.port else ''}{self.port}"


def canonical(url: str, base: str | None = None) -> str:
    """The one written form of a page's address, at most 2,000 characters; `base` resolves a relative one.

    Idempotent. Raises Problem("page.bad_url") for anything but http and https, user names in the address, control
    characters (escaped ones too), hosts that are none, and what is too long.
    """
    if base is not None:
        _check(url)  # urljoin would drop some control characters in silence
        url = urljoin(base, url.strip(" "))
    parts = _split(url)
    if _ESCAPED_CONTROL.search(url):
        raise _bad("it has control characters")
    path = _without_dots(_escape(parts.path, _NOT_IN_PATH)) or "/"
    query = _escape("&".join(piece for piece in parts.query.split("&") if piece and not _tracks(piece)), _NOT_IN_QUERY)
    result = f"{parts.origin}{path}{'?' if query else ''}{query}"
    if len(result) > MAX_LENGTH:
        raise _bad(f"longer than {MAX_LENGTH} characters")
    return result


def origin_of(url: str) -> str:
    """`https://host[:port]` of an address, as a browser writes it in the Origin header (RFC 6454, 6.2).

    Raises Problem("page.bad_url") like `canonical`.
    """
    return _split(url).origin


def is_origin(value: str) -> bool:
    """Whether `value` is, letter for letter, what a browser sends as Origin for an http or https page."""
    try:
        return origin_of(value) == value
    except Problem:
        return False


@lru_cache(maxsize=512)
def _split(url: str) -> _Parts:
    _check(url)
    found = _URL.match(url.strip(" "))
    if found is None:
        raise _bad("it must start with https:// or http://")
    scheme = found["scheme"].lower()
    host, port = _host_and_port(found["authority"])
    if "\\" in found["path"]:
        raise _bad("it has a backslash")
    return _Parts(scheme, host, "" if port == _DEFAULT_PORT[scheme] else port, found["path"], found["query"] or "")


def _check(url: str) -> None:
    if len(url) > _MAX_INPUT:
        raise _bad(f"longer than {MAX_LENGTH} characters")
    if _FORBIDDEN.search(url):
        raise _bad("it has control characters")


def _host_and_port(authority: str) -> tuple[str, str]:
    if "@" in authority:
        raise _bad("it has a user name")
    host, colon, port = authority.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = authority, ""
    if port and not (port.isascii() and port.isdigit() and int(port[:8]) <= 65_535 and len(port) <= 8):
        raise _bad("its port is none")
    return _host(host), str(int(port)) if port else ""


def _host(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host)
    host = unquote(host)
    host = (host if host.isascii() else _punycode(host)).lower()
    if not _HOST.match(host):
        raise _bad("its host is none")
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # Browsers rewrite 127.1, 0x7f.1 and 2130706433; whoever sends such a form did not take it from a browser.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _bad("its host is none") from None
    return host


def _punycode(host: str) -> str:
    """Non-transitional UTS #46, as browsers do it; labels that IDNA 2008 refuses (emoji) are encoded all the same."""
    try:
        labels = idna.uts46_remap(host, std3_rules=False, transitional=False).split(".")
        return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels)
    except (idna.IDNAError, UnicodeError):
        raise _bad("its host is none") from None


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host[1:-1] if host.endswith("]") and "%" not in host else "")
    except ValueError:
        raise _bad("its host is none") from None
    words = [f"{int(address) >> shift & 0xFFFF:x}" for shift in range(112, -16, -16)]
    # RFC 5952 without the dotted tail: the URL standard writes mapped addresses in hexadecimal only.
    best = max(re.finditer(r"(?:\b0(?::|$))+", ":".join(words)), key=lambda run: len(run[0].strip(":")), default=None)
    text = ":".join(words)
    if best is not None and best[0].count("0") > 1:
        text = f"{text[: best.start()].rstrip(':')}::{text[best.end() :]}"
    return f"[{text}]"


def _escape(text: str, unfit: re.Pattern[str]) -> str:
    """Escapes of unreserved characters undone, all others in upper case, and what may not stand raw escaped."""
    return unfit.sub(lambda raw: "".join(f"%{byte:02X}" for byte in raw[0].encode()), _ESCAPE.sub(_one_escape, text))


def _one_escape(found: re.Match[str]) -> str:
    if found[1] is None:
        return "%25"  # a percent sign that escapes nothing
    char = chr(int(found[1], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        last = place == len(segments) - 1
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "".join(f"/{segment}" for segment in kept)


def _tracks(piece: str) -> bool:
    name = unquote(piece.partition("=")[0]).lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _bad(reason: str) -> Problem:
    return Problem("page.bad_url", field="url", reason=reason)
