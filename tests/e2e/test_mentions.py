"""A page elsewhere answers one of the blog's: told by its server, let through by a moderator, read in the widget."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.e2e import byapi
from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls, web
from tests.support.browser import PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader
from tests.support.waiting import until
from widget import create_app
from widget.extensions import db
from widget.models import Comment, User
from widget.services import roles, sites, transaction
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator

Visit = Callable[..., Visitor]
ENTRY = """<!doctype html><title>A page</title><article class="h-entry">
<a class="p-author h-card" href="/">{name}</a>{what}</article>"""


@pytest.fixture(scope="module")
def elsewhere(certificate: tls.Identity) -> Iterator[tuple[web.Pages, str]]:
    """Another site: its pages, and its origin."""
    pages = web.Pages()
    with web.serve(pages, certificate.context()) as port:
        yield pages, f"https://other.test:{port}"


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_store: stores.SQLite,
    certificate: tls.Identity,
    elsewhere: tuple[web.Pages, str],
) -> Iterator[Live]:
    """A server that reaches it, as an operator's private host."""
    place = elsewhere[1].removeprefix("https://")
    trusted = {
        "WIDGET_PRIVATE_HOSTS": f"{place}=127.0.0.1:{place.partition(':')[2]}",
        "REQUESTS_CA_BUNDLE": str(certificate.authority),
    }
    folder = tmp_path_factory.mktemp("mentions")
    with sqlite_store.fresh(folder) as url, rig.live(folder, url, certificate, environ=trusted) as running:
        running.widget("site", "set", "blog", "webmentions=receive")
        yield running


@pytest.fixture
def beside(live: Live) -> Iterator[Flask]:
    """An application on the same database."""
    app = create_app({"DATABASE_URL": live.env["WIDGET_DATABASE_URL"], "SECRET_KEY": live.env["WIDGET_SECRET_KEY"]})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def approve_all() -> None:
    """As a moderator does, each text as it is."""

    def work(session: Session) -> None:
        user = User(name="Olga")
        session.add(user)
        session.flush()
        roles.give(session, sites.by_key("blog"), user.id, "moderator")
        for comment in session.scalars(select(Comment).where(Comment.state == "pending")).all():
            version = decisions.version_of(comment)
            who = Moderator(user.id)
            decisions.apply(session, moderator=who, public_id=comment.public_id, act="approve", version=version)

    transaction.write(work)


def test_pages_elsewhere_in_the_conversation(
    live: Live,
    elsewhere: tuple[web.Pages, str],
    visit: Visit,
    beside: Flask,
    certificate: tls.Identity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages, origin = elsewhere
    url = live.host_page("/mentioned/", article("Mentioned"))
    [first] = byapi.post(live, visit, "The first word", url=url, title="Mentioned")
    here = f"{url}#comment-{first}"
    reply = f'<a class="u-in-reply-to" href="{here}"></a><p class="e-content">A long answer, at home.</p>'
    like = f'<a class="u-like-of" href="{url}"></a>'
    note = f'<h1 class="p-name">What others write</h1><p class="p-summary">On salt.</p><a href="{url}">x</a>'
    _reach(monkeypatch)
    told = []
    for at, (target, what) in enumerate([(here, reply), (url, like), (url, note)]):
        pages[f"/{at}"] = web.Page(ENTRY.format(name="Ada", what=what))
        form = {"source": f"{origin}/{at}", "target": target}
        answer = requests.post(f"{live.server}/webmention/blog", data=form, verify=certificate.authority, timeout=30)
        assert answer.status_code == 201, answer.text
        told.append(answer.headers["Location"])

    def settled(place: str) -> Any:
        found = requests.get(place, verify=certificate.authority, timeout=30).json()
        return found if found["state"] != "waiting" else None

    for place in told:
        assert until(lambda place=place: settled(place), seconds=60)["state"] == "shown"
    reader = Reader(visit().page()).open(url)
    expect(reader.widget.get_by_role("article")).to_have_count(1)
    approve_all()

    reader = Reader(visit(**PHONE).page()).open(url)
    expect(reader.widget.get_by_role("article")).to_have_count(4)
    answer_ = reader.comment("A long answer, at home.")
    expect(answer_.get_by_role("link", name=f"{origin.removeprefix('https://')}/0")).to_have_attribute(
        "href", f"{origin}/0"
    )
    expect(answer_.get_by_role("link", name="Ada")).to_have_attribute("href", f"{origin}/")
    expect(reader.comment("liked this.")).to_contain_text("pingback")
    expect(reader.comment("What others write")).to_contain_text("On salt.")
    picture(reader.page, "mentions")


def _reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up names of this test are this machine, for this process too."""
    known = socket.getaddrinfo

    def found(host: str, *more: Any, **named: Any) -> Any:
        return known("127.0.0.1" if str(host).endswith(".test") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", found)
