"""Every mail in a browser as mail programs have one: narrow and wide, light and dark; and nothing is fetched for it.

The pictures are in test-results/mail/, for people to look at.
"""

import base64
import shutil
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.e2e import axe
from tests.services.mail.links import links
from tests.services.mail.people import browser, confirmed, owner, settle
from tests.support.api import PAGE, Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, html_of, link_of, text_of
from tests.support.processes import ROOT
from tests.support.rows import hold
from widget.core import clock
from widget.services.mail import schedule

RESULTS = ROOT / "test-results/mail"
SHOWN = ("owner-640-light", "reply-360-dark", "page-reply-360-light")  # in docs/mail.md
MONDAY = datetime(2026, 11, 9, 7, tzinfo=UTC)
LONG = "I could not find it at first, and then I did, on the third shelf from the left. " * 4


def rendered(mail: EmailMessage) -> str:
    """The html as a mail program shows it: pictures from the mail itself."""
    html = html_of(mail)
    for part in mail.walk():
        if part.get_content_type() == "image/png":
            data = base64.b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/png;base64,{data}")
    return html


def look(window: Browser, html: str, name: str) -> None:
    """Show it in both widths and colours; nothing is wider than the window, illegible, or asked of the network."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    for width in (360, 640):
        for colours in ("light", "dark"):
            context = window.new_context(
                viewport={"width": width, "height": 800},
                color_scheme=colours,  # type: ignore[arg-type]
                java_script_enabled=True,
            )
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))  # type: ignore[misc]
            page.set_content(html)
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(height, 2_400)})
            page.screenshot(path=RESULTS / f"{name}-{width}-{colours}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert axe.violations(page, "body") == []
            assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
            context.close()


def test_mails_and_their_pages(
    app: Flask, page: Page, box: Postbox, hand: Hand, window: Browser, pytestconfig: pytest.Config
) -> None:
    settle(app, mail_owners="off", mail_letter=False)
    titled = {"url": PAGE, "title": "How we moved ten thousand books in one weekend"}
    with clock.freeze(MONDAY + timedelta(days=1)):
        ann = browser(page, "Ann Example", email="ann@example.org")
        first = ann.posted(f"Did anybody count them? {LONG}", page=titled)["id"]
        ann.send("POST", "/subscriptions", {"site": "blog", "kinds": ["replies", "mentions"], "lang": "en"})
        hand.work()
        look(window, rendered(box.mails[0]), "confirm")
        pages = {"page-confirm": page.client.get(link_of(box.mails[0], "/mail/confirm/")).text}
        confirmed(ann, box, hand, "replies", "thread", page=titled)
        bob = browser(page, "Bob van der Very-Long-Name-Indeed")
        text = f"**Yes**, see [my list](https://lists.example/books?year=2011) of them.\n\n> {LONG}\n\n- one\n- two"
        bob.posted(text, first, page=titled)
        hand.work()
        look(window, rendered(box.mails[0]), "reply")
        (RESULTS / "reply.txt").write_text(text_of(box.mails[0]), encoding="utf-8")
        for name in ("stop", "mine"):
            pages[f"page-{name}"] = page.client.get(link_of(box.mails[0], f"/mail/{name}/")).text
        olga = owner(app, page)
        settle(app, mail_owners="instantly")
        waits = browser(page, "Laura Müller").posted(
            "I counted [them](https://lists.example/books), *twice*.", first, page=titled
        )["id"]
        hold(app, public_id=waits, state="pending")
        hand.work()
        waiting = next(one for one in box.mails if one["Subject"].startswith("Waiting"))
        look(window, rendered(waiting), "owner")
        (RESULTS / "owner.txt").write_text(text_of(waiting), encoding="utf-8")
        decide = links(box)
        for act in ("Approve", "Spam", "Reply"):
            pages[f"page-{act.lower()}"] = page.client.get(decide[act]).text
        empty = page.client.post(decide["Reply"], data={"do": "reply", "text": " "})
        pages["page-reply-empty"] = empty.text
        pages["page-approved"] = page.client.post(decide["Approve"], data={"do": "approve"}).text
        pages["page-used"] = page.client.get(decide["Approve"]).text
        pages["page-wrong"] = page.client.get(decide["Approve"][:-1]).text
        settle(app, mail_owners="daily", mail_letter=True)
        for number in range(3):
            bob.posted(f"One more thought, number {number}. {LONG}", page=titled)
        Page(page.client).be_person("Cid").react(first)
        olga.posted("Thank you all!", first, page=titled)
        hand.work()
    box.raw.clear()
    with app.app_context():
        schedule.run(MONDAY + timedelta(days=2))
        schedule.run(MONDAY + timedelta(days=7))
    hand.work()
    for mail in box.mails:
        name = "letter" if "week" in mail["Subject"] else "digest"
        look(window, rendered(mail), name)
        (RESULTS / f"{name}.txt").write_text(text_of(mail), encoding="utf-8")
    for name, html in pages.items():
        look(window, html, name)
    if pytestconfig.getoption("screenshots"):
        for name in SHOWN:
            shutil.copy(RESULTS / f"{name}.png", ROOT / f"docs/images/mail-{name}.png")
