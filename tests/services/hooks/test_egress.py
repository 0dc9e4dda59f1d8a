"""Where hooks can go: to the open internet and to what the operator lists, and to nothing else. With the controls."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.services.hooks.conftest import Hooked
from tests.support import tls
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.receiver import Receiver
from widget import net
from widget.extensions import db
from widget.models import HookTry, Outbox
from widget.services.hooks import sending, store
from widget.services.hooks.tries import Tried

# Notations of addresses of this machine and of private networks that a browser's address line would take.
PRIVATE = [
    "https://127.0.0.1/",
    "https://127.0.0.1:8443/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://0.0.0.0/",
    "https://localhost/",
]


def test(app: Flask, hook: str) -> Tried:
    with app.app_context():
        return sending.test(store.find(db.session(), hook))


test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_private_is_dialled(app: Flask, hooked: Hooked, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dialled = list[Any]()
    hook, _ = hooked(address=address)
    with monkeypatch.context() as patch:
        patch.setattr(net, "_dial", lambda connection: dialled.append(connection) or pytest.fail("dialled"))
        tried = test(app, hook)
    assert (tried.status, tried.trouble) == (None, "refused")
    assert dialled == []


def test_the_control_without_the_look_at_addresses_it_is_dialled(
    app: Flask, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled = list[Any]()

    def dial(connection: Any) -> None:
        dialled.append(connection)
        raise OSError("seen")

    monkeypatch.setattr(net, "_public_only", lambda _host, _port, addresses: addresses)
    monkeypatch.setattr(net, "_dial", dial)
    hook, _ = hooked(address="https://127.0.0.1/")
    assert test(app, hook).trouble == "unreachable"
    assert len(dialled) == 1


def test_a_private_host_takes_messages_as_long_as_the_operator_lists_it(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked("json", "comment.created")
    bob.posted("While it is listed")
    hand.work()
    assert len(box.got) == 1
    app.config["HOOK_HOSTS"] = ""
    bob.posted("And after")
    hand.work()
    assert len(box.got) == 1
    with app.app_context():
        assert [one.trouble for one in db.session.query(HookTry).order_by(HookTry.id)] == ["", "refused"]
        assert "https://" in db.session.query(Outbox).order_by(Outbox.id.desc()).first().answer  # type: ignore[union-attr]


def test_hosts_for_signing_in_are_not_for_hooks(app: Flask, box: Receiver, hooked: Hooked) -> None:
    hook, _ = hooked()
    app.config |= {"HOOK_HOSTS": "", "PRIVATE_HOSTS": box.place}
    assert test(app, hook).trouble == "refused"
    assert box.got == []


def test_a_redirect_leads_nowhere(app: Flask, box: Receiver, hooked: Hooked) -> None:
    hook, _ = hooked()
    box.behaviour = "redirect"
    tried = test(app, hook)
    assert (tried.trouble, tried.answer) == ("redirect", f"http://{box.place}/elsewhere")
    assert [one.path for one in box.got] == ["/hook"]


@pytest.fixture
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An https server whose certificate nobody vouches for; `host:port`."""
    from tests.support import web

    made = tls.issue(tmp_path_factory.mktemp("tls"), "localhost")
    with web.serve(web.Pages(), made.context()) as port:
        yield f"localhost:{port}"


def test_a_certificate_that_nobody_vouches_for_gets_nothing(app: Flask, hooked: Hooked, strange: str) -> None:
    app.config["HOOK_HOSTS"] = strange
    hook, _ = hooked(address=f"https://{strange}/")
    assert test(app, hook).trouble == "certificate"


def test_nobody_of_the_environment_steps_between(
    app: Flask, box: Receiver, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    hook, _ = hooked()
    assert test(app, hook).worked
