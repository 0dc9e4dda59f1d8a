"""Hooks and deliveries at the desk in a real browser: on a phone, in the dark, by axe, without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.desk.test_pages import SIZES
from tests.e2e.desk.test_queue import behind, enter, wide
from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import Visitor
from tests.support.live import Live
from tests.support.receiver import Receiver, receiver
from widget.extensions import db
from widget.models import Hook, Outbox, Subscription
from widget.services import outbox, sites, transaction
from widget.services.mail import links

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def box() -> Iterator[Receiver]:
    """A receiver that answers as Slack does."""
    with receiver() as made:
        made.answer = b"ok"
        yield made


@pytest.fixture(scope="module")
def hooking(
    tmp_path_factory: pytest.TempPathFactory, sqlite_store: stores.SQLite, certificate: tls.Identity, box: Receiver
) -> Iterator[Live]:
    """A running system whose hooks may go to the receiver."""
    folder: Path = tmp_path_factory.mktemp("hooking")
    with (
        sqlite_store.fresh(folder) as url,
        rig.live(folder, url, certificate, environ={"WIDGET_HOOK_HOSTS": box.place}) as running,
    ):
        yield running


def settled(live: Live) -> None:
    """Mail that went out, and some that was given up."""
    rows = [
        ("mail", "reply", "sent", "250 2.0.0 Queued as 4711"),
        ("mail", "owner", "parked", "550 5.1.1 <marta@example.org>: Recipient address rejected: User unknown"),
        ("mail", "digest", "waiting", "421 4.3.2 Service not available"),
        ("hook", "comment.created", "parked", "404 no_service"),
    ]

    def work(session: object) -> None:
        site, person = sites.by_key("blog").id, links.person("marta@example.org")
        address = {"email": "marta@example.org", "person": person, "lang": "en", "how": "instantly"}
        db.session.add(Subscription(site_id=site, kind="thread", key="thread:1", **address))
        for channel, kind, state, answer in rows:
            made = outbox.put(
                db.session(),
                key=f"of the test:{answer}",
                channel=channel,
                kind=kind,
                payload={},
                site_id=site,
                person=person if channel == "mail" else None,
                destination="https://hooks.slack.com" if channel == "hook" else "mail",
            )
            row = db.session.get_one(Outbox, made)
            row.state, row.answer, row.attempts = state, answer, 3
            row.due_at = row.created_at.replace(year=2100)

    with behind(live):
        transaction.write(work)


@pytest.mark.parametrize("colour", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page(hooking: Live, box: Receiver, visit: Visit, size: str, colour: str) -> None:
    visitor = visit(**SIZES[size], color_scheme=colour)
    page = visitor.page()
    trouble: dict[str, list[str]] = {}

    def look(name: str) -> None:
        trouble[name] = axe.violations(page, "body")
        if far := wide(page):
            trouble[name].append(f"{far} too wide")
        if size == "phone":
            for one in page.locator("main button, main .button, main select, main .of-box").all():
                if (found := one.bounding_box()) and found["height"] < 43.9:
                    trouble[name].append(f"{one.inner_text()} is {found['height']} high")
        picture(page, f"desk-{name}-{size}-{colour}")

    enter(hooking, page)
    page.goto(f"{hooking.server}/admin/sites/blog")
    visitor.foreseen.append("postMessage")
    page.get_by_role("link", name="Hooks: programs").click()
    look("hooks")
    page.get_by_role("main").get_by_role("link", name="Slack").first.click()
    page.get_by_label("Address").fill("http://hooks.example/")
    visitor.foreseen.append("422")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("hook-refused")
    page.get_by_label("Name", exact=True).fill("The team")
    page.get_by_label("Address").fill(box.url)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The team")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("The test:")).to_be_visible()
    expect(page.get_by_text("200, taken").first).to_be_visible()
    box.behaviour = "never"
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("400, not taken").first).to_be_visible()
    box.behaviour = "ok"
    look("hook")
    page.goto(f"{hooking.server}/admin/hooks/blog")
    look("hooks-some")
    page.get_by_role("main").get_by_role("link", name="Your own program").first.click()
    page.get_by_label("Address").fill(box.url)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    look("hook-key")
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("link", name="Remove this hook").click()
    look("hook-remove")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_contain_text("The hook is gone")
    settled(hooking)
    page.goto(f"{hooking.server}/admin/deliveries?lang={'it' if colour == 'dark' else 'en'}")
    look("deliveries")
    page.goto(f"{hooking.server}/admin/deliveries?lang=en")
    page.get_by_role("button", name="Try again").last.click()
    expect(page.get_by_role("status")).to_contain_text("It is tried again now")
    page.get_by_role("button", name="Drop it").last.click()
    expect(page.get_by_role("status")).to_contain_text("It is not sent any more")
    assert {name: found for name, found in trouble.items() if found} == {}
    empty(hooking)


def empty(live: Live) -> None:
    """As before the test."""

    def work(session: object) -> None:
        for model in (Hook, Outbox, Subscription):
            db.session.query(model).delete()

    with behind(live):
        transaction.write(work)


def test_without_javascript(hooking: Live, box: Receiver, visit: Visit) -> None:
    visitor = visit()
    enter(hooking, visitor.page())
    still = visit(java_script_enabled=False, storage_state=visitor.context.storage_state())
    page: Page = still.page()
    page.goto(f"{hooking.server}/admin/hooks/blog?kind=ntfy")
    page.get_by_label("Address").fill(box.url)
    page.get_by_label("Topic").fill("a-topic")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("200, taken").first).to_be_visible()
    assert box.got[-1].body["topic"] == "a-topic"
    page.get_by_label("It is on").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("link", name="Remove this hook").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("There is none yet.")).to_be_visible()
