"""Which pages are to be told of a comment: those it links to, and those it linked to when they were last told."""

from datetime import timedelta
from typing import Any

import msgspec
from flask import current_app
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens, urls, webmention
from widget.core.errors import Problem
from widget.core.events import Event
from widget.models import Comment, Identity, ToldMention
from widget.services import judging, outbox, sites, transaction
from widget.services.outbox import Claimed, Dropped, Outcome, Sent
from widget.services.sites import SiteInfo

MOST = 10  # pages a comment
KEEP = timedelta(days=30)  # links that are gone, of which a page did not want to hear
_MOVES = frozenset({"comment.published", "comment.edited", "comment.deleted", "comment.spam", "comment.held"})


def listen(session: Session, event: Event) -> None:
    """One row in the transaction of the event; where the comment's links lead is found out later, by the worker."""
    if event.kind not in _MOVES or event.comment_id is None:
        return
    if sites.by_id(event.site_id).settings.webmentions != "both":
        return
    told = exists().where(ToldMention.comment_id == event.comment_id)
    if not session.scalar(select(Comment.html.contains("<a ") | told).where(Comment.id == event.comment_id)):
        return
    outbox.put(
        session,
        key=f"links:{tokens.secret()}",
        channel="webmention",
        kind="look",
        payload={"comment": event.comment_id},
        site_id=event.site_id,
    )


def run(claimed: Claimed) -> Outcome:
    """Note whom to tell, each in a row of its own. Done twice it changes nothing."""

    def work(session: Session) -> Outcome:
        comment = session.get(Comment, claimed.payload["comment"], with_for_update=True)
        if comment is None:
            return Dropped("the comment is gone")
        site = sites.by_id(comment.site_id)
        targets = _targets(session, site, comment)
        query = select(ToldMention).where(ToldMention.comment_id == comment.id)
        told = {row.key: row for row in session.scalars(query)}
        for key, target in targets.items():
            if key not in told:
                told[key] = ToldMention(comment_id=comment.id, key=key, target=target, changed_at=clock.now())
                session.add(told[key])
        never = [key for key, row in told.items() if key not in targets and row.told_at is None]
        session.execute(delete(ToldMention).where(ToldMention.comment_id == comment.id, ToldMention.key.in_(never)))
        for key in never:
            session.expunge(told.pop(key))
        for key, row in told.items():
            row.linked, row.changed_at = key in targets, clock.now()
        session.flush()
        for row in told.values():
            _put(session, site, row, claimed)
        return Sent(f"{len(told)} pages")

    return transaction.write(work)


def sweep(session: Session) -> None:
    """Forget links that went a month ago, whoever did not hear of it."""
    old = ToldMention.linked.is_(False), ToldMention.changed_at <= clock.now() - KEEP
    session.execute(delete(ToldMention).where(*old))


def _put(session: Session, site: SiteInfo, row: ToldMention, claimed: Claimed) -> None:
    outbox.put(
        session,
        key=f"tell:{row.id}:{claimed.public_id}",
        channel="webmention",
        kind="tell",
        payload={"told": row.id},
        site_id=site.id,
        destination=webmention.host_of(row.target),
    )


def _targets(session: Session, site: SiteInfo, comment: Comment) -> dict[str, str]:
    """Pages that readers find a link to in it, by the hash of their address: none of this server's sites.

    What came as a mention tells nobody: two servers that tell each other of that would not end.
    """
    shown = comment.state == "published" and comment.visible and not comment.shadow
    if not shown or site.settings.webmentions != "both" or _came(session, comment):
        return {}
    tree: Any = msgspec.json.decode(comment.tree)
    own = urls.origin_of(current_app.config["PUBLIC_URL"])
    found: dict[str, str] = {}
    for href in judging.links_out(site, tree):
        try:
            address = urls.canonical(href)
        except Problem:
            continue
        origin = urls.origin_of(address)
        if origin != own and not sites.is_listed(origin):
            found.setdefault(tokens.digest(address), href)
    return dict(list(found.items())[:MOST])


def _came(session: Session, comment: Comment) -> bool:
    query = select(Identity.provider).where(Identity.id == comment.identity_id)
    return comment.identity_id is not None and session.scalar(query) == judging.MENTIONS
