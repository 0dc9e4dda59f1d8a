"""Messages are signed so that another implementation says so; keys change without a gap, and are kept sealed."""

import base64
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from standardwebhooks.webhooks import WebhookVerificationError

from tests.services.hooks.conftest import Hooked
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.receiver import Receiver
from widget.core import clock, signatures
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Hook, Outbox
from widget.services import transaction
from widget.services.hooks import sending, store


def test_another_implementation_finds_them_right(bob: Page, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    _, key = hooked("json", "comment.created")
    assert key.startswith("whsec_")
    assert len(base64.b64decode(key.removeprefix("whsec_"))) == 32
    bob.posted("Grüße 🦊 “and” \\ so on")
    hand.work()
    [got] = box.got
    assert got.verify(key)["data"]["comment"]["text"] == "Grüße 🦊 “and” \\ so on"
    assert got.headers["content-type"] == "application/json"
    # The controls: another key, a changed body, a changed id and an old stamp are found out.
    with pytest.raises(WebhookVerificationError):
        got.verify(signatures.new_secret())
    for change in ({"webhook-id": "msg_other"}, {"webhook-timestamp": str(int(got.headers["webhook-timestamp"]) - 1)}):
        with pytest.raises(WebhookVerificationError):
            type(got)(got.method, got.path, {**got.headers, **change}, got.raw).verify(key)
    with pytest.raises(WebhookVerificationError):
        type(got)(got.method, got.path, got.headers, got.raw.replace(b"Bob", b"Rob")).verify(key)


def test_for_a_day_both_keys_sign(app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    hook, old = hooked("json", "comment.created")
    with app.app_context():
        _, new = transaction.write(lambda session: store.rotate(session, hook))
    assert new != old
    bob.posted()
    hand.work()
    assert box.got[0].headers["webhook-signature"].count("v1,") == 2
    assert box.got[0].verify(old)
    assert box.got[0].verify(new)
    box.got.clear()
    with app.app_context(), clock.freeze(clock.now() + store.ROTATION + timedelta(seconds=1)):
        found = db.session.scalars(select(Hook)).one()
        assert store.destination(found).secrets == (new,)


def test_each_repeat_has_the_same_id_and_a_stamp_of_its_own(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    _, key = hooked("json", "comment.created")
    box.behaviour = "broken"
    bob.posted()
    now = clock.now()
    with clock.freeze(now - timedelta(seconds=60)), app.app_context():
        transaction.write(lambda session: session.execute(text("UPDATE outbox SET due_at = 0")))
        hand.work()
    with app.app_context():
        due = db.session.scalars(select(Outbox)).one().due_at
    box.behaviour = "ok"
    with clock.freeze(max(due, now)):
        hand.work()
    first, second = box.got
    assert first.id == second.id
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.verify(key)
    assert second.verify(key)


def test_chats_are_sent_no_signature(bob: Page, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    _, key = hooked("slack", "comment.created")
    bob.posted()
    hand.work()
    assert key == ""
    assert not {name for name in box.got[0].headers if name.startswith("webhook-")}


def test_what_is_secret_is_sealed(app: Flask, hooked: Hooked, box: Receiver) -> None:
    hook, key = hooked("json", "comment.created", address=f"{box.url}?word=hush")
    hooked("ntfy", "comment.created", target="hushtopic", token="hushtoken")
    with app.app_context():
        kept = str(db.session.execute(text("SELECT * FROM hook")).all())
        assert not [word for word in ("hush", key, "/hook") if word in kept]
        assert f"http://{box.place}" in kept
        for one in db.session.scalars(select(Hook)):
            assert "hush" not in repr(store.destination(one))
        app.config["SECRET_KEY"] = "another-one-of-more-than-32-characters"
        found = store.find(db.session(), hook)
        with pytest.raises(Problem) as problem:
            sending.test(found)
        assert problem.value.code == "hook.unreadable"


def test_a_hook_whose_secrets_are_lost_holds_up_nothing(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked("json", "comment.created")
    bob.posted()
    app.config["SECRET_KEY"] = "another-one-of-more-than-32-characters"
    hand.work()
    with app.app_context():
        assert db.session.scalars(select(Outbox)).one().answer == "hook.unreadable"
    assert box.got == []
