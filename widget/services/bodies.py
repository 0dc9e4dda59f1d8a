"""A comment's body: rendered before its transaction begins, with whom and what it needs, and stored within."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import text
from widget.core.errors import Problem
from widget.core.mentions import Mentions
from widget.extensions import db
from widget.models import Comment
from widget.services import participants, pictures, threads
from widget.services.pictures import Found
from widget.services.sites import SiteInfo
from widget.services.threads import Page


@dataclass(frozen=True)
class Body:
    """What is to be stored: the source, what was made of it, who is named in it, and the pictures it shows."""

    raw: str
    rendered: text.Rendered
    mentions: Mentions
    pictures: dict[str, Found]
    markup: text.Markup = "markdown"


def of_new(site: SiteInfo, page: Page, raw: str) -> Body:
    """The body of a comment on this page. Raises Problem("comment.too_long") or ("comment.empty")."""
    return _body(site, _thread_of(site, page, raw), raw, None)


def of_edited(site: SiteInfo, public_id: str, raw: str) -> Body:
    """The new body of a comment, if there is one with this id: who writes it finds out. Raises the same."""
    query = select(Comment.id, Comment.thread_id).where(Comment.public_id == public_id, Comment.site_id == site.id)
    row = db.session.execute(query).first()
    return _body(site, row.thread_id if row else None, raw, row.id if row else None)


def of_html(html: str) -> Body:
    """A body that was written elsewhere: it names nobody, and shows no pictures. Raises Problem("comment.empty")."""
    rendered = text.render(html, markup="html")
    if rendered.blank:
        raise Problem("comment.empty", field="text")
    return Body(html, rendered, Mentions(()), {}, "html")


def preview(site: SiteInfo, page: Page | None, raw: str) -> text.Rendered:
    """What a comment would look like; its pictures are links still: nothing is fetched. Raises the same."""
    return _render(site, raw, participants.mentions_in(_thread_of(site, page, raw), raw))


def keep(session: Session, comment: Comment, body: Body) -> None:
    """Give the comment this body, and note what hangs on it; it has its row already."""
    put(comment, body)
    participants.keep(session, comment, body.mentions)
    if body.pictures:
        pictures.keep(session, comment.id, body.pictures)


def hang(session: Session, comment: Comment, body: Body) -> None:
    """Note what hangs on a new comment that has this body already."""
    if body.mentions.found:
        participants.keep(session, comment, body.mentions)
    if body.pictures:
        pictures.keep(session, comment.id, body.pictures)


def put(comment: Comment, body: Body) -> None:
    """Give the comment this body alone."""
    comment.raw, comment.markup, comment.html = body.raw, body.markup, body.rendered.html
    comment.tree, comment.renderer = tree_json(body.rendered), body.rendered.version


def tree_json(rendered: text.Rendered) -> str:
    """The node tree as it is stored."""
    return msgspec.json.encode(rendered.tree).decode()


def _thread_of(site: SiteInfo, page: Page | None, raw: str) -> int | None:
    """The page's thread, where somebody could be named."""
    thread = threads.find(site, page) if page and "@" in raw else None
    return thread.id if thread else None


def _body(site: SiteInfo, thread_id: int | None, raw: str, comment_id: int | None) -> Body:
    people = participants.mentions_in(thread_id, raw)
    rendered = _render(site, raw, people)
    found: dict[str, Found] = {}
    if site.settings.images and (wanted := text.images_of(raw)[: pictures.MOST]):
        known = pictures.shown_by(comment_id) if comment_id is not None else {}
        found = {address: known[address] for address in wanted if address in known}
        found |= pictures.fetch(address for address in wanted if address not in known)
    if found:
        images: dict[str, Any] = {address: one.image for address, one in found.items()}
        rendered = text.render(raw, mentions=people, images=images)
    return Body(raw, rendered, people, found)


def _render(site: SiteInfo, raw: str, people: Mentions) -> text.Rendered:
    if len(raw) > site.settings.max_length:
        raise Problem("comment.too_long", field="text", limit=site.settings.max_length)
    rendered = text.render(raw, mentions=people)
    if rendered.blank:
        raise Problem("comment.empty", field="text")
    return rendered
