"""Closing, renaming, moving, naming and finding conversations, and undoing that."""

from flask import Flask
from sqlalchemy import func, select

from tests.support.api import BLOG, Page
from tests.support.api import code as code_of
from tests.support.conversations import ONE, TWO, do, hand, reader, refused, thread_of, undo
from widget.extensions import db
from widget.models import ThreadAlias, ThreadChange
from widget.services.conversations import editing, finding, redirects


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
