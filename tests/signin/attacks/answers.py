"""G1 to G3: answers that were meant for another browser, another time, or another provider."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import request
from sqlalchemy import select

from tests.signin.attacks.table import OPENID, Attack
from tests.support.idp.world import World
from tests.support.visitor import Page, Visitor
from widget.core import clock
from widget.models import Login, Ticket
from widget.providers.client import Client
from widget.services import logins, parked, tickets
from widget.web import signin as web

TOGETHER = 100


def without_rule(column: str) -> Any:
    """Take one condition away from the statement that finds the sign-in of an answer."""

    def off(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
        real = logins._named
        patch.setattr(logins, "_named", lambda *args: [rule for rule in real(*args) if column not in str(rule)])

    return off


def kept_rows(here: World, provider: str, patch: pytest.MonkeyPatch) -> None:
    """Let the sign-in, and the parked form of a POST, stay where they were found; one ticket for each answer."""

    def take(session: Any, stage: Any, *, secret: str, browser: str, provider: str | None = None) -> Any:
        found = select(*Login.__table__.c).where(*logins._named(stage, secret, browser, provider))
        return logins._waiting(session.execute(found).mappings().first())

    def fetch(session: Any, handle: str) -> Any:
        found = select(parked.ParkedForm).filter_by(handle_hash=parked.tokens.digest(handle))
        row = session.scalar(found)
        return (row.provider, row.form) if row else None

    issue = tickets.issue
    patch.setattr(logins, "take", take)
    patch.setattr(parked, "fetch", fetch)
    patch.setattr(tickets, "issue", lambda session, errand, *who: issue(session, replace(errand, tx=Page().tx), *who))
    patch.setattr(f"{__name__}.TOGETHER", 20)


def worked(here: World, provider: str, answer: Any) -> bool:
    """Whether somebody is signed in now, or a code was shown to the provider on the way."""
    return answer.status_code < 400 or "token" in here.sim[provider].calls


def other_browser(here: World, provider: str, shape: str) -> bool:
    """The attacker begins, the victim finishes: the attacker's page would hold the victim's account."""
    attacker, victim = Visitor(here.app), Visitor(here.app)
    back = here.begin(provider, attacker)
    if shape == "with a sign-in of its own under way":
        victim.begin(Page(), provider=provider)
    if shape == "with a cookie of nobody's":
        victim = here.browser(cookie="A" * 43)
    return worked(here, provider, here.bring(victim, back))


def wrong_state(here: World, provider: str, shape: str) -> bool:
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    state = {"missing": None, "empty": "", "made up": "A" * 43, "SQL": "' OR 1=1 --", "NUL": "\0"}
    return worked(here, provider, here.bring(browser, back.with_(state=state[shape])))


def doubled(here: World, provider: str, shape: str) -> bool:
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    return worked(here, provider, here.bring(browser, back.twice(shape, "another")))


def first_of_two(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(web, "_one", lambda name, given=None: (request.args if given is None else given).get(name, ""))


def late(here: World, provider: str, _shape: str) -> bool:
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        return worked(here, provider, here.bring(browser, back))


def replay(here: World, provider: str, shape: str) -> bool:
    """A second ticket for one answer."""
    here.sim[provider].lenient = frozenset({"reuse"})  # the provider would refuse too; here it does not help
    browser, page = Visitor(here.app), Page()
    back = here.begin(provider, browser, page)
    assert here.bring(browser, back).status_code == 200
    if shape == "from another tab":
        browser.begin(Page(), provider=provider)
    if shape == "in another browser":
        browser = here.browser(cookie=here.cookie(browser))
    return here.bring(browser, back).status_code < 400


def at_once(here: World, provider: str, _shape: str) -> bool:
    """One answer, brought many times at the same moment."""
    here.sim[provider].lenient = frozenset({"reuse"})
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    cookie = here.cookie(browser)
    ways = [back.whole] * TOGETHER
    if back.posted:  # one form, one handle, many GETs
        parked_at = here.browser().post(back.url, back.answer).headers["Location"]
        ways = [parked_at] * TOGETHER
    gate = threading.Barrier(TOGETHER)

    def bring(way: str) -> int:
        visitor = here.browser(cookie=cookie)
        gate.wait(30)
        return visitor.get(way).status_code

    with ThreadPoolExecutor(TOGETHER) as pool:
        statuses = list(pool.map(bring, ways))
    assert statuses.count(200) >= 1
    return statuses.count(200) > 1 or here.rows(Ticket) > 1


def mix_up(here: World, provider: str, _shape: str) -> bool:
    """The visitor begins at a rogue provider, which sends them on to an honest one with its own sign-in's state.

    The honest provider's answer arrives at its own callback, but the sign-in belongs to the rogue, who would be shown
    the code.
    """
    here.forget()
    here.sim["oidc2"].faults = {"metadata": {"authorization_response_iss_parameter_supported": False}}
    sample = parse_qs(urlsplit(Visitor(here.app).begin(Page(), provider=provider)).query)
    browser = Visitor(here.app)
    to_rogue = parse_qs(urlsplit(browser.begin(Page(), provider="oidc2")).query)
    wanted = {name: values[0] for name, values in sample.items()}
    wanted |= {name: values[0] for name, values in to_rogue.items() if name in wanted and name in _OURS}
    address = here.sim[provider].base + here.sim[provider].rules.authorize
    back = here.at_provider(f"{address}?{urlencode(wanted)}")
    answer = here.bring(browser, back)
    return worked(here, provider, answer) or "token" in here.sim["oidc2"].calls


_OURS = {"state", "nonce", "code_challenge"}


def nameless(here: World, provider: str, patch: pytest.MonkeyPatch) -> None:
    without_rule("provider =")(here, provider, patch)
    no_comparison(here, provider, patch)


def other_callback(here: World, provider: str, shape: str) -> bool:
    """An answer at the callback of a provider that is not its own."""
    browser = Visitor(here.app)
    answer = here.bring(browser, here.begin(provider, browser).with_(at=shape))
    return worked(here, provider, answer) or "token" in here.sim[shape].calls


def wrong_issuer(here: World, provider: str, shape: str) -> bool:
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    right = here.sim[provider].issuer
    given = {"another": "https://evil.example", "with a slash": f"{right}/", "empty": "", "in capitals": right.upper()}
    return worked(here, provider, here.bring(browser, back.with_(iss=given[shape])))


def no_issuer(here: World, provider: str, _shape: str) -> bool:
    browser = Visitor(here.app)
    return worked(here, provider, here.bring(browser, here.begin(provider, browser).with_(iss=None)))


def no_comparison(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Client, "_check_answer_issuer", lambda *_: None)


def rogue_discovery(here: World, provider: str, shape: str) -> bool:
    """A discovery document that names another issuer."""
    here.forget()
    here.sim[provider].faults = {"metadata": {"issuer": shape}}
    address = Visitor(here.app).get(Page().start(provider=provider))
    return address.status_code < 400


def any_discovery(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    def discover(client: Any) -> dict[str, Any]:
        with client._get_session() as session:
            address = client.provider.issuer + "/.well-known/openid-configuration"
            found: dict[str, Any] = session.request("GET", address, withhold_token=True).json()
            return found

    patch.setattr(Client, "_discover", discover)


ATTACKS = (
    Attack(
        id="G1.1",
        what="the attacker begins a sign-in, another browser finishes it",
        without="the sign-in is found without the browser's cookie",
        attempt=other_browser,
        off=without_rule("browser_hash"),
        shapes=("with no cookie", "with a cookie of nobody's", "with a sign-in of its own under way"),
    ),
    Attack(
        id="G1.2",
        what="an answer whose state is not the sign-in's",
        without="the sign-in is found without its state",
        attempt=wrong_state,
        off=without_rule("state_hash"),
        shapes=("missing", "empty", "made up", "SQL", "NUL"),
    ),
    Attack(
        id="G1.3",
        what="an answer with a parameter twice",
        without="the first of two counts",
        attempt=doubled,
        off=first_of_two,
        shapes=("state", "code"),
    ),
    Attack(
        id="G1.4",
        what="an answer ten minutes late",
        without="sign-ins never end",
        attempt=late,
        off=without_rule("expires_at"),
    ),
    Attack(
        id="G2.1",
        what="an answer a second time, while the provider takes its code again",
        without="the row stays when it is read",
        attempt=replay,
        off=kept_rows,
        shapes=("at once", "from another tab", "in another browser"),
    ),
    Attack(
        id="G2.2",
        what=f"one answer {TOGETHER} times at the same moment",
        without="the row stays when it is read",
        attempt=at_once,
        off=kept_rows,
    ),
    Attack(
        id="G3.1",
        what="mix-up: an honest provider's answer to a sign-in that was begun with a rogue one",
        without="the sign-in is found without its provider, and no issuer is compared",
        attempt=mix_up,
        off=nameless,
    ),
    Attack(
        id="G3.2",
        what="an answer at another provider's callback",
        without="the sign-in is found without its provider",
        attempt=other_callback,
        off=without_rule("provider ="),
        shapes=("oidc2", "github"),
    ),
    Attack(
        id="G3.3",
        what="an answer that names another issuer (RFC 9207)",
        without="the issuer of the answer is not compared",
        attempt=wrong_issuer,
        off=no_comparison,
        shapes=("another", "with a slash", "empty", "in capitals"),
        providers=OPENID,
        others="the others send no issuer, and none is known for them",
    ),
    Attack(
        id="G3.4",
        what="an answer without the issuer that the provider promises",
        without="the issuer of the answer is not compared",
        attempt=no_issuer,
        off=no_comparison,
        providers=("oidc",),
        others="no other promises to send it",
    ),
    Attack(
        id="G3.5",
        what="a discovery document of another issuer",
        without="the issuer of the document is not compared",
        attempt=rogue_discovery,
        off=any_discovery,
        shapes=("https://evil.example", "", "https://accounts.google.com"),
        providers=("oidc",),
        others="of the others no such document is read",
    ),
)
