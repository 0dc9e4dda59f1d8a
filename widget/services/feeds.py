"""What is said on a site, on one page, or to one person, as feeds: the newest first, the same bytes for every reader.

Whatever readers can see of a comment moves its thread's version, so ids and those versions are the answer's ETag.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from widget.core import clock, feed, ids, payload, tokens
from widget.core.errors import Problem
from widget.core.feed import Entry, Feed
from widget.core.text import RENDERER_VERSION
from widget.extensions import db
from widget.models import Comment, Thread, User
from widget.services import avatars, freshness, pictures, sites, threads, views
from widget.services.freshness import Proof
from widget.services.sites import SiteInfo
from widget.services.threads import Page

FORMAT = 1
MOST = 50
_Above = aliased(Comment)


@dataclass(frozen=True)
class Subject:
    """What a feed is about: its key, title and page, and its address without what says the form.

    `picked` are (row id, version of its thread) of its comments, the newest first.
    """

    key: str
    title: str
    home: str
    address: Callable[[str], str]
    since: datetime
    picked: tuple[tuple[int, int], ...]
    proof: Proof | None = None

    @property
    def etag(self) -> str:
        """The same as long as nobody would read anything else."""
        facts = [FORMAT, RENDERER_VERSION, avatars.base(), pictures.base(), current_app.config["WEBSUB_HUB"]]
        facts += [self.key, self.title, self.home, self.picked]
        return f"feed.{tokens.digest(payload.encode(facts).decode())[:24]}"

    def body(self, form: str) -> bytes:
        """The bytes in one of core.feed.FORMS."""
        return feed.FORMS[form](self._feed())

    def _feed(self) -> Feed:
        rows = [row for row, _ in self.picked]
        query = (
            views.select_views(Comment.id.label("row_id"), Thread.url, Thread.title)
            .join(Thread, Thread.id == Comment.thread_id)
            .where(Comment.id.in_(rows), Comment.state == "published")
        )
        found = {row["row_id"]: row for row in db.session.execute(query).mappings()}
        entries = tuple(_entry(found[row]) for row in rows if row in found)
        updated = max((entry.updated for entry in entries), default=self.since)
        hub = current_app.config["WEBSUB_HUB"]
        return Feed(self.key, self.title, self.home, self.address, updated, entries, hub=hub)


def of_site(site: SiteInfo, address: Callable[[str], str]) -> Subject:
    """Everything that is said on a site."""
    query = _newest().where(Comment.site_id == site.id)
    picked = _pick(query)
    return Subject(
        key=f"{_server()}/feeds/{site.key}",
        title=site.name,
        home=_home(site),
        address=address,
        since=clock.EPOCH,
        picked=picked,
        proof=freshness.of_latest(site, picked, most=MOST),
    )


def of_page(site: SiteInfo, page: Page, address: Callable[[str], str], *, origin: str) -> Subject:
    """What is said on one page; of one on which nobody wrote yet, a feed without entries."""
    thread = threads.find(site, page)
    picked = _pick(_newest().where(Comment.thread_id == thread.id)) if thread else ()
    title = (thread.title if thread else None) or page.title or page.url
    return Subject(
        key=f"{_server()}/feeds/{site.key}/{page.key}",
        title=f"{title} · {site.name}",
        home=page.url,
        address=address,
        since=thread.created_at if thread else clock.EPOCH,
        picked=picked,
        proof=freshness.of_page(site, page, thread, origin=origin),
    )


def of_replies(secret: str, address: Callable[[str], str]) -> Subject:
    """What others answer one person on one site; `secret` is from `secret_of`. Raises Problem("not_found").

    Of one site: the page that asks for the address must not learn where else the person writes.
    """
    site, user_id, name = _person(secret)
    query = (
        _newest()
        .join(_Above, _Above.id == Comment.parent_id)
        .where(_Above.user_id == user_id, Comment.user_id != user_id, Comment.site_id == site.id)
    )
    return Subject(
        key=f"{_server()}/feeds/replies/{secret}",
        title=f"@{name} · {site.name}",
        home=_home(site),
        address=address,
        since=clock.EPOCH,
        picked=_pick(query),
    )


def secret_of(site: SiteInfo, user_id: int) -> str:
    """What the address of a person's replies has in it: nobody else can make it or guess it."""
    public_id = db.session.scalars(select(User.public_id).where(User.id == user_id)).one()
    return f"{site.key}.{public_id}.{_seal(site.key, public_id)}"


def _person(secret: str) -> tuple[SiteInfo, int, str]:
    key, _, rest = secret.partition(".")
    public_id, _, seal = rest.partition(".")
    if not ids.is_public_id(public_id) or not tokens.same(seal, _seal(key, public_id)):
        raise Problem("not_found")
    found = db.session.execute(select(User.id, User.name).where(User.public_id == public_id)).first()
    if found is None:
        raise Problem("not_found")
    return sites.by_key(key), found.id, found.name


def _seal(key: str, public_id: str) -> str:
    return tokens.derive(current_app.config["SECRET_KEY"], "feed of replies", key, public_id)


def _newest() -> Select[int, int]:
    return (
        select(Comment.id, Thread.version)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.state == "published")
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(MOST)
    )


def _pick(query: Select[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple((row.id, row.version) for row in db.session.execute(query))


def _entry(row: Any) -> Entry:
    page = row["title"] or row["url"]
    return Entry(
        key=f"{_server()}/comments/{row['id']}",
        url=f"{row['url']}#comment-{row['id']}",
        title=f"{row['author_name']} · {page}",
        author=row["author_name"],
        author_url=row["author_url"],
        html=row["html"],
        published=row["created_at"],
        updated=row["edited_at"] or row["created_at"],
        answers=f"{_server()}/comments/{row['parent']}" if row["parent"] else None,
    )


def _home(site: SiteInfo) -> str:
    return f"{min(site.origins, default=_server())}/"


def _server() -> str:
    url: str = current_app.config["PUBLIC_URL"]
    return url
