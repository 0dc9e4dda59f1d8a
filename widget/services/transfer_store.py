"""The second half of an import: what was staged goes into the database, in the transaction of whoever calls.

Three passes, so that memory does not grow with the export: insert what is new, link replies to their parents, then
give every comment of each changed thread its place.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from widget.core import ids, placement, tokens
from widget.core.placement import NEW, Item, Place
from widget.models import Comment, ImportedAuthor, ImportedComment, Site, User
from widget.services import threads, transfer_staging
from widget.services.sites import SiteInfo
from widget.services.transfer_staging import Author, Staging

T = TypeVar("T")
_BATCH = 500
_PLACE = tuple(Place.__dataclass_fields__)


@dataclass
class Stored:
    """What an import changed; `orphans` name a parent that the thread does not have and became roots."""

    threads_new: int = 0
    threads_changed: int = 0
    comments_new: int = 0
    comments_known: int = 0
    people_new: int = 0
    orphans: int = 0
    raised: int = 0


@dataclass
class _Page:
    """A staged thread and the row it leads to, once there is one; a page without new comments gets none."""

    staged: transfer_staging.Thread
    row: int | None
    alternative: str = field(init=False)

    def __post_init__(self) -> None:
        """The ending of foreign ids that another page of the site has too: of two blogs, or a repaired export."""
        self.alternative = f"@{tokens.digest(self.staged.url)[:12]}"

    def names(self, foreign_id: str) -> tuple[str, str]:
        """The names under which a comment of this page may be kept."""
        return foreign_id, foreign_id + self.alternative


class Store:
    """One import into one site."""

    def __init__(self, session: Session, site: SiteInfo, source: str) -> None:
        """Wait for any other import into this site to end."""
        self._session, self._site, self._source = session, site, source
        self._pages: dict[int, _Page] = {}
        self._changed: set[int] = set()
        self.result = Stored()
        session.execute(select(Site.id).where(Site.id == site.id).with_for_update(key_share=True))

    def run(self, staging: Staging, progress: Callable[[int], None]) -> Stored:
        """Store all of it; `progress` is told how many comments are done since the last time."""
        for batch in _batches(self._comments(staging), _BATCH):
            self._insert(batch)
            progress(len(batch))
        replies = (comment for comment in staging if isinstance(comment, transfer_staging.Comment) and comment.parent)
        orphans: set[int] = set()
        for batch in _batches(replies, _BATCH):
            orphans |= self._link(batch)
        for thread_id in sorted(self._changed):
            self._place(thread_id)
        self.result.orphans += len(orphans)
        self.result.threads_changed = len(self._changed) - self.result.threads_new
        return self.result

    def _comments(self, staging: Staging) -> Iterator[transfer_staging.Comment]:
        for item in staging:
            if isinstance(item, transfer_staging.Comment):
                yield item
            else:
                found = threads.find(self._site, threads.Page(url=item.url))
                self._pages[item.number] = _Page(item, found.id if found else None)

    def _insert(self, batch: list[transfer_staging.Comment]) -> None:
        names = {name for comment in batch for name in self._pages[comment.thread].names(comment.foreign_id)}
        kept = self._kept(names)
        new: dict[str, transfer_staging.Comment] = {}
        for comment in batch:
            name = self._new_name(comment, kept)
            if name is None:
                self.result.comments_known += 1
                continue
            new[name] = comment
            kept[name] = (self._thread_id(comment.thread), comment.created)
        if not new:
            return
        people = self._people({comment.author.key: comment.author for comment in new.values()})
        rows = {name: self._row(comment, people[comment.author.key]) for name, comment in new.items()}
        numbers = self._add(Comment, list(rows.values()))
        self._session.execute(
            insert(ImportedComment),
            [
                {**self._origin(), "foreign_id": name, "comment_id": numbers[row["public_id"]]}
                for name, row in rows.items()
            ],
        )
        self.result.comments_new += len(rows)

    def _kept(self, names: Iterable[str]) -> dict[str, tuple[int, datetime]]:
        """By foreign id: the thread and the time of comments that were imported before."""
        query = (
            select(ImportedComment.foreign_id, Comment.thread_id, Comment.created_at)
            .join(Comment, Comment.id == ImportedComment.comment_id)
            .where(*self._known(ImportedComment), ImportedComment.foreign_id.in_(names))
        )
        return {name: (thread_id, created) for name, thread_id, created in self._session.execute(query)}

    def _new_name(self, comment: transfer_staging.Comment, kept: dict[str, tuple[int, datetime]]) -> str | None:
        """The foreign id under which it is to be kept, or None when it is here already.

        Numbers repeat from blog to blog; the same number at the same time, or on the same page, is the same comment.
        """
        page = self._pages[comment.thread]
        for name in page.names(comment.foreign_id):
            if name not in kept:
                return name
            thread_id, created = kept[name]
            if thread_id == page.row or created == comment.created:
                return None
        return None

    def _thread_id(self, number: int) -> int:
        """The thread's row, made and locked before its first new comment."""
        page = self._pages[number]
        staged = page.staged
        if page.row in self._changed:
            return page.row
        found = threads.ensure(self._session, self._site, threads.Page(url=staged.url, title=staged.title))
        if found not in self._changed:
            thread = threads.lock(self._session, found)
            self._changed.add(thread.id)
            if thread.version == 0:  # made just now: nobody was ever shown it
                thread.open = staged.open
                thread.created_at = staged.created or thread.created_at
                self.result.threads_new += 1
            thread.title = thread.title or staged.title
            self._session.flush()
        page.row = found
        return found

    def _people(self, authors: dict[str, Author]) -> dict[str, int]:
        """User ids by author key; who is not known yet becomes a user without identity."""
        query = select(ImportedAuthor.key, ImportedAuthor.user_id)
        known = self._session.execute(query.where(*self._known(ImportedAuthor), ImportedAuthor.key.in_(authors)))
        found: dict[str, int] = {row.key: row.user_id for row in known}
        new = {key: ids.public_id() for key in authors if key not in found}
        if not new:
            return found
        numbers = self._add(
            User,
            [
                {
                    "public_id": public_id,
                    "name": authors[key].name,
                    "email": authors[key].email,
                    "website": authors[key].website,
                }
                for key, public_id in new.items()
            ],
        )
        made = {key: numbers[public_id] for key, public_id in new.items()}
        self._session.execute(
            insert(ImportedAuthor),
            [
                {**self._origin(), "key": key, "user_id": user, "hints": authors[key].hints}
                for key, user in made.items()
            ],
        )
        self.result.people_new += len(made)
        return found | made

    def _row(self, comment: transfer_staging.Comment, user_id: int) -> dict[str, Any]:
        return {
            "public_id": ids.public_id(),
            "thread_id": self._thread_id(comment.thread),
            "site_id": self._site.id,
            "user_id": user_id,
            "reply_no": NEW,
            "visible": False,
            "state": comment.state,
            "kind": comment.kind,
            "raw": comment.raw,
            "markup": comment.markup,
            "html": comment.html,
            "tree": comment.tree,
            "renderer": comment.renderer,
            "created_at": comment.created,
            "deleted_at": comment.created if comment.state == "deleted" else None,
        }

    def _add(self, model: type[Comment] | type[User], rows: list[dict[str, Any]]) -> dict[str, int]:
        """Insert rows; their ids by public id, because no engine promises an order."""
        added = self._session.execute(insert(model).returning(model.public_id, model.id), rows)
        return {row.public_id: row.id for row in added}

    def _link(self, batch: list[transfer_staging.Comment]) -> set[int]:
        """Write down the parents of new replies; the ids of those whose parent is not in their thread."""
        names: set[str] = set()
        for comment in batch:
            page = self._pages[comment.thread]
            names.update(page.names(comment.foreign_id), page.names(comment.parent or ""))
        query = (
            select(ImportedComment.foreign_id, Comment.id, Comment.thread_id, Comment.reply_no)
            .join(Comment, Comment.id == ImportedComment.comment_id)
            .where(*self._known(ImportedComment), ImportedComment.foreign_id.in_(names))
        )
        rows = {(row.foreign_id, row.thread_id): row for row in self._session.execute(query)}
        parents: dict[int, int] = {}
        orphans: set[int] = set()
        for comment in batch:
            page = self._pages[comment.thread]
            if page.row not in self._changed:
                continue
            own, parent = (
                next((rows[name, page.row] for name in page.names(foreign) if (name, page.row) in rows), None)
                for foreign in (comment.foreign_id, comment.parent or "")
            )
            if own is None or own.reply_no != NEW:
                continue
            if parent is None or parent.id == own.id:
                orphans.add(own.id)
            else:
                parents[own.id] = parent.id
        if parents:
            self._session.execute(update(Comment), [{"id": id_, "parent_id": above} for id_, above in parents.items()])
        return orphans - parents.keys()

    def _place(self, thread_id: int) -> None:
        query = select(Comment.id, Comment.created_at, Comment.state, *(getattr(Comment, name) for name in _PLACE))
        items = [
            Item(id=row.id, created_at=row.created_at, state=row.state, place=Place(*row[3:]))
            for row in self._session.execute(query.where(Comment.thread_id == thread_id))
        ]
        placed = placement.place(items)
        for batch in _batches(placed.places.items(), _BATCH):
            self._session.execute(update(Comment), [{"id": id_, **vars(place)} for id_, place in batch])
        published = sum(item.state == "published" and item.place.reply_no == NEW for item in items)
        moved = threads.bump(self._session, thread_id, comments=published)
        self._session.execute(
            update(Comment)
            .where(Comment.thread_id == thread_id, Comment.visible, Comment.changed == 0)
            .values(changed=moved.version, appeared=moved.version)
        )
        self.result.orphans += placed.uprooted
        self.result.raised += placed.raised

    def _known(self, model: type[ImportedComment] | type[ImportedAuthor]) -> tuple[ColumnElement[bool], ...]:
        return model.site_id == self._site.id, model.source == self._source

    def _origin(self) -> dict[str, Any]:
        return {"site_id": self._site.id, "source": self._source}


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
