"""/admin/threads and /admin/redirects as their people use them; what it all does is in tests/services/conversations."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import BLOG, Page
from tests.support.desk import Desk, person, refused
from tests.support.visitor import SERVER
from widget.web.desk import speech

Make = Callable[[], Desk]
HOSTILE = "<script>alert(1)</script>\"'>{{7*7}}"


@pytest.fixture
def mo(app: Flask, desk: Make) -> Desk:
    """A moderator of the blog."""
    person(app, "mo", blog="moderator")
    return desk().entered("mo")


@pytest.fixture
def pages(app: Flask) -> dict[str, Page]:
    """Three pages with a comment each, one of another site."""
    places = {
        "one": {"url": f"{BLOG}/one"},
        "two": {"url": f"{BLOG}/two"},
        "shop": {"url": "https://shop.test/", "site": "shop", "origin": "https://shop.test"},
    }
    found = {}
    for name, place in places.items():
        found[name] = Page(app.test_client(), **place).be_guest("Ann")
        found[name].posted(f"on {name}")
    return found


def link(desk: Desk, url: str) -> str:
    """The path of a conversation's page below /admin."""
    page = desk.get("/threads").text
    found = re.search(rf'href="{SERVER}/admin(/threads/\w+)"><strong>{re.escape(url)}', page)
    assert found, page
    return found[1]


def test_finding(pages: dict[str, Page], mo: Desk) -> None:
    page = mo.get("/threads").text
    assert f"{BLOG}/one" in page
    assert "shop.test" not in page
    assert f"{BLOG}/one" not in mo.get("/threads?q=TWO").text
    assert "no conversation like that" in mo.get("/threads?q=%25").text
    refused(mo.get("/threads?site=shop"), "desk.not_yours", 403)


def test_what_one_can_do(pages: dict[str, Page], mo: Desk) -> None:
    one = link(mo, f"{BLOG}/one")
    for path, form in (
        ("/open", {"open": "no"}),
        ("/rename", {"title": "New"}),
        ("/name", {"name": "post-1"}),
        ("/move", {"url": f"{BLOG}/moved"}),
    ):
        assert mo.press(f"{one}{path}", on=one, **form).headers["Location"] == f"{SERVER}/admin{one}?done=changed"
    answer = pages["one"].read().json
    assert (answer["thread"]["open"], answer["thread"]["title"]) == (False, "New")
    assert answer["thread"]["url"] == f"{BLOG}/moved"
    text = mo.get(one).text
    for act in ("close", "rename", "name", "move"):
        assert speech.words("en")[f"threads.act.{act}"] in text
    newest = re.findall(r'name="change" value="(\w+)"', text)
    assert len(newest) == 4
    for change in newest:
        assert mo.press(f"{one}/undo", on=one, change=change).headers["Location"].endswith("?done=undone")
    assert pages["one"].read().json["thread"] == answer["thread"] | {
        "open": True,
        "title": None,
        "url": f"{BLOG}/one",
        "version": answer["thread"]["version"] + 4,
    }
    refused(mo.press(f"{one}/undo", on=one, change=newest[0]), "thread.changed", 409)


@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        ("/move", {"url": f"{BLOG}/two"}, "thread.taken"),
        ("/move", {"url": "https://shop.test/"}, "page.foreign"),
        ("/move", {"url": "nonsense"}, "page.bad_url"),
        ("/name", {"name": f"{BLOG}/two"}, "thread.taken"),
        ("/name", {"name": "x" * 501}, "request.bad_field"),
        ("/unname", {"name": "999999"}, "thread.changed"),
        ("/unname", {"name": "x"}, "thread.changed"),
        ("/merge", {"into": f"{BLOG}/nothing"}, "thread.unknown"),
        ("/merge", {"into": "https://shop.test/"}, "thread.unknown"),
        ("/merge", {"into": f"{BLOG}/one"}, "thread.same"),
    ],
)
def test_what_cannot_be_is_told_on_the_page(
    pages: dict[str, Page], mo: Desk, path: str, form: dict[str, str], code: str
) -> None:
    one = link(mo, f"{BLOG}/one")
    answer = mo.press(f"{one}{path}", on=one, **form)
    assert answer.status_code >= 400
    assert 'role="alert"' in answer.text
    assert html.escape(speech.words("en")[f"problem.{code}"]) in answer.text


def test_merging_asks_first(pages: dict[str, Page], mo: Desk) -> None:
    one, two = link(mo, f"{BLOG}/one"), link(mo, f"{BLOG}/two")
    asked = mo.press(f"{one}/merge", on=one, into=f"{BLOG}/two")
    assert asked.status_code == 200
    assert "1 comment, with its answers" in asked.text
    assert pages["one"].read().json["thread"]["count"] == 1
    done = mo.press(f"{one}/merge", on=one, into=f"{BLOG}/two", sure="yes")
    assert done.headers["Location"] == f"{SERVER}/admin{two}?done=merged"
    assert pages["one"].read().json["thread"]["count"] == 2
    refused(mo.get(one), "thread.not_found", 404)


def test_redirects_ask_first(pages: dict[str, Page], mo: Desk) -> None:
    form = {"old": f"{BLOG}/o", "new": f"{BLOG}/posts/o"}
    planned = mo.press("/redirects/blog", on="/redirects/blog", **form)
    assert "Move 1 conversation" in planned.text
    assert f"{BLOG}/posts/one" in planned.text
    assert pages["one"].read().json["thread"]["url"] == f"{BLOG}/one"
    done = mo.press("/redirects/blog", on="/redirects/blog", sure="yes", **form)
    assert done.headers["Location"].endswith("/redirects/blog?done=changed")
    assert pages["one"].read().json["thread"]["url"] == f"{BLOG}/posts/one"
    change = re.findall(r'name="change" value="(\w+)"', mo.get("/redirects/blog").text)[0]
    mo.press("/redirects/blog/undo", on="/redirects/blog", change=change)
    assert pages["one"].read().json["thread"]["url"] == f"{BLOG}/one"
    assert 'role="alert"' in mo.press("/redirects/blog", on="/redirects/blog", old="x", new="y").text
    refused(mo.get("/redirects/shop"), "desk.not_yours", 403)


def test_a_rule_stands_until_it_is_taken_away(pages: dict[str, Page], mo: Desk) -> None:
    form = {"old": f"{BLOG}/o", "new": f"{BLOG}/posts/o"}
    planned = mo.press("/redirects/blog", on="/redirects/blog", **form)
    assert "Let it stand as a rule" in planned.text
    done = mo.press("/redirects/blog", on="/redirects/blog", sure="rule", **form)
    assert done.headers["Location"].endswith("/redirects/blog?done=changed")
    moved = Page(pages["one"].client, url=f"{BLOG}/posts/one")
    assert moved.read().json["thread"]["count"] == pages["one"].read().json["thread"]["count"] == 1
    again = mo.press("/redirects/blog", on="/redirects/blog", **form)
    assert html.escape(speech.words("en")["problem.rule.taken"]) in again.text
    refused_ = mo.press("/redirects/blog", on="/redirects/blog", sure="rule", **form)
    assert refused_.status_code == 409
    rule = re.findall(r'name="away" value="(\w+)"', again.text)[0]
    mo.press("/redirects/blog", on="/redirects/blog", away=rule)
    assert moved.read().json["thread"]["count"] == 0
    change = re.findall(r'name="change" value="(\w+)"', mo.get("/redirects/blog").text)[0]
    mo.press("/redirects/blog/undo", on="/redirects/blog", change=change)
    assert moved.read().json["thread"]["count"] == 1
    assert "A rule about moved pages stands" in mo.get("/log").text


def test_hostile_words_stay_words(app: Flask, pages: dict[str, Page], mo: Desk) -> None:
    one = link(mo, f"{BLOG}/one")
    mo.press(f"{one}/rename", on=one, title=HOSTILE)
    mo.press(f"{one}/name", on=one, name=HOSTILE)
    shown = [mo.get(path) for path in ("/threads", one, f"/threads?q={HOSTILE}", "/figures")]
    shown += [
        mo.press(f"{one}/merge", on=one, into=HOSTILE),
        mo.press(f"{one}/merge", on=one, into=f"{BLOG}/two"),
        mo.press(f"{one}/move", on=one, url=HOSTILE),
        mo.press("/redirects/blog", on="/redirects/blog", old=HOSTILE, new=HOSTILE),
        mo.press("/redirects/blog", on="/redirects/blog", old=f"{BLOG}/", new=f"{BLOG}/{HOSTILE}"),
    ]
    for answer in shown:
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text or "%3Cscript%3E" in answer.text
        assert "49" not in re.sub(r"[0-9a-z]{20}|nonce=\"[^\"]+\"", "", answer.text).split()


def test_the_log_tells_of_it_and_leaves_undoing_to_the_page(app: Flask, pages: dict[str, Page], mo: Desk) -> None:
    one = link(mo, f"{BLOG}/one")
    mo.press(f"{one}/open", on=one, open="no")
    log = mo.get("/log").text
    assert speech.words("en")["act.thread.close"] in log
    assert 'name="entry"' not in log
    refused(mo.press("/log/undo", on="/log", entry="1"), "log.not_undoable", 409)
    refused(mo.press("/log/undo", on="/log", entry="999"), "log.not_found", 404)
    assert pages["one"].read().json["thread"]["open"] is False
