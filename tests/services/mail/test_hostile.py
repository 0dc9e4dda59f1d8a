"""Hostile names, titles, texts and hosts: no header of theirs, no link of theirs, and the mail arrives all the same."""

import email.policy
import re
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.services.mail.people import confirmed, owner
from tests.support.api import PAGE, Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, html_of, link_of, text_of
from widget.channels import mail
from widget.core import clock, letters
from widget.core.letters import Letter, Link, Links, Quote, Words
from widget.extensions import db
from widget.models import Comment, Site, Thread, User
from widget.services import transaction

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
]
# Raw in the database, as an import or an older version may have left them.
NASTY = [
    "Bob\r\nBcc: victim@example.org",
    "Bob\nX-Evil: 1",
    "Bob\r\n\r\n<html>body",
    "Bob\x00\x0b\x0c\x1b[31m",
    "\u2028Bcc: victim@example.org\u2029",
    "\x85Bcc: victim@example.org",
    "=?utf-8?q?=0D=0ABcc=3A_victim=40example=2Eorg?=",
    '"Bob" <victim@example.org>, other@example.org',
    "Bob, Carol; Dave: everybody;",
    '\\\\" (comment) <>@,;:[]',
    "\u202egro.elpmaxe@mitciv",
    "🦊" * 40,
    "é" * 80,
    "本" * 120,
    "ب" * 200,
    "a" * 300,
    "e\u0301" * 90,
    "{name} {0} %s ${title} {{ 7*7 }}",
    "<script>alert(1)</script>",
    "",
]


def test_no_field_of_anybody_becomes_a_header_and_the_mail_arrives(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    app.config["MAIL_HOURLY"] = 1000
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    bob = Page(page.client).be_guest("Bob")
    for nasty in NASTY:
        bob.posted("Hello", first)
        with app.app_context():
            transaction.write(partial(spoil, nasty=nasty.replace("\x00", "")))  # PostgreSQL keeps none
        hand.work()
        assert box.to == ["ann@example.org"], nasty
        look_at(box.raw[0], box.mails[0])
        box.raw.clear()
        box.to.clear()


def spoil(session: Session, nasty: str) -> None:
    """Put it wherever a mail takes words from."""
    bob = select(User.id).join(Comment, Comment.user_id == User.id).where(Comment.parent_id.is_not(None)).limit(1)
    session.execute(update(User).where(User.id == bob.scalar_subquery()).values(name=nasty[:80]))
    session.scalars(select(Thread)).one().title = nasty[:500]
    session.scalars(select(Site)).one().name = nasty[:200]


def look_at(raw: bytes, sent: EmailMessage) -> None:
    """It is the mail that was meant."""
    assert sorted(sent.keys()) == sorted(HEADERS)
    assert "victim" not in str(sent["To"])
    [sender] = sent["From"].addresses
    assert sender.addr_spec == "comments@comments.test"
    assert re.search(r"[\r\n]", sent["Subject"]) is None
    assert sent["List-Unsubscribe"].startswith("<https://comments.test/mail/stop/")
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert "Hello" in text_of(sent)
    assert "Hello" in html_of(sent)
    assert "<script" not in html_of(sent)
    assert "49" not in html_of(sent).partition("<body")[2].partition("Hello")[0]


def test_the_control_a_header_that_is_not_cleaned_breaks() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        EmailMessage(policy=email.policy.SMTP)["Subject"] = NASTY[0]


TEXTS = [
    "![x](https://evil.example/pixel.gif)",
    "[your bank](https://evil.example/login)",
    "[https://bank.example](https://evil.example/login)",
    "<a href='https://evil.example'>click</a><img src=x onerror=alert(1)>",
    "<style>*{display:none}</style><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "https://evil.example/a?b=c&d=<e>",
    "</div></body></html><form action=https://evil.example>",
    "=3Cscript=3Ealert(1)=3C/script=3E\n.\n..\nFrom here\n--=_boundary--",
    "javascript:alert(1) data:text/html,x [x](javascript:alert(1))",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_strangers_are_shown_and_lead_nowhere(page: Page, box: Postbox, hand: Hand, text: str) -> None:
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    Page(page.client).be_guest("Bob").posted(f"Before\n\n{text}\n\nAfter", first)
    hand.work()
    [sent] = box.mails
    html = html_of(sent)
    assert text_of(sent).index("Before") < text_of(sent).index("After")
    assert html.index("Before") < html.index("After")
    assert re.findall(r"<(?:img|script|form|iframe|meta http|link|object)", html) == []
    assert re.findall(r'\bon\w+="', html) == []
    hrefs = re.findall(r'href="([^"]*)"', html)
    assert hrefs
    assert [url for url in hrefs if not url.startswith(("https://comments.test/mail/", f"{PAGE}#comment-"))] == []
    if "[your bank]" in text:  # where it would have led is said
        assert "your bank (https://evil.example/login)" in text_of(sent)


def test_links_have_the_host_of_the_settings_whatever_a_request_says(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    owner(app, page)
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for name, value in forged.items():
        ann.extra = {name: value}
        assert ann.post(f"By {name}").status_code == 201
        ann.send("POST", "/subscriptions", {"site": "blog", "kinds": ["replies"]})
    hand.work()
    assert len(box.mails) == 4
    for sent in box.mails:
        assert "evil.example" not in sent.as_string()
    assert link_of(box.mails[0], "/mail/").startswith("https://comments.test/")


def test_edits_and_a_chain_of_answers_tell_each_answer_once(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    """Four answers one below the other, the last of them edited thirty times: four mails."""
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    above = ann.posted()["id"]
    confirmed(ann, box, hand, "replies", "thread", page={"url": PAGE})
    bob = Page(page.client).be_guest("Bob")
    for _ in range(4):
        above = bob.posted("Deeper", above)["id"]
    for number in range(30):
        bob.edit(above, f"Deeper, version {number}")
    hand.work()
    assert len(box.mails) == 4


def _letter(**more: Any) -> tuple[Letter, mail.Envelope]:
    letter = Letter("Hello", (Words("Hello"), Quote("Hi"), Links((Link("Read", "https://blog.test/"),))))
    values = {"sender": ("Blog", "a@comments.test"), "to": "b@example.org", "lang": "ar", "direction": "rtl"}
    return letter, mail.Envelope(**(values | {"message_id": "1@comments.test", "date": clock.now()} | more))


def test_mail_in_a_language_from_right_to_left_says_so() -> None:
    letter, envelope = _letter()
    assert '<html lang="ar" dir="rtl">' in mail.html(letter, envelope)


def test_an_address_with_other_letters_needs_a_server_that_knows_them() -> None:
    letter, envelope = _letter(to="björn@example.org")
    assert "To: björn@example.org".encode() in mail.compose(letter, envelope)


def test_a_very_long_comment_is_cut() -> None:
    assert len(letters.excerpt(["x" * 100_000])) < 2_000


def test_what_is_stored_with_a_comment_in_mail_is_its_id(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    from widget.models import Outbox

    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    Page(page.client).be_guest("Bob").posted("Marked words", first)
    hand.work()
    with app.app_context():
        for row in db.session.scalars(select(Outbox)):
            kept = f"{row.payload} {row.key} {row.answer}"
            assert "Marked" not in kept
            assert "example.org" not in kept
        assert db.session.scalars(select(Comment)).first() is not None
