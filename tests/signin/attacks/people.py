"""G9: accounts that look like somebody else's. G12: abandoned sign-ins."""

from typing import Any

import pytest
from sqlalchemy import or_, select

from tests.signin.attacks.table import SIX, Attack
from tests.support.idp.world import World
from tests.support.visitor import Page, Visitor
from widget.models import Identity, Login, User
from widget.services import accounts, logins

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
        others="X gives only verified addresses",
    ),
    Attack(
        id="G9.3",
        what="an account with a new name and address is no longer the same person",
        without="people are found by name and address",
        attempt=renamed,
        off=by_name,
    ),
    Attack(
        id="G12.1",
        what="a hundred abandoned sign-ins, and then a good one",
        without="a browser may have a thousand",
        attempt=abandoned,
        off=unlimited,
    ),
)
