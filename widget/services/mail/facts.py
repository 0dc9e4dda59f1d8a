"""What mails say of a comment: read when they are made, never stored with them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import letters
from widget.models import Comment, Identity, Thread, User

_TITLE = 120
_NAME = 80


@dataclass(frozen=True)
class Said:
    """A comment in a reader's mail: `title` is the page's, or where it has none its address; `url` leads to it."""

    comment: Comment
    name: str
    provider: str | None
    text: str
    title: str
    page: str
    url: str
    host: str
    thread: str


def said(session: Session, comment: Comment, *, longest: int = letters.LONGEST) -> Said:
    """The facts of a comment that is there."""
    thread = session.get_one(Thread, comment.thread_id)
    name, provider = _author(session, comment)
    return Said(
        comment=comment,
        name=letters.plain(name, longest=_NAME),
        provider=provider,
        text=letters.excerpt(msgspec.json.decode(comment.tree), longest=longest),
        title=title_of(thread),
        page=thread.url,
        url=f"{thread.url}#comment-{comment.public_id}",
        host=urlsplit(thread.url).netloc,
        thread=thread.public_id,
    )


def parent(session: Session, comment: Comment) -> Said | None:
    """The published comment that this one answers, in short."""
    found = session.get(Comment, comment.parent_id) if comment.parent_id else None
    return said(session, found, longest=300) if found and found.state == "published" else None


def title_of(thread: Thread) -> str:
    """What a page is called in a mail."""
    parts = urlsplit(thread.url)
    return letters.plain(thread.title or f"{parts.netloc}{parts.path}", longest=_TITLE)


def _author(session: Session, comment: Comment) -> tuple[str, str | None]:
    query = select(User.name, Identity.name.label("account"), Identity.provider).outerjoin(
        Identity, Identity.id == comment.identity_id
    )
    row = session.execute(query.where(User.id == comment.user_id)).one()
    return row.account or row.name, row.provider
