"""A network of atproto: directory, name service, data server, authorization server and AppView, all strict.

The authorization server reads who we are at our own addresses (`fetch`), demands proofs with its nonce, which changes
with every answer, and notes what is wrong in `violations`.
"""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request
from joserfc import jwk, jwt

from tests.support.street import Street
from tests.support.visitor import SERVER, query
from widget.core import clock, tokens

REDIRECT = f"{SERVER}/auth/callback/bluesky"
CLIENT_ID = f"{SERVER}/auth/bluesky/client-metadata.json"
DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
_PAR = {
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "client_assertion_type",
    "client_assertion",
}


@dataclass
class Server:
    """An authorization server; `sub` is whom it says that signed in."""

    host: str
    fetch: Callable[[str], dict[str, Any]]
    sub: str = DID
    metadata: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # state -> the thumbprint of the key that pushed it
    seen: set[str] = field(default_factory=set)
    nonce: str = ""
    never_content: bool = False  # always wants another nonce
    violations: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Its name."""
        return f"https://{self.host}"

    def approve(self, url: str, **changes: str | None) -> str:
        """Be the person who says yes at the page `url`; where the browser goes. `changes` are of the answer."""
        asked = query(url)
        self.check("authorize: only the id and the request", asked.keys() == {"client_id", "request_uri"})
        form = self.pushed.pop(asked["request_uri"])
        code = secrets.token_urlsafe(16)
        self.codes[code] = form
        answer = {"code": code, "state": form["state"], "iss": self.issuer, **changes}
        return f"{form['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v is not None})}"

    def check(self, what: str, good: object) -> None:
        """Note what is wrong."""
        if not good:
            self.violations.append(what)

    def push(self, form: dict[str, str], thumbprint: str) -> dict[str, Any]:
        """PAR (RFC 9126)."""
        self.check(f"PAR: fields {form.keys() ^ _PAR}", form.keys() == _PAR)
        metadata = self.fetch(form["client_id"])
        self.check("PAR: redirect_uri", form["redirect_uri"] in metadata["redirect_uris"])
        self.check("PAR: the rest", (form["response_type"], form["scope"]) == ("code", "atproto"))
        self.check("PAR: PKCE", form["code_challenge_method"] == "S256" and tokens.is_secret(form["code_challenge"]))
        uri = f"urn:ietf:params:oauth:request_uri:req-{secrets.token_hex(16)}"
        self.pushed[uri] = form
        self.keys[form["state"]] = thumbprint
        return {"request_uri": uri, "expires_in": 299}

    def exchange(self, form: dict[str, str], thumbprint: str) -> tuple[dict[str, Any], int]:
        """The token endpoint."""
        asked = self.codes.pop(form.get("code", ""), None)
        right = (
            asked
            and form.get("grant_type") == "authorization_code"
            and asked["client_id"] == form.get("client_id")
            and asked["redirect_uri"] == form.get("redirect_uri")
            and asked["code_challenge"] == tokens.challenge(form.get("code_verifier", ""))
            and self.keys[asked["state"]] == thumbprint
        )
        if not right:
            return {"error": "invalid_grant"}, 400
        good = {"access_token": secrets.token_urlsafe(), "token_type": "DPoP", "scope": "atproto", "expires_in": 299}
        return {k: v for k, v in {**good, "sub": self.sub, **self.token}.items() if v is not None}, 200

    def authenticate(self, form: dict[str, str]) -> None:
        """The client's assertion (RFC 7523), with the keys that its metadata names."""
        metadata = self.fetch(form["client_id"])
        self.check("metadata: client_id", metadata["client_id"] == form["client_id"])
        wanted = {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "dpop_bound_access_tokens": True,
            "application_type": "web",
            "scope": "atproto",
        }
        self.check("metadata: the rest", wanted.items() <= metadata.items() and "jwks" not in metadata)
        keys = jwk.KeySet.import_key_set(self.fetch(metadata["jwks_uri"]))  # type: ignore[arg-type]
        self.check("metadata: private keys", not any("d" in key.as_dict() for key in keys.keys))
        found = jwt.decode(form["client_assertion"], keys, algorithms=["ES256"])
        claims = found.claims
        self.check("assertion: whose", claims["iss"] == claims["sub"] == form["client_id"])
        self.check("assertion: for whom", claims["aud"] == self.issuer)
        self.check("assertion: when", claims["exp"] - claims["iat"] <= 60)
        self.check("assertion: twice", claims["jti"] not in self.seen)
        self.seen.add(claims["jti"])

    def prove(self, url: str) -> tuple[str, bool]:
        """The DPoP proof of the request (RFC 9449): the thumbprint of its key, and whether its nonce is today's."""
        text = request.headers["DPoP"]
        head = jwt.decode(text, _key_of(text), algorithms=["ES256"])
        self.check("proof: private key", "d" not in head.header["jwk"])
        self.check("proof: header", head.header["typ"] == "dpop+jwt")
        claims = head.claims
        self.check("proof: request", (claims["htm"], claims["htu"]) == (request.method, url))
        self.check("proof: when", abs(claims["iat"] - clock.now().timestamp()) < 60)
        self.check("proof: twice", claims["jti"] not in self.seen)
        self.seen.add(claims["jti"])
        right = claims.get("nonce") == self.nonce and bool(self.nonce) and not self.never_content
        self.nonce = secrets.token_urlsafe(8)
        return _key_of(text).thumbprint(), right


def _key_of(proof: str) -> jwk.ECKey:
    head = proof.partition(".")[0]
    return jwk.ECKey.import_key(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["jwk"])


def serve(street: Street, host: str, fetch: Callable[[str], dict[str, Any]]) -> Server:
    """Open an authorization server at `host`."""
    here, app = Server(host, fetch), Flask(host)
    street.houses[host] = app

    @app.get("/.well-known/oauth-authorization-server")
    def metadata() -> Response:
        base = here.issuer
        good = {
            "issuer": base,
            "pushed_authorization_request_endpoint": f"{base}/oauth/par",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "scopes_supported": ["atproto", "transition:email", "transition:generic"],
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": True,
            "require_pushed_authorization_requests": True,
            "client_id_metadata_document_supported": True,
        }
        return jsonify({**good, **here.metadata})

    @app.post("/oauth/<what>")
    def ask(what: str) -> Response:
        form = request.form.to_dict()
        here.authenticate(form)
        thumbprint, right = here.prove(f"{here.issuer}/oauth/{what}")
        if not right:
            told, status = {"error": "use_dpop_nonce", "error_description": "nonce required"}, 400
        else:
            told, status = (here.push(form, thumbprint), 201) if what == "par" else here.exchange(form, thumbprint)
        answer = jsonify(told)
        answer.status_code = status
        answer.headers["DPoP-Nonce"] = here.nonce
        return answer

    return here


@dataclass
class Network:
    """`documents` by DID, `profiles` by DID, `servers` of each data server by its host; handles point to DIDs."""

    street: Street
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    server: Server | None = None  # the one that most people here have

    def point(self, handle: str, *dids: str) -> None:
        """Let a handle point to DIDs, in the name service."""
        self.street.texts[f"_atproto.{handle}"] = ["v=something else", *(f"did={did}" for did in dids)]

    def join(self, did: str, handle: str, pds: str = "pds.test") -> None:
        """A person: their document says what they are called and where their data is."""
        self.documents[did] = {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": did,
            "alsoKnownAs": [f"at://{handle}"],
            "verificationMethod": [],
            "service": [
                {"id": "#other", "type": "Other", "serviceEndpoint": "https://evil.test"},
                {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": f"https://{pds}"},
            ],
        }
        self.profiles[did] = {"did": did, "handle": handle, "displayName": "Ann", "description": "Words."}

    def host(self, pds: str, issuer: str) -> None:
        """A data server that leaves signing in to `issuer`."""
        self.servers[pds] = {"resource": f"https://{pds}", "authorization_servers": [issuer]}
        app = Flask(pds)
        self.street.houses[pds] = app

        @app.get("/.well-known/oauth-protected-resource")
        def resource() -> Response:
            return jsonify(self.servers[pds])


def build(street: Street) -> Network:
    """A network with directory and AppView, and nobody in it."""
    net = Network(street)
    plc, appview = Flask("plc"), Flask("appview")
    street.houses |= {"plc.test": plc, "appview.test": appview}

    @plc.get("/<did>")
    def document(did: str) -> tuple[Response, int]:
        found = net.documents.get(did)
        return (jsonify(found), 200) if found is not None else (jsonify(message="DID not registered"), 404)

    @appview.get("/xrpc/app.bsky.actor.getProfile")
    def profile() -> tuple[Response, int]:
        found = net.profiles.get(request.args["actor"])
        return (jsonify(found), 200) if found is not None else (jsonify(error="InvalidRequest"), 400)

    return net


def well_known(street: Street, host: str, did: str, status: int = 200) -> None:
    """A host that says in its own name which DID it stands for."""
    app = Flask(host)
    street.houses[host] = app

    @app.get("/.well-known/atproto-did")
    def answer() -> Response:
        return Response(did, status, mimetype="text/plain")
