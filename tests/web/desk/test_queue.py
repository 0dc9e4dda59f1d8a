"""The queue, people and the log at the desk: what they show, what their forms do, and that hostile words stay words."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.services.moderation.test_decisions import wait
from tests.support.api import Page
from tests.support.desk import Desk, person, refused
from tests.support.people import csrf
from tests.support.rows import change
from widget.extensions import db
from widget.models import Comment, LogEntry, Standing, User
from widget.services.moderation import queue

Make = Callable[[], Desk]
SHOWN = re.compile(r'<article class="item" id="c-(\w+)"')


@pytest.fixture
def ann(app: Flask) -> Page:
    """The guest Ann on the blog."""
    return Page(app.test_client()).be_guest("Ann")


@pytest.fixture
def mod(app: Flask, desk: Make) -> Desk:
    """A moderator of the blog at the desk."""
    person(app, "mod", blog="moderator")
    return desk().entered("mod")


def shown(desk: Desk, query: str = "") -> list[str]:
    """The ids of the comments on a page of the queue."""
    answer = desk.get(f"/queue{query}")
    assert answer.status_code == 200, answer.text
    return SHOWN.findall(answer.text)


def state(app: Flask, public_id: str) -> str:
    """In the database."""
    with app.app_context():
        return db.session.scalars(select(Comment.state).where(Comment.public_id == public_id)).one()


def undo_of(page: str) -> str:
    """The entry that the page offers to undo."""
    found = re.search(r'id="told".*?name="entry" value="(\d+)"', page, re.DOTALL)
    assert found, page
    return found[1]


def test_a_decision_and_its_undoing(app: Flask, ann: Page, mod: Desk) -> None:
    root = ann.posted("root words")
    made = ann.posted("reply words", root["id"])
    wait(app, made["id"])
    page = mod.get("/queue").text
    assert SHOWN.findall(page) == [made["id"]]
    for words in ("reply words", "root words", "In answer to Ann", "1 published", "1 waiting"):
        assert words in page
    answer = mod.press("/queue/decide", on="/queue", comment=made["id"], version=made["time"], act="approve")
    assert answer.status_code == 303
    assert state(app, made["id"]) == "published"
    after = mod.visitor.get(answer.headers["Location"].partition("#")[0]).text
    assert "Approved: 1 comment." in after
    back = mod.press("/log/undo", on="/queue", entry=undo_of(after))
    assert state(app, made["id"]) == "pending"
    assert "Undone: 1 decision." in mod.visitor.get(back.headers["Location"].partition("#")[0]).text
    assert shown(mod) == [made["id"]]


def test_what_the_checks_found_stands_at_the_comment(app: Flask, ann: Page, mod: Desk) -> None:
    change(app, held_words=["<b>pills"], guest_links=0)
    made = ann.posted("Take <b>pills from https://pills.test/")
    assert shown(mod) == [made["id"]]
    said = html.unescape(mod.get("/queue").text)
    for words in (
        "It has a word of the site's list of words to look at. (<b>pills)",
        "A guest's comment with more links",
    ):
        assert words in said
    assert "<b>pills" not in mod.get("/queue").text


def test_views_search_and_pages(app: Flask, ann: Page, mod: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LIMIT", 2)
    made = [ann.posted(f"number {number}")["id"] for number in range(5)]
    for one in made[:4]:
        wait(app, one)
    monkeypatch.setattr(queue.read, "__kwdefaults__", queue.read.__kwdefaults__ | {"limit": 2})
    page = mod.get("/queue").text
    assert SHOWN.findall(page) == made[3:1:-1]
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert SHOWN.findall(mod.visitor.get(html.unescape(following[1])).text) == made[1::-1]
    reader = Page(app.test_client()).be_person("Reader")
    reader.flag(made[4], "abuse", note="so <rude>")
    flagged = mod.get("/queue?view=flagged").text
    assert SHOWN.findall(flagged) == [made[4]]
    assert "Reader reports an insult or a threat." in flagged
    assert "so &lt;rude&gt;" in flagged
    mod.press("/queue/decide", on="/queue", comment=made[0], act="spam")
    assert shown(mod, "?view=spam") == made[:1]
    assert refusal(mod.get("/queue?view=nothing")) == "request.bad_field"
    assert refusal(mod.get("/queue?after=nothing")) == "thread.bad_cursor"


def refusal(answer: Any) -> str:
    """The code of a page of trouble."""
    found = re.search(r'data-code="([\w.]+)"', answer.text)
    assert found, answer.text
    return found[1]


LITERAL = (
    *("100%", "a_b", r"a\b", ".*", "[a-z]", "(x", "^$", "a|b", "''; DROP", '"quoted"'),
    *("%", "_", "\\", "?", "%%", "{n}", "{{7*7}}", "\U0001f408"),
)


@pytest.mark.parametrize("words", LITERAL)
def test_search_treats_text_as_text(app: Flask, ann: Page, mod: Desk, words: str) -> None:
    made = ann.posted(f"here is {words} indeed")["id"]
    ann.posted("aXb 100 percent and nothing of the kind abc")
    found = mod.visitor.http.get(
        "/admin/queue", query_string={"view": "all", "q": words}, base_url="https://comments.test"
    )
    assert found.status_code == 200
    assert SHOWN.findall(found.text) == [made]
    said = "".join(re.findall(r"class=\"body\".*?</div>", found.text, re.DOTALL))
    assert "49" not in said


def test_searching_names_and_pages(app: Flask, ann: Page, mod: Desk) -> None:
    made = ann.posted("hello")["id"]
    Page(app.test_client(), url="https://blog.test/other").be_guest("Bob").posted("hello")
    assert shown(mod, "?view=all&q=ann") == [made]
    assert shown(mod, "?view=all&q=%2Fpost") == [made]
    assert shown(mod, "?view=all&q=zzz") == []


def test_picked_ones(app: Flask, ann: Page, mod: Desk) -> None:
    made = [ann.posted(str(number)) for number in range(3)]
    for one in made:
        wait(app, one["id"])
    ann.edit(made[0]["id"], "something else")
    answer = mod.press("/queue/bulk", on="/queue", act="approve", pick=[f"{one['id']} {one['time']}" for one in made])
    page = mod.visitor.get(answer.headers["Location"].partition("#")[0]).text
    assert "Approved: 2 comments." in page
    assert "1 was left as it is" in page
    assert shown(mod) == [made[0]["id"]]
    mod.press("/log/undo", on="/queue", entry=undo_of(page))
    assert len(shown(mod)) == 3


def test_all_of_a_persons_and_all_with_a_link(app: Flask, ann: Page, mod: Desk) -> None:
    bob = Page(app.test_client()).be_guest("Bob")
    made = [bob.posted(f"number {number}")["id"] for number in range(3)]
    linked = ann.posted("see https://spam.example/buy")["id"]
    fine = ann.posted("see https://fine.example/")["id"]
    who = bob.posted()["author"]["id"]
    mod.press("/people/comments", on="/queue", act="delete", site="blog", person=who)
    assert {state(app, one) for one in made} == {"deleted"}
    mod.press("/queue/link", on="/queue", act="spam", site="blog", link="spam.example")
    assert (state(app, linked), state(app, fine)) == ("spam", "published")
    assert refusal(mod.press("/queue/link", on="/queue", act="spam", site="blog", link="%")) == "request.bad_field"


def test_a_ban_by_a_form(app: Flask, ann: Page, mod: Desk) -> None:
    who = ann.posted()["author"]["id"]
    page = mod.press(
        "/people/judge", on=f"/people?person={who}", act="ban", days="7", site="blog", person=who, why="rude"
    )
    assert page.status_code == 303
    assert ann.post().status_code == 403
    assert "banned" in mod.get(f"/people?person={who}").text
    assert who in mod.get("/people?view=banned").text
    assert "rude" in mod.get("/log").text
    mod.press("/people/judge", on="/people", act="pardon", site="blog", person=who)
    assert ann.post().status_code == 201
    for days in ("0", "-1", "x", "99999999"):
        assert (
            refusal(mod.press("/people/judge", on="/people", act="ban", days=days, site="blog", person=who))
            == "request.bad_field"
        )
    assert refusal(mod.press("/people/judge", on="/people", act="ban", everywhere="1", person=who)) == "role.missing"


def test_nothing_of_another_sites(app: Flask, desk: Make, ann: Page) -> None:
    made = ann.posted("secret words")
    wait(app, made["id"])
    who = made["author"]["id"]
    person(app, "elsewhere", shop="owner")
    other = desk().entered("elsewhere")
    assert shown(other, "?view=all") == []
    assert refusal(other.get("/queue?site=blog")) == "desk.not_yours"
    assert refusal(other.get(f"/people?person={who}")) == "user.not_found"
    assert who not in other.get("/people").text
    tries = [
        ("/queue/decide", {"comment": made["id"], "version": made["time"], "act": "approve"}),
        ("/queue/bulk", {"pick": f"{made['id']} {made['time']}", "act": "approve"}),
        ("/queue/link", {"site": "blog", "link": "spam.example", "act": "spam"}),
        ("/people/judge", {"site": "blog", "person": who, "act": "ban"}),
        ("/people/judge", {"everywhere": "1", "person": who, "act": "ban"}),
        ("/people/comments", {"site": "blog", "person": who, "act": "spam"}),
    ]
    for path, form in tries:
        assert refusal(other.press(path, on="/queue", **form)) in {"role.missing", "site.unknown"}
    person(app, "mod", blog="moderator")
    mod = desk().entered("mod")
    mod.press("/queue/decide", on="/queue", comment=made["id"], act="spam")
    assert "Marked as spam" not in other.get("/log").text
    with app.app_context():
        entry = db.session.scalar(select(func.max(LogEntry.id)))
        assert db.session.scalar(select(func.count()).select_from(Standing)) == 0
    assert refusal(other.press("/log/undo", on="/log", entry=str(entry))) == "role.missing"
    assert state(app, made["id"]) == "spam"


def test_an_edit_between_the_look_and_the_decision(app: Flask, ann: Page, mod: Desk) -> None:
    made = ann.posted("harmless")
    wait(app, made["id"])
    word = csrf(mod.get("/queue"))
    ann.edit(made["id"], "buy now")
    answer = mod.send("/queue/decide", word, comment=made["id"], version=made["time"], act="approve")
    refused(answer, "comment.changed", 409)
    assert "edited after you saw it" in answer.text
    assert state(app, made["id"]) == "pending"


def test_the_log_says_who_when_and_why_and_is_whole(app: Flask, ann: Page, mod: Desk) -> None:
    made = ann.posted()
    mod.press("/queue/decide", on="/queue", comment=made["id"], act="spam", why="<i>because</i>")
    page = mod.get("/log").text
    for words in ("Marked as spam", "Mod", "Ann", "&lt;i&gt;because", "from published to spam"):
        assert words in page
    assert "The log is whole" in mod.get("/log?verify=1").text
    assert "Segnato come spam" in mod.get("/log?lang=it").text


def test_no_address_of_anybodys_mail_is_shown(app: Flask, mod: Desk) -> None:
    Page(app.test_client()).be_guest("Eve", email="eve@private.example").posted()
    with app.app_context():
        who = db.session.scalars(select(User.public_id).where(User.name == "Eve")).one()
    for path in ("/queue?view=all", "/people", f"/people?person={who}", "/log"):
        assert "private.example" not in mod.get(path).text
