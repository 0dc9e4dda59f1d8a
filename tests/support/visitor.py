"""A browser in a test: pages that begin sign-ins, the server's pages behind cookies, and the redeeming of tickets."""

import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from widget.core import tokens

SERVER = "https://comments.test"
BLOG = "https://blog.test"


@dataclass(frozen=True)
class Page:
    """What the embed on one page made for one sign-in."""

    site: str = "blog"
    origin: str = BLOG
    tx: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    verifier: str = field(default_factory=tokens.secret)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.origin}/post?id=1"

    def start(self, **changes: str | None) -> str:
        """The address of the sign-in window; a change of None leaves a parameter out."""
        query = {
            "site": self.site,
            "provider": "oidc",
            "tx": self.tx,
            "challenge": tokens.challenge(self.verifier),
            "return_to": self.address,
            "mode": "popup",
            "lang": "en",
            **changes,
        }
        return "/auth/start?" + urlencode({name: value for name, value in query.items() if value is not None})


class Visitor:
    """One browser: it keeps the server's cookies (the test client ignores SameSite)."""

    def __init__(self, app: Flask) -> None:
        """A new one, without a cookie."""
        self.http: FlaskClient = app.test_client()

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        """Follow a link or a redirect to the server."""
        return self.http.get(local(url), base_url=SERVER, **kwargs)

    def post(self, url: str, form: dict[str, str], **kwargs: Any) -> TestResponse:
        """Send a form."""
        return self.http.post(local(url), data=form, base_url=SERVER, **kwargs)

    def begin(self, page: Page, **changes: str | None) -> str:
        """Open the sign-in window; the address of the provider's page."""
        answer = self.get(page.start(**changes))
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def redeem(self, page: Page, code: str, **changes: Any) -> TestResponse:
        """What the embed does with a ticket; `origin` and the body's fields can be changed."""
        origin = changes.pop("origin", page.origin)
        body = {"site": page.site, "tx": page.tx, "code": code, "verifier": page.verifier, **changes}
        return self.http.post("/api/v1/session", json=body, headers={"Origin": origin}, base_url=SERVER)


def local(url: str) -> str:
    """The path and query of an address of the server."""
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" in {SERVER, "://"}, url
    return f"{parts.path}?{parts.query}"


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


def data(answer: TestResponse) -> dict[str, str]:
    """The `data-…` attributes of the page's body: what its script works with."""
    body = re.search(r"<body([^>]*)>", answer.text)
    assert body, answer.text
    return {name: html.unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', body[1])}


def handle(answer: TestResponse) -> str:
    """The question's handle on the page that asks."""
    found = re.search(r'name="h" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]
