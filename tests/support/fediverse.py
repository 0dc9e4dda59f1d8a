"""A Mastodon instance, strict about what it is asked (`violations`) and like the real one in what it answers."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request

from tests.support.street import Street
from tests.support.visitor import SERVER, query
from widget.core import tokens

REDIRECT = f"{SERVER}/auth/callback/mastodon"


@dataclass
class Instance:
    """`modern`: Mastodon 4.3 or later, with metadata and the scope `profile`; else as before, without PKCE."""

    host: str
    modern: bool = True
    account: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    apps: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)  # tokens
    instead: dict[str, Response] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    forgets: int = 0  # how many codes it will take for those of an app that it does not know

    @property
    def scope(self) -> str:
        """What it must be asked for."""
        return "profile" if self.modern else "read:accounts"

    def purge(self) -> None:
        """Forget every app, as instances did with those that nobody used."""
        self.apps.clear()

    def approve(self, url: str, **changes: str | None) -> str:
        """Be the person who says yes at the page `url`; where the browser goes. `changes` are of the answer."""
        asked = self._asked(url)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], **changes}
        return f"{asked['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v is not None})}"

    def deny(self, url: str) -> str:
        """Be the person who says no there."""
        asked = self._asked(url)
        return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"

    def knows(self, url: str) -> bool:
        """Whether the page `url` would be shown, and not "client unknown"."""
        return query(url)["client_id"] in self.apps

    def exchange(self, form: dict[str, str]) -> tuple[dict[str, Any], int]:
        """The token endpoint."""
        known = self.apps.get(form.get("client_id", ""))
        if self.forgets or not known or known["client_secret"] != form.get("client_secret"):
            self.forgets = max(0, self.forgets - 1)
            return {"error": "invalid_client", "error_description": "Client authentication failed"}, 401
        made = secrets.token_urlsafe(32)
        if form.get("grant_type") == "client_credentials":
            return {"access_token": made, "token_type": "Bearer", "scope": form.get("scope")}, 200
        asked = self.codes.pop(form.get("code", ""), None)
        self._check("token: grant_type", form.get("grant_type") == "authorization_code")
        right = asked and asked["client_id"] == form["client_id"] and asked["redirect_uri"] == form.get("redirect_uri")
        if right and self.modern:
            right = asked["code_challenge"] == tokens.challenge(form.get("code_verifier", ""))
        if not right:
            return {"error": "invalid_grant"}, 400
        self.live.add(made)
        return {"access_token": made, "token_type": "Bearer", "scope": asked["scope"], "created_at": 1573979017}, 200

    def _asked(self, url: str) -> dict[str, str]:
        assert url.startswith(f"https://{self.host}/oauth/authorize?"), url
        asked = query(url)
        app = self.apps.get(asked.get("client_id", ""))
        wanted = {"response_type": "code", "redirect_uri": REDIRECT, "code_challenge_method": "S256"}
        wanted["scope"] = self.scope
        self._check("authorize: client", app is not None)
        for name, value in wanted.items():
            self._check(f"authorize: {name} is {asked.get(name)!r}", asked.get(name) == value)
        self._check("authorize: state", len(asked.get("state", "")) >= 22)
        self._check("authorize: more", not asked.keys() - {*wanted, "client_id", "state", "code_challenge"})
        return asked

    def _check(self, what: str, good: bool) -> None:  # noqa: FBT001
        if not good:
            self.violations.append(what)


def settle(street: Street, host: str, **how: Any) -> Instance:
    """Open an instance at `host` with one account, number 14715, Ada."""
    here = Instance(host, **how)
    here.account = {
        "id": "14715",
        "username": "ada",
        "acct": "ada",
        "display_name": "Ada :blobcat:",
        "url": f"https://{host}/@ada",
        "uri": f"https://{host}/users/ada",
        "avatar": f"https://{host}/ada.gif",
        "avatar_static": f"https://{host}/ada.png",
        "emojis": [{"shortcode": "blobcat", "url": f"https://{host}/blobcat.png"}],
        **here.account,
    }
    app = Flask(host)

    @app.before_request
    def instead() -> Response | None:
        return here.instead.get(request.path)

    @app.get("/.well-known/oauth-authorization-server")
    def metadata() -> tuple[Response, int]:
        base = f"https://{host}"
        document = {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "scopes_supported": ["read", "profile", "write"],
            "code_challenge_methods_supported": ["S256"],
            **here.metadata,
        }
        return (jsonify(document), 200) if here.modern else (jsonify(error="not found"), 404)

    @app.post("/api/v1/apps")
    def register() -> Response:
        form = request.form.to_dict()
        here._check("register: fields", form.keys() == {"client_name", "redirect_uris", "scopes", "website"})
        here._check("register: redirect_uris", form.get("redirect_uris") == REDIRECT)
        here._check("register: scopes", form.get("scopes") == here.scope)
        made = {"client_id": secrets.token_urlsafe(32), "client_secret": secrets.token_urlsafe(32)}
        here.apps[made["client_id"]] = made
        return jsonify({"id": str(len(here.apps)), "name": form["client_name"], **made, "client_secret_expires_at": 0})

    @app.post("/oauth/token")
    def token() -> tuple[Response, int]:
        told, status = here.exchange(request.form.to_dict())
        return jsonify(told), status

    @app.get("/api/v1/accounts/verify_credentials")
    def verify() -> tuple[Response, int]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        here._check("verify: a token in the query", "access_token" not in request.args)
        return (jsonify(here.account), 200) if token in here.live else (jsonify(error="invalid token"), 401)

    @app.post("/oauth/revoke")
    def revoke() -> Response:
        here._check("revoke: client", request.form.get("client_id") in here.apps)
        here.live.discard(request.form.get("token", ""))
        return jsonify({})

    street.houses[host] = app
    return here
