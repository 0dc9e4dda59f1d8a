"""People's own pages, and the servers that they leave signing in to."""

import secrets
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request

from tests.support.street import Street
from tests.support.visitor import SERVER, query
from widget.core import tokens

CLIENT_ID = f"{SERVER}/auth/indieauth/client-metadata.json"
REDIRECT = f"{SERVER}/auth/callback/indieauth"
_ASKED = {
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "me",
}


@dataclass
class Endpoint:
    """An authorization endpoint; `told` is what it answers to a code. `modern`: with metadata, and so with `iss`."""

    host: str
    modern: bool = True
    told: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: dict[str, Response] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    @property
    def link(self) -> tuple[str, str]:
        """What pages say to name it: (rel, address)."""
        if self.modern:
            return "indieauth-metadata", f"https://{self.host}/metadata"
        return "authorization_endpoint", f"https://{self.host}/auth"

    def approve(self, url: str, **changes: str | None) -> str:
        """Be the person who says yes at the page `url`; where the browser goes. `changes` are of the answer."""
        assert url.startswith(f"https://{self.host}/auth?"), url
        asked = query(url)
        wanted = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "scope": "profile email",
            "code_challenge_method": "S256",
        }
        if asked.keys() != _ASKED or not wanted.items() <= asked.items() or len(asked["state"]) < 22:
            self.violations.append(f"authorize: {asked}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": f"https://{self.host}/" if self.modern else None}
        return f"{REDIRECT}?{urlencode({k: v for k, v in {**answer, **changes}.items() if v is not None})}"

    def exchange(self, form: dict[str, str]) -> tuple[dict[str, Any], int]:
        """A code for a profile."""
        asked = self.codes.pop(form.get("code", ""), None)
        if form.keys() != {"grant_type", "code", "client_id", "redirect_uri", "code_verifier"}:
            self.violations.append(f"exchange: {form.keys()}")
        right = (
            asked
            and form.get("grant_type") == "authorization_code"
            and form.get("client_id") == asked["client_id"]
            and form.get("redirect_uri") == asked["redirect_uri"]
            and tokens.challenge(form.get("code_verifier", "")) == asked["code_challenge"]
        )
        if not right:
            return {"error": "invalid_grant"}, 400
        return {"me": asked["me"], **self.told}, 200


def serve(street: Street, host: str, **how: Any) -> Endpoint:
    """Open an endpoint at `host`."""
    here, app = Endpoint(host, **how), Flask(host)
    street.houses[host] = app

    @app.before_request
    def instead() -> Response | None:
        return here.instead.get(request.path)

    @app.get("/metadata")
    def metadata() -> Response:
        base = f"https://{host}/"
        good = {"issuer": base, "authorization_endpoint": f"{base}auth", "token_endpoint": f"{base}token"}
        return jsonify({**good, **here.metadata})

    @app.post("/auth")
    def exchange() -> tuple[Response, int]:
        told, status = here.exchange(request.form.to_dict())
        return jsonify(told), status

    return here


def page(
    street: Street,
    host: str,
    *links: tuple[str, str],
    headers: tuple[str, ...] = (),
    path: str = "/",
    before: str = "",
    **answer: Any,
) -> Flask:
    """A person's page, with <link>s and Link headers."""
    markup = "".join(f"<link rel='{rel}' href='{escape(url)}'>" for rel, url in links)
    text = f"<!doctype html><html><head><title>Me</title>{before}{markup}</head><body>Words.</body></html>"
    app = street.houses.setdefault(host, Flask(host))

    def show() -> Response:
        response = Response(text, **{"mimetype": "text/html", **answer})
        for header in headers:
            response.headers.add("Link", header)
        return response

    app.add_url_rule(path, f"page {path}", show)
    return app


def moved(street: Street, host: str, to: str, path: str = "/") -> None:
    """A page that is elsewhere now."""
    app = street.houses.setdefault(host, Flask(host))
    app.add_url_rule(path, f"moved {path}", lambda: redirect(to, 302))
