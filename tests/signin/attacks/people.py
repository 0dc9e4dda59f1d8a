"""G9: accounts that look like somebody else's. G11: sessions. G12: abandoned sign-ins."""

from datetime import timedelta
from typing import Any

import pytest
from flask import request
from sqlalchemy import or_, select

from tests.signin.attacks.table import SIX, Attack
from tests.support.idp.world import World
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data
from widget.core import clock
from widget.models import Identity, Login, Session, User
from widget.services import accounts, logins, sessions
from widget.web import guards

# Where each provider keeps: the subject, the names, the address.
_WHERE: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "google": ("sub", ("name", "given_name", "family_name"), "email"),
    "facebook": ("id", ("name",), "email"),
    "x": ("data.id", ("data.name", "data.username"), None),
    "wordpress": ("ID", ("display_name", "username"), "email"),
    "apple": ("sub", (), "email"),
    "oidc": ("sub", ("name", "preferred_username"), "email"),
}


def put(person: dict[str, Any], path: str | None, value: Any) -> None:
    """Set a value in a profile document; None takes it away."""
    if path is None:
        return
    *way, last = path.split(".")
    for name in way:
        person = person[name]
    if value is None:
        person.pop(last, None)
    else:
        person[last] = value


def get(person: dict[str, Any], path: str) -> Any:
    """A value of a profile document."""
    for name in path.split("."):
        person = person[name]
    return person


def merged(here: World, provider: str, shape: str) -> bool:
    """Two accounts become one person."""
    subject, names, email = _WHERE[provider]
    person, other = here.sim[provider].person, here.sim["oidc2"].person
    if shape == "no address, other names":
        put(person, email, None)
    here.sign_in(provider)
    if shape == "the same subject at another provider":
        put(other, "sub", str(get(person, subject)))
        put(other, "preferred_username", "somebody")
        put(other, "email", "somebody@x.example")
        here.sign_in("oidc2")
    else:
        put(person, subject, 99999999 if provider == "wordpress" else "99999999")
        if shape == "no address, other names":
            for name in names:
                put(person, name, "Somebody")
        if shape == "the same address, not verified":
            for name in names:
                put(person, name, "Somebody")
            person["email_verified"] = False
        here.sign_in(provider)
    return here.rows(User) != 2


def alike(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Find people by anything: subject alone, username, address (none being equal to none), name."""
    real = accounts.of_profile

    def naive(session: Any, profile: Any) -> tuple[int, int]:
        rules = (
            Identity.subject == profile.subject,
            Identity.username == profile.username if profile.username else False,
            Identity.email == profile.email,
            Identity.name == profile.name,
        )
        found = session.scalars(select(Identity).where(or_(*rules))).first()
        return (found.user_id, found.id) if found else real(session, profile)

    patch.setattr(accounts, "of_profile", naive)


def renamed(here: World, provider: str, _shape: str) -> bool:
    """After a new name the account is somebody else: the old comments are lost to their author."""
    _, names, email = _WHERE[provider]
    here.sign_in(provider)
    for name in names:
        put(here.sim[provider].person, name, "Somebody")
    put(here.sim[provider].person, email, "new@x.example")
    here.sign_in(provider)
    return here.rows(User) != 1


def by_name(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """The key is the name and the address, as they are today."""
    real = accounts.of_profile

    def naive(session: Any, profile: Any) -> tuple[int, int]:
        from dataclasses import replace

        return real(session, replace(profile, subject=f"{profile.username or profile.name} {profile.email}"))

    patch.setattr(accounts, "of_profile", naive)


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


def abandoned(here: World, provider: str, _shape: str) -> bool:
    """A hundred windows are opened and left: rows pile up, or the next one does not work."""
    browser = Visitor(here.app)
    for _ in range(100):
        browser.begin(Page(), provider=provider)
    return here.rows(Login) > 5 or here.sign_in(provider, browser).status_code != 200


def unlimited(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(logins, "MOST_AT_ONCE", 1000)


ATTACKS = (
    Attack(
        id="G9.1",
        what="another account that looks the same becomes the same person",
        without="people are found by subject, username, name or address",
        attempt=merged,
        off=alike,
        shapes=("the same names and address", "no address, other names", "the same subject at another provider"),
    ),
    Attack(
        id="G9.2",
        what="another account with somebody's address, not verified, becomes that person",
        without="people are found by subject, username, name or address",
        attempt=merged,
        off=alike,
        shapes=("the same address, not verified",),
        providers=tuple(name for name in SIX if name != "x"),
    ),
    Attack(
        id="G9.3",
        what="an account with a new name and address is no longer the same person",
        without="people are found by name and address",
        attempt=renamed,
        off=by_name,
        providers=tuple(name for name in SIX if name != "apple"),
    ),
    Attack(
        id="G11.1",
        what="a copied bearer goes on working",
        without="logging out leaves the row, and sessions last a day longer",
        attempt=outlived,
        off=lasting,
        shapes=("after logging out", "after its time"),
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
        id="G12.1",
        what="a hundred abandoned sign-ins, and then a good one",
        without="a browser may have a thousand",
        attempt=abandoned,
        off=unlimited,
        providers=("oidc",),
    ),
)
