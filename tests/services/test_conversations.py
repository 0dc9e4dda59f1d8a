"""Conversations as a whole: what merging, moving and renaming keep, what readers see, and what undoing brings back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import BLOG, Page, add_site
from tests.support.api import code as code_of
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry, Reaction, Subscription, Thread, ThreadAlias, ThreadChange, User
from widget.services import sites, threads, transaction
from widget.services.conversations import changes, editing, finding, merging, redirects
from widget.services.conversations.editing import Hand
from widget.services.moderation import log

ONE, TWO = f"{BLOG}/one", f"{BLOG}/two"


@pytest.fixture(autouse=True)
def site(app: Flask) -> None:
    """Two pages' conversations are written on it."""
    add_site(app)


def reader(app: Flask, url: str, name: str = "Ann") -> Page:
    return Page(app.test_client(), url=url).be_person(name)


def do(app: Flask, work: Any) -> Any:
    """Run it in a transaction, as user 1."""
    with app.app_context():
        return transaction.write(lambda session: work(session, sites.by_key("blog")))


def thread_of(app: Flask, url: str) -> Any:
    with app.app_context():
        return finding.named(sites.by_key("blog").id, url)


def merge(app: Flask, one: str = ONE, two: str = TWO) -> None:
    first, second = thread_of(app, one), thread_of(app, two)
    do(app, lambda session, site: merging.merge(session, site, first.row, second.row, by=1))


def hand(app: Flask, url: str = ONE) -> Any:
    row = thread_of(app, url).row
    return lambda site: Hand(site, row, 1)


def undo(app: Flask) -> None:
    """The last change."""
    with app.app_context():
        last = db.session.scalars(select(ThreadChange.public_id).order_by(ThreadChange.id.desc()).limit(1)).one()
    do(app, lambda session, site: changes.undo(session, last, by=1, site_id=site.id))


def refused(app: Flask, work: Any) -> str:
    with pytest.raises(Problem) as problem:
        do(app, work)
    return problem.value.code


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


def test_closing_and_renaming(app: Flask) -> None:
    ann = reader(app, ONE)
    ann.posted("Hello")
    h = hand(app)
    version = ann.read().json["thread"]["version"]
    do(app, lambda session, site: editing.set_open(session, h(site), open_=False))
    assert code_of(ann.post("too late")) == "thread.closed"
    assert ann.read().json["thread"]["version"] > version
    do(app, lambda session, site: editing.set_open(session, h(site), open_=False))  # already
    undo(app)
    assert ann.post("again").status_code == 201
    do(app, lambda session, site: editing.rename(session, h(site), "  A <b>new</b>\n title "))
    assert ann.read().json["thread"]["title"] == "A <b>new</b> title"
    undo(app)
    assert ann.read().json["thread"]["title"] is None
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ThreadChange)) == 2


def test_moving_to_another_page(app: Flask) -> None:
    ann = reader(app, ONE)
    first = ann.posted("Hello")["id"]
    h = hand(app)
    moved = f"{BLOG}/moved"
    do(app, lambda session, site: editing.move(session, h(site), f"{moved}?utm_source=x"))
    for url in (ONE, moved):
        answer = Page(app.test_client(), url=url).read().json
        assert [row["id"] for row in answer["comments"]] == [first]
        assert answer["thread"]["url"] == moved
    reader(app, TWO).posted("taken")
    assert refused(app, lambda session, site: editing.move(session, h(site), TWO)) == "thread.taken"
    assert refused(app, lambda session, site: editing.move(session, h(site), "https://evil.test/")) == "page.foreign"
    assert refused(app, lambda session, site: editing.move(session, h(site), "javascript:x")) == "page.bad_url"
    undo(app)
    assert Page(app.test_client(), url=moved).read().json["comments"] == []
    assert Page(app.test_client(), url=ONE).read().json["thread"]["url"] == ONE


def test_names(app: Flask) -> None:
    reader(app, ONE).posted("Hello")
    h = hand(app)
    for name, query in ((f"{BLOG}/also", {"url": f"{BLOG}/also"}), ("post-7", {"url": TWO, "id": "post-7"})):
        do(app, lambda session, site, name=name: editing.add_name(session, h(site), name))
        assert len(Page(app.test_client()).read(**query).json["comments"]) == 1
        assert refused(app, lambda session, site, name=name: editing.add_name(session, h(site), name)) == "thread.taken"
    undo(app)
    assert Page(app.test_client()).read(url=TWO, id="post-7").json["comments"] == []
    with app.app_context():
        names = {key: id_ for id_, key in finding.aliases(db.session(), thread_of(app, ONE).row)}
    own, also = names[f"url:{ONE}"], names[f"url:{BLOG}/also"]
    assert refused(app, lambda session, site: editing.drop_name(session, h(site), own)) == "thread.last_name"
    assert refused(app, lambda session, site: editing.drop_name(session, h(site), 10**6)) == "thread.changed"
    do(app, lambda session, site: editing.drop_name(session, h(site), also))
    assert Page(app.test_client(), url=f"{BLOG}/also").read().json["comments"] == []
    undo(app)
    assert len(Page(app.test_client(), url=f"{BLOG}/also").read().json["comments"]) == 1


def test_redirects(app: Flask) -> None:
    for path in ("old/a", "old/b", "old/c", "older/d", "old%25/e"):
        reader(app, f"{BLOG}/{path}").posted(path)
    reader(app, f"{BLOG}/new/c").posted("taken")
    old, new = f"{BLOG}/old/", f"{BLOG}/new/"
    planned = do(app, lambda session, site: redirects.plan(session, site, old, new))
    assert [(move.after.removeprefix(BLOG), move.refusal) for move in planned] == [
        ("/new/a", ""),
        ("/new/b", ""),
        ("/new/c", "thread.taken"),
    ]
    assert do(app, lambda session, site: redirects.apply(session, site, old, new, by=1)) == 2
    for path in ("old/a", "new/a"):
        answer = Page(app.test_client(), url=f"{BLOG}/{path}").read().json
        assert (answer["thread"]["count"], answer["thread"]["url"]) == (1, f"{BLOG}/new/a")
    assert Page(app.test_client(), url=f"{BLOG}/old/c").read().json["thread"]["url"] == f"{BLOG}/old/c"
    undo(app)
    assert Page(app.test_client(), url=f"{BLOG}/new/a").read().json["comments"] == []
    assert Page(app.test_client(), url=f"{BLOG}/old/a").read().json["thread"]["url"] == f"{BLOG}/old/a"
    foreign = do(app, lambda session, site: redirects.plan(session, site, old, "https://evil.test/"))
    assert {move.refusal for move in foreign} == {"page.foreign"}
    for wrong in (("x", new), (old, old), (old, "javascript:alert(1)//"), ("", "")):
        refusal = refused(app, lambda session, site, wrong=wrong: redirects.plan(session, site, *wrong))
        assert refusal == "thread.bad_prefix"


def test_finding_takes_text_as_text(app: Flask) -> None:
    for path in ("100%", "a_b", "axb", "plain"):
        reader(app, f"{BLOG}/{path.replace('%', '%25')}").posted("x")
    with app.app_context():
        for text, found in (("%25", 1), ("_", 1), ("A_B", 1), ("plain", 1), ("", 4), ("nothing", 0), ("'\"\\", 0)):
            assert len(finding.find([1], text).threads) == found, text
        assert finding.find([], "").threads == ()
        everything = [row.id for row in finding.find([1], "").threads]
        assert [row.id for row in finding.find([1], "", before=everything[1]).threads] == everything[2:]
        assert db.session.scalar(select(func.count()).select_from(ThreadAlias)) == 4
