"""The addresses in mails: what each may do is signed into it. All of them open a page; only a POST from there acts."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app

from widget.core import clock, slips, tokens
from widget.core.errors import Problem
from widget.models import Comment, Subscription

CONFIRM_LIFE = timedelta(days=7)
DECIDE_LIFE = timedelta(days=14)
ACTS = ("approve", "delete", "spam", "reply")


@dataclass(frozen=True)
class Decision:
    """What a link of a mail to an owner may do: who (their subscription's public id) may do what, to which text."""

    subscription: str
    comment: str
    act: str
    version: str


def stop(subscription: Subscription) -> str:
    """Ends one subscription; good for ever."""
    return _address("stop", subscription.public_id)


def mine(subscription: Subscription) -> str:
    """Everything that is sent to the subscription's address; good for ever."""
    return _address("mine", subscription.public_id)


def confirm(subscription: Subscription) -> str:
    """Says yes to the subscription, for the address that it has now."""
    return _address("confirm", subscription.public_id, subscription.person, life=CONFIRM_LIFE)


def decide(subscription: Subscription, comment: Comment, act: str) -> str:
    """Does `act` to the comment as it reads now."""
    parts = (subscription.public_id, comment.public_id, act, version(comment))
    return _address("decide", *parts, life=DECIDE_LIFE)


def version(comment: Comment) -> str:
    """Which text of the comment it is: the time it is from (RFC 3339), as everywhere."""
    return clock.rfc3339(comment.edited_at or comment.created_at)


def read(purpose: str, slip: str) -> list[slips.Part]:
    """What a slip was signed for. Raises Problem("mail.link_invalid") or ("mail.link_expired")."""
    try:
        return slips.read(_key(), purpose, slip, now=clock.now())
    except slips.Expired:
        raise Problem("mail.link_expired") from None
    except slips.Invalid:
        raise Problem("mail.link_invalid") from None


def read_decision(slip: str) -> Decision:
    """The same for a link to an owner."""
    subscription, comment, act, text = read("decide", slip)
    return Decision(str(subscription), str(comment), str(act), str(text))


def person(email: str) -> str:
    """The keyed digest of an address: whoever has the database alone cannot try addresses against it."""
    return tokens.derive(_key(), "mail person", email.strip().casefold())


def host() -> str:
    """This server's host, as people read it."""
    return str(urlsplit(current_app.config["PUBLIC_URL"]).netloc)


def _address(purpose: str, *parts: slips.Part, life: timedelta | None = None) -> str:
    expires = clock.now() + life if life else None
    return f"{current_app.config['PUBLIC_URL']}/mail/{purpose}/{slips.sign(_key(), purpose, *parts, expires=expires)}"


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
