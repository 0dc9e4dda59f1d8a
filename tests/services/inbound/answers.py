"""Answers to our mails, as people's programs would send them."""

from email.message import EmailMessage
from itertools import count

from flask import Flask
from sqlalchemy import select

from tests.support.postbox import text_of
from widget.extensions import db
from widget.models import Arrival, Comment
from widget.services.inbound import taking

_numbers = count(1)


def answer(to: EmailMessage, said: str, *, sender: str = "olga@example.org", **headers: str) -> bytes:
    """An answer to a mail of ours: `said` on top, all of ours quoted below."""
    quoted = "\n".join(f"> {line}" for line in text_of(to).splitlines())
    message = EmailMessage()
    message["From"] = f"Olga <{sender}>"
    message["To"] = to["Reply-To"]
    message["Subject"] = f"Re: {to['Subject']}"
    message["Message-ID"] = f"<{next(_numbers)}@mail.example.org>"
    message["In-Reply-To"] = to["Message-ID"]
    for name, value in headers.items():
        header = name.replace("_", "-")
        del message[header]
        if value:
            message[header] = value
    wrote = "On Tue, Nov 24, 2026 at 4:14 PM The blog <comments@comments.test> wrote:"
    message.set_content(f"{said}\n\n{wrote}\n\n{quoted}\n")
    return message.as_bytes()


def secret_of(mail: EmailMessage) -> str:
    """The secret in the address to which a mail of ours is answered."""
    return str(mail["Reply-To"]).partition("+")[2].partition("@")[0]


def take(app: Flask, raw: bytes, token: str = "", *, envelope: str | None = None) -> str:
    """Hand it in; what became of it."""
    with app.app_context():
        try:
            [secret] = [token] if token else taking.tokens_of(raw)
            return taking.take(raw, secret, envelope=envelope)
        finally:
            db.session.remove()


def texts(app: Flask) -> list[tuple[str, str]]:
    """All comments, as (state, text), by when they were written."""
    with app.app_context():
        rows = db.session.execute(select(Comment.state, Comment.raw).order_by(Comment.id))
        return [(row.state, row.raw) for row in rows]


def arrivals(app: Flask) -> list[str]:
    """What became of the mails that came."""
    with app.app_context():
        return list(db.session.scalars(select(Arrival.code).order_by(Arrival.id)))


def flat(mail: EmailMessage) -> str:
    """The plain text of a mail on one line."""
    return " ".join(text_of(mail).split())
