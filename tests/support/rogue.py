"""An OpenID provider that does whatever a test tells it: a good one to begin with, bad in one thing at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, request
from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry
from werkzeug.serving import make_server

CLIENT_ID = "comment-widget"
KEY = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)


class Rogue:
    """What it answers; tests change the parts. `calls` holds the paths it was asked for.

    The code is the nonce: whoever calls the callback with `code=<nonce>` gets an ID token with that nonce.
    """

    def __init__(self) -> None:
        self.issuer = ""
        self.calls: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.reset()

    def reset(self) -> None:
        """Be good again."""
        self.calls.clear()
        self.forms.clear()
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {"name": "Ada"}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.token: dict[str, Any] = {}
        self.info: dict[str, Any] = {"sub": "248289761001", "name": "Ada of the user info"}
        self.keys: list[dict[str, Any]] = [KEY.as_dict(private=False)]
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] = sign
        self.instead: dict[str, Callable[[], Response]] = {}

    def id_token(self, nonce: str, access_token: str) -> str:
        """An ID token with the claims as they are now; a claim that is None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "248289761001",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.claims,
        }
        if claims.get("at_hash") == "right":
            from authlib.oidc.core.util import create_half_hash

            claims["at_hash"] = create_half_hash(access_token, "RS256").decode()
        return self.sign(self.header, {name: value for name, value in claims.items() if value is not None})


def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token with the good key."""
    return jwt.encode(header, claims, KEY, registry=JWSRegistry(algorithms=[header["alg"]], strict_check_header=False))


@contextmanager
def rogue() -> Iterator[Rogue]:
    """Run one on the loopback interface for the block."""
    state = Rogue()
    app = Flask("rogue")

    @app.before_request
    def note() -> Response | None:
        state.calls.append(request.path)
        return state.instead[request.path]() if request.path in state.instead else None

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(
            {
                "issuer": state.issuer,
                "authorization_endpoint": f"{state.issuer}/authorize",
                "token_endpoint": f"{state.issuer}/token",
                "userinfo_endpoint": f"{state.issuer}/userinfo",
                "jwks_uri": f"{state.issuer}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
                **state.metadata,
            }
        )

    @app.post("/token")
    def token() -> Response:
        state.forms.append({**request.form.to_dict(), "authorization": request.headers.get("Authorization", "")})
        access_token = "the-access-token"
        good = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 30,
            "id_token": state.id_token(request.form["code"], access_token),
        }
        return jsonify({name: value for name, value in {**good, **state.token}.items() if value is not None})

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify({"keys": state.keys})

    @app.get("/userinfo")
    def userinfo() -> Response:
        return jsonify(state.info)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    state.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
