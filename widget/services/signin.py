"""The sequence of a sign-in: from the page's errand over the provider's answer to the ticket, and to a session.

Nothing is held while a provider is asked: its answer's row is taken in one transaction, what comes of it is written in
another. A server that dies between the two has lost a sign-in that can be begun again, and nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from widget import providers
from widget.core import clock, payload, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity
from widget.providers.base import Again
from widget.services import (
    account_sessions,
    accounts,
    consents,
    desk_entry,
    linking,
    logins,
    parked,
    reception,
    roles,
    sessions,
    sites,
    tickets,
    transaction,
    welcome,
)
from widget.services.logins import DeskErrand, Errand, OwnErrand, Stage, Waiting
from widget.services.sites import SiteInfo

# What providers say when a person said no, or when they would have to ask a person who is not there.
DENIALS = frozenset(
    {
        "access_denied",
        "consent_required",
        "interaction_required",
        "login_required",
        "user_cancelled_authorize",
        "user_cancelled_login",
        "user_denied",
    }
)


@dataclass(frozen=True)
class Leave:
    """The browser goes to the provider."""

    url: str


@dataclass(frozen=True)
class Ask:
    """The person is asked whether to appear on the site; `handle` names the question."""

    handle: str


@dataclass(frozen=True)
class Arrived:
    """The sign-in is done: `code` is the ticket for the page. `remember` is for this browser's cookie."""

    errand: Errand
    code: str
    remember: str | None


@dataclass(frozen=True)
class Home:
    """Back to the account page: with the secret of its new session in `token`, or (None) as the person was there."""

    errand: OwnErrand
    token: str | None


@dataclass(frozen=True)
class ToDesk:
    """On to the desk, with the secret of its new session."""

    errand: DeskErrand
    token: str


@dataclass(frozen=True)
class Cookies:
    """This browser's other cookies: whom it knows, and who is on the account page and at the desk in it."""

    known: str | None = None
    me: str | None = None
    desk: str | None = None


@dataclass(frozen=True)
class Propose:
    """The person is asked on their account page whether to link what came; `handle` names the question."""

    errand: OwnErrand
    handle: str


@dataclass(frozen=True)
class Question:
    """What the page that asks must show."""

    errand: Errand
    person: str
    site: str
    provider: str


Step = Leave | Ask | Arrived | Home | ToDesk | Propose


class Stopped(Exception):  # noqa: N818 - it is a sign-in that stopped; `problem` says whether that is an error
    """A sign-in that ends here; `errand`, if known, says which page is to be told."""

    def __init__(self, problem: Problem, errand: Errand | OwnErrand | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.errand = errand


def begin(errand: Errand, *, browser: str, known: str | None) -> Step:
    """Start: to the provider, or straight to the question if this browser is `known`. Raises Stopped."""
    with _stopping(errand):
        if not sites.offers(sites.by_id(errand.site_id), errand.provider):
            raise Problem("signin.unknown_provider")
        reception.check(errand)
        # Who names a server may mean another account than the one this browser is known by.
        person = (
            None if errand.at else consents.known(db.session(), known, provider=errand.provider, site_id=errand.site_id)
        )
        if person is None:
            return _to_provider(errand, browser)
        return transaction.write(
            lambda session: _ask(session, errand, browser, person=(person.user_id, person.identity_id))
        )


def begin_own(errand: OwnErrand, *, browser: str) -> Leave:
    """Start for the account page or the desk, always with the provider: no cookie of 30 days opens those.

    Raises Stopped.
    """
    with _stopping(errand):
        reception.check(errand)
        return _to_provider(errand, browser)


def park(provider: str, form: Mapping[str, str]) -> str:
    """Keep a provider's POST until the browser comes with its cookie; the handle for `resume`. Raises Problem."""
    reception.row(provider)
    return transaction.write(lambda session: parked.park(session, provider, form))


def resume(handle: str, *, browser: str, cookies: Cookies) -> Step:
    """Go on with what `park` kept. Raises Stopped."""
    found = transaction.write(lambda session: parked.fetch(session, handle))
    if found is None:
        raise Stopped(Problem("signin.expired"))
    return answer(found[0], found[1], browser=browser, cookies=cookies)


def answer(provider: str, given: Mapping[str, str], *, browser: str, cookies: Cookies) -> Step:
    """The provider's answer, checked against the sign-in it belongs to, which ends in the same statement.

    Without a sign-in of this browser, for this provider, in time and not yet used, the provider is not asked anything.
    Raises Stopped.
    """
    state = given.get("state", "")
    waiting = transaction.write(
        lambda session: logins.take(session, Stage.PROVIDER, secret=state, browser=browser, provider=provider)
    )
    if waiting is None:
        raise Stopped(Problem("signin.expired"))
    errand = waiting.errand
    with _stopping(errand):
        if error := given.get("error"):
            raise Problem("signin.denied" if error in DENIALS else "signin.provider_failed")
        if not given.get("code"):
            raise Problem("signin.provider_failed")
        try:
            profile = reception.finish(waiting, given)
        except Again:
            return _to_provider(errand, browser, again=True)
        if isinstance(errand, OwnErrand):
            return transaction.twice(lambda session: _settle_own(session, errand, browser, cookies, profile))
        return transaction.twice(lambda session: _settle(session, errand, browser, cookies.known, profile))


def question(handle: str, *, browser: str) -> Question:
    """What `Ask` led to. Raises Stopped."""
    waiting = logins.look(db.session(), Stage.CONSENT, secret=handle, browser=browser)
    errand, person = _asked(waiting)
    site = sites.by_id(errand.site_id)
    with _stopping(errand):
        provider = reception.row(errand.provider).called(errand.lang)
    identity = db.session.get_one(Identity, person[1])
    return Question(errand, identity.name, site.name, provider)


def agree(handle: str, *, browser: str, known: str | None) -> Step:
    """The person said yes. Raises Stopped."""

    def work(session: Session) -> Arrived:
        errand, person = _asked(logins.take(session, Stage.CONSENT, secret=handle, browser=browser))
        with _stopping(errand):
            return _arrive(session, errand, known, person)

    return transaction.twice(work)


def refuse(handle: str, *, browser: str, known: str | None, elsewhere: bool) -> Step:
    """The person said no, or (`elsewhere`) wants another account: then on to the provider. Raises Stopped."""

    def work(session: Session) -> Errand:
        errand, _ = _asked(logins.take(session, Stage.CONSENT, secret=handle, browser=browser))
        consents.forget(session, known)
        return errand

    errand = transaction.write(work)
    if not elsewhere:
        raise Stopped(Problem("signin.denied"), errand)
    with _stopping(errand):
        return _to_provider(errand, browser)


def open_session(
    site: SiteInfo, tx: str, code: str, verifier: str, origin: str, *, thumbprint: str | None
) -> tuple[str, bytes]:
    """Redeem a ticket: (bearer secret, JSON bytes of {"expires", "user", "role"?}); `thumbprint`: of the browser's key.

    Raises Problem("session.bad_ticket"), and the ticket is burnt, for whatever does not fit: the site, `tx`, the
    request's Origin, the verifier, the time. Raises Problem("user.blocked").
    """
    token = tokens.secret()

    def work(session: Session) -> bytes | None:
        person = tickets.redeem(session, site_id=site.id, tx=tx, code=code, verifier=verifier, origin=origin)
        if person is None:
            return None
        expires = sessions.open_session(session, site, person, token, thumbprint=thumbprint)
        answer = {"expires": clock.rfc3339(expires), "user": sessions.person_of(session, *person)}
        role = roles.of_user(session, site.id, person[0])
        return payload.encode(answer | ({"role": role} if role else {}))

    opened = transaction.write(work)
    if opened is None:
        raise Problem("session.bad_ticket")
    return token, opened


def _to_provider(errand: Errand | OwnErrand, browser: str, *, again: bool = False) -> Leave:
    state = tokens.secret()
    begun = reception.begin(errand, state)

    def work(session: Session) -> None:
        logins.put(
            session,
            Stage.PROVIDER,
            errand,
            secret=state,
            browser=browser,
            nonce=begun.nonce,
            verifier=begun.verifier,
            kept={**begun.data, "again": True} if again else begun.data,
        )

    transaction.write(work)
    return Leave(begun.url)


def _settle(session: Session, errand: Errand, browser: str, known: str | None, profile: providers.Profile) -> Step:
    person = accounts.of_profile(session, profile)
    welcome.require(session, person[0])
    if consents.needed(session, person[0], errand.site_id):
        return _ask(session, errand, browser, person)
    return _arrive(session, errand, known, person)


def _settle_own(
    session: Session, errand: OwnErrand, browser: str, cookies: Cookies, profile: providers.Profile
) -> Home | ToDesk | Propose:
    """Who was never here does not come in: a look at the page must not make a person (nobody could link it then)."""
    if isinstance(errand, DeskErrand):
        return ToDesk(errand, desk_entry.enter(session, errand, profile, old=cookies.desk))
    if errand.visit is not None:
        handle = linking.propose(session, errand, profile, browser=browser, me=cookies.me)
        return Propose(errand, handle) if handle else Home(errand, None)
    if accounts.owner_of(session, profile) is None:
        raise Problem("account.unknown")
    person = accounts.of_profile(session, profile)
    return Home(errand, account_sessions.open_session(session, person, old=cookies.me))


def _ask(session: Session, errand: Errand, browser: str, person: tuple[int, int]) -> Ask:
    handle = tokens.secret()
    logins.put(session, Stage.CONSENT, errand, secret=handle, browser=browser, person=person)
    return Ask(handle)


def _asked(waiting: Waiting | None) -> tuple[Errand, tuple[int, int]]:
    """The page's errand and the person who is asked. Raises Stopped."""
    if waiting is None or waiting.person is None or not isinstance(waiting.errand, Errand):
        raise Stopped(Problem("signin.expired"))
    return waiting.errand, waiting.person


def _arrive(session: Session, errand: Errand, known: str | None, person: tuple[int, int]) -> Arrived:
    welcome.require(session, person[0])
    consents.give(session, person[0], errand.site_id)
    remember = consents.remember(session, known, *person)
    return Arrived(errand, tickets.issue(session, errand, *person), remember)


@contextmanager
def _stopping(errand: Errand | OwnErrand) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        raise Stopped(problem, errand) from problem
