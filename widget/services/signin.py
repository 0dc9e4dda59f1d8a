"""The sequence of a sign-in: from the page's errand over the provider's answer to the ticket, and to a session.

Nothing is held while a provider is asked: its answer's row is taken in one transaction, what comes of it is written in
another. A server that dies between the two has lost a sign-in that can be begun again, and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget import providers
from widget.core import clock, payload, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity
from widget.providers.base import Again
from widget.services import accounts, consents, desk, linking, logins, parked, sessions, sites, tickets, transaction
from widget.services.logins import Errand, Stage, Waiting
from widget.services.sites import SiteInfo

T = TypeVar("T")
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
class Question:
    """What the page that asks must show."""

    errand: Errand
    person: str
    site: str
    provider: str
    account: str | None = None  # whom the person is to be linked to, where the question is that


Step = Leave | Ask | Arrived


class Stopped(Exception):  # noqa: N818 - it is a sign-in that stopped; `problem` says whether that is an error
    """A sign-in that ends here; `errand`, if known, says which page is to be told."""

    def __init__(self, problem: Problem, errand: Errand | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.errand = errand


def begin(errand: Errand, *, browser: str, known: str | None, link: str | None = None) -> Step:
    """Start: to the provider, or straight to the question if this browser is `known`. Raises Stopped.

    With `link` (a word of linking.ask) what comes is to become another account of a person who is signed in.
    """
    with _stopping(errand):
        desk.check(errand)
        if link is not None:
            return _to_provider(errand, browser, link=linking.begin(link, errand, known=known))
        # Who names a server may mean another account than the one this browser is known by.
        person = (
            None if errand.at else consents.known(db.session(), known, provider=errand.provider, site_id=errand.site_id)
        )
        if person is None:
            return _to_provider(errand, browser)
        return transaction.write(
            lambda session: _ask(session, errand, browser, person=(person.user_id, person.identity_id))
        )


def park(provider: str, form: Mapping[str, str]) -> str:
    """Keep a provider's POST until the browser comes with its cookie; the handle for `resume`. Raises Problem."""
    desk.row(provider)
    return transaction.write(lambda session: parked.park(session, provider, form))


def resume(handle: str, *, browser: str, known: str | None) -> Step:
    """Go on with what `park` kept. Raises Stopped."""
    found = transaction.write(lambda session: parked.fetch(session, handle))
    if found is None:
        raise Stopped(Problem("signin.expired"))
    return answer(found[0], found[1], browser=browser, known=known)


def answer(provider: str, given: Mapping[str, str], *, browser: str, known: str | None) -> Step:
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
            profile = desk.finish(waiting, given)
        except Again:
            return _to_provider(errand, browser, again=True, link=waiting.link)
        return _twice(lambda session: _settle(session, waiting, browser, known, profile))


def question(handle: str, *, browser: str) -> Question:
    """What `Ask` led to. Raises Stopped."""
    waiting = logins.look(db.session(), Stage.CONSENT, secret=handle, browser=browser)
    if waiting is None:
        raise Stopped(Problem("signin.expired"))
    site = sites.by_id(waiting.errand.site_id)
    with _stopping(waiting.errand):
        provider = desk.row(waiting.errand.provider).name
    if waiting.link is not None and waiting.profile is not None:
        account = linking.who(db.session(), waiting.link)
        return Question(waiting.errand, waiting.profile["name"], site.name, provider, account)
    if waiting.person is None:
        raise Stopped(Problem("signin.expired"))
    identity = db.session.get_one(Identity, waiting.person[1])
    return Question(waiting.errand, identity.name, site.name, provider)


def agree(handle: str, *, browser: str, known: str | None) -> Step:
    """The person said yes. Raises Stopped."""

    def work(session: Session) -> Arrived | Stopped:
        waiting = logins.take(session, Stage.CONSENT, secret=handle, browser=browser)
        if waiting is None:
            return Stopped(Problem("signin.expired"))
        person = waiting.person
        if waiting.link is not None and waiting.profile is not None:
            try:
                person = linking.finish(session, waiting.link, waiting.profile, known=known)
            except Problem as problem:  # the question is answered all the same
                return Stopped(problem, waiting.errand)
        return _arrive(session, waiting.errand, known, person) if person else Stopped(Problem("signin.expired"))

    arrived = _twice(work)
    if isinstance(arrived, Stopped):
        raise arrived
    return arrived


def refuse(handle: str, *, browser: str, known: str | None, elsewhere: bool) -> Step:
    """The person said no, or (`elsewhere`) wants another account: then on to the provider. Raises Stopped."""

    def work(session: Session) -> Waiting | None:
        waiting = logins.take(session, Stage.CONSENT, secret=handle, browser=browser)
        if waiting is not None and waiting.link is None:
            consents.forget(session, known)
        return waiting

    waiting = transaction.write(work)
    if waiting is None or not elsewhere:
        raise Stopped(Problem("signin.denied" if waiting else "signin.expired"), waiting.errand if waiting else None)
    with _stopping(waiting.errand):
        return _to_provider(waiting.errand, browser, link=waiting.link)


def open_session(
    site: SiteInfo, tx: str, code: str, verifier: str, origin: str, *, thumbprint: str | None
) -> tuple[str, bytes]:
    """Redeem a ticket: (bearer secret, JSON bytes of {"expires", "user"}); `thumbprint` is of the browser's key.

    Raises Problem("session.bad_ticket"), and the ticket is burnt, for whatever does not fit: the site, `tx`, the
    request's Origin, the verifier, the time.
    """
    token = tokens.secret()

    def work(session: Session) -> bytes | None:
        person = tickets.redeem(session, site_id=site.id, tx=tx, code=code, verifier=verifier, origin=origin)
        if person is None:
            return None
        expires = sessions.open_session(session, site, person, token, thumbprint=thumbprint)
        return payload.encode({"expires": clock.rfc3339(expires), "user": sessions.person_of(session, *person)})

    opened = transaction.write(work)
    if opened is None:
        raise Problem("session.bad_ticket")
    return token, opened


def _to_provider(errand: Errand, browser: str, *, again: bool = False, link: int | None = None) -> Leave:
    state = tokens.secret()
    begun = desk.begin(errand, state)

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
            link=link,
        )

    transaction.write(work)
    return Leave(begun.url)


def _settle(session: Session, waiting: Waiting, browser: str, known: str | None, profile: providers.Profile) -> Step:
    errand = waiting.errand
    if waiting.link is not None and linking.is_free(session, waiting.link, profile):
        return _ask(session, errand, browser, link=waiting.link, profile=asdict(profile))
    person = accounts.of_profile(session, profile)
    if consents.needed(session, person[0], errand.site_id):
        return _ask(session, errand, browser, person=person)
    return _arrive(session, errand, known, person)


def _ask(session: Session, errand: Errand, browser: str, **about: Any) -> Ask:
    """`about` is the person, or the user to link and the profile to be linked."""
    handle = tokens.secret()
    logins.put(session, Stage.CONSENT, errand, secret=handle, browser=browser, **about)
    return Ask(handle)


def _arrive(session: Session, errand: Errand, known: str | None, person: tuple[int, int]) -> Arrived:
    consents.give(session, person[0], errand.site_id)
    remember = consents.remember(session, known, *person)
    return Arrived(errand, tickets.issue(session, errand, *person), remember)


def _twice(work: Callable[[Session], T]) -> T:
    """Write, and once more when another sign-in of the same person was faster by a moment: then its rows are there."""
    try:
        return transaction.write(work)
    except IntegrityError:
        return transaction.write(work)


@contextmanager
def _stopping(errand: Errand) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        raise Stopped(problem, errand) from problem
