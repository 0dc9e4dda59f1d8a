"""Hostile names, titles, sites, addresses and hosts: no header of theirs, and the mail arrives all the same."""

import re
from functools import partial
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.services.mail.people import confirmed, owner
from tests.support import trials
from tests.support.api import Page, code
from tests.support.hand import Hand
from tests.support.hostile import STRINGS
from tests.support.mailcheck import faults
from tests.support.postbox import Postbox, html_of, link_of, text_of
from widget.channels import mail
from widget.core import clock
from widget.core.letters import Letter, Link, Links, Quote, Words
from widget.extensions import db
from widget.models import Comment, Outbox, Site, Subscription, Thread, User
from widget.services import transaction

HEADERS = """From To Subject Date Message-ID Auto-Submitted Content-Language In-Reply-To References List-Id
List-Unsubscribe List-Unsubscribe-Post MIME-Version Content-Type""".split()
OURS = ("https://comments.test/mail/", "https://blog.test/")


def unwell(raw: bytes) -> list[str]:
    """What is wrong with a mail."""
    return faults(raw, headers=HEADERS, ours=OURS, sender="comments@comments.test")


def test_no_field_of_anybody_becomes_a_header_and_the_mail_arrives(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    app.config["MAIL_HOURLY"] = 1000
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    bob = Page(page.client).be_guest("Bob")
    for nasty in STRINGS:
        bob.posted("Hello", first)
        with app.app_context():
            transaction.write(partial(spoil, nasty=nasty.replace("\x00", "")))  # PostgreSQL keeps none
        hand.work()
        assert box.to == ["ann@example.org"], nasty
        assert unwell(box.raw[0]) == [], nasty
        [sent] = box.mails
        assert "Hello" in text_of(sent)
        assert "Hello" in html_of(sent)
        assert "victim" not in str(sent["To"])
        assert "49" not in html_of(sent).partition("<body")[2].partition("Hello")[0]
        box.raw.clear()
        box.to.clear()
    trials.note(record_property, "I4", len(STRINGS))


def spoil(session: Session, nasty: str) -> None:
    """Put it wherever a mail takes words from."""
    bob = select(User.id).join(Comment, Comment.user_id == User.id).where(Comment.parent_id.is_not(None)).limit(1)
    session.execute(update(User).where(User.id == bob.scalar_subquery()).values(name=nasty[:80]))
    session.scalars(select(Thread)).one().title = nasty[:500]
    session.scalars(select(Site)).one().name = nasty[:200]


def with_words(nasty: str) -> bytes:
    """A mail with it in every header that takes somebody's words."""
    letter, envelope = _letter(sender=(nasty, "comments@comments.test"), list_name=nasty, subject=nasty)
    return mail.compose(letter, envelope)


def test_the_control_words_that_are_not_cleaned_break_mails(
    monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    assert [nasty for nasty in STRINGS if unwell(with_words(nasty))] == []
    monkeypatch.setattr(mail, "_line", lambda text, _longest: text)
    broken = 0
    for nasty in STRINGS:
        try:
            broken += bool(unwell(with_words(nasty)))
        except (ValueError, IndexError, AttributeError):  # the library cannot write it, or not read what it wrote
            broken += 1
    assert broken >= 10
    trials.note(record_property, "I4", 0, control=broken)


def test_an_address_that_is_none_is_refused_and_one_that_is_gets_its_mail(page: Page, box: Postbox, hand: Hand) -> None:
    """As the local part, the host, and beside a good address: refused, or one mail to that one address."""
    taken = 0
    for nasty in STRINGS:
        for address in (f"{nasty}@example.org", f"ann@{nasty}.example", f"ann@example.org{nasty}"):
            visitor = Page(page.client).be_guest("Ann")
            answer = visitor.send("POST", "/subscriptions", {"site": "blog", "kinds": ["replies"], "email": address})
            if answer.status_code != 200:
                assert answer.status_code in {422, 429}, address
                assert code(answer).startswith(("guest.bad_email", "request.", "subscription.too_many")), address
                continue
            taken += 1
    hand.work()
    assert len(box.raw) == taken == len(box.to)
    for raw, to in zip(box.raw, box.to, strict=True):
        assert re.findall(rb"\r\n(?:To|Cc|Bcc):[^\r]*\r\n", raw) == [f"\r\nTo: {to}\r\n".encode()]
        assert "victim" not in to


def test_an_address_that_a_database_has_wrongly_harms_no_other_mail(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    ann = Page(page.client).be_guest("Ann", email="ann@example.org")
    eve = Page(page.client).be_guest("Eve", email="eve@example.org")
    url = page.url
    confirmed(eve, box, hand, "thread", page={"url": url})
    confirmed(ann, box, hand, "thread", page={"url": url})
    with app.app_context():
        wrong = update(Subscription).where(Subscription.email == "eve@example.org")
        transaction.write(
            lambda session: session.execute(wrong.values(email="eve@example.org\r\nBcc: victim@a.example"))
        )
    Page(page.client).be_guest("Bob").posted("Hello")
    hand.work()
    assert box.to == ["ann@example.org"]


FORGED = (
    {"Host": "evil.example"},
    {"Host": "comments.test.evil.example:443"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example, comments.test"},
    {"Forwarded": 'for=1.2.3.4;host="evil.example";proto=https'},
    {"X-Host": "evil.example", "X-Original-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "81"},
    {"X-Original-URL": "https://evil.example/", "X-Rewrite-URL": "https://evil.example/"},
)


def mailed(page: Page, box: Postbox, hand: Hand, forged: dict[str, str]) -> str:
    """All mails that a request with these headers causes: to its sender, and to an owner."""
    box.raw.clear()
    visitor = Page(page.client).be_guest("Ann")
    visitor.extra = forged
    address = f"ann{len(box.to)}@example.org"
    assert visitor.post(f"Hello {address}").status_code == 201
    body = {"site": "blog", "kinds": ["replies"], "email": address}
    assert visitor.send("POST", "/subscriptions", body).status_code == 200
    hand.work()
    assert len(box.mails) == 2
    for sent in box.mails:
        assert link_of(sent, "/mail/")
    return "".join(f"{sent['List-Id']} {sent['Message-ID']} {text_of(sent)} {html_of(sent)}" for sent in box.mails)


def test_links_have_the_host_of_the_settings_whatever_a_request_says(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    owner(app, page)
    for forged in FORGED:
        said = mailed(page, box, hand, forged)
        assert "evil.example" not in said, forged
        assert "http://" not in said, forged
        assert "https://comments.test/mail/" in said, forged
    trials.note(record_property, "I3", len(FORGED))


def test_the_control_links_made_from_the_request_are_found_out(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    owner(app, page)

    def believe() -> None:
        for name in ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-URL", "Forwarded", "Host"):
            if found := re.search(r"[a-z.]*evil\.example", request.headers.get(name, "")):
                app.config["PUBLIC_URL"] = f"https://{found[0]}"
                return

    app.before_request(believe)
    misled = sum("evil.example" in mailed(page, box, hand, forged) for forged in FORGED)
    assert misled == len(FORGED)
    trials.note(record_property, "I3", 0, control=misled)


def _letter(*, subject: str = "Hello", **more: Any) -> tuple[Letter, mail.Envelope]:
    letter = Letter(subject, (Words("Hello"), Quote("Hi"), Links((Link("Read", "https://blog.test/"),))))
    values = {
        "sender": ("Blog", "a@comments.test"),
        "to": "b@example.org",
        "lang": "ar",
        "direction": "rtl",
        "message_id": "1@comments.test",
        "date": clock.now(),
        "thread": "2@comments.test",
        "list_id": "blog.comments.test",
        "stop": "https://comments.test/mail/stop/x",
    }
    return letter, mail.Envelope(**(values | more))


def test_mail_in_a_language_from_right_to_left_says_so() -> None:
    letter, envelope = _letter()
    assert '<html lang="ar" dir="rtl">' in mail.html(letter, envelope)


def test_an_address_with_other_letters_needs_a_server_that_knows_them() -> None:
    letter, envelope = _letter(to="björn@example.org")
    assert "To: björn@example.org".encode() in mail.compose(letter, envelope)


def test_what_is_stored_with_a_comment_in_mail_is_its_id(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
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
