"""A page's point of view in one object: its site, its origin and its session; it calls the API as the embed does."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from widget.core import tokens
from widget.providers import Profile
from widget.services import accounts, sessions, sites, transaction

BLOG = "https://blog.test"
PAGE = f"{BLOG}/post"
# Whoever tests something else than the judging of comments has nothing held.
OPEN: dict[str, Any] = {"forms": False, "flood": 0, "similar": False, "guest_links": 100, "max_links": 100}


def put_site(session: Session, key: str, name: str, origins: list[str]) -> None:
    """A site that holds nothing back, in this transaction."""
    sites.add(session, key, name, origins)
    session.flush()
    sites.change(session, key, settings=OPEN)


def add_site(app: Flask, key: str = "blog", origins: tuple[str, ...] = (BLOG,), **settings: Any) -> None:
    """A site with its origins and settings, as the command line would make it."""
    with app.app_context():
        transaction.write(lambda session: sites.add(session, key, f"The {key}", list(origins)))
        transaction.write(lambda session: sites.change(session, key, settings={**OPEN, **settings}))


def key() -> str:
    """A new idempotency key."""
    return secrets.token_urlsafe(16)


@dataclass
class Page:
    """One page in one browser."""

    client: FlaskClient
    site: str = "blog"
    origin: str | None = BLOG
    url: str = PAGE
    token: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def headers(self, **more: str | None) -> dict[str, str]:
        """What the embed sends along."""
        found = {
            "Origin": self.origin,
            "Authorization": f"Bearer {self.token}" if self.token else None,
            "Idempotency-Key": key(),
            **self.extra,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        return {name: value for name, value in found.items() if value is not None}

    def be_guest(self, name: str = "Ann", **more: Any) -> "Page":
        """Open a guest's session and keep its bearer."""
        answer = self.open_session(guest={"name": name, **more})
        assert answer.status_code == 201, answer.text
        self.token = answer.json["token"]
        return self

    def be_person(self, name: str = "Ada", subject: str | None = None, **profile: Any) -> "Page":
        """Be signed in with an account, as somebody who came back from their provider; keeps the bearer."""
        token = tokens.secret()
        person = Profile(
            provider="oidc", issuer="https://id.test", subject=subject or name.lower(), name=name, **profile
        )

        def work(session: Session) -> None:
            who = accounts.of_profile(session, person)
            sessions.open_session(session, sites.by_key(self.site), who, token, thumbprint=None)

        with self.client.application.app_context():
            transaction.twice(work)
        self.token = token
        return self

    def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> TestResponse:
        """Any write; `path` below /api/v1."""
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers(**headers))

    def react(self, comment_id: str, kind: str = "like", *, method: str = "PUT", **headers: str | None) -> TestResponse:
        """PUT or DELETE /comments/<id>/reactions/<kind>."""
        return self.send(method, f"/comments/{comment_id}/reactions/{kind}", **headers)

    def react_to_page(self, kind: str = "like", *, method: str = "PUT", **headers: str | None) -> TestResponse:
        """PUT or DELETE /threads/reactions/<kind>."""
        body = {"site": self.site, "page": {"url": self.url}}
        return self.send(method, f"/threads/reactions/{kind}", body, **headers)

    def flag(self, comment_id: str, reason: Any = "spam", **more: Any) -> TestResponse:
        """POST /comments/<id>/flags; `headers` override what the embed would send."""
        headers = more.pop("headers", {})
        return self.send("POST", f"/comments/{comment_id}/flags", {"reason": reason, **more}, **headers)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> TestResponse:
        """A public read of the site."""
        query = {"site": self.site, **params}
        return self.client.get(f"/api/v1{path}", query_string=query, headers=headers or {})

    def mine(self) -> Any:
        """GET /me/comments that must succeed."""
        query = {"site": self.site, "url": self.url}
        answer = self.client.get("/api/v1/me/comments", query_string=query, headers=self.headers())
        assert answer.status_code == 200, answer.text
        return answer.json

    def open_session(self, *, idempotency_key: str | None = None, **body: Any) -> TestResponse:
        """POST /session."""
        headers = self.headers(Idempotency_Key=idempotency_key or key(), Authorization=None)
        return self.client.post("/api/v1/session", json={"site": self.site, **body}, headers=headers)

    def post(self, text: str = "Hello", parent: Any = None, **more: Any) -> TestResponse:
        """POST /comments; `headers` override what the embed would send."""
        headers = self.headers(**more.pop("headers", {}))
        body = {"site": self.site, "page": {"url": self.url}, "text": text, **more}
        if parent is not None:
            body["parent"] = parent
        return self.client.post("/api/v1/comments", json=body, headers=headers)

    def posted(self, text: str = "Hello", parent: str | None = None, **more: Any) -> dict[str, Any]:
        """POST /comments that must succeed; the comment."""
        answer = self.post(text, parent, **more)
        assert answer.status_code == 201, answer.text
        comment: dict[str, Any] = answer.json["comment"]
        return comment

    def edit(self, comment_id: str, text: str, was: str | None = None, **headers: str | None) -> TestResponse:
        """PATCH /comments/<id>."""
        body = {"text": text} if was is None else {"text": text, "was": was}
        return self.client.patch(f"/api/v1/comments/{comment_id}", json=body, headers=self.headers(**headers))

    def restore(self, comment_id: str, **headers: str | None) -> TestResponse:
        """POST /comments/<id>/restore."""
        return self.send("POST", f"/comments/{comment_id}/restore", **headers)

    def delete(self, comment_id: str, **headers: str | None) -> TestResponse:
        """DELETE /comments/<id>."""
        return self.client.delete(f"/api/v1/comments/{comment_id}", headers=self.headers(**headers))

    def read(self, *, headers: dict[str, str] | None = None, **params: Any) -> TestResponse:
        """GET /threads."""
        query = {"site": self.site, "url": self.url, **params}
        return self.client.get("/api/v1/threads", query_string=query, headers=headers or {})

    def comments(self, **params: Any) -> list[dict[str, Any]]:
        """The comments of GET /threads."""
        answer = self.read(**params)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["comments"]
        return found


def code(answer: TestResponse) -> str:
    """The stable code of a refusal."""
    assert answer.mimetype == "application/json", answer.text
    found: str = answer.json["error"]["code"]
    return found
