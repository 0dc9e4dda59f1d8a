"""What was sent and what was given up, for those who look after a site: mail with its server's answers, and hooks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Hook, HookTry, Outbox, Site, Subscription
from widget.services.outbox import rows

MOST = 50
_SENT = ("mail", "hook")  # what goes out; other rows of the outbox are steps on the way


@dataclass(frozen=True)
class Message:
    """A row of the outbox. `to`: an address, while anybody is subscribed with it, or a hook's place."""

    id: str
    channel: str
    kind: str
    state: str
    to: str
    site: str
    tries: int
    time: datetime
    answer: str


@dataclass(frozen=True)
class Try:
    """One time something went to a hook."""

    hook: str
    place: str
    label: str
    site: str
    event: str
    status: int | None
    trouble: str
    answer: str
    milliseconds: int
    time: datetime


def parked(site_ids: Collection[int], *, server: bool) -> list[Message]:
    """What was given up, on these sites; `server`: also what is no site's."""
    return _messages(_where(site_ids, server=server), Outbox.state == "parked", Outbox.channel.in_(_SENT))


def mails(site_ids: Collection[int], *, server: bool) -> list[Message]:
    """The last mails: sent, dropped, or on their way."""
    return _messages(_where(site_ids, server=server), Outbox.state != "parked", Outbox.channel == "mail")


def tries(site_ids: Collection[int], *, server: bool) -> list[Try]:
    """What the hooks answered last."""
    mine = Hook.site_id.in_(site_ids)
    query = (
        select(HookTry, Hook, Site.name)
        .join(Hook, Hook.id == HookTry.hook_id)
        .outerjoin(Site, Site.id == Hook.site_id)
        .where(mine | Hook.site_id.is_(None) if server else mine)
        .order_by(HookTry.id.desc())
        .limit(MOST)
    )
    return [
        Try(
            hook=row.Hook.public_id,
            place=row.Hook.place,
            label=row.Hook.label,
            site=row.name or "",
            event=row.HookTry.event,
            status=row.HookTry.status,
            trouble=row.HookTry.trouble,
            answer=row.HookTry.answer,
            milliseconds=row.HookTry.milliseconds,
            time=row.HookTry.created_at,
        )
        for row in db.session.execute(query)
    ]


def again(session: Session, public_id: str, site_ids: Collection[int], *, server: bool) -> None:
    """Let one that was given up wait again as if it were new. Raises Problem("delivery.not_found")."""
    _require(session, public_id, site_ids, server=server)
    rows.retry(session, public_id)


def drop(session: Session, public_id: str, site_ids: Collection[int], *, server: bool) -> None:
    """It is not to be sent any more. Raises Problem("delivery.not_found")."""
    row = _require(session, public_id, site_ids, server=server)
    session.execute(update(Outbox).where(Outbox.id == row).values(state="dropped", done_at=clock.now()))


def _require(session: Session, public_id: str, site_ids: Collection[int], *, server: bool) -> int:
    mine = Outbox.public_id == public_id, Outbox.state == "parked", _where(site_ids, server=server)
    found = session.scalar(select(Outbox.id).where(*mine).with_for_update())
    if found is None:
        raise Problem("delivery.not_found")
    return found


def _where(site_ids: Collection[int], *, server: bool) -> ColumnElement[bool]:
    mine = Outbox.site_id.in_(site_ids)
    return mine | Outbox.site_id.is_(None) if server else mine


def _messages(*rules: ColumnElement[bool]) -> list[Message]:
    query = select(Outbox, Site.name).outerjoin(Site, Site.id == Outbox.site_id).where(*rules)
    found = db.session.execute(query.order_by(Outbox.id.desc()).limit(MOST)).all()
    persons = {row.Outbox.person for row in found if row.Outbox.person}
    known = select(Subscription.person, Subscription.email).where(Subscription.person.in_(persons))
    addresses = {row.person: row.email for row in db.session.execute(known)}
    return [
        Message(
            id=row.Outbox.public_id,
            channel=row.Outbox.channel,
            kind=row.Outbox.kind,
            state=row.Outbox.state,
            to=row.Outbox.destination if row.Outbox.channel == "hook" else addresses.get(row.Outbox.person, ""),
            site=row.name or "",
            tries=row.Outbox.attempts,
            time=row.Outbox.done_at or row.Outbox.created_at,
            answer=row.Outbox.answer,
        )
        for row in found
    ]
