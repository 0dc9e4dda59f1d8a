"""Two conversations become one: what that keeps, what readers see, and what undoing brings back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import BLOG, Page, add_site
from tests.support.conversations import ONE, TWO, do, merge, reader, refused, thread_of, undo
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry, Reaction, Subscription, Thread, ThreadChange, User
from widget.services import sites, threads
from widget.services.conversations import changes, finding, merging
from widget.services.moderation import log


def shape(page: Page) -> list[Any]:
    """All that readers see of a conversation, without what moves with each change."""
    answer = page.read(limit="100").json
    summary = {name: value for name, value in answer["thread"].items() if name != "version"}
    return [summary, sorted((row for row in answer["comments"]), key=lambda row: row["id"])]


def consistent(app: Flask) -> None:
    """Every count is what counting gives, and every reaction is in its comment's conversation."""
    with app.app_context():
        for thread in db.session.scalars(select(Thread)):
            published = select(func.count()).where(Comment.thread_id == thread.id, Comment.state == "published")
            assert thread.comment_count == db.session.scalar(published)
            newest = select(func.max(Comment.changed)).where(Comment.thread_id == thread.id)
            assert (db.session.scalar(newest) or 0) <= thread.version
            if thread.pinned_id:
                assert db.session.get_one(Comment, thread.pinned_id).thread_id == thread.id
        lost = select(func.count()).select_from(Reaction).join(Comment, Comment.id == Reaction.comment_id)
        assert db.session.scalar(lost.where(Comment.thread_id != Reaction.thread_id)) == 0
        astray = select(func.count()).select_from(Comment).join(Thread, Thread.id == Comment.thread_id)
        assert db.session.scalar(astray.where(Thread.merged_id.is_not(None))) == 0
        for root in db.session.scalars(select(Comment).where(Comment.root_id.is_(None))):
            below = select(func.count()).where(Comment.root_id == root.id, Comment.state == "published")
            assert root.reply_count == db.session.scalar(below)
            other = select(func.count()).where(Comment.root_id == root.id, Comment.thread_id != root.thread_id)
            assert db.session.scalar(other) == 0
        assert log.verify(db.session()) is None


def filled(app: Flask) -> dict[str, Any]:
    """Two conversations with answers, tombstones, marks and pins."""
    ann, bob = reader(app, ONE), reader(app, ONE, "Bob")
    ann2, bob2 = reader(app, TWO), reader(app, TWO, "Bob")
    eve2 = reader(app, TWO, "Eve")
    first = ann.posted("first")["id"]
    answer = bob.posted("answer", parent=first)["id"]
    deep = ann.posted("deep", parent=answer)["id"]
    bob.delete(answer)  # a tombstone: something hangs on it
    second = bob2.posted("second")["id"]
    below = ann2.posted("below", parent=second)["id"]
    bob.react(first)
    ann2.react(second)
    for page in (ann, bob, bob2, eve2):
        assert page.react_to_page().status_code == 200
    return {"first": first, "answer": answer, "deep": deep, "second": second, "below": below}


def test_merging_keeps_everything(app: Flask) -> None:
    made = filled(app)
    one, two = Page(app.test_client(), url=ONE), Page(app.test_client(), url=TWO)
    before = {row["id"]: row for row in [*one.comments(), *two.comments()]}
    merge(app)
    consistent(app)
    assert shape(one) == shape(two)
    answer = one.read().json
    assert answer["thread"]["count"] == 4
    assert answer["thread"]["reactions"] == {"like": 3}  # Ann, Bob once, Eve
    assert {row["id"]: row for row in answer["comments"]} == before
    assert set(before) == set(made.values())
    ann = reader(app, ONE)
    assert ann.posted("later", parent=made["deep"])["id"]
    assert ann.react(made["second"], method="DELETE").status_code == 200
    consistent(app)


def test_undoing_a_merge_brings_both_back(app: Flask) -> None:
    filled(app)
    one, two = Page(app.test_client(), url=ONE), Page(app.test_client(), url=TWO)
    before = shape(one), shape(two)
    merge(app)
    undo(app)
    consistent(app)
    assert (shape(one), shape(two)) == before
    merge(app)
    merge_back = (shape(one), shape(two))
    assert merge_back[0] == merge_back[1]
    undo(app)
    assert (shape(one), shape(two)) == before


def test_what_was_written_since_goes_along(app: Flask) -> None:
    made = filled(app)
    merge(app)
    ann, eve = reader(app, ONE), reader(app, TWO, "Eve")
    reply = ann.posted("an answer since", parent=made["first"])["id"]
    root = ann.posted("a root since")["id"]
    eve.react(reply)
    bob = reader(app, TWO, "Bob")
    assert bob.react_to_page(method="DELETE").status_code == 200
    assert reader(app, ONE).react_to_page(method="DELETE").status_code == 200  # Ann's, which came from the first page
    undo(app)
    consistent(app)
    one, two = Page(app.test_client(), url=ONE).read().json, Page(app.test_client(), url=TWO).read().json
    assert reply in {row["id"] for row in one["comments"]}
    assert root in {row["id"] for row in two["comments"]}
    assert one["thread"]["reactions"] == {"like": 1}  # Bob's own of then
    assert two["thread"]["reactions"] == {"like": 1}  # Eve's


def test_counts_of_an_import_have_no_rows_and_stay(app: Flask) -> None:
    filled(app)

    def imported(session: Any, _site: Any) -> None:
        for thread in session.scalars(select(Thread)):
            thread.reactions = '{"like":100}'

    do(app, imported)
    merge(app)
    assert Page(app.test_client(), url=ONE).read().json["thread"]["reactions"] == {"like": 199}
    undo(app)
    for url in (ONE, TWO):
        assert Page(app.test_client(), url=url).read().json["thread"]["reactions"] == {"like": 100}


@pytest.mark.parametrize("lead", [ONE, TWO])
def test_open_pages_hear_of_it_whatever_they_hold(app: Flask, lead: str) -> None:
    """Also where one conversation was many versions further than the other."""
    filled(app)
    busy = reader(app, lead, "Busy")
    for _ in range(12):
        busy.posted("more")
    held = {url: Page(app.test_client(), url=url).read().json for url in (ONE, TWO)}
    merge(app)
    for url, seen in held.items():
        page = Page(app.test_client(), url=url)
        news = page.read(since=str(seen["thread"]["version"])).json
        now = {row["id"] for row in page.read().json["comments"]}
        had = {row["id"] for row in seen["comments"]}
        assert news["reset"] or had | {row["id"] for row in news["comments"]} == now
        assert news["thread"]["version"] > max(one["thread"]["version"] for one in held.values())


def test_pins(app: Flask) -> None:
    made = filled(app)

    def pin(session: Any, _site: Any) -> None:
        comment = session.scalars(select(Comment).filter_by(public_id=made["first"])).one()
        session.get_one(Thread, comment.thread_id).pinned_id = comment.id

    do(app, pin)
    merge(app)
    consistent(app)
    assert Page(app.test_client(), url=TWO).comments()[0]["id"] == made["first"]
    undo(app)
    consistent(app)
    assert Page(app.test_client(), url=ONE).comments()[0]["pinned"] is True
    assert "pinned" not in Page(app.test_client(), url=TWO).comments()[0]


def test_followers_go_along(app: Flask) -> None:
    """Ann follows both, Bob the first, Eve the second; after all each of them follows once what they see."""
    filled(app)
    rows = {}

    def follow(session: Any, site: Any) -> None:
        for name, url in (("Ann", ONE), ("Ann", TWO), ("Bob", ONE), ("Eve", TWO)):
            user_id = session.scalars(select(User.id).where(User.name == name)).first()
            thread_id = finding.named(site.id, url).row
            row = Subscription(
                site_id=site.id,
                user_id=user_id,
                thread_id=thread_id,
                kind="thread",
                key=f"thread:u{user_id}:t{thread_id}",
                how="instantly",
                email=f"{name}@example.test",
                person=f"{user_id:064d}",
                lang="en",
            )
            session.add(row)
            session.flush()
            rows[name, url] = row.id

    do(app, follow)

    def following() -> dict[int, int]:
        with app.app_context():
            for row in db.session.scalars(select(Subscription)):
                assert row.key == f"thread:u{row.user_id}:t{row.thread_id}"
            return dict(db.session.execute(select(Subscription.id, Subscription.thread_id)).all())

    before = following()
    into = thread_of(app, TWO).row
    merge(app)
    after = following()
    assert {name for name, row in rows.items() if after[row] == into} == {("Ann", TWO), ("Bob", ONE), ("Eve", TWO)}
    undo(app)
    assert following() == before


def test_nothing_is_lost_that_is_written_meanwhile(app: Flask) -> None:
    """Writers who found the first page's conversation before it was merged, and wait for it."""
    filled(app)
    writers = [reader(app, ONE, f"Writer {number}") for number in range(6)]
    with ThreadPoolExecutor(8) as pool:
        for turn in range(4):
            written = [pool.submit(writer.posted, f"in turn {turn}") for writer in writers]
            moving = pool.submit(merge if turn % 2 == 0 else undo, app)
            ids = [one.result()["id"] for one in written]
            moving.result()
            consistent(app)
            with app.app_context():
                found = db.session.scalar(select(func.count()).where(Comment.public_id.in_(ids)))
            assert found == len(writers)


def test_three_into_one_and_the_pages_of_their_own(app: Flask) -> None:
    filled(app)
    three = f"{BLOG}/three"
    reader(app, three).posted("third")
    ids = {url: thread_of(app, url).id for url in (ONE, TWO, three)}
    merge(app, ONE, TWO)
    merge(app, TWO, three)
    consistent(app)
    with app.app_context():
        for public_id in ids.values():
            assert threads.find(sites.by_key("blog"), threads.by_public_id(public_id)[1])
        parts = finding.find([1], "")
    assert [row.url for row in parts.threads] == [three]
    for public_id in ids.values():
        assert "third" in app.test_client().get(f"/t/{public_id}").text
    undo(app)
    consistent(app)
    assert len(Page(app.test_client(), url=TWO).comments()) == 5
    assert len(Page(app.test_client(), url=three).comments()) == 1


def test_what_cannot_be_merged(app: Flask) -> None:
    filled(app)
    one = thread_of(app, ONE).row
    assert refused(app, lambda session, site: merging.merge(session, site, one, one, by=1)) == "thread.same"
    add_site(app, "shop", ("https://shop.test",))
    other = Page(app.test_client(), site="shop", origin="https://shop.test", url="https://shop.test/").be_person("Ann")
    other.posted("elsewhere")
    with app.app_context():
        shop = finding.named(sites.by_key("shop").id, "https://shop.test/").row
        with pytest.raises(Problem, match=r"thread\.unknown"):
            finding.named(sites.by_key("blog").id, "https://shop.test/")
    assert refused(app, lambda session, site: merging.merge(session, site, one, shop, by=1)) == "thread.changed"
    consistent(app)


def test_an_undo_is_for_once_and_for_its_own_site(app: Flask) -> None:
    filled(app)
    merge(app)
    with app.app_context():
        change = db.session.scalars(select(ThreadChange.public_id)).one()
    refusal = refused(app, lambda session, site: changes.undo(session, change, by=1, site_id=site.id + 1))
    assert refusal == "thread.changed"
    undo(app)
    assert refused(app, lambda session, site: changes.undo(session, change, by=1, site_id=site.id)) == "thread.changed"
    with app.app_context():
        acts = list(db.session.scalars(select(LogEntry.act).order_by(LogEntry.id)))
    assert acts == ["thread.merge", "thread.undo"]
