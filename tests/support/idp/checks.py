"""Compares a request with a provider's rules, to the letter: what real providers forgive is a complaint here too."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Request
from werkzeug.datastructures import MultiDict

from tests.support.idp.rules import Demand, Rules, meets

FORM = "application/x-www-form-urlencoded"
SHORTEST_STATE, SHORTEST_NONCE = 22, 16
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Grant:
    """What was agreed to at the authorization endpoint; `made` in the simulator's seconds."""

    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    made: float
    device: str = ""
    used: bool = False


def authorize(rules: Rules, given: MultiDict[str, str], redirect_uri: str, seen: set[str]) -> Iterator[str]:
    """Complaints about the browser's first request; `seen` are states and nonces of before."""
    yield from _repeated(given)
    known = {"response_type", "client_id", "redirect_uri", "scope", "state", *rules.asks, *rules.may_ask}
    known |= {"nonce"} if rules.openid else set()
    known |= {"code_challenge", "code_challenge_method"} if rules.pkce != "forbidden" else set()
    for name in given.keys() - known:
        yield f"unknown parameter {name}"
    if given.get("response_type") != "code":
        yield "response_type is not code"
    if given.get("client_id") != rules.client_id:
        yield "client_id is not ours"
    if given.get("redirect_uri") != redirect_uri:
        yield "redirect_uri is not exactly the registered one"
    words = given.get("scope", "").split(" ")
    if frozenset(words) not in rules.scopes or len(words) != len(set(words)):
        yield f"scope is {given.get('scope')!r}"
    yield from _random("state", SHORTEST_STATE, given, seen)
    if rules.openid:
        yield from _random("nonce", SHORTEST_NONCE, given, seen)
    yield from _challenge(rules, given)
    yield from _demands(rules.asks, given)


def token(rules: Rules, request: Request, grant: Grant | None, *, lenient: frozenset[str]) -> Iterator[str]:
    """Complaints about the exchange of the code, each beginning with the OAuth error that it earns."""
    form = request.args if request.method == "GET" else request.form
    yield from (f"invalid_request: {complaint}" for complaint in _method(rules, request))
    yield from (f"invalid_request: {complaint}" for complaint in (*_repeated(form), *agent(request)))
    known = {"grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier", *rules.token_asks}
    for name in form.keys() - known:
        yield f"invalid_request: unknown parameter {name}"
    if form.get("grant_type") != "authorization_code":
        yield "unsupported_grant_type: grant_type"
    yield from (f"invalid_request: {complaint}" for complaint in _demands(rules.token_asks, form))
    if rules.wants_json and "application/json" not in request.headers.get("Accept", ""):
        yield "invalid_request: Accept does not ask for JSON"
    yield from _client(rules, request, form)
    yield from _grant(rules, form, grant, lenient)


def info(rules: Rules, request: Request, token: str | None) -> Iterator[str]:
    """Complaints about the request for the profile; `token` is what it should carry, None where that is unknown."""
    given = request.form if rules.info_by_post else request.args
    if request.method != ("POST" if rules.info_by_post else "GET"):
        yield f"method {request.method}"
    if rules.info_by_post and request.args:
        yield "parameters in the address"
    if not rules.info_by_post and request.get_data():
        yield "a body"
    if request.cookies:
        yield "cookies"
    yield from _repeated(given)
    for name in given.keys() - rules.info_asks.keys():
        yield f"unknown parameter {name}"
    yield from _demands(rules.info_asks, given)
    header = request.headers.get("Authorization")
    wanted = None if rules.info_by_post else f"{rules.scheme} {token}"
    if token is None or header != wanted:
        yield "the token is not where and what it should be"
    accept = request.headers.get("Accept", "*/*")
    if "json" not in accept and "*/*" not in accept:
        yield f"Accept is {accept}"
    yield from agent(request)


def agent(request: Request) -> Iterator[str]:
    """Whoever asks says who it is, and where to find it."""
    name = request.headers.get("User-Agent", "")
    if not re.search(r"comment-widget\b.*\+https?://", name):
        yield f"User-Agent {name!r}"


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def secret_of(request: Request, form: MultiDict[str, str]) -> tuple[str, str, str]:
    """(method, client id, secret) as the client proves itself."""
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(word, validate=True).decode().partition(":")
        except ValueError:
            name, secret = "", ""
        return "basic", name, secret
    if "client_secret" in form:
        return "post", form.get("client_id", ""), form["client_secret"]
    return "none", form.get("client_id", ""), ""


def _method(rules: Rules, request: Request) -> Iterator[str]:
    if request.method == "POST":
        if request.args:
            yield "parameters in the address"
        if request.mimetype != FORM:
            yield f"content type {request.mimetype!r}"
    elif not (request.method == "GET" and rules.token_by_get):
        yield f"method {request.method}"
    if request.cookies:
        yield "cookies"


def _client(rules: Rules, request: Request, form: MultiDict[str, str]) -> Iterator[str]:
    method, name, secret = secret_of(request, form)
    if "jwt" in rules.auth:
        method = "jwt" if method == "post" else method  # the word itself is checked by its provider
        secret = rules.secret
    if method not in rules.auth:
        yield f"invalid_client: the client proves itself by {method}"
    elif (name, secret) != (rules.client_id, rules.secret if method != "none" else ""):
        yield "invalid_client: client id or secret is wrong"
    if "Authorization" in request.headers and method != "basic":
        yield "invalid_request: an Authorization header"
    if method == "basic" and "client_secret" in form:
        yield "invalid_request: the secret in two places"
    if form.get("client_id", rules.client_id) != rules.client_id:
        yield "invalid_client: client_id"


def _grant(rules: Rules, form: MultiDict[str, str], grant: Grant | None, lenient: frozenset[str]) -> Iterator[str]:
    verifier = form.get("code_verifier")
    if grant is None:
        yield "invalid_grant: an unknown or late code"
        return
    if grant.used and "reuse" not in lenient:
        yield "invalid_grant: a code a second time"
    if form.get("redirect_uri") != grant.redirect_uri:
        yield "invalid_grant: another redirect_uri than before"
    if "pkce" in lenient:
        return
    if grant.challenge and (not verifier or challenge_of(verifier) != grant.challenge):
        yield "invalid_grant: code_verifier"
    if not grant.challenge and verifier is not None:
        yield "invalid_grant: code_verifier without a challenge"
    if verifier is not None and not _VERIFIER.fullmatch(verifier):
        yield "invalid_grant: code_verifier has a wrong form"


def _challenge(rules: Rules, given: MultiDict[str, str]) -> Iterator[str]:
    challenge, method = given.get("code_challenge"), given.get("code_challenge_method")
    if challenge is None and method is None:
        if rules.pkce == "required":
            yield "no PKCE"
        return
    if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        yield "PKCE is not S256"


def _random(name: str, shortest: int, given: MultiDict[str, str], seen: set[str]) -> Iterator[str]:
    value = given.get(name, "")
    if len(value) < shortest:
        yield f"{name} is missing or short"
    elif value in seen:
        yield f"{name} was seen before"
    seen.add(value)


def _demands(demands: Mapping[str, Demand], given: MultiDict[str, str]) -> Iterator[str]:
    for name, demand in demands.items():
        if not meets(demand, given.get(name)):
            yield f"{name} is {given.get(name)!r}"


def _repeated(given: MultiDict[str, str]) -> Iterator[str]:
    for name, values in given.lists():
        if len(values) != 1:
            yield f"{name} is given {len(values)} times"
