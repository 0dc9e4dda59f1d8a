"""The desk's queue in a real browser: by keys, by hand and by finger, without JavaScript, and full of hostile words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.e2e import axe, byapi
from tests.e2e.pictures import picture
from tests.e2e.signin.signer import ADA, be
from tests.e2e.test_thread_pages import VECTORS
from tests.support.browser import PHONE, Visitor
from tests.support.live import Live
from widget import create_app
from widget.extensions import db
from widget.models import Comment, Flag, Thread, User
from widget.services import threads, transaction
from widget.services.moderation import decisions, log

Visit = Callable[..., Visitor]


@contextmanager
def behind(live: Live) -> Iterator[Flask]:
    """An application on the database of the running system."""
    app = create_app({name.removeprefix("WIDGET_"): value for name, value in live.env.items() if "CONFIG" not in name})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def hold(live: Live, ids: list[str]) -> None:
    """Put comments into the queue."""

    def work(session: object) -> None:
        for public_id in ids:
            row = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
            threads.lock(db.session(), row.thread_id)
            version = decisions.version_of(row)
            done = decisions.change(db.session(), row, "hold", by=None, version=version)
            decisions.logged(db.session(), [done])

    with behind(live):
        transaction.write(work)


def states(live: Live, ids: list[str]) -> list[str]:
    """As the database has them."""
    with behind(live):
        found = dict(
            db.session.execute(select(Comment.public_id, Comment.state).where(Comment.public_id.in_(ids))).all()
        )
    return [found[one] for one in ids]


def enter(live: Live, page: Page) -> None:
    """Become administrator by a set-up link."""
    link = live.widget("setup-link").strip().splitlines()[-1]
    page.goto(link)
    page.get_by_role("button", name="Demo ID").click()
    be(page, ADA)
    page.wait_for_url("**/admin/**")
    expect(page.get_by_role("navigation").first).to_be_visible()


def empty(live: Live) -> None:
    """Nothing waits and nothing is reported any more."""
    rows = Comment.__table__
    with behind(live):
        transaction.write(
            lambda session: [
                session.execute(rows.update().where(rows.c.state == "pending").values(state="spam")),
                session.execute(rows.update().values(flag_count=0)),
            ]
        )


@pytest.fixture
def waiting(live: Live, visit: Visit) -> Iterator[list[str]]:
    """Six comments that wait, the oldest first; the queue is empty again in the end."""
    page = {"url": f"{live.blog}/kiln/", "title": "The kiln and the page"}
    texts = [
        "Which glaze is that on the third picture? It looks **like honey**.",
        "> Which glaze is that?\n\nTenmoku, I would say; see [my notes](https://pottery.example/tenmoku).",
        "Buy cheap pills at https://pills.example/now",
        "We fire at 1260 degrees, eleven hours, in reduction from 900 on.",
        "`cone 6` works as well.",
        "Thank you all, that helps a lot.",
    ]
    empty(live)  # other rooms have left what they reported
    made = byapi.post(live, visit, *texts, name="Marta Lindqvist", **page)
    hold(live, made)
    yield made
    empty(live)


def wide(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_by_keys(live: Live, visit: Visit, waiting: list[str]) -> None:
    page = visit().page()
    enter(live, page)
    page.goto(f"{live.server}/admin/queue")
    items = page.get_by_role("article")
    expect(items).to_have_count(6)
    picture(page, "desk-queue")
    assert axe.violations(page, "body") == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    picture(page, "desk-queue-keys")
    assert axe.violations(page, "body") == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("status")).to_contain_text("Approved: 1 comment.")
    expect(items.nth(0)).to_be_focused()  # the next one
    picture(page, "desk-queue-undo")
    page.keyboard.press("s")
    expect(page.get_by_role("status")).to_contain_text("Marked as spam: 1 comment.")
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("Undone: 1 decision.")
    expect(items).to_have_count(5)
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_role("status")).to_contain_text("Deleted: 1 comment.")
    assert states(live, waiting) == ["pending"] * 4 + ["deleted", "published"]
    page.get_by_label("Find in texts").fill("dsa")  # letters are letters in a field
    expect(items).to_have_count(4)
    page.goto(f"{live.server}/admin/log?verify=1")
    expect(page.get_by_text("The log is whole")).to_be_visible()
    picture(page, "desk-log")
    assert axe.violations(page, "body") == []


def test_picked_without_javascript(live: Live, visit: Visit, waiting: list[str]) -> None:
    visitor = visit()
    page = visitor.page()
    enter(live, page)
    still = visit(java_script_enabled=False, storage_state=visitor.context.storage_state())
    page = still.page()
    page.goto(f"{live.server}/admin/queue")
    for box in page.get_by_role("checkbox", name="Pick").all()[:3]:
        box.check()
    page.get_by_role("button", name="Approve").last.click()
    expect(page.get_by_role("status")).to_contain_text("Approved: 3 comments.")
    assert states(live, waiting) == ["pending"] * 3 + ["published"] * 3
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone: 3 decisions.")
    page.get_by_text("About Marta Lindqvist").first.click()
    page.get_by_label("For how long").first.select_option("7")
    page.get_by_role("button", name="Ban", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("This person is banned.")
    expect(page.get_by_text("banned", exact=True).first).to_be_visible()


def test_on_a_phone_and_by_finger(live: Live, visit: Visit, waiting: list[str]) -> None:
    visitor = visit(**PHONE | {"viewport": {"width": 360, "height": 740}})
    page = visitor.page()
    enter(live, page)
    page.goto(f"{live.server}/admin/queue")
    expect(page.get_by_role("article")).to_have_count(6)
    assert wide(page) == 0
    picture(page, "desk-queue-phone")
    page.emulate_media(color_scheme="dark")
    picture(page, "desk-queue-phone-dark")
    assert axe.violations(page, "body") == []
    small = [one for one in page.get_by_role("button").all() if (one.bounding_box() or {"height": 44})["height"] < 44]
    assert small == []
    swipe(page, 0, 160)
    expect(page.get_by_role("status")).to_contain_text("Approved: 1 comment.")
    swipe(page, 0, -160)
    expect(page.get_by_role("status")).to_contain_text("Marked as spam: 1 comment.")
    swipe(page, 0, 40)  # not far enough
    assert states(live, waiting) == ["pending"] * 4 + ["spam", "published"]
    page.get_by_text("About Marta").first.click()
    assert wide(page) == 0
    picture(page, "desk-queue-phone-person")
    page.get_by_role("link", name="Marta Lindqvist").first.click()
    expect(page.get_by_role("heading", name="Marta Lindqvist")).to_be_visible()
    assert wide(page) == 0
    picture(page, "desk-person-phone")
    assert axe.violations(page, "body") == []
    page.goto(f"{live.server}/admin/people?lang=it")
    assert wide(page) == 0
    picture(page, "desk-people-phone-italian")
    assert axe.violations(page, "body") == []


def swipe(page: Page, number: int, far: int) -> None:
    """A finger across the words of a comment."""
    body = page.get_by_role("article").nth(number).locator(".body")
    body.evaluate(
        """(body, far) => {
          const box = body.getBoundingClientRect();
          const [clientY, middle] = [box.y + 4, box.x + box.width / 2];
          const touch = { bubbles: true, pointerType: "touch", pointerId: 7, clientY };
          const at = (type, x) => body.dispatchEvent(new PointerEvent(type, { ...touch, clientX: middle + x }));
          at("pointerdown", 0);
          for (let step = 1; step <= 8; step++) at("pointermove", (far * step) / 8);
          at("pointerup", far);
        }""",
        far,
    )


def test_nothing_that_people_write_runs_at_the_desk(live: Live, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    enter(live, page)
    empty(live)
    made = [
        byapi.post(live, visit, vector, name="Vector", url=f"{live.blog}/v{number}/", title=vector)[0]
        for number, vector in enumerate(VECTORS)
    ]

    def plant(session: object) -> None:
        """Past the API too: as an import, or a provider, could bring it."""
        for public_id, vector in zip(made, VECTORS, strict=True):
            row = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
            db.session.get_one(User, row.user_id).name = vector
            db.session.get_one(User, row.user_id).website = f"https://x.test/{vector}"
            db.session.get_one(Thread, row.thread_id).title = vector
            db.session.add(Flag(comment_id=row.id, user_id=row.user_id, reason="other", note=vector))
            row.flag_count = 1
            log.append(
                db.session(),
                [log.Draft("comment.spam", row.site_id, row.user_id, row.user_id, row.id, {}, {}, vector)],
            )

    with behind(live):
        transaction.write(plant)
        who = [
            db.session.get_one(User, one).public_id
            for one in db.session.scalars(select(Comment.user_id).where(Comment.public_id.in_(made)))
        ]
    pages = ["/queue?view=all", "/queue?view=flagged", "/people", "/log"]
    pages += [f"/people?{urlencode({'person': one})}" for one in who[:4]]
    pages += [f"/queue?{urlencode({'view': 'all', 'q': vector})}" for vector in VECTORS]
    pages += [f"/people?{urlencode({'q': vector})}" for vector in VECTORS]
    for path in pages:
        page.goto(f"{live.server}/admin{path}")
        for locator in page.locator("main a, main summary, main input:visible").all()[:40]:
            locator.focus()
        for summary in page.locator("main summary").all()[:10]:
            summary.click()
        assert page.locator("main script, main iframe, main [onerror], main [onload], main [onfocus]").count() == 0
    assert ran == []
    page.goto(f"{live.server}/admin/queue?view=flagged")
    expect(page.get_by_role("article")).to_have_count(len(VECTORS))
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "alert('second line')";
          document.querySelector("main").append(script);
          const image = "<img src=x onerror=\\"alert('second line')\\">";
          document.querySelector(".body").insertAdjacentHTML("beforeend", image);
        }"""
    )
    visitor.foreseen += ["Content Security Policy", "404"]
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert ran == [], "the second line: the policy lets no script run"
    # The control: the same words as markup, on a page without our care, do run.
    control = visit()
    other = control.page()
    control.foreseen += ["404", "x", "Failed"]
    other.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for number, vector in enumerate(VECTORS[:5]):
        other.goto(live.host_page(f"/control/{number}/", f"<!doctype html><title>x</title><p>{vector}"))
    expect(other.locator("body")).to_be_attached()
    assert ran
    with behind(live):
        transaction.write(lambda session: session.execute(Comment.__table__.update().values(flag_count=0)))
