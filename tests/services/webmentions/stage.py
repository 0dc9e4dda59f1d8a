"""What the tests of mentions do: tell of one, work, look at what readers see."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.api import BLOG, PAGE, Page
from tests.support.elsewhere import Elsewhere
from tests.support.hand import Hand
from widget.extensions import db
from widget.models import Comment, Identity, Outbox, User, Webmention
from widget.services import roles, sites, transaction
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator

__all__ = ["BLOG", "NAMES", "PAGE", "Stage", "entry"]
NAMES = ("blog.test", "ada.test", "bob.test", "evil.test")


def entry(inside: str, author: str = '<a class="p-author h-card" href="https://ada.test/">Ada</a>') -> str:
    """A page with an h-entry that has its author and `inside`."""
    return f'<!doctype html><title>A page</title><article class="h-entry">{author}{inside}</article>'


@dataclass
class Stage:
    """`page` is a visitor of the blog."""

    app: Flask
    page: Page
    hand: Hand
    blog: Elsewhere
    ada: Elsewhere

    def tell(self, source: str, target: str = PAGE, site: str = "blog") -> TestResponse:
        """What the endpoint answers."""
        return self.page.client.post(f"/webmention/{site}", data={"source": source, "target": target})

    def mention(self, source: str, target: str = PAGE) -> tuple[str, str]:
        """Tell of it, and have it looked at: its state, and why."""
        answer = self.tell(source, target)
        assert answer.status_code == 201, answer.text
        assert answer.json == {"state": "waiting", "url": answer.headers["Location"]}
        self.hand.work()
        found = self.page.client.get(answer.headers["Location"].removeprefix("https://comments.test")).json
        return found["state"], found.get("why", "")

    def rows(self) -> list[Comment]:
        """All comments, in order."""
        with self.app.app_context():
            return list(db.session.scalars(select(Comment).order_by(Comment.id)))

    def row(self) -> Webmention:
        """The one mention."""
        with self.app.app_context():
            return db.session.scalars(select(Webmention)).one()

    def outbox(self, kind: str) -> list[Outbox]:
        """The rows of a kind."""
        with self.app.app_context():
            return list(db.session.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id)))

    def identities(self) -> list[Identity]:
        """Whom a page says to be, in order."""
        with self.app.app_context():
            return list(db.session.scalars(select(Identity).order_by(Identity.id)))

    def approve(self, place: int = -1) -> None:
        """Let a comment through, as a moderator does."""
        self.decide("approve", place)

    def decide(self, act: str, place: int = -1) -> None:
        """Decide about a comment."""
        comment = self.rows()[place]

        def work(session: Session) -> None:
            user = User(name="Olga")
            session.add(user)
            session.flush()
            roles.give(session, sites.by_key("blog"), user.id, "owner")
            moderator = Moderator(user.id)
            version = decisions.version_of(comment)
            decisions.apply(session, moderator=moderator, public_id=comment.public_id, act=act, version=version)

        with self.app.app_context():
            transaction.write(work)

    def shown(self) -> list[dict[str, Any]]:
        """What readers see."""
        return self.page.comments(body="html")

    def street_calls(self) -> list[str]:
        """What the blog and Ada's site were asked."""
        return self.ada.street.asked("ada.test") + self.ada.street.asked("blog.test")
