"""Mentions that come: looked at as far as that needs no network, written down, and queued."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import clock, ids, tokens, urls, webmention
from widget.core.errors import Problem
from widget.core.webmention import Target
from widget.extensions import db
from widget.models import Webmention
from widget.services import limits, outbox, transaction
from widget.services.sites import SiteInfo

KEEP = timedelta(days=30)  # what was refused


@dataclass(frozen=True)
class Received:
    """How a mention stands: one of models.webmention.STATES; `answer` is why, by code."""

    public_id: str
    state: str
    answer: str


def receive(site: SiteInfo, source: str, target: str, *, address: str) -> Received:
    """Write down that `source` says it mentions `target`; a worker looks. `address` is the sender's.

    The same again has the source looked at anew, unless that is to be done anyway. Raises Problem: webmention.off,
    webmention.bad_source, .bad_target, .same, .own_source, .foreign_target, limit.….
    """
    if site.settings.webmentions == "off":
        raise Problem("webmention.off")
    page, wanted = _check(site, source, target)
    host, key = webmention.host_of(page), tokens.digest(f"{page}\n{wanted.key}")

    def work(session: Session) -> Received:
        limits.take(session, "mention", site=site, address=address, page=wanted.page, source=host)
        known = select(Webmention).where(Webmention.site_id == site.id, Webmention.key == key).with_for_update()
        row = session.scalar(known)
        if row is None:
            row = Webmention(site_id=site.id, key=key, source=page, target=wanted.key, asked=0)
            session.add(row)
            session.flush()
        row.asked += 1
        if row.state != "waiting" or row.asked == 1:
            queue(session, row)
        return _received(row)

    return transaction.twice(work)


def queue(session: Session, row: Webmention) -> None:
    """Have a worker look at the source, once the session's transaction is committed."""
    row.state, row.answer = "waiting", ""
    outbox.put(
        session,
        key=f"webmention:{row.id}:{tokens.secret()}",
        channel="webmention",
        kind="verify",
        payload={"webmention": row.id},
        site_id=row.site_id,
        destination=webmention.host_of(row.source),
    )


def look(site: SiteInfo, public_id: str) -> Received:
    """How a mention stands. Raises Problem("webmention.unknown")."""
    query = select(Webmention).where(Webmention.site_id == site.id, Webmention.public_id == public_id)
    row = db.session.scalar(query) if ids.is_public_id(public_id) else None
    if row is None:
        raise Problem("webmention.unknown")
    return _received(row)


def sweep(session: Session) -> None:
    """Forget what was refused a month ago."""
    old = Webmention.checked_at <= clock.now() - KEEP, Webmention.state.in_(("refused", "gone"))
    session.execute(delete(Webmention).where(*old))


def _received(row: Webmention) -> Received:
    return Received(row.public_id, row.state, row.answer)


def _check(site: SiteInfo, source: str, target: str) -> tuple[str, Target]:
    """The source in its canonical form, and the target."""
    own = urls.origin_of(current_app.config["PUBLIC_URL"])
    try:
        page, origin = urls.canonical(source), urls.origin_of(source)
    except Problem as problem:
        raise Problem("webmention.bad_source", field="source", **problem.details) from problem
    try:
        wanted = Target(target)
    except Problem as problem:
        raise Problem("webmention.bad_target", field="target", **problem.details) from problem
    if len(wanted.key) > urls.MAX_LENGTH:
        raise Problem("webmention.bad_target", field="target", reason=f"longer than {urls.MAX_LENGTH} characters")
    if page == wanted.page:
        raise Problem("webmention.same", field="source")
    if origin == own or origin in site.origins:
        raise Problem("webmention.own_source", field="source")
    there = urls.origin_of(wanted.page)
    of_thread = there == own and urlsplit(wanted.page).path.startswith("/t/")
    if there not in site.origins and not of_thread:
        raise Problem("webmention.foreign_target", field="target")
    return page, wanted
