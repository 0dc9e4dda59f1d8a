"""Links of mails do nothing but what their button says: not looked at, not changed, not late, not twice."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.services.mail.links import ACTS, LOOKS, links, start_over, state, trace
from tests.services.mail.people import HERE, ask, browser, owner
from tests.support import trials
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.hostile import AGENTS
from tests.support.postbox import Postbox, link_of
from tests.support.rows import hold
from widget.core import clock, tokens
from widget.web import mail

LOGIN = ("confirm", "stop", "mine")
WRONG = ("cut", "changed", "of another act", "of another page", "expired", "of another key", "without a role", "used")


@pytest.fixture
def every(app: Flask, page: Page, box: Postbox, hand: Hand) -> dict[str, str]:
    """The paths of all kinds of links: what an owner may do to a comment that waits, what a reader may with their mail;
    and `id` of the comment."""
    ann = browser(page, "Ann", email="ann@example.org")
    first = ann.posted()["id"]
    ask(ann, "replies")
    hand.work()
    confirm = link_of(box.mails[-1], "/mail/confirm/").removeprefix(HERE)
    page.client.post(confirm)
    browser(page, "Bob").posted("An answer", first)
    hand.work()
    readers = {name: link_of(box.mails[-1], f"/mail/{name}/").removeprefix(HERE) for name in ("stop", "mine")}
    owner(app, page)
    made = browser(page, "Cid").posted("Is <this> so?")["id"]
    hold(app, public_id=made, state="pending", visible=False)
    hand.work()
    found = links(box)
    assert set(found) == set(ACTS)
    start_over(app, made)
    return found | readers | {"confirm": confirm, "id": made}


def test_programs_that_look_cause_nothing(
    app: Flask,
    page: Page,
    every: dict[str, str],
    pytestconfig: pytest.Config,
    record_property: trials.Noted,
) -> None:
    before, made = trace(app), every.pop("id")
    some = len(every) if pytestconfig.getoption("full") else 2
    for number, agent in enumerate(AGENTS):
        for at, (how, look) in enumerate(LOOKS.items()):
            first = number + at
            for name in [list(every)[one % len(every)] for one in range(first, first + some)]:
                path = every[name]
                assert look(page.client, path, agent).status_code in {200, 206, 405}, (how, name, agent)
        assert trace(app) == before, agent
    # The same link is good for its button still.
    assert page.client.post(every["Spam"], data={"do": "spam"}).status_code == 200
    assert state(app, made) == "spam"
    trials.note(record_property, "I5.looks", len(LOOKS) * len(AGENTS))


def test_the_control_looking_that_acts_is_found_out(
    app: Flask, page: Page, every: dict[str, str], monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    before, made = trace(app), every.pop("id")

    for name in ("confirm", "stop", "decide"):
        app.view_functions[f"mail.ask_{name}"] = app.view_functions[f"mail.{name}"]
    monkeypatch.setattr(mail, "require_form", lambda _: "")
    found = 0
    for look in LOOKS.values():
        for path in every.values():
            look(page.client, path, AGENTS[1])
        found += trace(app) != before
        start_over(app, made)
    assert found >= 1
    trials.note(record_property, "I5.looks", 0, control=found)


def spoilt(wrong: str, name: str, every: dict[str, str]) -> str:
    """A link that is not right, made of one that is."""
    good = every[name]
    said, _, signature = good.rpartition(".")
    head, _, body = said.rpartition("/")
    other = "Spam" if name != "Spam" else "Delete"
    page = "stop" if name != "stop" else "confirm"
    return {
        "cut": good[:-1],
        "changed": f"{head}/{body[:-2]}{'A' if body[-2] != 'A' else 'B'}{body[-1]}.{signature}",
        "of another act": f"{every[other].rpartition('.')[0]}.{signature}",
        "of another page": f"/mail/{page}/{good.rpartition('/')[2]}",
    }.get(wrong, good)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_link_that_is_not_right_does_nothing(
    app: Flask, page: Page, every: dict[str, str], wrong: str, record_property: trials.Noted
) -> None:
    made = every["id"]
    names = ("Approve", "Delete", "Spam", "Reply", *(() if wrong in {"without a role", "used", "expired"} else LOGIN))
    late = clock.now() + timedelta(days=15 if wrong == "expired" else 0)
    if wrong == "used":
        for name in names[:3]:
            assert page.client.post(every[name], data={"do": "it"}).status_code == 200
            start_over(app, made)
        names = names[:3]
    if wrong == "of another key":
        app.config["SECRET_KEY"] = "another-key-of-more-than-32-characters"
    if wrong == "without a role":
        owner(app, page, role=None)  # type: ignore[arg-type]
    before = trace(app)
    with clock.freeze(late):
        for agent in AGENTS:
            for name in names:
                path, headers = spoilt(wrong, name, every), {"User-Agent": agent}
                assert page.client.get(path, headers=headers).status_code == 403, name
                for data in ({"do": "it", "text": "Mine"}, {"List-Unsubscribe": "One-Click"}, {"stop": "all"}):
                    assert page.client.post(path, data=data, headers=headers).status_code == 403, name
    assert trace(app) == before
    trials.note(record_property, "I5.wrong", len(AGENTS))


def test_the_control_without_signatures_it_does_something(
    app: Flask, page: Page, every: dict[str, str], monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    monkeypatch.setattr(tokens, "same", lambda *_: True)
    monkeypatch.setattr(tokens, "is_secret", lambda _: True)
    done = 0
    for wrong in ("cut", "of another act", "of another page", "of another key"):
        for name in ("Delete", "stop", "confirm"):
            start_over(app, every["id"])
            if wrong == "of another key":
                monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-of-more-than-32-characters")
            done += page.client.post(spoilt(wrong, name, every), data={"do": "it"}).status_code == 200
    assert done >= 6
    trials.note(record_property, "I5.wrong", 0, control=done)
