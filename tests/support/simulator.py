"""All providers in one server: strict about what it is asked, realistic in what it answers.

Whatever a client does otherwise than the provider wants lands in `violations`; a test passes only if there are none.
The answers are those of tests/providers/profiles/<provider>.json.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry
from werkzeug.serving import make_server

CLIENT_ID = "client.id:1"
SECRET = "0123456789abcdef0123456789abcdef"
REDIRECT = "https://comments.test/auth/callback/"
PROFILES = Path(__file__).resolve().parents[1] / "providers" / "profiles"
RSA = jwk.RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
EC = jwk.ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
APPLE = jwk.ECKey.generate_key("P-256", private=True)
TOKEN = "access-token-of-the-simulator"


@dataclass(frozen=True)
class Rule:
    """What one provider wants. `alg` is of its ID tokens, `asks` are parameters of the authorization request."""

    scope: str
    auth: str = "post"
    pkce: bool = True
    alg: str = ""
    issuer: str = ""
    asks: dict[str, str] = field(default_factory=dict)
    info: dict[str, str] = field(default_factory=dict)
    scheme: str = "Bearer"
    token: dict[str, Any] = field(default_factory=dict)


_TWITCH = dict.fromkeys(("email", "email_verified", "picture", "preferred_username"))
RULES = {
    "google": Rule("openid profile email", alg="RS256", issuer="https://accounts.google.com",
                   asks={"prompt": "select_account"}),
    "facebook": Rule("public_profile email", pkce=False,
                     info={"fields": "id,name,email,picture.width(200).height(200)"}),
    "apple": Rule("openid name email", pkce=False, alg="RS256", issuer="https://appleid.apple.com", auth="apple",
                  asks={"response_mode": "form_post"}),
    "x": Rule("users.read tweet.read", auth="basic", info={"user.fields": "profile_image_url"}),
    "wordpress": Rule("auth", pkce=False, token={"blog_id": "0", "blog_url": "", "scope": "auth", "expires_in": None}),
    "github": Rule("read:user user:email", token={"scope": "read:user,user:email", "expires_in": None}),
    "gitlab": Rule("openid profile email", auth="basic", alg="RS256", issuer="https://gitlab.com"),
    "microsoft": Rule("openid profile email", alg="RS256"),
    "discord": Rule("identify email", auth="basic", token={"expires_in": 604800}),
    "linkedin": Rule("openid profile email", pkce=False, alg="RS256", issuer="https://www.linkedin.com/oauth"),
    "telegram": Rule("openid profile", auth="basic", alg="RS256", issuer="https://oauth.telegram.org"),
    "twitch": Rule("openid user:read:email", pkce=False, alg="RS256", issuer="https://id.twitch.tv/oauth2",
                   asks={"claims": json.dumps({"id_token": _TWITCH, "userinfo": _TWITCH}, separators=(",", ":"))},
                   token={"scope": ["openid", "user:read:email"], "token_type": "bearer"}),
    "reddit": Rule("identity", auth="basic", pkce=False, asks={"duration": "temporary"}),
    "yahoo": Rule("openid profile email", auth="basic", alg="ES256", issuer="https://api.login.yahoo.com"),
    "yandex": Rule("login:info login:email login:avatar", auth="basic", info={"format": "json"}, scheme="OAuth"),
    "vk": Rule("vkid.personal_info email", auth="none", scheme="form", token={"user_id": 1, "id_token": "not ours"}),
    "line": Rule("openid profile", alg="HS256", issuer="https://access.line.me"),
    "kakao": Rule("profile_nickname profile_image"),
    "slack": Rule("openid profile email", alg="RS256", issuer="https://slack.com", token={"ok": True}),
    "spotify": Rule("user-read-email", auth="basic"),
    "patreon": Rule("identity identity[email]", pkce=False, info={
        "fields[user]": "full_name,vanity,url,image_url,thumb_url,email,is_email_verified"}),
}  # fmt: skip


class Simulator:
    """The running server. `case` is the fixture it answers from; `claims` change the next ID tokens."""

    def __init__(self) -> None:
        self.base = ""
        self.reset("google")

    def reset(self, provider: str) -> None:
        """Be `provider` as its first fixture tells."""
        self.violations: list[str] = []
        self.case: dict[str, Any] = json.loads((PROFILES / f"{provider}.json").read_text("utf-8"))[0]
        self.claims: dict[str, Any] = {}
        self.token: dict[str, Any] | None = None
        self.codes: dict[str, dict[str, str]] = {}

    def settings(self, provider: str) -> dict[str, str]:
        """Settings that send a client here."""
        own = {
            "CLIENT_ID": CLIENT_ID,
            "CLIENT_SECRET": SECRET,
            "AUTHORIZE_URL": f"{self.base}/{provider}/authorize",
            "TOKEN_URL": f"{self.base}/{provider}/token",
            "USERINFO_URL": f"{self.base}/{provider}/me",
            "JWKS_URL": f"{self.base}/{provider}/jwks",
        }
        if provider == "apple":
            own |= {"TEAM_ID": "TEAM", "KEY_ID": "KEY", "PRIVATE_KEY": APPLE.as_pem(private=True).decode()}
            own["CLIENT_SECRET"] = ""
        return {f"{provider.upper()}_{name}": value for name, value in own.items()}

    def want(self, met: object, what: str) -> None:
        """Note a violation."""
        if not met:
            self.violations.append(what)

    def id_token(self, provider: str, nonce: str) -> str:
        """The fixture's claims, signed as the provider signs."""
        rule, now = RULES[provider], int(time.time())
        claims = {"iss": rule.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 600, "nonce": nonce}
        claims |= {**self.case["claims"], **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = {"RS256": RSA, "ES256": EC, "HS256": jwk.OctKey.import_key(SECRET)}[rule.alg]
        header = {"alg": rule.alg, **({} if rule.alg == "HS256" else {"kid": key.kid})}
        return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[rule.alg]))

    def answer_authorize(self, provider: str) -> Response:
        """The browser's visit: what it brings back, as JSON."""
        rule, given = RULES[provider], request.args
        want = self.want
        want(all(len(given.getlist(name)) == 1 for name in given), "a parameter given twice")
        query = given.to_dict()
        want(query.pop("response_type", "") == "code", "response_type")
        want(query.pop("client_id", "") == CLIENT_ID, "client_id")
        want(query.get("redirect_uri") == f"{REDIRECT}{provider}", "redirect_uri")
        want(query.pop("scope", "") == rule.scope, "scope")
        want(len(query.get("state", "")) >= 22, "state")
        want(("nonce" in query) == bool(rule.alg), "nonce")
        want(("code_challenge" in query) == rule.pkce, "code_challenge")
        want(query.pop("code_challenge_method", "S256") == "S256", "code_challenge_method")
        for name, value in rule.asks.items():
            want(query.pop(name, None) == value, name)
        want(set(query) <= {"redirect_uri", "state", "nonce", "code_challenge"}, f"unknown parameters in {query}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"]}
        if provider == "github":
            answer["iss"] = "https://github.com/login/oauth"
        if provider == "vk":
            answer["device_id"] = "the-device"
        if provider == "apple":
            answer["user"] = json.dumps(self.case["beside"]["user"])
        return jsonify(answer)  # what the browser brings back

    def answer_token(self, provider: str) -> Response:
        """The exchange of the code."""
        rule, form, want = RULES[provider], request.form.to_dict(), self.want
        want(request.mimetype == "application/x-www-form-urlencoded", "the form's type")
        want("application/json" in request.headers.get("Accept", ""), "Accept")
        want(form.pop("grant_type", "") == "authorization_code", "grant_type")
        asked = self.codes.pop(form.pop("code", ""), None)
        want(asked, "the code")
        asked = asked or {}
        want(form.pop("redirect_uri", "") == asked.get("redirect_uri"), "redirect_uri at the token endpoint")
        _check_client(provider, rule.auth, form, want)
        verifier = form.pop("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        want(challenge == asked.get("code_challenge") if rule.pkce else not verifier, "code_verifier")
        if provider == "vk":
            want(form.pop("device_id", "") == "the-device", "device_id")
            want(form.pop("state", "") == asked.get("state"), "state at the token endpoint")
        want(not form, f"unknown fields {form}")
        good = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, **rule.token}
        if rule.alg:
            good["id_token"] = self.id_token(provider, asked.get("nonce", ""))
        if provider == "linkedin":
            self.claims.setdefault("nonce", None)
            good["id_token"] = self.id_token(provider, "")
        answer = good if self.token is None else self.token
        return jsonify({name: value for name, value in answer.items() if value is not None})

    def answer_me(self, provider: str) -> Response:
        """The profile."""
        rule, want = RULES[provider], self.want
        query = request.args.to_dict()
        if rule.scheme == "form":
            want(request.method == "POST", "user info by POST")
            want(request.form.to_dict() == {"client_id": CLIENT_ID, "access_token": TOKEN}, "the form of user info")
            want("Authorization" not in request.headers, "a token in the header")
        else:
            want(request.headers.get("Authorization") == f"{rule.scheme} {TOKEN}", "the token in the header")
        if provider == "facebook":
            proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
            want(query.pop("appsecret_proof", "") == proof, "appsecret_proof")
        agent = request.headers.get("User-Agent", "")
        want("comments.test" in agent and "python-requests" not in agent, "a User-Agent of our own")
        want(query == rule.info, f"the parameters of user info: {query}")
        return jsonify(self.case["info"])

    def answer_emails(self) -> Response:
        """GitHub's addresses."""
        self.want(request.headers.get("Authorization") == f"Bearer {TOKEN}", "the token in the header")
        return jsonify(self.case["beside"]["emails"])

    def answer_jwks(self, **_: str) -> Response:
        """The keys."""
        return jsonify({"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]})

    def answer_nothing(self, _error: object) -> Response:
        """Asked for something else."""
        self.want(None, f"asked for {request.path}")
        return Response(status=404)


@contextmanager
def simulator() -> Iterator[Simulator]:
    """Run it on the loopback interface for the block."""
    state = Simulator()
    app = Flask("simulator")

    routes = {
        "/<provider>/authorize": state.answer_authorize,
        "/<provider>/token": state.answer_token,
        "/<provider>/me": state.answer_me,
        "/github/me/emails": state.answer_emails,
        "/<provider>/jwks": state.answer_jwks,
    }
    for path, view in routes.items():
        app.add_url_rule(path, path, view, methods=["GET", "POST"])
    app.register_error_handler(404, state.answer_nothing)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    state.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _check_client(provider: str, auth: str, form: dict[str, str], want: Any) -> None:
    header = request.headers.get("Authorization", "")
    if auth == "basic":
        expected = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        want(header == f"Basic {expected}", "HTTP Basic")
        want("client_secret" not in form, "the secret a second time")
        form.pop("client_id", None)
        return
    want(not header, "an Authorization header")
    want(form.pop("client_id", "") == CLIENT_ID, "client_id at the token endpoint")
    secret = form.pop("client_secret", "")
    if auth == "post":
        want(secret == SECRET, "client_secret")
    elif auth == "none":
        want(not secret, "no secret")
    elif auth == "apple":
        made = jwt.decode(secret, APPLE, algorithms=["ES256"])
        claims, now = made.claims, time.time()
        want(made.header["kid"] == "KEY", "kid")
        want(claims["iss"] == "TEAM", "iss of the secret")
        want(claims["sub"] == CLIENT_ID, "sub of the secret")
        want(claims["aud"] == "https://appleid.apple.com", "aud of the secret")
        want(claims["iat"] <= now + 1 < claims["exp"] <= claims["iat"] + 15777000, "the secret's time")
