"""F2 and F3 at the desk: nothing that another site sends has an effect, and no page of it is framed or kept."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.desk import Desk, person, refused
from tests.support.forgeries import Forgery, shapes
from tests.support.people import csrf
from tests.support.visitor import SERVER
from widget.core import tokens
from widget.web.desk import room
from widget.web.own_forms import OwnForms

Make = Callable[[], Desk]


SHAPES = shapes("/admin/")


@pytest.fixture
def ada(app: Flask, desk: Make) -> Desk:
    person(app, "ada", administrator=True)
    return desk().entered("ada")


def is_inside(desk: Desk) -> bool:
    return not desk.get("/").headers.get("Location", "").startswith(f"{SERVER}/admin/signin")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_nothing_that_another_site_sends_logs_anybody_out(ada: Desk, shape: Forgery) -> None:
    shape.send(ada.visitor.http, "/admin/leave", {})
    assert is_inside(ada)


def test_without_the_rule_a_foreign_form_would(ada: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OwnForms, "require", lambda _self, _secret: None)
    SHAPES["a form"].send(ada.visitor.http, "/admin/leave", {})
    assert not is_inside(ada)


def test_every_form_of_the_desk_is_guarded_before_its_view(app: Flask, ada: Desk) -> None:
    """Also those that come later: the rule stands in front of all of them."""
    acts = [row for row in room.ROWS.values() if row.method == "POST"]
    assert len(acts) >= 3
    for row in acts:
        path = row.rule
        for name, value in {"site": "blog", "thread": "x" * 26, "hook": "x" * 20}.items():
            path = path.replace(f"<{name}>", value)
        refused(ada.send(path, None), "desk.forged", 403)
        refused(ada.send(path, "A" * 43), "desk.forged", 403)
        word = room.FORMS.word(ada.cookie or "")
        refused(ada.send(path, word, origin="https://evil.test"), "desk.forged", 403)


def test_the_word_of_one_session_is_not_anothers(app: Flask, ada: Desk, desk: Make) -> None:
    person(app, "bruno", blog="owner")
    bruno = desk().entered("bruno")
    refused(ada.send("/leave", room.FORMS.word(bruno.cookie or "")), "desk.forged", 403)
    refused(ada.send("/leave", csrf(desk().get("/signin"))), "desk.forged", 403)
    account = OwnForms("account form", refusal="account.forged")
    refused(ada.send("/leave", account.word(ada.cookie or "")), "desk.forged", 403)
    assert not tokens.same(account.word(tokens.secret()), account.word(tokens.secret()))


def test_headers_of_every_page(app: Flask, ada: Desk, desk: Make) -> None:
    pages = [ada.get(row.rule) for row in room.ROWS.values() if row.method == "GET" and "<" not in row.rule]
    for answer in [*pages, desk().get("/signin"), desk().get("/nothing/here"), ada.send("/leave", "x")]:
        if answer.status_code == 404 and answer.mimetype == "application/json":
            continue  # no page of the desk: the server's own word for it
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"]
        assert "Access-Control-Allow-Origin" not in answer.headers
