"""Attacks on the account page, each with what it would do if the one protection that it meets were not there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.forgeries import Forgery, shapes
from tests.support.oidc import DemoId
from tests.support.people import HOME, Person, csrf, refused, send, sign_in, state
from tests.support.visitor import SERVER, Page, Visitor, handle, local, query
from widget.core import clock, tokens
from widget.extensions import db
from widget.models import AccountSession, Login
from widget.services import account_sessions, linking, logins
from widget.web import account


@pytest.fixture
def mallory(app: Flask, demo: DemoId) -> Person:
    """Somebody with an account of their own here, whose page is open."""
    demo.put("mallory", {"name": "Mallory"})
    demo.put("mallory2", {"name": "Mallory Two"})
    return sign_in(app, demo, "mallory").entered("mallory")


# -- forms that another site sends (F2): Ada's browser sends her cookies, as if SameSite were not there


SHAPES = shapes("/account")
ACTIONS = ("/everywhere", "/leave", "/end", "/unlink", "/link", "/confirm", "/signin")


def forge(ada: Person, action: str, shape: Forgery, form: dict[str, str]) -> None:
    shape.send(ada.visitor.http, f"/account{action}", form)


def effects(app: Flask, ada: Person) -> dict[str, Any]:
    """What a forged form could have changed."""
    return {
        **state(app),
        "page": ada.page.client.get("/api/v1/session", headers=ada.page.headers()).status_code,
        "account": "Your account" in ada.account().text and "Sign in with" not in ada.account().text,
        "under way": rows_under_way(app),
    }


def rows_under_way(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Login)) or 0


def prepared(ada: Person) -> dict[str, dict[str, str]]:
    """Everything that a form would need besides its word, as if the attacker knew it: the strongest attack."""
    ada.entered("ada").link("bruno")
    ada.demo.put("third", {"name": "Third"})
    asked = ada.propose("third")
    page = ada.account().text
    ids = {"end": r'<button name="id" value="(\w+)" aria-label', "unlink": r"unlink\?lang=en&amp;id=(\w+)"}
    found = {name: re.findall(pattern, page)[-1] for name, pattern in ids.items()}
    return {
        "/everywhere": {},
        "/leave": {},
        "/end": {"id": found["end"]},
        "/unlink": {"id": found["unlink"]},
        "/link": {"provider": "oidc"},
        "/confirm": {"h": handle(asked), "choice": "yes"},
        "/signin": {"provider": "oidc"},
    }


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_nothing_that_another_site_sends_has_an_effect(app: Flask, ada: Person, shape: Forgery) -> None:
    forms = prepared(ada)
    before = effects(app, ada)
    for action in ACTIONS:
        forge(ada, action, shape, forms[action])
    assert effects(app, ada) == before


@pytest.mark.parametrize("action", ACTIONS)
def test_without_the_rule_a_foreign_form_would_have_one(
    app: Flask, ada: Person, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = prepared(ada)
    before = effects(app, ada)
    monkeypatch.setattr(account, "_require_own_form", lambda _secret: account._owner())
    forge(ada, action, SHAPES["a form"], forms[action])
    assert effects(app, ada) != before


def test_the_origin_alone_and_the_word_alone_are_not_enough(app: Flask, ada: Person, mallory: Person) -> None:
    word = csrf(ada.entered("ada").account())
    theirs = csrf(mallory.account())
    title = "account.forged"
    refused(send(ada.visitor, "/everywhere", word, origin="https://evil.test"), title, 403)
    refused(send(ada.visitor, "/everywhere", word, origin=None), title, 403)
    refused(send(ada.visitor, "/everywhere", None), title, 403)
    refused(send(ada.visitor, "/everywhere", theirs), title, 403)  # the word of another session
    before_in = csrf(Person(Visitor(app), ada.page, {}, ada.demo).account())
    refused(send(ada.visitor, "/everywhere", before_in), title, 403)  # the word of a page before signing in
    twice = ada.visitor.http.post(
        "/account/everywhere", data=f"csrf={word}&csrf={word}", headers={"Origin": SERVER}, base_url=SERVER,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert twice.status_code == 403
    assert ada.page.post().status_code == 201
    assert send(ada.visitor, "/everywhere", word).status_code == 303


def test_a_forged_host_does_not_move_our_origin(ada: Person) -> None:
    word = csrf(ada.entered("ada").account())
    answer = ada.visitor.http.post(
        "/account/everywhere",
        data={"csrf": word},
        headers={"Origin": "https://evil.test"},
        base_url="https://evil.test",
    )
    assert answer.status_code == 403
    assert ada.page.post().status_code == 201


# -- login CSRF: whose account page is it?


def attacker_begins(app: Flask, ada: Person, mallory: Person) -> Person:
    """Mallory begins, Ada finishes: with the answer meant for Mallory's browser."""
    begun = Person(Visitor(app), ada.page, {}, ada.demo)
    to_provider = begun.press("/signin", provider="oidc")
    ada.visitor.get(ada.demo.sign_in(to_provider.headers["Location"], "ada"))
    return begun


def attacker_finishes(app: Flask, ada: Person, mallory: Person) -> Person:
    """Mallory hands Ada's browser the answer to a sign-in of their own: Ada would be on Mallory's page."""
    to_provider = Person(Visitor(app), ada.page, {}, ada.demo).press("/signin", provider="oidc")
    ada.visitor.get(ada.demo.sign_in(to_provider.headers["Location"], "mallory"))
    return ada


def unbound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign-in is not bound to the browser that began it."""
    real = logins._named
    monkeypatch.setattr(logins, "_named", lambda *args: [rule for rule in real(*args) if "browser" not in str(rule)])


@pytest.mark.parametrize("attack", [attacker_begins, attacker_finishes], ids=lambda one: one.__name__)
def test_a_sign_in_ends_where_it_began(app: Flask, ada: Person, mallory: Person, attack: Any) -> None:
    assert attack(app, ada, mallory).me is None
    assert ada.me is None


def test_without_the_browsers_cookie_it_would_end_elsewhere(
    app: Flask, ada: Person, mallory: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbound(monkeypatch)
    assert "Mallory" in attacker_finishes(app, ada, mallory).account().text


def test_answers_are_good_once(ada: Person) -> None:
    to_provider = ada.press("/signin", provider="oidc")
    back = ada.demo.sign_in(to_provider.headers["Location"], "ada")
    assert ada.visitor.get(back).status_code == 303
    old = ada.me
    assert ada.visitor.get(back).status_code == 403
    assert ada.me == old


# -- session fixation


def fixed(app: Flask, ada: Person, mallory: Person) -> tuple[Visitor, str]:
    """A cookie that Mallory made up is in Ada's browser when she signs in: what does it open afterwards?"""
    known = tokens.secret()
    ada.visitor.http.set_cookie("__Host-cw_me", known, domain="comments.test")
    ada.entered("ada")
    thief = Visitor(app)
    thief.http.set_cookie("__Host-cw_me", known, domain="comments.test")
    return thief, known


def test_coming_in_makes_a_new_cookie(app: Flask, ada: Person, mallory: Person) -> None:
    thief, known = fixed(app, ada, mallory)
    assert ada.me != known
    assert "Ada Moretti" in ada.account().text
    assert "Sign in with" in thief.get(HOME).text


def test_the_cookie_from_before_is_over(app: Flask, ada: Person) -> None:
    old = ada.entered("ada").me or ""
    before = Visitor(app)
    before.http.set_cookie("__Host-cw_me", old, domain="comments.test")
    assert "Ada Moretti" in before.get(HOME).text
    with clock.freeze(clock.now() + timedelta(minutes=61)):  # nobody is there any more; the browser still has it
        ada.entered("ada")
        assert ada.me != old
    assert "Sign in with" in before.get(HOME).text


def test_if_the_cookie_stayed_it_would_open_adas_page(
    app: Flask, ada: Person, mallory: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reuse(session: Any, person: tuple[int, int], *, old: str | None) -> str:
        token, (user_id, identity_id) = old or "", person
        ends = clock.now() + timedelta(hours=1)
        kept = {"user_id": user_id, "identity_id": identity_id, "expires_at": ends}
        session.add(AccountSession(token_hash=tokens.digest(token), **kept))
        return token

    monkeypatch.setattr(account_sessions, "open_session", reuse)
    thief, _ = fixed(app, ada, mallory)
    assert "Ada Moretti" in thief.get(HOME).text


def test_a_cookie_without_the_prefix_is_none(ada: Person, app: Flask) -> None:
    """What a sibling host can plant."""
    ada.entered("ada")
    planted = Visitor(app)
    planted.http.set_cookie("cw_me", ada.me or "", domain="comments.test")
    assert "Sign in with" in planted.get(HOME).text


# -- linking, both ways


def add_mallory(app: Flask, ada: Person, mallory: Person) -> None:
    """Mallory's answer comes into Ada's browser, where her account page is open, and is agreed to there."""
    to_provider = mallory.press("/link", on="/account/link?lang=en", provider="oidc")
    asked = mallory.visitor.get(mallory.demo.sign_in(to_provider.headers["Location"], "mallory2")).headers["Location"]
    _say_yes(ada, asked)


def take_bruno(app: Flask, ada: Person, mallory: Person) -> None:
    """Mallory links; the way to the provider is opened in Ada's browser, who signs in there with an account of hers."""
    to_provider = mallory.press("/link", on="/account/link?lang=en", provider="oidc")
    answer = ada.visitor.get(ada.demo.sign_in(to_provider.headers["Location"], "bruno"))
    if answer.status_code == 303:
        _say_yes(ada, answer.headers["Location"])
        _say_yes(mallory, answer.headers["Location"])


def _say_yes(person: Person, question: str) -> None:
    h = query(question)["h"]
    page = person.account()
    if person.me:
        send(person.visitor, "/confirm", csrf(page), h=h, choice="yes")


def anybodys_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the browser nor the account session that began it is asked for: whoever is here when it ends, has it."""
    unbound(monkeypatch)

    def owner(session: Any, _errand: Any, me: str | None, *, lock: bool = False) -> Any:
        return account_sessions.find(session, me, lock=lock)

    monkeypatch.setattr(linking, "_owner", owner)


ATTACKS = [add_mallory, take_bruno]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_two_people_are_never_joined(app: Flask, ada: Person, mallory: Person, attack: Any) -> None:
    ada.entered("ada")
    before = state(app)
    attack(app, ada, mallory)
    assert state(app) == before


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_without_the_cookies_they_would_be(
    app: Flask, ada: Person, mallory: Person, attack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.entered("ada")
    before = state(app)
    anybodys_session(monkeypatch)
    attack(app, ada, mallory)
    assert state(app) != before


def test_who_changed_the_account_page_meanwhile_links_nothing(app: Flask, ada: Person, mallory: Person) -> None:
    """The same browser, but another person's account session than the one that asked."""
    asked = ada.entered("ada").propose("bruno")
    ada.press("/leave")
    ada.entered("mallory")
    answer = send(ada.visitor, "/confirm", csrf(ada.account()), h=handle(asked), choice="yes")
    refused(answer, "account.signed_out", 403)
    assert state(app)["owners"] == [("ada", 1), ("mallory", 2)]


def test_after_logging_out_everywhere_an_open_question_links_nothing(app: Flask, ada: Person) -> None:
    asked = ada.entered("ada").propose("bruno")
    word = csrf(asked)
    ada.press("/everywhere")
    refused(send(ada.visitor, "/confirm", word, h=handle(asked), choice="yes"), "account.forged", 403)
    assert state(app)["owners"] == [("ada", 1)]


def test_questions_of_sites_and_of_the_account_page_are_not_alike(app: Flask, ada: Person, demo: DemoId) -> None:
    """The handle of one says nothing to the other."""
    asked = ada.entered("ada").propose("bruno")
    answer = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    assert answer.status_code == 403
    assert state(app)["owners"] == [("ada", 1)]
    stranger = Visitor(app)
    to_question = stranger.get(demo.sign_in(stranger.begin(Page()), "bruno")).headers["Location"]
    assert local(to_question).startswith("/auth/consent")
    answer = send(ada.visitor, "/confirm", csrf(ada.account()), h=query(to_question)["h"], choice="yes")
    refused(answer, "signin.expired", 403)
    assert state(app)["owners"] == [("ada", 1), ("bruno", 2)]
