"""The secret addresses that single mails are answered to: one for each mail, bound to its reader and its comment.

`replies+SECRET@example.com`: 128 bits derived from this server's key and the mail's row, so that a mail that is sent
again has the same; stored as their hash. In lower case, as mail systems may leave no other.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock, mailorigin, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Identity, ReplyAddress, Subscription
from widget.services import sites, transaction
from widget.services.mail import links

_LENGTH = 26  # of 128 bits in base32
_TOKEN = re.compile(r"[a-z2-7]{26}")
_LONGEST = 64 - 1 - _LENGTH  # a local part has 64 octets at most (RFC 5321, section 4.5.3.1.1)
_EXTENSION = "widget.mail.addresses"


@dataclass(frozen=True)
class Desk:
    """Where answers go: `local+SECRET@domain`."""

    local: str
    domain: str


def set_up(app: Flask, *, mail: bool) -> bool:
    """Read the settings; whether mails can be answered. Raises Problem("config.invalid")."""
    app.extensions[_EXTENSION] = found = desk_of(app.config)
    if found and not mail:
        raise Problem("config.invalid", reason="WIDGET_REPLY_ADDRESS needs WIDGET_SMTP_URL")
    return found is not None


def desk_of(config: Any) -> Desk | None:
    """What the settings say. Raises Problem("config.invalid")."""
    address = config["REPLY_ADDRESS"]
    if not address:
        return None
    local, _, domain = address.partition("@")
    if not mailorigin.is_address(address) or len(local) > _LONGEST:
        words = f"WIDGET_REPLY_ADDRESS must be an address with at most {_LONGEST} letters before the @"
        raise Problem("config.invalid", reason=words)
    if config["REPLY_DAYS"] < 1:
        raise Problem("config.invalid", reason="WIDGET_REPLY_DAYS must be 1 or more")
    return Desk(local.lower(), domain.lower())


def offered(session: Session, to: Subscription) -> bool:
    """Whether this reader can answer by mail: somebody who may write on the site, and no address alone."""
    if _desk() is None or to.user_id is None:
        return False
    known = session.scalar(select(Identity.id).where(Identity.user_id == to.user_id).limit(1))
    return known is not None or bool(sites.by_id(to.site_id).settings.guests)


def give(mail: str, to: Subscription, comment: Comment) -> str:
    """The address to which the mail with this public id is answered, stored in a transaction of its own.

    To be asked only where it is `offered`.
    """
    token = _token(mail)
    hashed, version = tokens.digest(token), links.version(comment)
    row = {"subscription_id": to.id, "comment_id": comment.id, "staff": to.kind == "owner"}
    life = timedelta(days=current_app.config["REPLY_DAYS"])

    def work(session: Session) -> None:
        known = session.scalar(select(ReplyAddress).where(ReplyAddress.token_hash == hashed))
        if known is None:
            session.add(ReplyAddress(token_hash=hashed, version=version, expires_at=clock.now() + life, **row))
        else:  # the mail is made again: what it shows now is what is answered
            known.version = version

    transaction.twice(work)
    local, _, domain = current_app.config["REPLY_ADDRESS"].lower().partition("@")
    return f"{local}+{token}@{domain}"


def token_of(address: str) -> str | None:
    """The secret in an address, if it is one of ours."""
    desk = _desk()
    local, _, domain = address.strip().lower().rpartition("@")
    name, _, token = local.rpartition("+")
    if desk and (name, domain) == (desk.local, desk.domain) and _TOKEN.fullmatch(token):
        return token
    return None


def find(token: str) -> ReplyAddress:
    """The address with this secret. Raises Problem("reply.unknown") or ("reply.expired")."""
    row = db.session.scalar(select(ReplyAddress).where(ReplyAddress.token_hash == tokens.digest(token)))
    if row is None:
        raise Problem("reply.unknown")
    if row.expires_at <= clock.now():
        raise Problem("reply.expired")
    return row


def _token(mail: str) -> str:
    derived = tokens.derive(current_app.config["SECRET_KEY"], "reply address", mail)
    return base64.b32encode(hashlib.sha256(derived.encode()).digest()[:16]).decode().rstrip("=").lower()


def _desk() -> Desk | None:
    desk: Desk | None = current_app.extensions.get(_EXTENSION)
    return desk
