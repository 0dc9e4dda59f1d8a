"""A mention that is true becomes a comment: by whom its page says, below the page or the comment it is about."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget import net, words
from widget.core import clock, ids, links, microformats, text, tokens, urls, webmention
from widget.core.errors import Problem
from widget.core.microformats import Author, Entry
from widget.core.webmention import Target
from widget.extensions import db
from widget.models import Comment, Thread, Webmention
from widget.providers import Profile
from widget.services import (
    accounts,
    bodies,
    comments,
    judging,
    reserved,
    standings,
    subjects,
    threads,
    transaction,
)
from widget.services.bodies import Body
from widget.services.judging import MENTIONS, Sent
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.services.webmentions import composing, fetching, receiving
from widget.services.webmentions.fetching import Fetched

_MOST_SUBJECT, _MOST_ADDRESS = 300, 1_000
_BELOW = "comment-"


class Unsuitable(Exception):  # noqa: N818 - as Problem: a refusal with a code
    """The mention is true, and there is no place for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Waiting:
    """A mention that is looked at; `comment_id` is what it became before, `asked` how often it was told until now."""

    id: int
    source: str
    target: str
    comment_id: int | None
    asked: int


def keep(site: SiteInfo, waiting: Waiting, found: Fetched) -> str:
    """Make the comment, or bring it up to date; in words what was done. Raises Unsuitable, and net.Error where the
    target could not be looked at."""
    target = Target(waiting.target)
    page = found.page()
    entry = microformats.entry(page, found.url, target.matches) if page else Entry()
    said = words.words(site.settings.mail_lang)
    body = bodies.of_html(composing.html(entry, waiting.source, said, most=site.settings.max_length))
    kind = "comment" if entry.kind == "reply" else "pingback"
    profile = _profile(site, waiting.source, entry.author)
    try:
        known = _known(waiting)
        if known is None:
            return _create(site, waiting, _where(site, target), profile, body, kind)
        return _refresh(site, waiting, known, profile, body, kind)
    except Problem as problem:
        if problem.code == "server.busy":
            raise
        raise Unsuitable(problem.code) from problem


@dataclass(frozen=True)
class _Known:
    comment: str
    user_id: int
    identity_id: int | None


def _known(waiting: Waiting) -> _Known | None:
    query = select(Comment.public_id, Comment.user_id, Comment.identity_id).where(Comment.id == waiting.comment_id)
    row = db.session.execute(query).first() if waiting.comment_id is not None else None
    return _Known(*row) if row else None


def _create(
    site: SiteInfo, waiting: Waiting, where: tuple[Page, str | None], profile: Profile, body: Body, kind: str
) -> str:
    page, parent = where
    actor = _actor(site, *transaction.twice(lambda session: accounts.of_profile(session, profile)))
    judged = judging.of_new(site, actor, page, body, Sent(form=False))

    def work(session: Session) -> str:
        row = settle(session, waiting, "shown")
        if row is None:
            return "this is settled already"
        stands = standings.admit(session, site.id, actor.user_id)
        placed = comments.place(session, site, actor, page, body, judged, parent=parent, stands=stands, kind=kind)
        row.comment_id = placed.comment.id
        return f"it is {placed.comment.state}"

    return transaction.write(work)


def _refresh(site: SiteInfo, waiting: Waiting, known: _Known, profile: Profile, body: Body, kind: str) -> str:
    """Who wrote it stays who wrote it, whatever the page says now; only their name and picture follow."""
    actor = _actor(site, known.user_id, known.identity_id)
    judged = judging.of_edited(site, actor, known.comment, body, "")

    def work(session: Session) -> str:
        row = settle(session, waiting, "shown")
        if row is None:
            return "this is settled already"
        standings.admit(session, site.id, actor.user_id)
        if accounts.owner_of(session, profile) == actor.user_id:
            accounts.of_profile(session, profile)
        comment, _ = subjects.locked(session, site, known.comment)
        if comment.state == "deleted":
            return "it was taken away here"
        if (comment.raw, comment.kind) == (body.raw, kind):
            return "it says the same"
        comment.kind = kind
        comments.rewrite(session, comment, body, judged, by=comment.user_id)
        return f"it is {comment.state}, with another text"

    return transaction.write(work)


def settle(session: Session, waiting: Waiting, state: str, answer: str = "") -> Webmention | None:
    """Its row, in this state from now on, or waiting again where it was told anew meanwhile: the source may say
    something else by now. None where another worker was faster."""
    row = session.get(Webmention, waiting.id, with_for_update=True, populate_existing=True)
    if row is None or row.state != "waiting":
        return None
    row.state, row.answer, row.checked_at = state, answer, clock.now()
    if row.asked != waiting.asked:
        receiving.queue(session, row)
    return row


def _profile(site: SiteInfo, source: str, author: Author) -> Profile:
    """The author as somebody who writes here. What a page says of its author counts for its own origin alone: nobody
    is taken for another site's author, and nobody can sign in as any."""
    origin, host = urls.origin_of(source), webmention.host_of(source)
    address = _own_address(author, origin)
    subject = address or origin
    return Profile(
        provider=MENTIONS,
        issuer=origin,
        subject=subject if len(subject) <= _MOST_SUBJECT else tokens.digest(subject),
        name=_name(site, author.name) or text.clean_name(host),
        avatar=author.photo if author.photo.startswith("https://") and len(author.photo) <= _MOST_ADDRESS else None,
        profile_url=address or f"{origin}/",
    )


def _name(site: SiteInfo, said: str) -> str:
    """The name, unless it is one of those that guests may not take either."""
    name = text.clean_name(said)
    try:
        reserved.require_free(site, name)
    except Problem:
        return ""
    return name


def _actor(site: SiteInfo, user_id: int, identity_id: int | None) -> Actor:
    now = clock.now()
    return Actor(0, site.id, user_id, identity_id, expires_at=now, used_at=now, thumbprint=None)


def _own_address(author: Author, origin: str) -> str:
    try:
        address = urls.canonical(author.url)
    except Problem:
        return ""
    safe = links.web_page(address) and urls.origin_of(address) == origin and len(address) <= _MOST_ADDRESS
    return address if safe else ""


def _where(site: SiteInfo, target: Target) -> tuple[Page, str | None]:
    """The page that is mentioned, and the comment, if it is one."""
    own = urls.origin_of(current_app.config["PUBLIC_URL"])
    parts = urlsplit(target.page)
    if urls.origin_of(target.page) == own and parts.path.startswith("/t/") and own not in site.origins:
        site_id, page = threads.by_public_id(parts.path.removeprefix("/t/"))
        if site_id != site.id:
            raise Unsuitable("foreign_target")
        named = parse_qs(parts.query).get("at", [""])[0]
    else:
        page, named = _page(site, target.page), ""
    named = named or target.fragment.removeprefix(_BELOW)
    return page, _parent(site, page, named)


def _page(site: SiteInfo, address: str) -> Page:
    """The page with this address: a thread's, or one of the site that can be had."""
    page = threads.page_of(site, address)
    if threads.find(site, page) is not None:
        return page
    one: Any = select(Thread.public_id).where(
        Thread.site_id == site.id, Thread.url == page.url, Thread.merged_id.is_(None)
    )
    found = db.session.scalars(one.limit(2)).all()
    if len(found) == 1:  # its page has an id of its own
        return threads.by_public_id(found[0])[1]
    db.session.rollback()
    try:
        answer = fetching.get(page.url, named=site.origins)
    except net.Refused as refused:
        raise Unsuitable("target_refused") from refused
    if not answer.is_there:
        raise Unsuitable("target_missing")
    found_page = answer.page()
    return threads.page_of(site, address, title=microformats.title_of(found_page) if found_page else None)


def _parent(site: SiteInfo, page: Page, named: str) -> str | None:
    """The comment that is mentioned, if readers see one of this name there."""
    thread = threads.find(site, page) if ids.is_public_id(named) else None
    if thread is None:
        return None
    query = select(Comment.id).where(
        Comment.public_id == named, Comment.thread_id == thread.id, Comment.state == "published"
    )
    return named if db.session.scalar(query) is not None else None
