"""Rules about moved pages that stand: both addresses have one conversation, from the next request on."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.support.api import BLOG, Page, add_site
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import LogEntry, SiteRule, Thread, ThreadChange
from widget.services import sites, transaction
from widget.services.conversations import changes, rules
from widget.services.sites import SiteInfo

OLD, NEW = f"{BLOG}/blog/", f"{BLOG}/articles/"


def do(app: Flask, work: Callable[[Session, SiteInfo], Any]) -> Any:
    with app.app_context():
        return transaction.write(lambda session: work(session, sites.by_key("blog")))


def stand(app: Flask, old: str = OLD, new: str = NEW) -> None:
    do(app, lambda session, site: rules.add(session, site, old, new, by=1))


def at(client: FlaskClient, url: str) -> Page:
    return Page(client, url=url).be_guest("Ann")


def texts(client: FlaskClient, url: str) -> list[str]:
    answer = Page(client, url=url).read()
    assert answer.status_code == 200, answer.text
    return [one["body"][0][1] for one in answer.json["comments"]]


def counted(client: FlaskClient, *urls: str) -> list[int]:
    answer = client.get("/api/v1/counts", query_string={"site": "blog", "url": list(urls)})
    return [answer.json["counts"][url] for url in urls]


def test_what_was_written_at_the_old_address_is_read_at_both(app: Flask, client: FlaskClient) -> None:
    at(client, f"{OLD}one").posted("of old")
    assert texts(client, f"{NEW}one") == []
    stand(app)
    assert texts(client, f"{NEW}one") == texts(client, f"{OLD}one") == ["of old"]
    at(client, f"{NEW}one").posted("of today")
    assert texts(client, f"{NEW}one") == texts(client, f"{OLD}one") == ["of old", "of today"]
    assert counted(client, f"{OLD}one", f"{NEW}one", f"{NEW}none") == [2, 2, 0]
    assert client.get("/feeds/page.json", query_string={"site": "blog", "url": f"{NEW}one"}).text.count("of old") == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Thread)) == 1


def test_what_is_begun_by_the_old_address_stands_at_the_new_one(app: Flask, client: FlaskClient) -> None:
    stand(app)
    at(client, f"{OLD}two").posted("hello")
    with app.app_context():
        assert db.session.scalars(select(Thread.url)).all() == [f"{NEW}two"]
    assert texts(client, f"{NEW}two") == texts(client, f"{OLD}two") == ["hello"]
    at(client, f"{OLD}two").posted("again")
    assert texts(client, f"{NEW}two") == texts(client, f"{OLD}two") == ["hello", "again"]


def test_where_both_have_one_each_keeps_its_own(app: Flask, client: FlaskClient) -> None:
    at(client, f"{OLD}one").posted("old")
    at(client, f"{NEW}one").posted("new")
    stand(app)
    assert (texts(client, f"{OLD}one"), texts(client, f"{NEW}one")) == (["old"], ["new"])


def test_taken_away_and_undone(app: Flask, client: FlaskClient) -> None:
    at(client, f"{OLD}one").posted("of old")
    stand(app)
    assert texts(client, f"{NEW}one") == ["of old"]

    def last(session: Session) -> str:
        return session.scalars(select(ThreadChange.public_id).order_by(ThreadChange.id.desc())).first() or ""

    def undo(session: Session, site: SiteInfo) -> None:
        changes.undo(session, last(session), by=1, site_id=site.id)

    do(app, undo)
    assert texts(client, f"{NEW}one") == []
    stand(app)
    do(app, lambda session, site: rules.remove(session, site.id, rules.all_of(site.id)[0].public_id, by=1))
    assert texts(client, f"{NEW}one") == []
    do(app, undo)
    assert texts(client, f"{NEW}one") == ["of old"]
    with app.app_context():
        acts = db.session.scalars(select(LogEntry.act).order_by(LogEntry.id)).all()
    assert acts == ["thread.rule", "thread.undo", "thread.rule", "thread.unrule", "thread.undo"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("x", "y", "thread.bad_prefix"),
        (OLD, OLD, "thread.bad_prefix"),
        (OLD, f"{BLOG}/{'x' * 1000}", "thread.bad_prefix"),
        (OLD, "https://evil.test/", "page.foreign"),
        (OLD, "https://other.test/", "page.foreign"),  # another site's
        (OLD, BLOG, "page.foreign"),  # where its host ends is not said
        (OLD, f"{OLD}deeper/", "rule.round"),
    ],
)
def test_what_cannot_stand(app: Flask, old: str, new: str, code: str) -> None:
    add_site(app, "other", ("https://other.test",))
    with pytest.raises(Problem) as refused:
        stand(app, old, new)
    assert refused.value.code == code
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SiteRule)) == 0


def test_another_sites_pages_are_let_alone(app: Flask, client: FlaskClient) -> None:
    add_site(app, "other", ("https://other.test", BLOG))
    stand(app)
    other = Page(client, site="other", url=f"{OLD}one").be_guest("Ann")
    other.posted("other site's")
    assert other.read().json["thread"]["url"] == f"{OLD}one"
    assert texts(client, f"{NEW}one") == texts(client, f"{OLD}one") == []


def test_pages_with_an_id_are_let_alone(app: Flask, client: FlaskClient) -> None:
    stand(app)
    page = at(client, f"{OLD}one")
    answer = page.post("hi", page={"url": page.url, "id": "one"})
    assert answer.status_code == 201
    assert answer.json["thread"]["url"] == f"{OLD}one"


def test_sites_without_rules_ask_nothing_more(app: Flask, client: FlaskClient) -> None:
    """And of those with rules, only pages which they are about."""
    at(client, f"{BLOG}/far").posted("hi")

    def statements(url: str) -> int:
        made: list[str] = []
        with app.app_context():
            engine = db.engine

            def heard(*arguments: Any) -> None:
                made.append(arguments[2])

            event.listen(engine, "before_cursor_execute", heard)
            try:
                Page(client, url=url).read(since=0)
            finally:
                event.remove(engine, "before_cursor_execute", heard)
        return len(made)

    statements(f"{BLOG}/far")
    before = statements(f"{BLOG}/far")
    stand(app)
    statements(f"{BLOG}/far")
    assert statements(f"{BLOG}/far") == before
    assert statements(f"{NEW}far") > 0
