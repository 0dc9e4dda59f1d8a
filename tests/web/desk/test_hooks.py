"""/admin/hooks: made, tried, changed, given another key and taken away, without JavaScript, by a site's owner alone."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.desk import Desk, person, refused
from tests.support.receiver import Receiver, receiver
from tests.support.valid_html import complaints
from widget.channels.hooks import KINDS
from widget.core import events
from widget.extensions import db
from widget.models import Hook, LogEntry
from widget.services import transaction
from widget.services.hooks import store, tries
from widget.web.desk import speech

Make = Callable[[], Desk]
EN = speech.words("en")


@pytest.fixture
def box() -> Iterator[Receiver]:
    """The receiver."""
    with receiver() as made:
        yield made


@pytest.fixture
def desk_settings(box: Receiver) -> dict[str, object]:
    """Hooks may go to it."""
    return {"HOOK_HOSTS": box.place}


@pytest.fixture
def olga(app: Flask, desk: Make) -> Desk:
    """The blog's owner, at the desk."""
    person(app, "olga", blog="owner")
    return desk().entered("olga")


def only(app: Flask) -> Hook:
    """The one hook there is."""
    with app.app_context():
        return db.session.scalars(select(Hook)).one()


def test_words_are_there_for_every_kind_event_and_trouble() -> None:
    for kind in KINDS.values():
        assert {f"hooks.kind.{kind.name}", f"hooks.address.{kind.name}"} <= EN.keys()
        assert not kind.target or f"hooks.target.{kind.name}" in EN
        assert kind.bearer is False or f"hooks.token.{kind.name}" in EN
    assert {f"event.{one}" for one in (*events.KINDS, "test")} <= EN.keys()
    assert {f"tried.{one}" for one in tries.TROUBLES} <= EN.keys()


def test_from_nothing_to_nothing(app: Flask, olga: Desk, box: Receiver) -> None:
    assert EN["hooks.none"] in olga.get("/hooks/blog").text
    made = olga.press(
        "/hooks/blog",
        on="/hooks/blog?kind=json",
        kind="json",
        label="My <b>script</b>",
        address=box.url,
        events=["comment.created", "comment.spam"],
        active="true",
    )
    assert made.status_code == 200
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", html.unescape(made.text))
    assert found
    hook = only(app)
    path = f"/hook/{hook.public_id}"
    assert (hook.label, hook.events, hook.active) == ("My <b>script</b>", ["comment.created", "comment.spam"], True)
    tested = olga.press(f"{path}/test", on=path)
    assert tested.status_code == 303
    page = olga.get(f"{path}?tried=1").text
    assert "200, taken" in page
    assert html.escape('{"ok": true}', quote=True).replace("&quot;", "&#34;") in page
    assert box.got[0].verify(found[0]) == {
        "type": "test",
        "timestamp": box.got[0].body["timestamp"],
        "data": {
            "site": {"key": "blog", "name": "The Blog"},
            "desk": f"{app.config['PUBLIC_URL']}/admin/",
            "page": None,
            "comment": None,
            "person": None,
            "by": None,
        },
    }
    rotated = olga.press(f"{path}/rotate", on=path)
    new = re.search(r"whsec_[A-Za-z0-9+/=]+", html.unescape(rotated.text))
    assert new
    assert new[0] != found[0]
    for secret in (found[0], new[0]):
        assert secret not in html.unescape(olga.get(path).text)
        assert secret not in html.unescape(olga.get("/hooks/blog").text)
    olga.press(path, on=path, label="Renamed", events=["comment.spam"])
    hook = only(app)
    assert (hook.label, hook.events, hook.active) == ("Renamed", ["comment.spam"], False)
    assert EN["hooks.off"] in olga.get("/hooks/blog").text
    olga.press(f"{path}/remove", on=f"{path}/remove")  # nobody said yes
    assert only(app)
    olga.press(f"{path}/remove", on=f"{path}/remove", sure="yes")
    refused(olga.get(path), "hook.not_found", 404)
    with app.app_context():
        acts = [row.act for row in db.session.scalars(select(LogEntry).order_by(LogEntry.id))]
    assert acts == ["hook.add", "hook.rotate", "hook.change", "hook.remove"]
    log = olga.get("/log").text
    assert all(EN[f"act.{act}"] in log for act in acts)
    assert 'name="entry"' not in log


@pytest.mark.parametrize(
    ("kind", "form", "code"),
    [
        ("slack", {"address": "http://hooks.example/"}, "hook.bad_address"),
        ("slack", {"address": "https://u:p@hooks.example/"}, "hook.bad_address"),
        ("telegram", {"address": "https://api.telegram.org/bot1:x/sendMessage", "target": "x y"}, "hook.bad_target"),
        ("matrix", {"address": "https://m.example/", "target": "!a:b"}, "hook.bad_token"),
        ("json", {"address": "https://hooks.example/", "events": []}, "hook.no_event"),
    ],
)
def test_what_cannot_be_is_said_and_kept_in_the_form(
    app: Flask, olga: Desk, kind: str, form: dict[str, object], code: str
) -> None:
    given = {"kind": kind, "label": '"><script>alert(1)</script>', "events": ["comment.held"], **form}
    answer = olga.press("/hooks/blog", on=f"/hooks/blog?kind={kind}", **given)
    assert answer.status_code == 422
    assert EN[f"problem.{code}"] in html.unescape(answer.text)
    assert "<script>alert" not in answer.text
    assert html.escape(str(form["address"])) in answer.text
    assert (('value="comment.held" checked' in answer.text) and not given["events"]) is False
    with app.app_context():
        assert db.session.scalars(select(Hook)).all() == []


def test_a_kind_that_is_none(olga: Desk) -> None:
    refused(olga.press("/hooks/blog", on="/hooks/blog?kind=slack", kind="fax"), "not_found", 404)
    assert 'id="address"' not in olga.get("/hooks/blog?kind=fax").text


def test_one_that_its_receiver_switched_off_says_so_and_can_be_switched_on(app: Flask, olga: Desk) -> None:
    with app.app_context():
        from widget.services import sites

        wanted = store.Wanted(events=["comment.held"], address="https://hooks.example/")
        site = sites.by_key("blog").id
        public_id = transaction.write(lambda session: store.add(session, site, "slack", wanted)[0].public_id)
        transaction.write(lambda session: store.stop(session, store.find(session, public_id).id))
    path = f"/hook/{public_id}"
    assert EN["hooks.gone"] in olga.get("/hooks/blog").text
    assert EN["hooks.gone.text"] in html.unescape(olga.get(path).text)
    olga.press(path, on=path, events=["comment.held"], active="true")
    assert (only(app).active, only(app).stopped) == (True, "")


def test_the_servers_own_hooks_are_nobodys_at_the_desk(app: Flask, olga: Desk, desk: Make) -> None:
    with app.app_context():
        wanted = store.Wanted(events=["comment.held"], address="https://hooks.example/")
        public_id = transaction.write(lambda session: store.add(session, None, "slack", wanted)[0].public_id)
    person(app, "ada", administrator=True)
    for one in (olga, desk().entered("ada")):
        refused(one.get(f"/hook/{public_id}"), "hook.not_found", 404)
        assert public_id not in one.get("/hooks/blog").text


def test_the_pages_are_right_by_the_standard(app: Flask, olga: Desk, box: Receiver) -> None:
    form = {"kind": "slack", "address": box.url, "events": "comment.held", "active": "true", "label": "Team"}
    olga.press("/hooks/blog", on="/hooks/blog?kind=slack", **form)
    path = f"/hook/{only(app).public_id}"
    olga.press(f"{path}/test", on=path)
    addresses = ["/hooks/blog", *(f"/hooks/blog?kind={kind}" for kind in KINDS), f"{path}?tried=1", f"{path}/remove"]
    pages = [olga.get(address).text for address in (*addresses, "/deliveries", f"{path}?lang=it")]
    found = {line.partition(": ")[2] for page in complaints(*pages) for line in page}
    assert {line for line in found if "no-implicit-button-type" not in line} == set()
