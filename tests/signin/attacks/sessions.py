"""G11: sessions, and what is left of them when they should be over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import request
from sqlalchemy import select

from tests.signin.attacks.table import Attack
from tests.support.api import Page as Reader
from tests.support.idp.world import World
from tests.support.people import csrf, send
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Session, User
from widget.services import people, sessions, standings, transaction, welcome
from widget.web import guards

TOGETHER = 50


def alive(here: World, token: str, origin: str = BLOG) -> bool:
    """Whether a bearer opens anything."""
    headers = {"Authorization": f"Bearer {token}", "Origin": origin}
    answer = Visitor(here.app).http.get("/api/v1/session", headers=headers, base_url=SERVER)
    return answer.status_code == 200


def outlived(here: World, provider: str, shape: str) -> bool:
    token = here.session(provider)["token"]
    assert alive(here, token)
    if shape == "after logging out":
        headers = {"Authorization": f"Bearer {token}", "Origin": BLOG}
        Visitor(here.app).http.delete("/api/v1/session", headers=headers, base_url=SERVER)
        return alive(here, token)
    if shape == "unused":
        with here.settings({"SESSION_HOURS": 24 * 365}):  # as a bound one, which lasts longer than it may be idle
            token = here.session(provider)["token"]
        with clock.freeze(clock.now() + timedelta(days=here.app.config["SESSION_IDLE_DAYS"])):
            return alive(here, token)
    with clock.freeze(clock.now() + timedelta(hours=here.app.config["SESSION_HOURS"])):
        return alive(here, token)


def lasting(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Logging out is the page's affair, and nothing ever ends."""
    patch.setattr(sessions, "revoke", lambda *_: None)
    real = sessions.open_session

    def forever(*args: Any, **kwargs: Any) -> Any:
        with clock.freeze(clock.now() + timedelta(days=1)):
            return real(*args, **kwargs)

    patch.setattr(sessions, "open_session", forever)
    patch.setattr(sessions, "idle_time", lambda: None)


ORIGINS = (
    "https://evil.example",
    "https://blog.test.evil.example",
    "http://blog.test",
    "null",
    "https://blog.test:444",
)


def elsewhere(here: World, provider: str, origin: str) -> bool:
    token = here.session(provider)["token"]
    return alive(here, token, origin)


def any_origin(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards, "require_origin", lambda _site: request.headers.get("Origin", ""))


def fixed(here: World, provider: str, shape: str) -> bool:
    """What an attacker planted in the browser before the sign-in is worth something after it."""
    attacker = Visitor(here.app)
    if shape == "a ticket of the attacker's":
        theirs, page = Page(), Page()
        code = data(here.sign_in(provider, attacker, theirs))["code"]
        victim = Visitor(here.app)
        return victim.redeem(Page(tx=theirs.tx, verifier=page.verifier), code).status_code < 400
    first = here.session(provider, attacker)["token"]
    victim = here.browser(cookie=here.cookie(attacker))
    return bool(here.session(provider, victim)["token"] == first)


def planted(here: World, provider: str, patch: pytest.MonkeyPatch) -> None:
    """Secrets are not compared, and each browser has one bearer for good."""
    from widget.core import tokens

    patch.setattr(tokens, "same", lambda *_: True)
    real = sessions.open_session

    def open_session(session: Any, site: Any, person: Any, token: str, **kwargs: Any) -> Any:
        session.query(Session).delete()
        return real(session, site, person, token, **kwargs)

    patch.setattr(sessions, "open_session", open_session)
    patch.setattr("widget.services.signin.tokens.secret", lambda: "B" * 43 if _opening() else _real_secret())


def _opening() -> bool:
    return request.path == "/api/v1/session"


def _real_secret() -> str:
    import secrets

    return secrets.token_urlsafe(32)


def block(here: World) -> None:
    """Everybody who is here."""
    with here.app.app_context():
        for public_id in list(db.session.scalars(select(User.public_id))):
            _block(public_id)


def _block(public_id: str) -> None:
    transaction.write(lambda session: people.block(session, public_id))


def still_here(here: World, provider: str, shape: str) -> bool:
    """Somebody who was blocked goes on, or comes again, by whatever they still have."""
    browser, page = Visitor(here.app), Page()
    if shape == "a bearer":
        token = here.session(provider, browser)["token"]
        block(here)
        return alive(here, token)
    if shape == "a ticket":
        code = data(here.sign_in(provider, browser, page))["code"]
        block(here)
        return browser.redeem(page, code).status_code < 400
    if shape == "a sign-in under way":
        here.sign_in(provider)
        back = here.begin(provider, browser, page)
        block(here)
        return here.bring(browser, back).status_code < 400
    if shape == "the account page":
        here.sign_in(provider)
        assert _enter(here, provider, browser)
        block(here)
        return "/account/everywhere" in browser.get("/account?lang=en").text
    here.session(provider, browser)
    block(here)
    if shape == "a new sign-in to the account page":
        return _enter(here, provider, browser)
    return here.sign_in(provider, browser).status_code < 400


def _enter(here: World, provider: str, browser: Visitor) -> bool:
    """To the account page by the provider; whether it opened."""
    form = csrf(browser.get("/account?lang=en"))
    address = send(browser, "/signin", form, provider=provider).headers["Location"]
    answer = here.bring(browser, here.at_provider(address))
    return answer.status_code == 303


def welcoming(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(welcome, "require", lambda *_: None)
    patch.setattr(sessions, "revoke_everywhere", lambda *_: None)


def crowd(here: World, token: str, *, meanwhile: Any = None) -> list[int]:
    """Write with one bearer many times at the same moment (`meanwhile` something happens); the statuses."""
    gate = threading.Barrier(TOGETHER + (meanwhile is not None))

    def write(number: int) -> int:
        reader = Reader(here.app.test_client(), token=token)
        gate.wait(60)
        return reader.post(f"Comment {number}").status_code

    def happen() -> None:
        gate.wait(60)
        meanwhile()

    with ThreadPoolExecutor(TOGETHER + 1) as pool:
        other = pool.submit(happen) if meanwhile else None
        statuses = list(pool.map(write, range(TOGETHER)))
        if other:
            other.result()
    return statuses


def crowded(here: World, provider: str, shape: str) -> bool:
    """While a session is used many times at once, it is ended: who asks afterwards is answered still, or an answer of
    before says that something was kept which was not."""
    token = here.session(provider)["token"]

    def log_out() -> None:
        headers = {"Authorization": f"Bearer {token}", "Origin": BLOG}
        Visitor(here.app).http.delete("/api/v1/session", headers=headers, base_url=SERVER)

    statuses = crowd(here, token, meanwhile=log_out if shape == "logging out" else lambda: block(here))
    stored = here.rows(Comment)
    assert set(statuses) <= {201, 401, 403, 503}, statuses  # 403: the blocked are told so, as long as the bearer lasts
    return stored != statuses.count(201) or 201 in crowd(here, token)


def unended(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sessions, "revoke", lambda *_: None)
    patch.setattr(sessions, "revoke_everywhere", lambda *_: None)
    patch.setattr(standings, "admit", lambda *_: None)
    patch.setattr(f"{__name__}.TOGETHER", 10)


ATTACKS = (
    Attack(
        id="G11.1",
        what="a copied bearer goes on working",
        without="logging out leaves the row, sessions last a day longer and may be idle",
        attempt=outlived,
        off=lasting,
        shapes=("after logging out", "after its time", "unused"),
    ),
    Attack(
        id="G11.2",
        what="a bearer is used from another origin",
        without="any origin may ask",
        attempt=elsewhere,
        off=any_origin,
        shapes=ORIGINS,
    ),
    Attack(
        id="G11.3",
        what="session fixation: what was planted before the sign-in counts after it",
        without="secrets are not compared, and bearers are not new",
        attempt=fixed,
        off=planted,
        shapes=("a ticket of the attacker's", "a browser's cookie and its old bearer"),
    ),
    Attack(
        id="G11.4",
        what="somebody who was blocked goes on, or comes again",
        without="no door asks, and what speaks for them stays",
        attempt=still_here,
        off=welcoming,
        shapes=(
            "a bearer",
            "a ticket",
            "a sign-in under way",
            "a new sign-in",
            "the account page",
            "a new sign-in to the account page",
        ),
    ),
    Attack(
        id="G11.5",
        what=f"a bearer used {TOGETHER} times at once while it ends, and {TOGETHER} times afterwards",
        without="the rows stay",
        attempt=crowded,
        off=unended,
        shapes=("logging out", "a block"),
    ),
)
