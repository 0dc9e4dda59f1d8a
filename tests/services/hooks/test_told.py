"""What hooks are told: each event in the transaction of its cause, as it is when it goes out, and no word more."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.services.hooks.conftest import Hooked
from tests.support.api import PAGE, Page, add_site
from tests.support.hand import Hand
from tests.support.receiver import Receiver
from widget.core import events
from widget.extensions import db
from widget.models import Comment, Outbox, User
from widget.services import roles, sites, standings, transaction
from widget.services.hooks import news
from widget.services.moderation import decisions, people
from widget.services.moderation.moderators import Moderator
from widget.services.outbox import rows
from widget.services.standings import Stands


@pytest.fixture
def mo(app: Flask, page: Page) -> Moderator:
    """A moderator of the blog."""
    Page(page.client).be_person("Mo")

    def work(session: Any) -> int:
        user_id: int = session.scalars(select(User.id).where(User.name == "Mo")).one()
        roles.give(session, sites.by_key("blog"), user_id, "moderator")
        return user_id

    with app.app_context():
        return Moderator(transaction.write(work))


def decide(app: Flask, mo: Moderator, comment: str, act: str) -> None:
    """As at the desk."""
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == comment)).one()
        decisions.decide(mo, comment, act, version=decisions.version_of(row))


def types(box: Receiver) -> list[str]:
    """What came, in the order in which it came."""
    return [one.body["type"] for one in box.got]


def test_every_event_has_its_rule() -> None:
    assert {*news.RULES, "person.banned"} == set(events.KINDS)


def test_a_comments_life(app: Flask, bob: Page, mo: Moderator, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    hooked()
    first = bob.posted("Hello **there**, see [this](https://elsewhere.test/x)")["id"]
    hand.work()
    assert types(box) == ["comment.created", "comment.published"]
    told = box.got[0].body["data"]
    with app.app_context():
        author = db.session.scalars(select(User).where(User.name == "Bob")).one().public_id
        stored = db.session.scalars(select(Comment)).one()
        assert told == {
            "site": {"key": "blog", "name": "The blog"},
            "desk": "https://comments.test/admin/queue?view=all&site=blog",
            "page": {"url": PAGE, "title": "blog.test/post"},
            "comment": {
                "id": first,
                "url": f"{PAGE}#comment-{first}",
                "kind": "comment",
                "state": "published",
                "before": None,
                "parent": None,
                "author": {"id": author, "name": "Bob", "provider": None},
                "text": "Hello there, see this (https://elsewhere.test/x)",
                "time": decisions.version_of(stored),
                "edited": None,
            },
            "person": None,
            "by": {"id": author, "name": "Bob", "provider": None},
        }
    answer = bob.posted("An answer", first)["id"]
    ann = Page(bob.client).be_person("Ann")
    bob.edit(first, "Hello again")
    assert ann.flag(first).status_code in {200, 201, 204}
    box.got.clear()
    hand.work()
    assert types(box) == ["comment.created", "comment.published", "comment.edited", "comment.flagged"]
    assert box.got[0].body["data"]["comment"]["parent"] == first
    assert box.got[2].body["data"]["comment"]["text"] == "Hello again"
    assert box.got[3].body["data"]["by"] is None  # who reported is nobody's to know
    box.got.clear()
    decide(app, mo, answer, "spam")
    bob.delete(first)
    with app.app_context():
        people.judge(mo, author, "ban", site_id=sites.by_key("blog").id)
    hand.work()
    assert types(box) == ["comment.spam", "comment.deleted", "person.banned"]
    spam, deleted, banned = (one.body["data"] for one in box.got)
    assert (spam["comment"]["before"], spam["comment"]["text"], spam["by"]["name"]) == ("published", None, "Mo")
    assert (deleted["comment"]["state"], deleted["comment"]["text"], deleted["by"]["name"]) == ("deleted", None, "Bob")
    assert banned["comment"] is None
    assert banned["person"] == {"id": author, "name": "Bob", "provider": None}
    assert banned["desk"] == f"https://comments.test/admin/people?person={author}"
    assert len({one.id for one in box.got}) == 3


def test_only_what_was_chosen_and_only_while_it_is_on(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked("json", "comment.deleted")
    hooked("json", "comment.created", active=False)
    comment = bob.posted()["id"]
    with app.app_context():
        assert rows.listed(None) == []
    bob.delete(comment)
    hand.work()
    assert types(box) == ["comment.deleted"]


def test_of_its_site_alone_and_of_all_where_it_is_the_servers(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    add_site(app, "shop", ("https://shop.test",))
    hooked("json", "comment.created", site="shop")
    hooked("json", "comment.created", site=None)
    bob.posted("On the blog")
    there = Page(bob.client, site="shop", origin="https://shop.test", url="https://shop.test/a").be_guest("Carl")
    there.posted("At the shop")
    hand.work()
    assert sorted(one.body["data"]["site"]["key"] for one in box.got) == ["blog", "shop", "shop"]


def test_a_row_is_there_with_its_cause_or_not_at_all(
    app: Flask, bob: Page, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from widget.services import own

    hooked("json", "comment.created")

    def fail(*_: object) -> None:
        raise RuntimeError("after the event")

    with monkeypatch.context() as patch:
        patch.setattr(own, "shown", fail)
        assert bob.post().status_code == 500
    with app.app_context():
        assert db.session.scalars(select(Outbox)).all() == []
        assert db.session.scalars(select(Comment)).all() == []
    bob.posted()
    with app.app_context():
        assert len(db.session.scalars(select(Outbox)).all()) == 1


def test_what_waits_is_told_to_those_who_chose_that_alone(
    app: Flask, page: Page, mo: Moderator, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"moderation": "all"}))
    hooked("json", *(one for one in events.KINDS if one != "comment.created"))
    hooked("json", "comment.created")
    bob = Page(page.client).be_guest("Bob")
    comment = bob.posted("Not yet to be read")["id"]
    bob.edit(comment, "Still not to be read")
    hand.work()
    assert sorted(types(box)) == ["comment.created", "comment.edited"]
    words = {one.body["type"]: one.body["data"]["comment"]["text"] for one in box.got}
    assert words == {"comment.created": "Still not to be read", "comment.edited": None}
    assert {one.body["data"]["comment"]["state"] for one in box.got} == {"pending"}
    box.got.clear()
    decide(app, mo, comment, "approve")
    hand.work()
    assert [(one.body["type"], one.body["data"]["comment"]["text"]) for one in box.got] == [
        ("comment.published", "Still not to be read")
    ]
    box.got.clear()
    bob.edit(comment, "Another text that nobody has read")  # it waits again
    hand.work()
    assert sorted(types(box)) == ["comment.edited", "comment.held"]
    assert all(b"Another text" not in one.raw for one in box.got)


def test_nobody_hears_of_a_shadow_banned_person(
    app: Flask, bob: Page, mo: Moderator, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked()
    with app.app_context():
        site = sites.by_key("blog").id
        user = db.session.scalars(select(User).where(User.name == "Bob")).one().id
        transaction.write(
            lambda session: standings.put(session, site, user, Stands("shadowed", None, everywhere=False))
        )
    comment = bob.posted("Seen by me alone")["id"]
    bob.edit(comment, "Still")
    with app.app_context():
        assert rows.listed(None) == []
    decide(app, mo, comment, "approve")  # the control: once a moderator lets it through, it is told
    hand.work()
    assert types(box) == ["comment.published"]


def test_spam_is_told_as_that_and_without_its_words(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"blocked_words": ["pills"]}))
    hooked()
    assert bob.post("Cheap pills").status_code == 201
    hand.work()
    assert types(box) == ["comment.spam"]
    assert b"pills" not in box.got[0].raw


def test_what_is_not_so_any_more_is_not_told(app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    hooked("json", "comment.created", "comment.published", "comment.edited", "comment.deleted")
    comment = bob.posted("Said in haste")["id"]
    bob.delete(comment)
    hand.work()
    assert types(box) == ["comment.deleted"]
    with app.app_context():
        assert {one.answer for one in rows.listed("dropped")} == {"it is not so any more"}
    bob.restore(comment)
    hand.work()
    assert types(box) == ["comment.deleted", "comment.published"]


def test_a_site_or_a_hook_that_is_removed_takes_what_waits_with_it(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    from widget.services import site_admin
    from widget.services.hooks import store

    first, _ = hooked("json", "comment.created")
    hooked("json", "comment.created", site=None)
    bob.posted()
    with app.app_context():
        transaction.write(lambda session: store.remove(session, first))
        transaction.write(lambda session: site_admin.remove(session, sites.by_key("blog").id))
    hand.work()
    assert box.got == []
    with app.app_context():
        assert [one.answer for one in rows.listed(None)] == ["it is not so any more"]


def test_the_outbox_holds_no_word_of_anybody(app: Flask, bob: Page, hand: Hand, hooked: Hooked) -> None:
    hooked()
    bob.posted("Marked words")
    hand.work()
    with app.app_context():
        for row in db.session.scalars(select(Outbox)):
            assert "Marked" not in f"{row.payload} {row.key} {row.answer}"
            assert "Bob" not in f"{row.payload}"
