"""F2 and F3 at the desk: nothing that another site sends has an effect, and no page of it is framed or kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.support.desk import Desk, person, refused
from tests.support.people import csrf
from tests.support.visitor import BLOG, SERVER
from widget.core import tokens
from widget.web.desk import room
from widget.web.own_forms import OwnForms

Make = Callable[[], Desk]


@dataclass(frozen=True)
class Forgery:
    """How a foreign page sends something to the desk, with the cookie (as if SameSite were not there)."""

    method: str = "POST"
    type: str | None = "application/x-www-form-urlencoded"
    origin: str | None = "https://evil.test"
    word: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


SHAPES = {
    "a form": Forgery(),
    "a form of a listed site": Forgery(origin=BLOG),
    "a form of a sandbox": Forgery(origin="null"),
    "a form of a look-alike": Forgery(origin=f"{SERVER}.evil.test"),
    "a form of a sibling": Forgery(origin="https://www.comments.test"),
    "a form over http": Forgery(origin="http://comments.test"),
    "a form of another port": Forgery(origin=f"{SERVER}:8443"),
    "a form without an origin": Forgery(origin=None),
    "a form with a made-up word": Forgery(origin=SERVER, word="A" * 43),
    "a form with an empty word": Forgery(origin=SERVER, word=""),
    "multipart": Forgery(type="multipart/form-data"),
    "text": Forgery(type="text/plain"),
    "JSON": Forgery(type="application/json"),
    "no type": Forgery(type=None),
    "GET": Forgery(method="GET", origin=None),
    "HEAD": Forgery(method="HEAD", origin=None),
    "PUT": Forgery(method="PUT"),
    "a method in a header": Forgery(method="GET", headers=(("X-HTTP-Method-Override", "POST"),)),
    "a referrer of ours": Forgery(origin=None, headers=(("Referer", f"{SERVER}/admin/"),)),
}


def forge(desk: Desk, path: str, shape: Forgery, **form: str) -> None:
    given = form | ({} if shape.word is None else {"csrf": shape.word})
    headers = dict(shape.headers) | ({"Origin": shape.origin} if shape.origin else {})
    url, body = f"/admin{path}", urlencode(given)
    if shape.method in {"GET", "HEAD"}:
        desk.visitor.http.open(f"{url}?{body}", method=shape.method, headers=headers, base_url=SERVER)
        return
    data: Any = given if shape.type == "multipart/form-data" else body
    desk.visitor.http.open(
        url, method=shape.method, data=data, content_type=shape.type, headers=headers, base_url=SERVER
    )


@pytest.fixture
def ada(app: Flask, desk: Make) -> Desk:
    person(app, "ada", administrator=True)
    return desk().entered("ada")


def is_inside(desk: Desk) -> bool:
    return not desk.get("/").headers.get("Location", "").startswith(f"{SERVER}/admin/signin")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_nothing_that_another_site_sends_logs_anybody_out(ada: Desk, shape: Forgery) -> None:
    forge(ada, "/leave", shape)
    assert is_inside(ada)


def test_without_the_rule_a_foreign_form_would(ada: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OwnForms, "require", lambda _self, _secret: None)
    forge(ada, "/leave", SHAPES["a form"])
    assert not is_inside(ada)


def test_every_form_of_the_desk_is_guarded_before_its_view(app: Flask, ada: Desk) -> None:
    """Also those that come later: the rule stands in front of all of them."""
    acts = [row for row in room.ROWS.values() if row.method == "POST"]
    assert len(acts) >= 3
    for row in acts:
        path = row.rule
        for name, value in {"site": "blog", "thread": "x" * 26}.items():
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
