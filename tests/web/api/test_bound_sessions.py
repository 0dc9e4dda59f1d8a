"""Sessions bound to a key of the browser: all of the API works with it, and a copied secret is worth nothing."""

from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.api import BLOG, Page, code, key
from tests.support.keys import BrowserKey, KeyedClient
from tests.web.api.test_threads import rows
from widget.core import clock, proofs
from widget.extensions import db
from widget.models import Session

COMMENTS = "/api/v1/comments"


@pytest.fixture
def browser() -> BrowserKey:
    return BrowserKey()


@pytest.fixture
def bound(page: Page, browser: BrowserKey) -> Page:
    """Ann, whose session is bound to her browser's key."""
    keyed = cast("FlaskClient", KeyedClient(page.client, browser))
    ann = Page(keyed)
    opened = ann.open_session(guest={"name": "Ann"}, jwk=browser.jwk)
    assert opened.status_code == 201, opened.text
    assert opened.json["token_type"] == "DPoP"
    ann.token = opened.json["token"]
    return ann


def thief(page: Page, token: str | None, **extra: str) -> Page:
    """Somebody with a copy of the secret and without the key."""
    return Page(page.client, token=token, extra=extra)


def test_everything_works_with_the_key(app: Flask, bound: Page) -> None:
    comment = bound.posted("Hello")
    assert bound.edit(comment["id"], "Hello again").status_code == 200
    where = {"site": "blog", "url": bound.url}
    mine = bound.client.get("/api/v1/me/comments", query_string=where, headers=bound.headers(Idempotency_Key=None))
    assert [one["id"] for one in mine.json["comments"]] == [comment["id"]]
    seen = bound.client.get("/api/v1/session", headers=bound.headers(Idempotency_Key=None))
    assert seen.json["user"]["name"] == "Ann"
    assert bound.delete(comment["id"]).status_code == 200
    assert bound.client.delete("/api/v1/session", headers=bound.headers(Idempotency_Key=None)).status_code == 204
    assert code(bound.post()) == "session.invalid"


def test_the_row_keeps_the_thumbprint_and_lasts_long(app: Flask, bound: Page, page: Page, browser: BrowserKey) -> None:
    with app.app_context():
        row = db.session.scalars(select(Session)).one()
        assert row.jwk_thumbprint == proofs.thumbprint(browser.jwk)
    for days in (29, 58, 87):  # often enough not to be idle for too long
        with clock.freeze(clock.now() + timedelta(days=days)):
            assert bound.post().status_code == 201
    with clock.freeze(clock.now() + timedelta(days=91)):
        assert code(bound.post()) == "session.invalid"


def test_without_a_key_a_session_is_a_short_bearer(app: Flask, page: Page) -> None:
    opened = page.open_session(guest={"name": "Ann"})
    assert opened.json["token_type"] == "Bearer"
    assert opened.json["expires"] < clock.rfc3339(clock.now() + timedelta(hours=13))


@pytest.mark.parametrize("bad", [{}, {"kty": "oct", "k": "c2VjcmV0"}, 5, "x", [], {"kty": "EC", "crv": "P-384"}])
def test_bad_keys_open_nothing(app: Flask, page: Page, bad: Any) -> None:
    answer = page.open_session(guest={"name": "Ann"}, jwk=bad)
    assert (answer.status_code, code(answer), answer.json["error"]["field"]) == (422, "request.bad_field", "jwk")
    assert rows(app)["session"] == rows(app)["user"] == 0


def test_a_private_key_is_refused(app: Flask, page: Page, browser: BrowserKey) -> None:
    answer = page.open_session(guest={"name": "Ann"}, jwk=browser.key.as_dict(private=True))
    assert (answer.status_code, code(answer)) == (422, "request.bad_field")
    assert browser.key.as_dict(private=True)["d"] not in answer.text


def test_the_same_guest_with_another_key_is_another_request(app: Flask, page: Page, browser: BrowserKey) -> None:
    again = key()
    first = page.open_session(guest={"name": "Ann"}, jwk=browser.jwk, idempotency_key=again)
    second = page.open_session(guest={"name": "Ann"}, jwk=browser.jwk, idempotency_key=again)
    assert first.json == second.json
    for jwk in (BrowserKey().jwk, None):
        other = page.open_session(guest={"name": "Ann"}, jwk=jwk, idempotency_key=again)
        assert (other.status_code, code(other)) == (409, "idempotency.mismatch")


# -- a thief


def refused(answer: TestResponse) -> None:
    assert (answer.status_code, code(answer)) == (401, "session.bad_proof"), answer.text
    assert 'DPoP algs="ES256", error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"]
    assert abs(answer.json["error"]["now"] - clock.now().timestamp()) < 10 if "now" in answer.json["error"] else True


def attempts(app: Flask, page: Page, bound: Page, browser: BrowserKey) -> dict[str, TestResponse]:
    """What a thief of the secret can try, with the answers."""
    token = cast("str", bound.token)
    mine = BrowserKey()
    again = key()
    other = Page(bound.client).be_guest("Bob")  # a session of the same browser without a key
    elsewhere = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}

    def sent(scheme: str, proof: str | None, **more: str) -> TestResponse:
        extra = {"Authorization": f"{scheme} {token}", "Idempotency-Key": again, **more}
        return thief(page, None, **(extra | ({"DPoP": proof} if proof is not None else {}))).post("stolen")

    return {
        "as a bearer": thief(page, token).post("stolen"),
        "as a bearer with a good proof": sent("Bearer", browser.proof("POST", COMMENTS, token, jti=again)),
        "without a proof": sent("DPoP", None),
        "with an empty proof": sent("DPoP", ""),
        "with a key of their own": sent("DPoP", mine.proof("POST", COMMENTS, token, jti=again)),
        "with a proof of a read": sent("DPoP", browser.proof("GET", "/api/v1/session", token, jti=again)),
        "with a proof of another address": sent("DPoP", browser.proof("POST", "/api/v1/session", token, jti=again)),
        "with a proof of another write": sent("DPoP", browser.proof("POST", COMMENTS, token)),
        "with a proof of another session": sent(
            "DPoP", browser.proof("POST", COMMENTS, cast("str", other.token), jti=again)
        ),
        "with an old proof": sent("DPoP", browser.proof("POST", COMMENTS, token, jti=again, iat=1_700_000_000)),
        "with a proof for another host": sent(
            "DPoP", browser.proof("POST", f"https://evil.test{COMMENTS}", token, jti=again), **elsewhere
        ),
        "reading": page.client.get("/api/v1/session", headers={"Origin": BLOG, "Authorization": f"Bearer {token}"}),
        "logging out": page.client.delete(
            "/api/v1/session", headers={"Origin": BLOG, "Authorization": f"Bearer {token}"}
        ),
    }


def test_a_copied_secret_is_worth_nothing(app: Flask, page: Page, bound: Page, browser: BrowserKey) -> None:
    for name, answer in attempts(app, page, bound, browser).items():
        refused(answer)
        assert answer.json["error"]["message"], name
    assert page.comments() == []
    assert bound.post("still signed in").status_code == 201


def test_without_the_guard_it_would_be_worth_everything(
    app: Flask, page: Page, bound: Page, browser: BrowserKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from widget.web import guards

    monkeypatch.setattr(guards, "_require_key", lambda *_args: None)
    answers = attempts(app, page, bound, browser)
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 400} == {}
    assert {comment["body"][0][1] for comment in page.comments()} == {"stolen"}


def test_a_captured_write_can_only_be_repeated(app: Flask, page: Page, bound: Page, browser: BrowserKey) -> None:
    token, again = cast("str", bound.token), key()
    proof = browser.proof("POST", COMMENTS, token, jti=again)
    captured = {"Authorization": f"DPoP {token}", "DPoP": proof, "Idempotency-Key": again}
    first = Page(page.client, extra=captured).post("Hello")
    assert first.status_code == 201
    repeated = Page(page.client, extra=captured).post("Hello")
    assert repeated.data == first.data
    changed = Page(page.client, extra=captured).post("Spam")
    assert (changed.status_code, code(changed)) == (409, "idempotency.mismatch")
    refused(Page(page.client, extra={**captured, "Idempotency-Key": key()}).post("Hello"))
    keyless = {"Origin": BLOG, **{name: value for name, value in captured.items() if name != "Idempotency-Key"}}
    body = {"site": "blog", "page": {"url": page.url}, "text": "Spam"}
    answer = page.client.post(COMMENTS, json=body, headers=keyless)
    assert (answer.status_code, code(answer)) == (400, "idempotency.missing")
    assert len(page.comments()) == 1


def test_a_session_without_a_key_takes_no_proof(page: Page, browser: BrowserKey) -> None:
    ann = page.be_guest()
    token, again = cast("str", ann.token), key()
    proof = browser.proof("POST", COMMENTS, token, jti=again)
    refused(Page(page.client, extra={"Authorization": f"DPoP {token}", "DPoP": proof, "Idempotency-Key": again}).post())


@pytest.mark.parametrize("host", ["evil.test", "comments.test:8080"])
def test_the_address_comes_from_the_setting_alone(page: Page, bound: Page, browser: BrowserKey, host: str) -> None:
    token = cast("str", bound.token)
    headers = {"Origin": BLOG, "Authorization": f"DPoP {token}", "DPoP": browser.proof("GET", "/api/v1/session", token)}
    answer = page.client.get("/api/v1/session", headers=headers, base_url=f"http://{host}")
    assert answer.status_code == 200


def test_every_401_names_the_ways_in(page: Page, ann: Page) -> None:
    nobody = page.client.get("/api/v1/session", headers={"Origin": BLOG})
    assert nobody.headers["WWW-Authenticate"] == 'Bearer, DPoP algs="ES256"'
    ended = Page(page.client, token="x" * 43).post()
    assert ended.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token", DPoP')


def test_the_preflight_lets_the_proof_through(page: Page) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, dpop"}
    answer = page.client.options(COMMENTS, headers={"Origin": BLOG, **asked})
    assert "dpop" in answer.headers["Access-Control-Allow-Headers"].lower()
