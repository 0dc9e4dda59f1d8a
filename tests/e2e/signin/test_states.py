"""The provider's answer and the page's address, tampered with: refused before the provider is asked anything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.e2e.signin import byhand
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import PAGES, Signer, be
from tests.support.browser import shut
from tests.support.waiting import until
from widget.core import clock
from widget.models import Login
from widget.services import logins
from widget.web import signin as pages

Sit = Callable[..., Signer]
EXPIRED = PAGES["error.signin.expired.title"]


def _answered(by: Signer, house: House, server: str) -> str:
    """The address to which the provider sends this browser at the end of a sign-in; the browser has not gone there."""
    mine = byhand.errand(by.page)
    house.page("/post", bare=True)  # where a sign-in would end
    window = byhand.open_window(by.page, server + mine.start())
    house.provider.keeps = True
    be(window)
    address = until(lambda: house.provider.led[-1:], what="the provider's answer")[0]
    house.provider.keeps = False
    shut(window)
    return address


def _replayed(by: Signer, house: House, server: str) -> tuple[Page, str]:
    url = _answered(by, house, server)
    window = by.browser.page()
    assert window.goto(url).status == 200
    house.back.calls.clear()
    return window, url


def _foreign(by: Signer, house: House, server: str) -> tuple[Page, str]:
    return by.page.context.browser.new_context().new_page(), _answered(by, house, server)


def _late(by: Signer, house: House, server: str) -> tuple[Page, str]:
    url = _answered(by, house, server)
    house.change(update(Login).values(expires_at=clock.now() - timedelta(seconds=1)))
    return by.browser.page(), url


def _missing(by: Signer, house: House, server: str) -> tuple[Page, str]:
    address, _, query = _answered(by, house, server).partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith("state="))
    return by.browser.page(), f"{address}?{kept}"


def _of_another_provider(by: Signer, house: House, server: str) -> tuple[Page, str]:
    return by.browser.page(), _answered(by, house, server).replace("/callback/oidc?", "/callback/oidc2?")


# What a careless server would not look at, by the attack that this lets through.
CARELESS = {
    "replayed": (_replayed, ()),
    "foreign": (_foreign, ("browser_hash",)),
    "late": (_late, ("expires_at",)),
    "missing": (_missing, ("state_hash",)),
    "of another provider": (_of_another_provider, ("provider",)),
}


@pytest.mark.parametrize("attack", CARELESS)
def test_state(house: House, sit: Sit, attack: str) -> None:
    """State {}: 403, and the provider's token endpoint is not called."""
    signer = sit().foresee("/auth/callback")
    signer.page.goto(house.page("/bare/", bare=True))
    window, url = CARELESS[attack][0](signer, house, house.server)
    asked = house.exchanges()
    answer = window.goto(url)
    assert answer.status == 403
    expect(window.get_by_role("heading")).to_have_text(EXPIRED)
    assert house.exchanges() == asked
    shut(window)


def _look(session: Session, stage: logins.Stage, *, secret: str, browser: str, provider: str) -> logins.Waiting | None:
    return logins.look(session, stage, secret=secret, browser=browser)


@pytest.mark.parametrize("attack", CARELESS)
def test_control_of_state(house: House, sit: Sit, attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control of state {}: where the server does not look, the token endpoint is called."""
    signer = sit().foresee("/auth/callback")
    signer.page.goto(house.page("/bare/", bare=True))
    prepare, unseen = CARELESS[attack]
    named = logins._named
    monkeypatch.setattr(
        logins, "_named", lambda *given: [rule for rule in named(*given) if rule.left.key not in unseen]
    )
    if attack == "replayed":
        monkeypatch.setattr(logins, "take", _look)
    window, url = prepare(signer, house, house.weak.url)
    asked = house.exchanges()
    window.goto(url)
    assert house.exchanges() == asked + 1
    shut(window)


# {blog} is a listed origin, without its scheme.
ELSEWHERE = [
    "https://evil.test/",
    "//evil.test/",
    "https:evil.test",
    "/\\evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://{blog}.evil.test/",
    "https://{blog}@evil.test/",
    "https://{blog}",
    "https://{blog}\\@evil.test/",
    "https://evil.test/?https://{blog}/",
    "https://evil.test/#https://{blog}/",
    "http://{blog}/",
    "HTTPS://{blog}/",
    "https://{blog}0/",
    "https://blog.test/",
    "https://www.{blog}/",
    "https://bl\u03bfg.test/",
    "https://{blog}/\r\nSet-Cookie: x=1",
    "https://{blog}/\t//evil.test",
    "",
]


def test_return_to(house: House, sit: Sit) -> None:
    """return_to on a foreign or look-alike origin, //evil, javascript: 400, and no way to there on the page."""
    signer = sit().foresee("/auth/start")
    page = signer.page
    page.goto(house.page("/bare/", bare=True))
    mine = byhand.errand(page)
    host = house.blog.origin.removeprefix("https://")
    window = signer.browser.page()
    for return_to in ELSEWHERE:
        answer = window.goto(house.server + mine.start(return_to=return_to.replace("{blog}", host)))
        assert (answer.status, window.url.startswith(house.server)) == (400, True), return_to
        expect(window.get_by_role("heading")).to_have_text(PAGES["error.signin.bad_return.title"])
        assert window.get_by_role("link").count() == 0, return_to
    assert house.provider.calls == []


def test_control_of_return_to(house: House, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a server that took any return_to would send the ticket to evil.test."""
    monkeypatch.setattr(pages, "_return_address", lambda site, url: (next(iter(site.origins)), url))
    signer = sit().foresee("/evil/")
    signer.page.goto(house.page("/bare/", bare=True))
    mine = byhand.errand(signer.page)
    signer.page.goto(
        house.weak.url + mine.start(return_to=house.page("/evil/", host=house.evil, bare=True), mode="redirect")
    )
    be(signer.page)
    signer.page.wait_for_url("**/evil/#cw=*")
