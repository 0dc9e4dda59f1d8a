"""G7 and G8: windows that are loaded again, and codes and tickets in the wrong hands."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.signin.attacks.table import Attack
from tests.support.idp.world import World
from tests.support.visitor import Page, Visitor, data
from widget.core import clock, tokens
from widget.models import Login, Session, Ticket
from widget.providers.client import Claims
from widget.services import logins, tickets


def again(here: World, provider: str, shape: str) -> bool:
    """A window whose ticket is out begins once more: back button, reload, a link kept from before."""
    browser, page = Visitor(here.app), Page()
    assert here.sign_in(provider, browser, page).status_code == 200
    if shape == "in another mode":
        return browser.get(page.start(provider=provider, mode="redirect")).status_code < 400
    return browser.get(page.start(provider=provider)).status_code < 400


def forgetful(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Tickets are not looked at when a sign-in begins."""
    real = logins.put

    def put(session: Any, stage: Any, errand: Any, **kwargs: Any) -> None:
        session.execute(delete(Ticket).where(Ticket.tx == errand.tx))
        real(session, stage, errand, **kwargs)

    patch.setattr(logins, "put", put)


def stolen_tx(here: World, provider: str, shape: str) -> bool:
    """Somebody who saw the window's address puts their own challenge under the same `tx`."""
    victim, page = Visitor(here.app), Page()
    victim.begin(page, provider=provider)
    other = victim if shape == "in the same browser" else Visitor(here.app)
    return other.get(Page(tx=page.tx).start(provider=provider)).status_code < 400


def anybodys(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Whoever comes last has it."""
    real = logins.put

    def put(session: Any, stage: Any, errand: Any, **kwargs: Any) -> None:
        session.execute(delete(Login).where(Login.tx == errand.tx))
        real(session, stage, errand, **kwargs)

    patch.setattr(logins, "put", put)


def injected(here: World, provider: str, _shape: str) -> bool:
    """A code stolen from the victim's address bar, brought with the attacker's own state in the attacker's browser."""
    stolen = here.begin(provider, Visitor(here.app))
    attacker = Visitor(here.app)
    mine = here.begin(provider, attacker)
    bring = mine.with_(code=stolen.answer["code"])
    answer = here.bring(attacker, bring)
    return answer.status_code < 400


def unbound(here: World, provider: str, patch: pytest.MonkeyPatch) -> None:
    """Neither the challenge nor the nonce of the sign-in is compared with the code's."""
    patch.setattr(Claims, "validate_nonce", lambda _claims: None)
    here.sim[provider].lenient = frozenset({"pkce"})


def wrong_verifier(here: World, provider: str, shape: str) -> bool:
    """A ticket in the hands of a page that did not begin the sign-in (so also: a ticket in a link from elsewhere)."""
    browser, page = Visitor(here.app), Page()
    code = data(here.sign_in(provider, browser, page))["code"]
    changes = {
        "another": {"verifier": tokens.secret()},
        "the challenge itself": {"verifier": tokens.challenge(page.verifier)},
        "another tx": {"tx": Page().tx},
    }
    return browser.redeem(page, code, **changes[shape]).status_code < 400


def all_alike(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tokens, "same", lambda _one, _other: True)


def twice(here: World, provider: str, shape: str) -> bool:
    browser, page = Visitor(here.app), Page()
    code = data(here.sign_in(provider, browser, page))["code"]
    if shape == "after a minute":
        with clock.freeze(clock.now() + timedelta(seconds=60)):
            return browser.redeem(page, code).status_code < 400
    if shape == "after a wrong try":
        browser.redeem(page, code, verifier=tokens.secret())
    else:
        assert browser.redeem(page, code).status_code == 201
    return browser.redeem(page, code).status_code < 400 or here.rows(Session) > 1


def lasting(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Tickets stay, and stay good."""

    def redeem(session: Any, *, code: str, verifier: str, **_: Any) -> Any:
        row = session.scalar(select(Ticket).filter_by(code_hash=tokens.digest(code)))
        return (row.user_id, row.identity_id) if row.challenge == tokens.challenge(verifier) else None

    patch.setattr(tickets, "redeem", redeem)


ATTACKS = (
    Attack(
        id="G7.1",
        what="a window is loaded again after its ticket is out",
        without="tickets are not looked at when a sign-in begins",
        attempt=again,
        off=forgetful,
        shapes=("as it was", "in another mode"),
    ),
    Attack(
        id="G7.2",
        what="somebody takes over the name (tx) of a window under way",
        without="whoever comes last has it",
        attempt=stolen_tx,
        off=anybodys,
        shapes=("in another browser", "in the same browser"),
    ),
    Attack(
        id="G8.1",
        what="a stolen code in another sign-in",
        without="neither challenge nor nonce are compared",
        attempt=injected,
        off=unbound,
        providers=("google", "x", "apple", "oidc"),
        others="Facebook and WordPress.com offer nothing against it",
    ),
    Attack(
        id="G8.2",
        what="a ticket with another page's verifier or tx",
        without="secrets are not compared",
        attempt=wrong_verifier,
        off=all_alike,
        shapes=("another", "the challenge itself", "another tx"),
    ),
    Attack(
        id="G8.3",
        what="a ticket a second time",
        without="tickets stay",
        attempt=twice,
        off=lasting,
        shapes=("at once", "after a minute", "after a wrong try"),
    ),
)
