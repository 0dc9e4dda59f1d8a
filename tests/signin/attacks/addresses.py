"""G5 and G6: where the provider sends the browser, and where the sign-in leads in the end."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import current_app, request

from tests.signin.attacks.table import SIX, Attack
from tests.support.idp.world import CALLBACK, World
from tests.support.visitor import BLOG, SERVER, Page, Visitor
from widget.services import reception
from widget.services.sites import SiteInfo
from widget.web import signin as web

FORGED: dict[str, dict[str, str]] = {
    "Host": {"Host": "evil.example"},
    "X-Forwarded-Host": {"X-Forwarded-Host": "evil.example"},
    "X-Forwarded-Proto": {"X-Forwarded-Proto": "http"},
    "Forwarded": {"Forwarded": "host=evil.example;proto=https"},
    "X-Original-Host": {"X-Original-Host": "evil.example"},
}


def forged(here: World, provider: str, headers: dict[str, str]) -> bool:
    """The provider is given an address that the request claims to be ours."""
    answer = Visitor(here.app).get(Page().start(provider=provider), headers=headers)
    if answer.status_code != 303:
        return False
    return parse_qs(urlsplit(answer.headers["Location"]).query)["redirect_uri"] != [f"{CALLBACK}{provider}"]


def believing(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Build the address from what the request says, as `url_for(_external=True)` behind a trusting proxy does."""

    def naive(provider: str, _config: object) -> str:
        headers = request.headers
        host = headers.get("X-Forwarded-Host") or headers.get("X-Original-Host") or request.host
        if "Forwarded" in headers:
            host = headers["Forwarded"].partition("host=")[2].partition(";")[0]
        return f"{headers.get('X-Forwarded-Proto', 'https')}://{host}/auth/callback/{provider}"

    patch.setattr(reception, "redirect_uri", naive)


RETURN_TO = (
    "",
    "/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example/",
    "https:/evil.example/",
    "https:///evil.example/",
    "https:\\\\evil.example/",
    "https://evil.example/",
    "https://evil.example/https://blog.test/",
    "https://evil.example/?https://blog.test/",
    "https://evil.example#https://blog.test/",
    "https://blog.test@evil.example/",
    "https://blog.test:443@evil.example/",
    "https://blog.test:pw@evil.example/",
    "https://blog.test%40evil.example/",
    "https://blog.test%2f@evil.example/",
    "https://blog.test%2f%2fevil.example/",
    "https://blog.test%2eevil.example/",
    "https://blog.test\\@evil.example/",
    "https://blog.test\\.evil.example/",
    "https://blog.test.evil.example/",
    "https://blog.test;.evil.example/",
    "https://blog.test?.evil.example/",
    "https://blog.testevil.example/",
    "https://evilblog.test/",
    "https://blog.test./",
    "https://blog.test:8443/",
    "http://blog.test/",
    " https://blog.test/",
    "\thttps://blog.test/",
    "https://blog.test/\r\nSet-Cookie: x=1",
    "https://blog.test/\x00",
    "https://blog.test/\\evil.example",
    "https://bl\u043eg.test/",
    "https://[::ffff:7f00:1]/",
    "javascript:alert(1)//https://blog.test/",
    "data:text/html,https://blog.test/",
)


def led_away(here: World, provider: str, address: str) -> bool:
    """The sign-in is begun with an address to return to that is not the site's."""
    answer = Visitor(here.app).get(Page().start(provider=provider, return_to=address, mode="redirect"))
    return answer.status_code < 400


def anywhere(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(web, "_return_address", lambda site, url: (_first(site), url))


def _first(site: SiteInfo) -> str:
    assert current_app.config["PUBLIC_URL"] == SERVER
    assert BLOG in site.origins
    return BLOG


ATTACKS = (
    Attack(
        id="G5",
        what="forged headers change the address that providers send browsers back to",
        without="the address is built from the request",
        attempt=forged,
        off=believing,
        shapes=FORGED,
    ),
    Attack(
        id="G6",
        what="open redirects: addresses to return to that are not the site's",
        without="any address is taken",
        attempt=led_away,
        off=anywhere,
        shapes={ascii(address): address for address in RETURN_TO},
        providers=SIX,
    ),
)
