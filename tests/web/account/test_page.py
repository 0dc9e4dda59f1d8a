"""The account page: who comes in, what it shows, what it ends, and its headers."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import Page as Reader
from tests.support.oidc import DemoId
from tests.support.people import HOME, Person, csrf, refused, send, sign_in, state
from tests.support.visitor import BLOG, SERVER, Page, Visitor, query
from widget.core import clock, tokens
from widget.extensions import db
from widget.models import AccountSession, Identity, KnownBrowser, Login, Session, Ticket
from widget.services import account_sessions, housekeeping

SHOP = Page(site="shop", origin="https://shop.test")


def rows(app: Flask, model: type[db.Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_coming_in_and_what_there_is_to_see(app: Flask, ada: Person, demo: DemoId) -> None:
    sign_in(app, demo, "ada", page=SHOP)
    page = ada.entered("ada").account()
    assert page.status_code == 200
    assert "<h1>Your account</h1>" in page.text
    for words in ("Ada Moretti", "Demo ID", "The Blog", "The Shop", "Log out everywhere", "Link another account"):
        assert words in page.text
    for secret in ("ada@demo.example", demo.issuer, ada.me or "", ada.page.token or ""):
        assert secret not in page.text
    assert len(re.findall("<time ", page.text)) == 5
    assert rows(app, Login) == rows(app, Ticket) == 0


def test_in_italian(ada: Person) -> None:
    assert "Accedi con Demo ID" in ada.visitor.get("/account?lang=it").text
    ada.entered("ada")
    page = ada.visitor.get("/account?lang=it")
    assert "<h1>Il tuo account</h1>" in page.text
    assert 'action="https://comments.test/account/everywhere?lang=it"' in page.text
    assert '<html lang="it">' in ada.visitor.get("/account", headers={"Accept-Language": "it"}).text


def test_a_browser_that_is_known_is_not_let_in_by_that(ada: Person) -> None:
    assert ada.visitor.http.get_cookie("__Host-cw_known", domain="comments.test")
    assert "Sign in with Demo ID" in ada.account().text


def test_who_never_signed_in_on_a_site_makes_no_person(app: Flask, ada: Person) -> None:
    before = state(app)
    refused(ada.enter("bruno"), "account.unknown", 403)
    assert state(app) == before
    assert ada.me is None


def test_saying_no_at_the_provider(ada: Person) -> None:
    to_provider = ada.press("/signin", provider="oidc")
    state_of = query(to_provider.headers["Location"])["state"]
    refused(ada.visitor.get(f"/auth/callback/oidc?error=access_denied&state={state_of}"), "signin.denied", 403)


def test_providers_that_are_not_offered(ada: Person) -> None:
    for provider in ("", "github", "../oidc", "x" * 1000):
        refused(ada.press("/signin", provider=provider), "signin.unknown_provider", 404)
    refused(ada.press("/signin", provider="oidc", at="one.example"), "signin.bad_request", 400)


def test_the_cookie(app: Flask, ada: Person) -> None:
    answer = ada.enter("ada")
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if "cw_me" in one]
    assert re.fullmatch(r"__Host-cw_me=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)
    with app.app_context():
        row = db.session.scalars(select(AccountSession)).one()
        assert row.token_hash == tokens.digest(ada.me or "")


def test_it_ends_after_an_hour_without_use(ada: Person) -> None:
    ada.entered("ada")
    start = clock.now()
    with clock.freeze(start + timedelta(minutes=59)):
        assert "The Blog" in ada.account().text
    with clock.freeze(start + timedelta(minutes=118)):
        assert "The Blog" in ada.account().text
    with clock.freeze(start + timedelta(minutes=179)):
        assert "Sign in with" in ada.account().text


def test_it_ends_after_twelve_hours_at_the_latest(app: Flask, ada: Person) -> None:
    ada.entered("ada")
    start = clock.now()
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11):
        with clock.freeze(start + timedelta(minutes=59 * hours)):
            assert "The Blog" in ada.account().text
    with clock.freeze(start + timedelta(hours=12)):
        assert "Sign in with" in ada.account().text
        with app.app_context():
            housekeeping.sweep()
    with clock.freeze(start + timedelta(hours=14)), app.app_context():
        housekeeping.sweep()
    assert rows(app, AccountSession) == 0


def test_a_look_at_the_page_writes_at_most_once_a_minute(app: Flask, ada: Person) -> None:
    ada.entered("ada")
    with app.app_context():
        before = db.session.scalar(select(AccountSession.expires_at))
    ada.account()
    with app.app_context():
        assert db.session.scalar(select(AccountSession.expires_at)) == before
    with clock.freeze(clock.now() + timedelta(seconds=61)):
        ada.account()
    with app.app_context():
        assert db.session.scalar(select(AccountSession.expires_at)) > before


# -- sessions on sites


def session_ids(page: str) -> list[str]:
    return re.findall(r'<button name="id" value="(\w+)" aria-label', page)


def test_ending_one_session(app: Flask, ada: Person, demo: DemoId) -> None:
    shop = sign_in(app, demo, "ada", page=SHOP)
    shop.page.url = "https://shop.test/x"
    ada.entered("ada")
    found = session_ids(ada.account().text)
    assert len(found) == 2
    assert (
        ada.press("/end", id=found[0]).headers["Location"] == f"{SERVER}{HOME}"
    )  # the last used comes first: the shop
    assert shop.page.post().status_code == 401
    assert ada.page.post().status_code == 201
    refused(ada.press("/end", id=found[0]), "session.not_found", 404)


@pytest.mark.parametrize("public_id", ["", "x", "0" * 20, "%00", "' OR 1=1"])
def test_there_is_no_such_session(ada: Person, public_id: str) -> None:
    refused(ada.entered("ada").press("/end", id=public_id), "session.not_found", 404)
    assert ada.page.post().status_code == 201


def test_nobody_ends_somebody_elses(app: Flask, ada: Person, demo: DemoId) -> None:
    bruno = sign_in(app, demo, "bruno").entered("bruno")
    (theirs,) = session_ids(ada.entered("ada").account().text)
    refused(bruno.press("/end", id=theirs), "session.not_found", 404)
    assert ada.page.post().status_code == 201


def test_logging_out_everywhere(app: Flask, ada: Person, demo: DemoId) -> None:
    phone = sign_in(app, demo, "ada", page=SHOP).entered("ada")
    phone.page.url = "https://shop.test/x"
    bruno = sign_in(app, demo, "bruno").entered("bruno")
    ada.entered("ada")
    answer = ada.press("/everywhere")
    assert answer.headers["Location"] == f"{SERVER}{HOME}"
    assert ada.me is None
    assert ada.page.post().status_code == phone.page.post().status_code == 401
    for one in (ada, phone):
        assert "Sign in with Demo ID" in one.account().text
    assert bruno.page.post().status_code == 201
    assert "Bruno Keller" in bruno.account().text
    with app.app_context():
        left = select(KnownBrowser.user_id).union(select(AccountSession.user_id), select(Session.user_id))
        assert set(db.session.scalars(left)) == {2}


def test_leaving_the_page(app: Flask, ada: Person) -> None:
    old = ada.entered("ada").me
    ada.press("/leave")
    assert ada.me is None
    assert ada.page.post().status_code == 201
    stolen = Visitor(app)
    stolen.http.set_cookie("__Host-cw_me", old or "", domain="comments.test")
    assert "Sign in with" in stolen.get(HOME).text


@pytest.mark.parametrize("how", ["", "?everywhere=1"])
def test_logging_out_of_a_site_forgets_the_browser_and_closes_the_account_page(
    app: Flask, ada: Person, demo: DemoId, how: str
) -> None:
    """A shared computer is not one click away from who left it."""
    shop = Page(site="shop", origin="https://shop.test")
    assert "/auth/consent" in ada.visitor.get(shop.start()).headers["Location"]  # one click, before
    ada.entered("ada")
    gone = ada.page.client.delete(f"/api/v1/session{how}", headers=ada.page.headers())
    assert gone.status_code == 204
    assert ada.visitor.get(Page(site="shop", origin=shop.origin).start()).headers["Location"].startswith(demo.issuer)
    assert "Sign in with Demo ID" in ada.account().text


def test_a_guest_logs_out_without_harm(app: Flask, ada: Person) -> None:
    guest = Reader(app.test_client()).be_guest()
    assert guest.client.delete("/api/v1/session", headers=guest.headers()).status_code == 204
    assert rows(app, KnownBrowser) == 1


# -- unlinking


def account_ids(page: str) -> list[str]:
    return re.findall(r"/account/unlink\?lang=en&amp;id=(\w+)", page)


def test_unlinking_ends_its_sessions_and_keeps_the_comments(app: Flask, ada: Person, demo: DemoId) -> None:
    ada.entered("ada").link("bruno")
    second = sign_in(app, demo, "bruno").entered("bruno")
    second.page.posted("Written as Bruno")
    _, bruno = account_ids(ada.account().text)
    asked = ada.visitor.get(f"/account/unlink?lang=en&id={bruno}")
    assert "<h1>Unlink Bruno Keller (Demo ID)</h1>" in asked.text
    done = send(ada.visitor, "/unlink", csrf(asked), id=bruno)
    assert done.headers["Location"] == f"{SERVER}{HOME}"
    assert second.page.post().status_code == 401
    assert "Sign in with" in second.account().text
    assert "Ada Moretti" in ada.account().text
    assert state(app)["owners"] == [("ada", 1)]
    assert ada.page.comments()[0]["author"]["name"] == "Ada Moretti"
    assert sign_in(app, demo, "bruno").user["id"] != ada.user["id"]


def test_unlinking_the_account_one_came_in_with(app: Flask, ada: Person, demo: DemoId) -> None:
    ada.entered("ada").link("bruno")
    first, _ = account_ids(ada.account().text)
    ada.press("/unlink", id=first)
    assert "Sign in with" in ada.account().text
    assert "Bruno Keller" in ada.entered("bruno").account().text


def test_the_last_account_stays(app: Flask, ada: Person) -> None:
    page = ada.entered("ada").account()
    assert account_ids(page.text) == []
    assert "so it stays" in page.text
    with app.app_context():
        only = db.session.scalars(select(Identity.public_id)).one()
    refused(ada.press("/unlink", id=only), "identity.last", 409)
    assert state(app)["owners"] == [("ada", 1)]


@pytest.mark.parametrize("public_id", ["", "x", "0" * 20, "%00"])
def test_there_is_no_such_account(app: Flask, ada: Person, public_id: str) -> None:
    ada.entered("ada").link("bruno")
    refused(ada.press("/unlink", id=public_id), "identity.not_found", 404)
    refused(ada.visitor.get("/account/unlink?lang=en&id=" + public_id), "identity.not_found", 404)


def test_nobody_unlinks_for_somebody_else(app: Flask, ada: Person, demo: DemoId) -> None:
    ada.entered("ada").link("bruno")
    demo.put("mallory", {"name": "Mallory"})
    mallory = sign_in(app, demo, "mallory").entered("mallory")
    for public_id in account_ids(ada.account().text):
        refused(mallory.press("/unlink", id=public_id), "identity.not_found", 404)
        refused(mallory.visitor.get(f"/account/unlink?lang=en&id={public_id}"), "identity.not_found", 404)
    assert state(app)["owners"] == [("ada", 1), ("bruno", 1), ("mallory", 2)]


# -- what a site's page can do of all this


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me/identities"),
        ("DELETE", "/api/v1/me/identities/" + "0" * 20),
        ("POST", "/api/v1/me/links"),
    ],
)
def test_a_sites_bearer_manages_no_accounts(ada: Person, method: str, path: str) -> None:
    assert ada.page.client.open(path, method=method, headers=ada.page.headers(), json={}).status_code == 404


def test_a_bearer_opens_no_account_page(app: Flask, ada: Person) -> None:
    for cookie in (ada.page.token or "", "A" * 43):
        stranger = Visitor(app)
        stranger.http.set_cookie("__Host-cw_me", cookie, domain="comments.test")
        answer = stranger.get(HOME, headers={"Authorization": f"Bearer {ada.page.token}", "Origin": BLOG})
        assert "Sign in with" in answer.text


def test_on_a_server_without_providers(database_url: str) -> None:
    from widget import create_app

    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER})
    assert "This server offers no sign-in with an account." in Visitor(app).get(HOME).text
    with app.app_context():
        db.engine.dispose()


# -- headers


def pages(ada: Person) -> dict[str, tuple[int, object]]:
    start = ada.account()
    ada.entered("ada")
    asked = ada.propose("bruno")
    send(ada.visitor, "/confirm", csrf(asked), h=query("?" + "h=" + _handle(asked.text))["h"], choice="yes")
    first = account_ids(ada.account().text)[0]
    return {
        "start": start,
        "home": ada.account(),
        "choose": ada.visitor.get("/account/link"),
        "confirm": asked,
        "unlink": ada.visitor.get(f"/account/unlink?id={first}"),
        "refused": ada.visitor.get("/account/unlink?id=x"),
        "forged": ada.visitor.post("/account/leave", {}),
        "to provider": ada.press("/link", on="/account/link?lang=en", provider="oidc"),
    }  # type: ignore[return-value]


def _handle(text: str) -> str:
    found = re.search(r'name="h" value="([^"]+)"', text)
    assert found, text
    return found[1]


def test_headers(ada: Person) -> None:
    for name, answer in pages(ada).items():
        headers = answer.headers  # type: ignore[attr-defined]
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert headers["Referrer-Policy"] == "same-origin", name  # no-referrer would send `Origin: null`
        assert headers["Cache-Control"] == "no-store", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert "max-age" in headers["Strict-Transport-Security"], name
        assert "Access-Control-Allow-Origin" not in headers, name
        policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
        assert policy.pop("default-src") == ["'none'"], name
        assert policy.pop("frame-ancestors") == ["'none'"], name
        assert policy.pop("base-uri") == ["'none'"], name
        assert policy.pop("img-src") == ["'self'"], name
        nonce = policy.pop("script-src")
        assert policy.pop("style-src") == nonce, name
        # Where a form leads on to a provider there is no form-action: Chromium stops such a redirect too.
        own = {"home": "'self'", "confirm": "'self'", "unlink": "'self'"}
        expected = {} if name in {"start", "choose"} else {"form-action": [own.get(name, "'none'")]}
        assert policy == expected, name


def test_everything_inline_carries_the_nonce(ada: Person) -> None:
    for name, answer in pages(ada).items():
        if answer.status_code == 303:  # type: ignore[attr-defined]
            continue
        text = answer.text  # type: ignore[attr-defined]
        found = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])  # type: ignore[attr-defined]
        assert found
        tags = re.findall(r"<(?:script|style)\b[^>]*>", text)
        assert all(f'nonce="{found[1]}"' in tag and "src" not in tag for tag in tags), name
        assert not re.search(r"\son\w+=|\sstyle=|<(?:link|iframe|base|object)\b|javascript:", text), name
        assert '<meta name="viewport"' in text


def test_names_are_text_on_the_page(app: Flask, demo: DemoId) -> None:
    demo.put("xss", {"name": "<img src=x onerror=alert(1)>"})
    person = sign_in(app, demo, "xss").entered("xss")
    assert "<img src=x" not in person.account().text
    assert "&lt;img src=x" in person.account().text
    demo.put("xss2", {"name": '"><script>alert(1)</script>'})
    asked = person.propose("xss2")
    assert "<script>alert" not in asked.text


def test_the_word_of_a_form_tells_nothing_of_the_cookie(ada: Person) -> None:
    word = csrf(ada.entered("ada").account())
    assert ada.me not in {None, word}
    assert timedelta(hours=1) == account_sessions.IDLE
