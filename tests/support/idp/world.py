"""Our application, every provider, and the browsers between them: what the tests of whole sign-ins walk about in."""

import html
import re
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
import trustme
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as DbSession
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support.api import put_site
from tests.support.idp.server import Simulator, over_tls
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data, local
from widget import create_app
from widget.extensions import db
from widget.models import (
    AccountSession,
    Comment,
    Consent,
    Identity,
    KnownBrowser,
    Login,
    ParkedForm,
    Session,
    Thread,
    Ticket,
    User,
)
from widget.services import reception, transaction

CALLBACK = f"{SERVER}/auth/callback/"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"}
COOKIE = "__Host-cw_tx"
_ROWS = (Comment, Thread, AccountSession, Ticket, Session, Login, ParkedForm, Consent, KnownBrowser, Identity, User)


@dataclass(frozen=True)
class Back:
    """How a provider sends the browser back: an address, its parameters in the query or in a posted form."""

    url: str
    given: tuple[tuple[str, str], ...]
    posted: bool = False

    @property
    def answer(self) -> dict[str, str]:
        """The parameters by name."""
        return dict(self.given)

    @property
    def whole(self) -> str:
        """The address with the parameters in its query."""
        return f"{self.url}?{urlencode(self.given)}"

    def with_(self, *, at: str | None = None, **changes: str | None) -> "Back":
        """Another one, with parameters changed (None takes one away), perhaps `at` another provider's callback."""
        given = {**self.answer, **changes}
        kept = tuple((name, value) for name, value in given.items() if value is not None)
        return replace(self, url=f"{CALLBACK}{at}" if at else self.url, given=kept)

    def twice(self, name: str, value: str) -> "Back":
        """The same with one parameter a second time."""
        return replace(self, given=(*self.given, (name, value)))


@dataclass(frozen=True)
class OverTls:
    """The simulator over TLS, and the authority that alone vouches for its certificate (a file)."""

    base: str
    authority: Path


class World:
    """One application with one site, `blog`, and the simulator behind it."""

    def __init__(self, app: Flask, sim: Simulator) -> None:
        """With the providers that the application's settings name."""
        self.app, self.sim = app, sim
        self._stale = False
        self._late = ExitStack()
        self._net = self._late.enter_context(requests.Session())
        self._net.trust_env = False

    def forget(self) -> None:
        """Let the application forget, now and at the next `reset`, what it knows of the providers: keys, discovery."""
        reception.init_app(self.app)
        self._stale = True

    def reset(self) -> None:
        """Nobody has been here."""
        self.sim.reset()
        if self._stale:
            self.forget()
            self._stale = False
        self.app.extensions[reception.EXTENSION].breakers.clear()

        def empty(session: DbSession) -> None:
            for model in _ROWS:
                session.execute(delete(model))

        with self.app.app_context():
            transaction.write(empty)

    @contextmanager
    def settings(self, changes: Mapping[str, Any]) -> Iterator[None]:
        """Let the operator have set something else, for the block."""
        before = {name: self.app.config[name] for name in changes}
        self.app.config.update(changes)
        self.forget()
        try:
            yield
        finally:
            self.app.config.update(before)
            self.forget()

    @cached_property
    def over_tls(self) -> OverTls:
        """The same providers over TLS, started when first asked for."""
        authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        folder = Path(self._late.enter_context(tempfile.TemporaryDirectory(prefix="cw-authority-")))
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        return OverTls(self._late.enter_context(over_tls(self.sim, context)), folder / "authority.pem")

    def close(self) -> None:
        """End what was started late."""
        self._late.close()

    # -- browsers

    def browser(self, *, cookie: str | None = None) -> Visitor:
        """A new one, perhaps with somebody else's cookie."""
        made = Visitor(self.app)
        if cookie is not None:
            made.http.set_cookie(COOKIE, cookie, domain=urlsplit(SERVER).hostname or "")
        return made

    def cookie(self, browser: Visitor) -> str:
        """The cookie that binds sign-ins to this browser."""
        found = browser.http.get_cookie(COOKIE, domain=urlsplit(SERVER).hostname or "")
        assert found
        return found.value

    def at_provider(self, address: str) -> Back:
        """Be at the provider's page: how it sends the browser back."""
        answer = self._net.get(address, headers=BROWSER, timeout=40, allow_redirects=False)
        if answer.status_code == 302:
            parts = urlsplit(answer.headers["Location"])
            query = parse_qsl(parts.query, keep_blank_values=True)
            return Back(parts._replace(query="", fragment="").geturl(), tuple(query))
        action = re.search(r'<form method="post" action="([^"]+)"', answer.text)
        assert action, f"{answer.status_code} {answer.text[:300]} {self.sim.violations}"
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', answer.text)
        given = tuple((name, html.unescape(value)) for name, value in fields)
        return Back(html.unescape(action[1]), given, posted=True)

    def begin(self, provider: str, browser: Visitor, page: Page | None = None, **changes: str | None) -> Back:
        """From the click to the provider's answer."""
        return self.at_provider(browser.begin(page or Page(), provider=provider, **changes))

    def bring(self, browser: Visitor, back: Back) -> TestResponse:
        """Come back from the provider. What was posted crosses sites, so without the browser's cookie."""
        if not back.posted:
            return browser.get(back.whole)
        answer = self.browser().http.post(local(back.url), data=MultiDict(back.given), base_url=SERVER)
        return browser.get(answer.headers["Location"]) if answer.status_code == 303 else answer

    def sign_in(self, provider: str, browser: Visitor | None = None, page: Page | None = None) -> TestResponse:
        """The whole way to the window's last page."""
        browser = browser or self.browser()
        return self.bring(browser, self.begin(provider, browser, page))

    def session(self, provider: str, browser: Visitor | None = None) -> dict[str, Any]:
        """The whole way to a session; what the page is given."""
        browser, page = browser or self.browser(), Page()
        done = self.sign_in(provider, browser, page)
        assert done.status_code == 200, f"{done.text}\n{self.sim.violations}"
        opened = browser.redeem(page, data(done)["code"])
        assert opened.status_code == 201, opened.text
        found: dict[str, Any] = opened.get_json()
        return found

    # -- what is in the database

    def rows(self, model: type[db.Model]) -> int:
        """How many."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0

    def identities(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        names = [column.name for column in Identity.__table__.c]
        with self.app.app_context():
            found = db.session.scalars(select(Identity).order_by(Identity.id))
            return [{name: getattr(one, name) for name in names} for one in found]


def code(answer: TestResponse) -> str:
    """The stable code of a window's error page that knows its page; empty for one that does not."""
    return data(answer).get("code", "") if answer.status_code >= 400 else ""


@contextmanager
def world(database_url: str, sim: Simulator, settings: Mapping[str, Any] | None = None) -> Iterator[World]:
    """Our application with every provider of the simulator switched on."""
    config = {"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **sim.settings()}
    app = create_app({**config, **(settings or {})})
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    made = World(app, sim)
    try:
        yield made
    finally:
        made.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
