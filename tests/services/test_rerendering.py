"""What an older release rendered is rendered anew: every comment, in batches, and readers hear of it."""

from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.core.test_text_sanitise import _assert_ours
from tests.support.api import BLOG, Page, add_site
from widget.__main__ import cli
from widget.core.text import RENDERER_VERSION
from widget.extensions import db
from widget.models import Comment, Picture, PictureUse, Revision, Thread
from widget.services import rerendering, transaction

EVIL = "<p><script>alert(1)</script></p>"


@pytest.fixture
def app_settings() -> dict[str, object]:
    """Rows are made old behind the versions' back, which ready answers go by."""
    return {"READY_MB": 0}


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    add_site(app)
    return Page(client)


@pytest.fixture
def ann(page: Page) -> Page:
    return Page(page.client).be_guest("Ann")


def age(app: Flask, **values: Any) -> None:
    """Make all comments and earlier texts those of an older release, which rendered them badly."""
    old = {"html": EVIL, "tree": '["evil"]', "renderer": RENDERER_VERSION - 1, **values}

    def work(session: Any) -> None:
        session.execute(update(Comment).values(**old))
        session.execute(update(Revision).values(**old))

    with app.app_context():
        transaction.write(work)


def versions(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(Thread.url, Thread.version))
        return {url: version for url, version in rows}  # noqa: C416 - dict() would not check the row's shape


def run(app: Flask, **options: Any) -> int:
    with app.app_context():
        return rerendering.run(**options)


def test_all_of_it_is_rendered_anew(app: Flask, page: Page, ann: Page) -> None:
    before = [ann.posted(f"**Nr** {number} `a`") for number in range(5)]
    ann.edit(before[0]["id"], "now this")
    read = ann.comments(), ann.comments(body="html")
    age(app)
    assert EVIL in ann.read(body="html").text.replace("\\", "")
    parts: list[int] = []
    assert run(app, progress=parts.append, batch=2) == 6
    assert parts == [2, 2, 1, 1]
    assert (ann.comments(), ann.comments(body="html")) == read
    with app.app_context():
        assert rerendering.waiting() == 0
        assert set(db.session.scalars(select(Revision.html))) == {"<p><strong>Nr</strong> 0 <code>a</code></p>"}
    assert run(app) == 0


def test_each_thread_moves_on_once_in_a_batch(app: Flask, page: Page, ann: Page) -> None:
    elsewhere = Page(page.client, url=f"{BLOG}/elsewhere", token=ann.token)
    for number in range(3):
        ann.posted(str(number))
        elsewhere.posted(str(number))
    tag, before = ann.read().headers["ETag"], versions(app)
    age(app)
    run(app, batch=4)
    assert versions(app) == {url: version + 2 for url, version in before.items()}
    assert ann.read(headers={"If-None-Match": tag}).status_code == 200
    news = ann.read(since=before[ann.url]).json
    assert len(news["comments"]) == 3


def test_what_looks_the_same_moves_nobody(app: Flask, ann: Page) -> None:
    ann.posted("Hello")
    before = versions(app)

    def work(session: Any) -> None:
        session.execute(update(Comment).values(renderer=1))

    with app.app_context():
        transaction.write(work)
    assert run(app) == 1
    assert versions(app) == before


def test_it_goes_on_where_it_was_cut_off(app: Flask, ann: Page) -> None:
    for number in range(6):
        ann.posted(str(number))
    age(app)

    class CutError(Exception):
        pass

    def cut(_done: int) -> None:
        raise CutError

    with pytest.raises(CutError):
        run(app, progress=cut, batch=2)
    with app.app_context():
        assert rerendering.waiting() == 4
    assert run(app) == 4
    assert "evil" not in ann.read().text


def test_a_text_that_was_edited_meanwhile_stays(app: Flask, ann: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = ann.posted("before")
    age(app)
    real = rerendering._render

    def edited_first(row: Any) -> Any:
        ann.edit(comment["id"], "after")
        return real(row)

    monkeypatch.setattr(rerendering, "_render", edited_first)
    run(app)
    assert ann.comments()[0]["body"] == [["p", "after"]]


def test_people_and_pictures_are_those_it_had(app: Flask, ann: Page) -> None:
    bob = Page(ann.client).be_guest("Bob")
    ann.posted("Hello")
    bob.posted("@Ann ![a](https://x.example/a.png)")

    def work(session: Any) -> None:
        picture = Picture(hash="a" * 40, type="image/webp", data=b"x", width=3, height=2)
        session.add(picture)
        session.flush()
        comment = session.scalar(select(Comment).where(Comment.raw.startswith("@Ann")))
        session.add(PictureUse(comment_id=comment.id, picture_id=picture.id, address="https://x.example/a.png"))

    with app.app_context():
        transaction.write(work)
    age(app)
    run(app)
    shown = {"src": "a" * 40, "alt": "a", "width": "3", "height": "2"}
    assert ann.comments()[1]["body"] == [["p", ["span", {"class": "at"}, "@Ann"], " ", ["img", shown]]]


@pytest.mark.parametrize("markup", ["html", "wordpress"])
def test_imported_html_is_cleaned_again(app: Flask, ann: Page, markup: str) -> None:
    ann.posted("Hello")
    age(app, raw=f"<b onclick=x()>a</b>{EVIL}<a href=javascript:x>b</a>", markup=markup)
    run(app)
    html = ann.comments(body="html")[0]["html"]
    _assert_ours(html)
    assert "<b>a</b>" in html
    assert "script" not in html


def test_what_was_erased_and_what_is_newer_is_left_alone(app: Flask, ann: Page) -> None:
    ann.posted("Hello")
    age(app, raw="")
    assert run(app) == 0
    age(app, raw="Hello", renderer=RENDERER_VERSION + 1)
    assert run(app) == 0
    assert ann.comments()[0]["body"] == ["evil"]


def test_the_command(app: Flask, ann: Page, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.posted("Hello")
    age(app)
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)
    monkeypatch.setenv("WIDGET_SECRET_KEY", "x" * 40)
    told = CliRunner().invoke(cli, ["db", "upgrade"])
    assert "1 texts were rendered by an older release" in told.output
    done = CliRunner().invoke(cli, ["db", "rerender"])
    assert done.exit_code == 0, done.output
    assert "Rendered 1 texts anew." in done.output
    assert ann.comments()[0]["body"] == [["p", "Hello"]]
    assert "older" not in CliRunner().invoke(cli, ["db", "upgrade"]).output
