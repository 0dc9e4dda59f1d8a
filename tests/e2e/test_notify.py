"""From the box to the mailbox and back: a guest asks for mail of replies, confirms, hears of one, and stops it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import PHONE, Visitor
from tests.support.hosts import article
from tests.support.postbox import link_of, postbox, text_of
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


def test_a_guest_asks_for_mail_and_gets_it(
    tmp_path: Path, sqlite_store: stores.SQLite, certificate: tls.Identity, visit: Visit
) -> None:
    with postbox() as box, sqlite_store.fresh(tmp_path) as database:
        mail = {"WIDGET_SMTP_URL": box.url, "WIDGET_MAIL_FROM": "comments@comments.test"}
        with rig.live(tmp_path, database, certificate, environ=mail) as live:
            url = live.host_page("/mail/", article("Bread"))
            ann = Reader(visit(**PHONE).page()).open(url)
            ann.write("How long does it rest?")
            ann.as_guest("Ann")
            tick = ann.form.get_by_label(ann.words["mail.replies"])
            expect(tick).not_to_be_checked()
            tick.check()
            assert axe.violations(ann.page) == []
            picture(ann.page, "notify-offered")
            # Nobody knows an address: it is asked before the comment goes.
            ann.button("write.send").click()
            missing = ann.words["error.subscription.no_address"]
            expect(ann.form.get_by_role("alert").filter(has_text=missing)).to_be_visible()
            picture(ann.page, "notify-address")
            ann.form.get_by_label(ann.words["sign.email_optional"]).fill("ann@example.org")
            first = ann.send("How long does it rest?")
            expect(first.locator("[part=notified]")).to_contain_text("on its way to ann@example.org.")
            picture(ann.page, "notify-asked")
            [question] = box.await_mails(1)

            page = visit(**PHONE).page()
            page.goto(link_of(question, "/mail/confirm/"))
            page.get_by_role("button", name="Yes, send it").click()
            expect(page.get_by_role("status")).to_contain_text("Your address is confirmed.")

            bob = Reader(visit().page()).open(url)
            bob.button("list.reply_to", bob.comment("How long does it rest?"), name="Ann").click()
            box_of_bob = bob.comment("How long does it rest?")
            bob.writing(box_of_bob).fill("A whole night.")
            box_of_bob.get_by_label(bob.words["sign.name"], exact=True).fill("Bob")
            bob.button("write.reply", box_of_bob).click()
            expect(bob.comment("A whole night.")).to_be_visible()
            reply = box.await_mails(2)[1]
            assert "> A whole night." in text_of(reply)

            page.goto(link_of(reply, "#comment-"))
            expect(page.get_by_text("A whole night.")).to_be_visible()
            page.goto(link_of(reply, "/mail/stop/"))
            page.get_by_role("button", name="Stop it").click()
            expect(page.get_by_role("heading", name="This mail is stopped")).to_be_visible()
            page.get_by_role("link", name=re.compile("All your mail")).click()
            expect(page.get_by_text("Nothing is sent to ann@example.org.")).to_be_visible()
            expect(first).to_be_visible()
