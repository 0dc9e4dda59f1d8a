"""Hooks that can be, those that cannot, and what is refused."""

import pytest
from flask import Flask

from tests.services.hooks.conftest import Hooked
from tests.support.api import Page
from tests.support.receiver import Receiver
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import transaction
from widget.services.hooks import store
from widget.services.hooks.store import Wanted

ROOM = {"target": "!room:example.org", "token": "syt_x"}


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example/services/T0/B0/x?y=z#frag",
        "https://hooks.example:8443/",
        "https://bücher.example/a b",
    ],
)
def test_addresses_that_may_be(app: Flask, hooked: Hooked, address: str) -> None:
    hook, _ = hooked(address=address)
    with app.app_context():
        found = store.find(db.session(), hook)
        assert store.destination(found).address == address
        assert found.place.startswith("https://")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hooks.example",
        "http://hooks.example/",
        "http://127.0.0.1/",
        "http://localhost:9/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https://user:word@hooks.example/",
        "https://hooks.example/\r\nHost: evil",
        "https://hooks.example\\@evil.example/",
        "https://0x7f.1/",
        "https://",
        "https://hooks.example/" + "a" * 2_000,
        "javascript:alert(1)",
    ],
)
def test_addresses_that_may_not(hooked: Hooked, address: str) -> None:
    with pytest.raises(Problem) as problem:
        hooked(address=address)
    assert (problem.value.code, problem.value.status, problem.value.field) == ("hook.bad_address", 422, "address")


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("nothing", {}, "hook.bad_kind"),
        ("telegram", {}, "hook.bad_target"),
        ("telegram", {"target": "1 2"}, "hook.bad_target"),
        ("matrix", {"target": "#alias:example.org", "token": "x"}, "hook.bad_target"),
        ("matrix", {"target": "!room:example.org"}, "hook.bad_token"),
        ("matrix", ROOM | {"token": "a b"}, "hook.bad_token"),
        ("ntfy", {"target": "topic/../x"}, "hook.bad_target"),
        ("ntfy", {"target": "topic", "token": "a\r\nX-Evil: 1"}, "hook.bad_token"),
    ],
)
def test_what_a_kind_needs(hooked: Hooked, kind: str, more: dict[str, str], code: str) -> None:
    with pytest.raises(Problem) as problem:
        hooked(kind, **more)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("telegram", {"target": "-1001234"}),
        ("matrix", ROOM),
        ("ntfy", {"target": "a_topic-1"}),
        ("ntfy", {"target": "a", "token": "tk_x"}),
    ],
)
def test_what_is_enough(hooked: Hooked, kind: str, more: dict[str, str]) -> None:
    assert hooked(kind, **more)


def test_no_event_is_no_hook(hooked: Hooked) -> None:
    with pytest.raises(Problem) as problem:
        hooked("json", "comment.sneezed")
    assert problem.value.code == "hook.no_event"


def test_as_many_as_there_may_be(hooked: Hooked) -> None:
    for _ in range(store.MOST):
        hooked()
    with pytest.raises(Problem) as problem:
        hooked()
    assert problem.value.code == "hook.too_many"
    hooked(site=None)  # the server's own are counted by themselves


def test_changing_keeps_what_was_not_written_again(app: Flask, box: Receiver, hooked: Hooked) -> None:
    hook, _ = hooked("ntfy", target="topic", token="word")

    def change(**more: object) -> None:
        wanted = Wanted(**{"events": ["comment.spam"], **more})  # type: ignore[arg-type]
        transaction.write(lambda session: store.change(session, hook, wanted))

    with app.app_context():
        change(label="The \u202e phone\n", active=False)
        found = store.find(db.session(), hook)
        assert (found.label, found.events, found.active) == ("The phone", ["comment.spam"], False)
        assert store.destination(found) == store.Destination(box.url, "topic", "word")
        change(target="other", token="")
        found = store.find(db.session(), hook)
        assert found.active
        assert store.destination(found) == store.Destination(box.url, "other", "")


def test_nobody_knows_a_hook_that_is_none(app: Flask, page: Page, hooked: Hooked) -> None:
    hook, _ = hooked("slack")
    with app.app_context():
        for wrong in ("", "x", "0" * 20):
            with pytest.raises(Problem) as problem:
                store.find(db.session(), wrong)
            assert problem.value.code == "hook.not_found"
        with pytest.raises(Problem) as problem:  # Slack knows no signatures, so there is no key
            transaction.write(lambda session: store.rotate(session, hook))
        assert problem.value.code == "hook.bad_kind"
