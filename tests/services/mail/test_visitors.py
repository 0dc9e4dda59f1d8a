"""Visitors hear of what they asked for, once, and of nothing else."""

import re

import pytest
from flask import Flask

from tests.services.mail.people import ask, browser, confirmed
from tests.support.api import PAGE, Page, code
from tests.support.hand import Hand
from tests.support.postbox import Postbox, html_of, link_of, text_of
from tests.support.rows import hold


def test_a_guest_hears_of_a_reply_once_they_confirmed(page: Page, box: Postbox, hand: Hand) -> None:
    ann = browser(page, "Ann", email="ann@example.org")
    first = ann.posted("What do you think?")["id"]
    assert ask(ann, "replies", lang="it")["confirm"] == "ann@example.org"
    bob = browser(page, "Bob")
    bob.posted("Nothing much", first)
    hand.work()
    [question] = box.mails
    assert question["Subject"] == "Conferma: e-mail da The blog"
    assert "List-Unsubscribe" not in question
    link = link_of(question, "/mail/confirm/").removeprefix("https://comments.test")
    for _ in range(3):  # whoever looks changes nothing
        assert page.client.get(link).status_code == 200
        assert page.client.head(link).status_code == 200
    bob.posted("Still nothing", first)
    hand.work()
    assert len(box.mails) == 1
    assert "E-mail a ann@example.org" in page.client.post(link).text
    bob.posted("I like it & <b>you</b>", first)
    hand.work()
    reply = box.mails[-1]
    assert len(box.mails) == 2
    assert box.to == ["ann@example.org", "ann@example.org"]
    assert reply["Subject"] == "Bob ti ha risposto su «blog.test/post»"
    assert str(reply["From"]) == "The blog <comments@comments.test>"
    assert "I like it & <b>you</b>" not in html_of(reply)
    assert "> What do you think?" in text_of(reply)
    assert f"{PAGE}#comment-" in text_of(reply)


def test_nobody_hears_of_their_own_words(page: Page, box: Postbox, hand: Hand) -> None:
    ann = browser(page, "Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies", "thread", page={"url": PAGE})
    ann.posted("More", first)
    again = browser(page, "Ann", email="Ann@example.org")  # the same reader in another browser
    again.posted("And more", first)
    hand.work()
    assert box.mails == []
    browser(page, "Bob", email="bob@example.org").posted("I am not Ann", first)
    hand.work()
    assert [one["Subject"] for one in box.mails] == ["Bob replied to you on «blog.test/post»"]  # one, for two reasons


def test_what_waits_or_is_gone_is_not_sent(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    ann = browser(page, "Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    bob = browser(page, "Bob")
    for state in ("spam", "deleted", "pending"):
        hold(app, public_id=bob.posted(f"This is {state}", first)["id"], state=state)
    gone = bob.posted("This is taken back", first)["id"]
    bob.delete(gone)
    hand.work()
    assert box.mails == []
    bob.restore(gone)
    hand.work()
    assert len(box.mails) == 1
    bob.delete(gone)
    bob.restore(gone)
    hand.work()
    assert len(box.mails) == 1  # told once is told


@pytest.mark.parametrize("field", ["List-Unsubscribe", "footer"])
def test_one_click_ends_it(page: Page, box: Postbox, hand: Hand, field: str) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    bob.posted("One", first)
    hand.work()
    mail = box.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>") if field == "List-Unsubscribe" else link_of(mail, "/mail/stop/")
    path = link.removeprefix("https://comments.test")
    assert page.client.get(path).status_code == 200
    bob.posted("Two", first)
    hand.work()
    assert len(box.mails) == 2
    bob.posted("Three", first)  # written before it is stopped, and not sent after
    assert page.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    bob.posted("Four", first)
    hand.work()
    assert len(box.mails) == 2


def test_too_many_at_once_come_together(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    ann = browser(page, "Ann", email="ann@example.org")
    ann.posted()
    confirmed(ann, box, hand, "thread", page={"url": PAGE})
    bob = browser(page, "Bob")
    for number in range(9):
        bob.posted(f"Number {number}")
    hand.work()
    assert len(box.mails) == 5


def test_an_account_with_a_verified_address_need_not_confirm(page: Page, box: Postbox, hand: Hand) -> None:
    ada = Page(page.client).be_person("Ada", email="ada@example.org", email_verified=True)
    first = ada.posted()["id"]
    assert ask(ada, "replies") == {
        "subscriptions": [
            {
                "id": ada.send("GET", "/me/subscriptions").json["subscriptions"][0]["id"],
                "kind": "replies",
                "how": "instantly",
                "confirmed": True,
            }
        ],
        "confirm": None,
    }
    browser(page, "Bob").posted("Hello", first)
    hand.work()
    assert box.to == ["ada@example.org"]


def test_an_address_that_nobody_vouches_for_is_asked(page: Page, box: Postbox, hand: Hand) -> None:
    nobody = Page(page.client).be_person("Nobody")
    assert (
        code(nobody.send("POST", "/subscriptions", {"site": "blog", "kinds": ["replies"]})) == "subscription.no_address"
    )
    ada = Page(page.client).be_person("Ada", email="ada@example.org", email_verified=False)
    assert ask(ada, "replies")["confirm"] == "ada@example.org"
    assert ask(ada, "replies", email="other@example.org")["confirm"] == "other@example.org"


def test_strangers_cannot_fill_a_mailbox(page: Page, box: Postbox, hand: Hand) -> None:
    answers = []
    for number in range(5):
        visitor = browser(page, f"Visitor {number}")
        body = {"site": "blog", "kinds": ["replies"], "email": "victim@example.org"}
        answers.append(visitor.send("POST", "/subscriptions", body))
    hand.work()
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert code(answers[-1]) == "subscription.too_many"
    assert box.to == ["victim@example.org"] * 3


def test_all_of_ones_mail_is_on_one_page(page: Page, box: Postbox, hand: Hand) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies", "mentions")
    bob.posted("One", first)
    hand.work()
    path = link_of(box.mails[0], "/mail/mine/").removeprefix("https://comments.test")
    shown = page.client.get(path).text
    assert "Replies to your comments on The blog" in shown
    feed = re.findall(r'href="https://comments\.test(/feeds/replies/[^"]+\.atom)"', shown)
    assert b"One" in page.client.get(feed[0]).data
    mine = ann.send("GET", "/me/subscriptions").json
    assert mine["address"] == "given"
    chosen = {one["id"]: "weekly" for one in mine["subscriptions"]}
    assert "Your changes are saved." in page.client.post(path, data=chosen).text
    assert {one["how"] for one in ann.send("GET", "/me/subscriptions").json["subscriptions"]} == {"weekly"}
    page.client.post(path, data={"stop": "all"})
    assert "Nothing is sent to ann@example.org." in page.client.get(path).text
    other = ann.send("GET", "/me/subscriptions").json["subscriptions"][0]["id"]
    assert ann.send("DELETE", f"/me/subscriptions/{other}").status_code == 204
    assert code(bob.send("DELETE", f"/me/subscriptions/{other}")) == "subscription.not_found"
