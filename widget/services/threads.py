"""Threads: found by the page's names, made with its first comment, and moved on by `bump` alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, case, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, ids, urls
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Reaction, Thread, ThreadAlias, User
from widget.services import ruled, sites
from widget.services.sites import SiteInfo
from widget.statements import Statement

_NAMED = ThreadAlias.site_id == bindparam("site"), ThreadAlias.key == bindparam("key")
_FIND = select(Thread).join(ThreadAlias, ThreadAlias.thread_id == Thread.id).where(*_NAMED)
_FIND_ID = Statement(select(ThreadAlias.__table__.c.thread_id).where(*_NAMED))
_LOCK = select(Thread).where(Thread.id == bindparam("row")).with_for_update()
_LOCK = _LOCK.execution_options(populate_existing=True)
_ROWS = cast("Table", Thread.__table__)
_AHEAD: ColumnElement[int] = bindparam("beyond") - Thread.version
_BUMP = Statement(
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row"))
    .values(
        version=Thread.version + 1 + case((_AHEAD > 0, _AHEAD), else_=0),
        comment_count=Thread.comment_count + bindparam("comments"),
    )
    .returning(_ROWS.c.version, _ROWS.c.comment_count)
)
_BEGUN = Statement(select(_ROWS.c.created_at).join(ThreadAlias, ThreadAlias.thread_id == _ROWS.c.id).where(*_NAMED))
_COMMENTS = cast("Table", Comment.__table__)
_CHANGED = (
    update(_COMMENTS).where(_COMMENTS.c.id.in_(bindparam("rows", expanding=True))).values(changed=bindparam("version"))
)
MAX_PAGE_ID = 500
MAX_TITLE = 500


@dataclass(frozen=True)
class Page:
    """A page of a site: its canonical address, its explicit id if it has one, and its title.

    `ruled`: its address is what a rule about moved pages made of the one that was named.
    """

    url: str
    page_id: str | None = None
    title: str | None = None
    ruled: bool = False

    @property
    def key(self) -> str:
        """What the thread is found by. An explicit id is the page's whole identity: several may share an address."""
        return f"id:{self.page_id}" if self.page_id else f"url:{self.url}"


@dataclass(frozen=True)
class Counted:
    """A page's thread, the version it is at, and its published comments."""

    thread_id: int
    version: int
    count: int


class Held(NamedTuple):
    """What a thread's row says, for whoever changes nothing but its version and count."""

    id: int
    site_id: int
    merged_id: int | None
    url: str
    title: str | None
    comment_count: int
    version: int
    open: bool
    reactions: str
    created_at: datetime


_HOLD = Statement(
    select(*(_ROWS.c[name] for name in Held._fields)).where(_ROWS.c.id == bindparam("row")).with_for_update()
)


@dataclass(frozen=True)
class Moved:
    """Where a thread stands after a change."""

    version: int
    count: int


def page_of(site: SiteInfo, url: str, page_id: str | None = None, title: str | None = None) -> Page:
    """The page that a request names, where the site's rules about moved pages have it.

    Raises Problem("page.bad_url"), ("page.foreign") or ("request.bad_field").
    """
    page = named_page(site, url, page_id, title)
    if not site.rules or page.page_id or (found := ruled.address(site, page.url)) is None:
        return page
    return replace(page, url=found, ruled=True)


def named_page(site: SiteInfo, url: str, page_id: str | None = None, title: str | None = None) -> Page:
    """The very page with this address, whatever the site's rules say. Raises the same."""
    address = urls.canonical(url)
    if urls.origin_of(address) not in site.origins:
        raise Problem("page.foreign", field="url")
    page_id = (page_id or "").strip() or None
    if page_id and (len(page_id) > MAX_PAGE_ID or not page_id.isprintable()):
        raise Problem("request.bad_field", field="id", reason=f"at most {MAX_PAGE_ID} printable characters")
    title = " ".join((title or "").split())[:MAX_TITLE] or None
    return Page(url=address, page_id=page_id, title=title)


def find(site: SiteInfo, page: Page) -> Thread | None:
    """The page's thread, or None as long as nobody wrote or reacted there."""
    return _find(db.session(), site, page)


def find_id(session: Session, site: SiteInfo, page: Page) -> int | None:
    """The same, its row id alone."""
    found = _FIND_ID.first(session, site=site.id, key=page.key)
    return found.thread_id if found else None


def begun(site: SiteInfo, page: Page) -> datetime | None:
    """When somebody wrote or reacted there first."""
    found = _BEGUN.first(db.session(), site=site.id, key=page.key)
    return found.created_at if found else None


def by_public_id(public_id: str) -> tuple[int, Page]:
    """The site (its row id) and the page of a thread, by its first name. Raises Problem("thread.not_found")."""
    if not ids.is_public_id(public_id):
        raise Problem("thread.not_found")
    row = db.session.execute(
        select(Thread.site_id, Thread.url, Thread.title, ThreadAlias.key)
        .join(ThreadAlias, ThreadAlias.thread_id == func.coalesce(Thread.merged_id, Thread.id))
        .where(Thread.public_id == public_id)
        .order_by(ThreadAlias.id)
        .limit(1)
    ).first()
    if row is None:
        raise Problem("thread.not_found")
    kind, _, name = row.key.partition(":")
    return row.site_id, Page(url=row.url, page_id=name if kind == "id" else None, title=row.title)


def ensure(session: Session, site: SiteInfo, page: Page) -> int:
    """The row id of the page's thread, made now if this is the first write there; two writers get the same one."""
    if (known := find_id(session, site, page)) is not None:
        return known
    try:
        with session.begin_nested():
            thread = Thread(site_id=site.id, url=page.url, title=page.title)
            session.add(thread)
            session.flush()
            session.add(ThreadAlias(site_id=site.id, key=page.key, thread_id=thread.id))
            return thread.id
    except IntegrityError:  # another writer was faster; the constraint on (site, key) decided
        return cast("int", find_id(session, site, page))


def lock(session: Session, thread_id: int, *, follow: bool = True) -> Thread:
    """The thread, kept from other writers until the transaction ends: what a change depends on is read after this.

    SQLite has one writer at a time anyway; PostgreSQL locks the row. Who waited for a thread that was put into another
    one meanwhile gets that other one, unless they do not `follow`.
    """
    thread = session.scalars(_LOCK, {"row": thread_id}).one()
    return lock(session, thread.merged_id) if follow and thread.merged_id is not None else thread


def hold(session: Session, thread_id: int) -> Held:
    """The same as `lock`, for whoever only reads what it says."""
    thread = Held._make(_HOLD.one(session, row=thread_id))
    return hold(session, thread.merged_id) if thread.merged_id is not None else thread


def closes(thread: Thread | Held) -> datetime | None:
    """When it closes by its age, as the site has it; None: never."""
    days = sites.seen(thread.site_id).settings.close_days
    return thread.created_at + timedelta(days=days) if days else None


def takes(thread: Thread | Held) -> bool:
    """Whether comments are taken now: nobody closed it, and it is not too old."""
    ends = closes(thread)
    return thread.open and (ends is None or clock.now() < ends)


def bump(session: Session, thread_id: int, *, comments: int = 0, changed: Iterable[int] = (), beyond: int = 0) -> Moved:
    """Move the thread's version on, and its count of published comments by `comments`.

    The only place that moves either. `changed` are the comments (row ids) that readers are shown otherwise now; a new
    comment is stored with the version that this answers. `beyond`: a version that readers may hold of another thread,
    which must not be taken for one of this one.
    """
    session.flush()
    version, count = _BUMP.one(session, row=thread_id, comments=comments, beyond=beyond)
    if rows := list(changed):
        session.execute(_CHANGED, {"rows": rows, "version": version})
    return Moved(version=version, count=count)


def bump_of_person(session: Session, user_id: int, *, site_id: int | None = None) -> None:
    """Move every thread on (of one site) in which this person is shown: after a change of name, picture or role.

    The lock keeps out what they are just writing: a comment that this query cannot see yet would be read, for a moment,
    under the old name and a version that nobody moves on.
    """
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    wrote = select(Comment.thread_id).where(Comment.user_id == user_id)
    reacted = select(Reaction.thread_id).where(Reaction.user_id == user_id)
    if site_id is not None:
        wrote = wrote.where(Comment.site_id == site_id)
        reacted = reacted.join(Thread, Thread.id == Reaction.thread_id).where(Thread.site_id == site_id)
    for thread_id in sorted(set(session.scalars(wrote.distinct())) | set(session.scalars(reacted.distinct()))):
        moved = bump(session, thread_id)
        theirs = Comment.thread_id == thread_id, Comment.user_id == user_id, Comment.changed > 0
        session.execute(update(Comment).where(*theirs).values(changed=moved.version))


def counts(site: SiteInfo, keys: list[str]) -> dict[str, Counted]:
    """Published comments by page key; a page without a thread is not there."""
    found = db.session.execute(
        select(ThreadAlias.key, Thread.id, Thread.version, Thread.comment_count)
        .join(Thread, Thread.id == ThreadAlias.thread_id)
        .where(ThreadAlias.site_id == site.id, ThreadAlias.key.in_(keys))
    )
    return {key: Counted(*rest) for key, *rest in found}


def _find(session: Session, site: SiteInfo, page: Page) -> Thread | None:
    return session.scalar(_FIND, {"site": site.id, "key": page.key})
