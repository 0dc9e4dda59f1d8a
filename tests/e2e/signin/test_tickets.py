"""Tickets and bearers in the wrong hands; each misuse works once its protection is taken away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from tests.e2e.signin import byhand
from tests.e2e.signin.byhand import Ticket
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, Signer
from widget.core import clock, tokens
from widget.models import Ticket as Row
from widget.services import tickets
from widget.web import guards

Sit = Callable[..., Signer]
Misuse = Callable[[Signer, House, str, Ticket], tuple[int, Any]]


def _twice(by: Signer, house: House, server: str, found: Ticket) -> tuple[int, Any]:
    assert byhand.redeem(by.page, server, found)[0] == 201
    return byhand.redeem(by.page, server, found)


def _late(by: Signer, house: House, server: str, found: Ticket) -> tuple[int, Any]:
    house.change(update(Row).values(expires_at=clock.now() - timedelta(seconds=1)))
    return byhand.redeem(by.page, server, found)


def _another_verifier(by: Signer, house: House, server: str, found: Ticket) -> tuple[int, Any]:
    return byhand.redeem(by.page, server, Ticket(found.tx, found.code, tokens.secret()))


def _another_tx(by: Signer, house: House, server: str, found: Ticket) -> tuple[int, Any]:
    return byhand.redeem(by.page, server, Ticket(byhand.errand(by.page).tx, found.code, found.verifier))


def _another_origin(by: Signer, house: House, server: str, found: Ticket) -> tuple[int, Any]:
    """From the site's own second origin: one that is not the site's is refused before the ticket is looked at."""
    other = by.browser.page()
    other.goto(house.page("/bare/", host=house.www, bare=True))
    return byhand.redeem(other, server, found)


MISUSES: dict[str, Misuse] = {
    "twice": _twice,
    "late": _late,
    "with another verifier": _another_verifier,
    "with another tx": _another_tx,
    "from another origin": _another_origin,
}


def _trusting(session: Any, *, code: str, **_: Any) -> tuple[int, int]:
    row = session.execute(select(Row).where(Row.code_hash == tokens.digest(code))).scalar_one()
    return row.user_id, row.identity_id


@pytest.mark.parametrize("misuse", MISUSES)
def test_ticket(house: House, sit: Sit, misuse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticket {}: 400 and burnt. Control: a server that only looks it up takes it."""
    signer = sit().foresee("/api/v1/session")
    signer.page.goto(house.page("/bare/", bare=True))
    found = byhand.ticket(signer.page, house.server)
    assert MISUSES[misuse](signer, house, house.server, found) == (400, "session.bad_ticket")
    assert byhand.redeem(signer.page, house.server, found) == (400, "session.bad_ticket")

    monkeypatch.setattr(tickets, "redeem", _trusting)
    found = byhand.ticket(signer.page, house.server)
    status, answer = MISUSES[misuse](signer, house, house.weak.url, found)
    assert (status, answer["user"]["name"]) == (201, ADA)


def test_ticket_from_a_foreign_origin(house: House, sit: Sit) -> None:
    """Ticket from an origin that is not the site's: 403, and the browser does not even show the answer."""
    signer = sit().foresee("/api/v1/session", "CORS")
    signer.page.goto(house.page("/bare/", bare=True))
    found = byhand.ticket(signer.page, house.server)
    thief = signer.browser.page()
    thief.goto(house.page("/evil/", host=house.evil, bare=True))
    assert byhand.redeem(thief, house.server, found)[0] in {0, 403}
    assert byhand.redeem(signer.page, house.server, found)[0] == 201


def _comment(page: Page, server: str, token: str, site: str) -> tuple[int, Any]:
    """Try to post with this bearer on this site, from wherever the page is."""
    body = {"site": site, "page": {"url": page.url}, "text": "Not by me."}
    more = {"Authorization": f"Bearer {token}", "Idempotency_Key": tokens.secret()}
    status, answer = byhand.ask(page, f"{server}/api/v1/comments", method="POST", body=body, **more)
    return status, answer["error"]["code"] if answer and "error" in answer else None


def test_bearer_of_another_site(house: House, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bearer of site A at site B: 401.

    Controls: at its own site it posts, and so it does where the site is not compared.
    """
    signer = sit().foresee("/api/v1/comments")
    signer.page.goto(house.page("/bare/", bare=True))
    _, opened = byhand.redeem(signer.page, house.server, byhand.ticket(signer.page, house.server))
    other = signer.browser.page()
    other.goto(house.page("/bare/", host=house.other, bare=True))
    # From there it is refused for the page that sends it, before anybody asks what it names.
    assert _comment(other, house.server, opened["token"], "other") == (403, "origin.foreign")
    assert _comment(signer.page, house.server, opened["token"], "other") == (401, "session.invalid")
    assert _comment(signer.page, house.server, opened["token"], "blog") == (201, None)

    from widget.services import sessions, sites

    def careless(key: str) -> Any:
        return sites.by_key(key), sessions.actor_of(guards.credentials()[1])

    monkeypatch.setattr(guards, "signed_in_on", careless)
    assert _comment(other, house.weak.url, opened["token"], "other") == (201, None)


KEY = """async () => {
  const pair = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
  window.pair = pair;
  const {kty, crv, x, y} = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return {kty, crv, x, y};
}"""
PROOF = """async ([htm, htu, token]) => {
  const bytes = (text) => new TextEncoder().encode(text);
  const dressed = { "+": "-", "/": "_", "=": "" };
  const url = (raw) => btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/[+/=]/g, (one) => dressed[one]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", window.pair.publicKey);
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
  const ath = url(await crypto.subtle.digest("SHA-256", bytes(token)));
  const claims = { htm, htu, iat: Math.floor(Date.now() / 1000), ath, jti: crypto.randomUUID() };
  const said = [header, claims].map((part) => url(bytes(JSON.stringify(part)))).join(".");
  const how = { name: "ECDSA", hash: "SHA-256" };
  return `${said}.${url(await crypto.subtle.sign(how, window.pair.privateKey, bytes(said)))}`;
}"""


def test_bearer_without_its_key(house: House, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bearer without its key: 401, and the key cannot be copied.

    Controls: with its key, and where none is asked for.
    """
    signer = sit().foresee("/api/v1/session")
    page = signer.page
    page.goto(house.page("/bare/", bare=True))
    jwk = page.evaluate(KEY)
    _, opened = byhand.redeem(page, house.server, byhand.ticket(page, house.server), jwk=jwk)
    token, path = opened["token"], "/api/v1/session"

    def who(by: Page, server: str, scheme: str, **more: str) -> int:
        return byhand.ask(by, server + path, Authorization=f"{scheme} {token}", **more)[0]

    thief = sit().foresee("/api/v1/session").page
    thief.goto(house.page("/bare/", bare=True))
    thief.evaluate(KEY)
    asked = ["GET", house.server + path, token]
    assert who(thief, house.server, "Bearer") == 401
    assert who(thief, house.server, "DPoP") == 401
    assert who(thief, house.server, "DPoP", DPoP=thief.evaluate(PROOF, asked)) == 401
    assert who(page, house.server, "DPoP", DPoP=page.evaluate(PROOF, asked)) == 200
    copied = "crypto.subtle.exportKey('jwk', window.pair.privateKey).then(() => 'copied', (error) => error.name)"
    assert page.evaluate(copied) == "InvalidAccessError"

    monkeypatch.setattr(guards, "_require_key", lambda *_: None)
    assert who(thief, house.weak.url, "Bearer") == 200


def test_copied_storage(house: House, sit: Sit) -> None:
    """The widget's whole storage, copied into another browser, signs nobody in there: 401."""
    signer = sit().here(house.page("/copied/"))
    signer.sign_in_at(signer.begin())
    kept = signer.page.evaluate("({...localStorage})")
    token = signer.held()[0]["token"]
    thief = sit().foresee("/api/v1/").here(signer.page.url)
    status, _ = byhand.ask(thief.page, f"{house.server}/api/v1/session", Authorization=f"Bearer {token}")
    assert status == 401
    thief.page.evaluate("kept => Object.assign(localStorage, kept)", kept)
    thief.page.reload()
    thief.arrived().silent()
    assert thief.held() == []
    signer.posts("By me.")
