"""Where a sign-in leaves traces: addresses, history, Referer, storage and log, searched for anything secret."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.signin import byhand
from tests.e2e.signin.house import House
from tests.e2e.signin.secrets import found, random_words
from tests.e2e.signin.signer import ADA, Signer, be

Sit = Callable[..., Signer]
# Good for one use by this browser, which has been made: parameters of the way, by the host they are shown to.
USED_UP = {
    "comments.test": {"tx", "challenge", "code", "state", "h", "iss"},
    "idp.test": {"state", "nonce", "code_challenge"},
}


class Traces:
    """What a browser's requests showed, and the secrets that were in the bodies alone."""

    def __init__(self, signer: Signer) -> None:
        self.asked: list[Request] = []
        self.secrets: set[str] = set()
        signer.page.context.on("request", self._note)
        signer.page.context.on("response", self._learn)

    def _note(self, request: Request) -> None:
        self.asked.append(request)
        if request.url.endswith("/api/v1/session") and request.method == "POST":
            sent = request.post_data_json
            self.secrets |= {sent["code"], sent["verifier"]}

    def _learn(self, response: Any) -> None:
        if response.url.endswith("/api/v1/session") and response.request.method == "POST":
            self.secrets.add(response.json()["token"])

    def addresses(self) -> list[str]:
        """Every address that a server was asked for, without what is used up."""
        return [_rest(one.url) for one in self.asked]


def _rest(url: str) -> str:
    """The address without its port, its fragment (which no server sees) and the parameters that are used up."""
    parts = urlsplit(url)
    used = USED_UP.get(parts.hostname or "", set())
    query = "&".join(f"{name}={value}" for name, value in parse_qsl(parts.query) if name not in used)
    return f"{parts.hostname}{_without_names(parts.path)}?{query}"


def _without_names(path: str) -> str:
    """A comment's id is a public name, not a secret; so is a picture's hash."""
    return re.sub(r"^/(api/v1/comments|avatars?)/[0-9a-z.]+", r"/\1/ID", path)


def _history(page: Page) -> list[str]:
    """The addresses that this tab can go back to."""
    session = page.context.new_cdp_session(page)
    entries = session.send("Page.getNavigationHistory")["entries"]
    return [entry["url"] for entry in entries]


def _popup(signer: Signer) -> None:
    signer.sign_in_at(signer.begin())


def _cut(signer: Signer) -> None:
    be(signer.begin("Cutting ID"))
    signer.speaks_as(ADA)


def _same_tab(signer: Signer) -> None:
    signer.begin()
    signer.button("sign.here").click()
    be(signer.page)
    signer.speaks_as(ADA)


@pytest.mark.parametrize("way", [_popup, _cut, _same_tab], ids=["popup", "cut opener", "same tab"])
def test_no_secret_stays(house: House, sit: Sit, way: Callable[[Signer], None]) -> None:
    """No secret in any address, history entry, Referer or log: {}."""
    url = house.page(f"/traces/{way.__name__}/")
    signer = sit()
    traces = Traces(signer)
    signer.here(url)
    way(signer)
    signer.posts("Said under everybody's eyes.")
    assert len(traces.secrets) == 3
    assert min(len(secret) for secret in traces.secrets) >= 43

    tabs = signer.page.context.pages
    assert [tab.url for tab in tabs] == [url] * len(tabs)
    visited = [address for tab in tabs for address in _history(tab)]
    assert visited
    assert found(map(_rest, visited), traces.secrets) == []
    assert found(traces.addresses(), traces.secrets) == []
    assert found([one for one in visited if one.startswith(house.blog.origin)]) == []  # the fragment too

    hosts = (house.blog, house.tracker, house.evil)
    shown = [f"{path} {headers.get('Referer', '')}" for host in hosts for path, headers in host.pages.seen]
    doors = [call for door in (house.provider, house.cutting) for call in door.calls]
    shown += [_rest(call.headers.get("Referer", "")) for call in doors]  # its own form is sent with its whole address
    shown += [one.headers.get("referer", "") for one in traces.asked if "idp.test" not in one.url]
    assert found(shown, traces.secrets) == []
    assert not [secret for secret in traces.secrets if secret in house.logged()]
    assert signer.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('cw:tx'))") == []
    assert signer.page.evaluate("document.cookie + window.name") == ""

    for address in {one.url for one in traces.asked if urlsplit(one.url).path.startswith("/auth/callback")}:
        signer.foresee("/auth/callback")
        again = signer.browser.page()
        assert again.goto(address).status == 403, "what is used up must be used up"
        again.close()


def test_control_of_the_search(house: House, sit: Sit) -> None:
    """Control: where the ticket goes in the query instead of the fragment, the search finds it; and it knows words."""
    signer = sit()
    signer.page.goto(house.page("/bare/", bare=True))
    house.page("/post", bare=True)
    house.weak.instead[b"#cw="] = b"&cw="
    mine = byhand.errand(signer.page)
    signer.page.goto(house.weak.url + mine.start())
    be(signer.page)
    signer.page.wait_for_url("**/post?*")
    ticket = signer.page.url.partition("cw=")[2]
    hits = found(path for path, _ in house.blog.pages.seen)
    assert {word for word, _ in hits} == set(ticket.split("."))
    assert ticket in signer.page.evaluate("document.referrer + location.href")

    for innocent in (
        "blog.test/the-kiln-and-the-page-of-comments/?",
        "comments.test/auth/callback/oidc?",
        "comments.test/assets/writer-e1d6253ec203.js?",
        "comments.test/api/v1/threads?site=blog&url=https://blog.test:43210/",
    ):
        assert random_words(innocent) == []
    expect(signer.page.get_by_role("heading").first).to_be_visible()
