"""Hands a mail in: makes its letter at that moment, puts it into an envelope, and tells what the server said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy.orm import Session

from widget import smtp
from widget.channels import mail
from widget.core import clock
from widget.core.errors import Problem
from widget.core.letters import Letter
from widget.extensions import db
from widget.models import Subscription
from widget.services import sites
from widget.services.mail import addresses, digests, letters, links, owners, unposted, visitors, weekly
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed, Dropped, Failed, Outcome, Sent

_EXTENSION = "widget.mail"

# What writes each kind of mail: from a row's payload to a draft, or None where nothing is to be said any more.
WRITERS: dict[str, Callable[[Session, Claimed], Draft | None]] = {
    "reply": visitors.write,
    "mention": visitors.write,
    "comment": visitors.write,
    "published": visitors.write,
    "confirm": visitors.write_confirmation,
    "owner": owners.write,
    "flag": owners.write,
    "digest": digests.write,
    "letter": weekly.write,
    "unposted": unposted.write,
}


@dataclass(frozen=True)
class Office:
    """Where mail is handed in, and whom it is from."""

    server: smtp.Server
    name: str
    address: str


def set_up(app: Flask) -> bool:
    """Read the settings; whether there is a server. Raises Problem("config.invalid")."""
    app.extensions[_EXTENSION] = office_of(app.config)
    return app.extensions[_EXTENSION] is not None


def office_of(config: Any) -> Office | None:
    """The office that settings describe. Raises Problem("config.invalid")."""
    helo = urlsplit(config["PUBLIC_URL"]).hostname or "localhost"
    server = smtp.server(config["SMTP_URL"], helo=helo, ca=config["SMTP_CA"], timeout=config["SMTP_TIMEOUT"])
    if server is None:
        return None
    for name, least in (("SMTP_TIMEOUT", 1), ("OUTBOX_LEASE", 1), ("MAIL_HOURLY", 0)):
        if config[name] < least:
            raise Problem("config.invalid", reason=f"WIDGET_{name} must be {least} or more")
    if not config["MAIL_FROM"]:
        raise Problem("config.invalid", reason="WIDGET_MAIL_FROM must say from which address mail comes")
    name, address = smtp.sender_of(config["MAIL_FROM"])
    return Office(server, name, address)


def is_on() -> bool:
    """Whether this server sends mail."""
    return current_app.extensions.get(_EXTENSION) is not None


def require_on() -> None:
    """Raises Problem("subscription.off")."""
    if not is_on():
        raise Problem("subscription.off")


def destination() -> str:
    """Who must answer for mail to go out."""
    return _office().server.name


def own_domain() -> str:
    """The domain of the Message-IDs of our mails."""
    return _office().address.partition("@")[2]


def own_names(to: Subscription) -> tuple[str, ...]:
    """The names and the address under which a reader has our mail."""
    office = _office()
    return office.address, sites.by_id(to.site_id).name or office.name


def run(claimed: Claimed) -> Outcome:
    """Make the mail of a row, and hand it in. No transaction is open while the server is asked."""
    session = db.session()
    draft = WRITERS[claimed.kind](session, claimed)
    if draft is None:
        letters.forget(claimed)
        return Dropped("there is nothing to say any more")
    office = _office()
    reply_to = addresses.give(claimed.public_id, draft.to, draft.answers) if draft.answers else ""
    envelope = _envelope(draft.to, claimed, draft, office, reply_to=reply_to)
    to = draft.to.email
    message = mail.compose(draft.letter, envelope)
    session.rollback()
    try:
        return Sent(smtp.send(office.server, sender=office.address, to=to, message=message))
    except smtp.Failed as failed:
        return Failed(failed.answer, refused=failed.refused, unreachable=failed.unreachable)


def _envelope(to: Subscription, claimed: Claimed, draft: Draft, office: Office, *, reply_to: str) -> mail.Envelope:
    site = sites.by_id(to.site_id)
    domain = office.address.partition("@")[2]
    voice = Voice(to.lang)
    return mail.Envelope(
        sender=(site.name or office.name, office.address),
        to=to.email,
        lang=voice.lang,
        direction=voice.direction,
        message_id=f"{claimed.public_id}@{domain}",
        date=clock.now(),
        list_id=f"{site.key}.{urlsplit(current_app.config['PUBLIC_URL']).hostname}",
        list_name=site.name,
        thread=f"{draft.thread}@{domain}" if draft.thread else "",
        stop=links.stop(to) if draft.stops else "",
        reply_to=reply_to,
    )


def test(config: Any, to: str, letter: Letter, tell: Callable[[str], None]) -> str:
    """Send one mail by settings alone, for `widget doctor`; the server's answer. Raises smtp.Failed or Problem."""
    office = office_of(config)
    if office is None:
        raise Problem("config.invalid", reason="WIDGET_SMTP_URL is not set")
    domain = office.address.partition("@")[2]
    stamp = clock.microseconds(clock.now())
    envelope = mail.Envelope(
        sender=(office.name, office.address),
        to=to,
        lang="en",
        direction="ltr",
        message_id=f"test.{stamp}@{domain}",
        date=clock.now(),
    )
    message = mail.compose(letter, envelope)
    return smtp.send(office.server, sender=office.address, to=to, message=message, tell=tell)


def _office() -> Office:
    office: Office | None = current_app.extensions.get(_EXTENSION)
    if office is None:
        raise Problem("subscription.off")
    return office
