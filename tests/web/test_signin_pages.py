"""The sign-in window's pages: their headers, their words, and where they may lead."""

import re
import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.api import put_site
from tests.support.oidc import DemoId, demo_id
from tests.support.stores import SQLite
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data, query
from widget import create_app, words
from widget.core.errors import ROWS
from widget.extensions import db
from widget.services import transaction

ORIGINS = [BLOG, "http://127.0.0.1:8000"]
# trust row G6: addresses that must not be led to
OPEN_REDIRECTS = [
    "",
    "/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example/",
    "https:/evil.example/",
    "https:///evil.example/",
    "https:\\\\evil.example/",
    "https://evil.example/",
    "https://evil.example/https://blog.test/",
    "https://evil.example/?https://blog.test/",
    "https://evil.example#https://blog.test/",
    "https://blog.test@evil.example/",
    "https://blog.test:443@evil.example/",
    "https://blog.test%40evil.example/",
    "https://blog.test.evil.example/",
    "https://blog.test:pw@evil.example/",
    "https://blog.test%2eevil.example/",
    "https://blog.test%2f@evil.example/",
    "https://blog.test\\@evil.example/",
    "https://blog.test\\.evil.example/",
    "https://blog.test;.evil.example/",
    "https://blog.test?.evil.example/",
    "https://blog.test#.evil.example/",
    "https://blog.testevil.example/",
    "https://evilblog.test/",
    "https://sub.blog.test/",
    "https://blog.test./",
    "https://BLOG.test/",
    "HTTPS://blog.test/",
    "https://blog.test:443/",
    "https://blog.test:8443/",
    "https://blog.test",
    "http://blog.test/",
    "//blog.test/",
    " https://blog.test/",
    "\thttps://blog.test/",
    "https://blog.test/\r\nSet-Cookie: x=1",
    "https://blog.test/a b",
    "https://blog.test/\x00",
    "https://blog.test/\u202e",
    "https://blog.test/\\evil.example",
    "https://bl\u043eg.test/",
    "https://[::ffff:7f00:1]/",
    "javascript:alert(1)//https://blog.test/",
    "javascript://blog.test/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://blog.test/x",
    "file:///etc/passwd",
    "http://127.0.0.1:8000@evil.example/",
    "http://127.0.0.1:80000/",
    "https://blog.test/" + "x" * 2000,
]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    with demo_id() as running:
        yield running


@pytest.fixture(scope="module")
def app(sqlite_store: SQLite, demo: DemoId, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with sqlite_store.fresh(tmp_path_factory.mktemp("pages")) as url:
        app = create_app({"DATABASE_URL": url, "PUBLIC_URL": SERVER, **demo.settings})
        with app.app_context():
            transaction.write(lambda session: put_site(session, "blog", "The Blog", ORIGINS))
            transaction.write(lambda session: put_site(session, "shop", "The Shop", ["https://shop.test"]))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.mark.parametrize("address", OPEN_REDIRECTS)
@pytest.mark.parametrize("mode", ["popup", "redirect"])
def test_where_a_sign_in_may_not_lead(visitor: Visitor, address: str, mode: str) -> None:
    answer = visitor.get(Page().start(return_to=address, mode=mode))
    assert answer.status_code == ROWS["signin.bad_return"][0]
    assert "Location" not in answer.headers
    assert "evil.example" not in answer.text
    assert data(answer) == {}


@pytest.mark.parametrize("path", ["", "a?b=%20&c#x", "%2f/.."])
@pytest.mark.parametrize("origin", ORIGINS)
def test_where_a_sign_in_may_lead(visitor: Visitor, demo: DemoId, origin: str, path: str) -> None:
    page, address = Page(), f"{origin}/{path}"
    back = demo.deny(visitor.begin(page, return_to=address))
    assert back.startswith(f"{SERVER}/auth/callback/oidc?")
    state = query(visitor.begin(Page(), return_to=address))["state"]
    answer = visitor.get(f"/auth/callback/oidc?error=access_denied&state={state}")
    assert f'href="{address.partition("#")[0].replace("&", "&amp;")}"' in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("site", "provider", "tx", "challenge", "return_to", "mode")),
        {"challenge": "short"},
        {"challenge": "A" * 44},
        {"challenge": "!" * 43},
        {"tx": "short"},
        {"tx": "A" * 23},
        {"tx": "'" * 22},
        {"mode": "frame"},
        {"mode": ""},
    ],
    ids=str,
)
def test_errands_that_are_not_complete(visitor: Visitor, changes: dict[str, str | None]) -> None:
    answer = visitor.get(Page().start(**changes))
    assert answer.status_code == 400
    assert data(answer) == {}
    assert visitor.get(Page().start() + "&mode=redirect").status_code == 400


def test_unknown_sites_and_providers(visitor: Visitor) -> None:
    assert visitor.get(Page(site="nowhere").start()).status_code == 404
    for name in ("google", "", "x" * 500, "../oidc", "OIDC"):
        page = Page()
        answer = visitor.get(page.start(provider=name))
        assert answer.status_code == 404
        assert data(answer) == {"tx": page.tx, "code": "signin.unknown_provider", "origin": BLOG}


def test_the_address_of_the_server_is_the_settings_and_not_the_requests(visitor: Visitor) -> None:
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}):
        answer = visitor.http.get(Page().start(), headers=headers)
        assert query(answer.headers["Location"])["redirect_uri"] == f"{SERVER}/auth/callback/oidc"


def pages(visitor: Visitor, demo: DemoId) -> dict[str, TestResponse]:
    """One of each."""
    to_provider = visitor.get(Page().start())
    to_question = visitor.get(demo.sign_in(to_provider.headers["Location"], secrets.token_hex(4)))
    question = visitor.get(to_question.headers["Location"])
    handle = query(to_question.headers["Location"])["h"]
    done = visitor.post("/auth/consent", {"h": handle, "choice": "yes"})
    state = query(visitor.begin(Page()))["state"]
    return {
        "to provider": to_provider,
        "to question": to_question,
        "question": question,
        "done": done,
        "denied": visitor.get(f"/auth/callback/oidc?error=access_denied&state={state}"),
        "error": visitor.get("/auth/start"),
        "post": visitor.post("/auth/callback/oidc", {"code": "x"}),
        "wrong method": visitor.http.put("/auth/start", base_url=SERVER),
    }


def test_headers(app: Flask, demo: DemoId) -> None:
    for name, answer in pages(Visitor(app), demo).items():
        headers = answer.headers
        if name == "wrong method":
            assert answer.status_code == 405
            continue
        assert headers["Cross-Origin-Opener-Policy"] == "unsafe-none", name
        assert headers["Referrer-Policy"] == "no-referrer", name
        assert headers["Cache-Control"] == "no-store", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert "max-age" in headers["Strict-Transport-Security"], name
        assert "Access-Control-Allow-Origin" not in headers, name
        policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
        assert policy.pop("default-src") == ["'none'"], name
        assert policy.pop("frame-ancestors") == ["'none'"], name
        assert policy.pop("base-uri") == ["'none'"], name
        nonce = policy.pop("script-src")
        assert policy.pop("style-src") == nonce, name
        assert re.fullmatch(r"'nonce-[\w-]{22}'", nonce[0]), name
        # A form whose answer leads on to a provider must not be under form-action: Chromium stops the redirect too.
        assert policy == ({} if name == "question" else {"form-action": ["'none'"]}), name


def test_everything_inline_carries_the_nonce_and_nothing_is_fetched(app: Flask, demo: DemoId) -> None:
    nonces = set()
    for name, answer in pages(Visitor(app), demo).items():
        if answer.status_code in {303, 405}:
            continue
        found = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        assert found
        nonces.add(found[1])
        tags = re.findall(r"<(?:script|style)\b[^>]*>", answer.text)
        assert tags, name
        assert all(f'nonce="{found[1]}"' in tag and "src" not in tag for tag in tags), name
        assert not re.search(r"\son\w+=|\sstyle=|<(?:img|link|iframe|base|object)\b|javascript:", answer.text), name
        assert '<meta name="viewport"' in answer.text
    assert len(nonces) == 4


def test_messages_go_to_exactly_the_sites_origin(app: Flask, demo: DemoId) -> None:
    shown = pages(Visitor(app), demo)
    for name in ("done", "denied"):
        script = shown[name].text.partition("<script")[2]
        assert data(shown[name])["origin"] == BLOG
        calls = re.findall(r"postMessage\((.*)\)", script)
        assert len(calls) == 1
        assert calls[0].endswith(", origin")
        assert '"*"' not in script
    assert "{ tx, code, origin" in shown["done"].text


def test_the_words_follow_the_page(visitor: Visitor, demo: DemoId) -> None:
    for lang, title in (("it", "Accesso non effettuato"), ("it-CH", "Accesso non effettuato"), ("xx", "Not signed in")):
        state = query(visitor.begin(Page(), lang=lang))["state"]
        answer = visitor.get(f"/auth/callback/oidc?error=access_denied&state={state}")
        assert f"<title>{title}</title>" in answer.text
        assert f'<html lang="{lang[:2] if lang != "xx" else "en"}">' in answer.text
    answer = visitor.get("/auth/start", headers={"Accept-Language": "xx;q=0.9, it;q=0.8"})
    assert '<html lang="it">' in answer.text


def test_a_way_back_and_a_way_out(visitor: Visitor) -> None:
    for mode in ("popup", "redirect"):
        state = query(visitor.begin(Page(), mode=mode))["state"]
        answer = visitor.get(f"/auth/callback/oidc?error=access_denied&state={state}")
        assert f'href="{BLOG}/post?id=1"' in answer.text
        assert ('id="close"' in answer.text) == (mode == "popup")


def test_languages_that_nobody_translated_fall_back() -> None:
    assert words.choose("it-IT") == "it"
    assert words.choose("xx", "IT") == "it"
    nearest = {
        "zh": "zh-Hans",
        "zh-TW": "zh-Hant",
        "zh-Hant-HK": "zh-Hant",
        "pt": "pt-BR",
        "pt_PT": "pt-BR",
        "no": "nb",
    }
    there = {wish: name for wish, name in nearest.items() if name in words.languages()}
    assert {wish: words.choose(wish) for wish in there} == there
    assert "pt" in there
    assert words.choose("../../etc/passwd", "") == "en"
    assert words.choose() == "en"
