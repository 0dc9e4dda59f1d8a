"""A provider of the simulator: strict about requests, realistic in answers, bad in one thing when a test says so."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import copy
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import Request, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from tests.support.idp import checks
from tests.support.idp.checks import Grant
from tests.support.idp.rules import Rules

CODE_LIVES = 60.0


class Provider:
    """One provider. A test may change `person` (its profile document), `faults` and `lenient`, until `reset`.

    `faults`: deny (the person says no), instead (endpoint -> what it answers), and each provider's own.
    `lenient`: rules that a control switches off: reuse, pkce, redirect, state.
    """

    rules: Rules
    PERSON: ClassVar[dict[str, Any]] = {}
    ACCESS_TOKEN = "at-"

    def __init__(self, base: str, redirect_uri: str, violations: list[str]) -> None:
        """`base` is the address of this provider, `redirect_uri` the one registered with it."""
        self.base, self.redirect_uri, self.violations = base, redirect_uri, violations
        self.closing = threading.Event()
        self.reset()

    def reset(self) -> None:
        """Be good again, and forget everybody."""
        self.person: dict[str, Any] = copy.deepcopy(self.PERSON)
        self.faults: dict[str, Any] = {}
        self.lenient: frozenset[str] = frozenset()
        self.grants: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self.calls: list[str] = []
        self.busy, self.busiest = 0, 0  # requests of the server being answered now, and the most at once
        self.secrets_given: set[str] = set()  # codes and tokens: they must be seen nowhere
        self._seen: set[str] = set()
        self._ahead = 0.0
        self._lock = threading.Lock()

    # -- what a test uses

    def settings(self) -> dict[str, str]:
        """The settings of our application, without prefix, that make it speak with this provider."""
        rules = self.rules
        paths = {"AUTHORIZE": rules.authorize, "TOKEN": rules.token, "USERINFO": rules.info, "JWKS": rules.keys}
        addresses = {f"{name}_URL": self.base + path for name, path in paths.items() if path}
        found = {"CLIENT_ID": rules.client_id, "CLIENT_SECRET": rules.secret, **addresses}
        return {f"{rules.id.upper()}_{name}": value for name, value in found.items()}

    def later(self, seconds: float) -> None:
        """Let the simulator's clock jump."""
        self._ahead += seconds

    def now(self) -> float:
        """The simulator's seconds."""
        return time.monotonic() + self._ahead

    # -- the endpoints

    def handle(self, path: str) -> Response:
        """Answer the current request."""
        ends = {"authorize": self.rules.authorize, "token": self.rules.token, "keys": self.rules.keys}
        ends |= {"info": self.rules.info}
        end = next((name for name, own in ends.items() if own and own == path), None) or self.other_end(path)
        if end is None:
            self.violations.append(f"{self.rules.id}: asked for {request.method} {path}")
            return Response("Not found", 404)
        self.calls.append(end)
        with self._counted():
            if instead := self.faults.get("instead", {}).get(end):
                answer: Response = instead()
                return answer
            return {"authorize": self.authorize, "token": self.token, "info": self.info, "keys": self.keys}.get(
                end, self.other
            )()

    def authorize(self) -> Response:
        """The browser's visit: whoever comes here is signed in and says yes (or no: fault `deny`)."""
        complaints = list(
            checks.authorize(
                self.rules, request.args, self.redirect_uri, set() if "state" in self.lenient else self._seen
            )
        )
        forgiven = {"redirect": "redirect_uri", "pkce": "PKCE"}
        for word in self.lenient & forgiven.keys():
            complaints = [one for one in complaints if forgiven[word] not in one]
        self._complain("authorize", complaints)
        if complaints:
            return Response("<!doctype html><title>Error</title><p>Invalid request", 400)
        given = request.args.to_dict()
        if self.faults.get("deny"):
            return self.arrive(given, self.denial(given))
        code = self.new_secret(self.code_prefix())
        self.grants[code] = Grant(
            redirect_uri=given["redirect_uri"],
            scope=given["scope"],
            state=given["state"],
            nonce=given.get("nonce", ""),
            challenge=given.get("code_challenge", ""),
            made=self.now(),
        )
        return self.arrive(given, {"code": code, "state": given["state"], **self.beside(self.grants[code])})

    def token(self) -> Response:
        """The exchange of the code."""
        form = request.args if request.method == "GET" else request.form
        with self._lock:
            grant = self.grants.get(form.get("code", ""))
            if grant is not None and self.now() - grant.made > CODE_LIVES:
                grant = None
            # Who asks is looked at before what they ask for.
            complaints = [f"invalid_client: {one}" for one in self.check_client(form)]
            complaints += checks.token(self.rules, request, grant, lenient=self.lenient)
            complaints += [f"invalid_request: {one}" for one in self.check_token(form, grant)]
            if grant is not None:
                grant.used = True
        self._complain("token", complaints)
        if complaints:
            return self.token_error(complaints[0].partition(":")[0])
        assert grant is not None
        access = self.new_secret(self.ACCESS_TOKEN)
        self.tokens[access] = grant
        return jsonify(self.token_answer(access, grant))

    def info(self) -> Response:
        """The profile."""
        access = self.access_token(request)
        grant = self.tokens.get(access)
        complaints = [*checks.info(self.rules, request, access if grant else None), *self.check_info(access, grant)]
        self._complain("info", complaints)
        if complaints or grant is None:
            return self.info_error()
        return jsonify(self.info_answer(grant))

    def keys(self) -> Response:
        """The keys of ID tokens; providers without them have no such path."""
        return Response(status=404)

    # -- in what providers differ

    def other_end(self, path: str) -> str | None:
        """The name of an endpoint beyond the four, or None."""
        return None

    def other(self) -> Response:
        """Answer at that endpoint."""
        raise NotImplementedError

    def arrive(self, given: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        """Send the browser back."""
        address = given["redirect_uri"]
        mark = "&" if "?" in address else "?"
        return self.to(f"{address}{mark}{urlencode(answer)}")

    def to(self, address: str) -> Response:
        """A redirect as it stands, fragment and all."""
        return Response(status=302, headers={"Location": address})

    def beside(self, grant: Grant) -> dict[str, str]:
        """What comes back beside code and state."""
        return {}

    def denial(self, given: Mapping[str, str]) -> dict[str, str]:
        """What comes back when the person says no."""
        return {"error": "access_denied", "state": given["state"]}

    def code_prefix(self) -> str:
        """How the provider's codes begin."""
        return "code-"

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """A good answer of the token endpoint."""
        return {"access_token": access, "token_type": "bearer", "expires_in": 3600, "scope": grant.scope}

    def token_error(self, error: str) -> Response:
        """A bad one."""
        return reply({"error": error, "error_description": "Refused."}, 401 if error == "invalid_client" else 400)

    def info_answer(self, grant: Grant) -> Any:
        """The profile document."""
        return self.person

    def info_error(self) -> Response:
        """What is said to a bad request for it."""
        return reply({"error": "invalid_token"}, 401)

    def access_token(self, asked: Request) -> str:
        """The access token of a request for the profile."""
        return asked.headers.get("Authorization", "").partition(" ")[2]

    def check_client(self, form: MultiDict[str, str]) -> list[str]:
        """More complaints about how the client proves itself."""
        return []

    def check_token(self, form: MultiDict[str, str], grant: Grant | None) -> list[str]:
        """More complaints about the exchange."""
        return []

    def check_info(self, access: str, grant: Grant | None) -> list[str]:
        """More complaints about the request for the profile."""
        return []

    # -- help

    def new_secret(self, prefix: str) -> str:
        """A code or token that no other place may ever show."""
        made = prefix + secrets.token_urlsafe(24)
        self.secrets_given.add(made)
        return made

    def _complain(self, end: str, complaints: list[str]) -> None:
        self.violations.extend(f"{self.rules.id} {end}: {complaint}" for complaint in complaints)

    def _counted(self) -> "_Counted":
        return _Counted(self)


class _Counted:
    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def __enter__(self) -> None:
        one = self._provider
        with one._lock:
            one.busy += 1
            one.busiest = max(one.busy, one.busiest)

    def __exit__(self, *_: object) -> None:
        with self._provider._lock:
            self._provider.busy -= 1


def reply(body: Any, status: int, *, mimetype: str = "application/json") -> Response:
    """JSON with a status and a type."""
    answer = jsonify(body)
    answer.status_code, answer.mimetype = status, mimetype
    return answer


def html(status: int, title: str = "Bad gateway") -> Callable[[], Response]:
    """An endpoint that answers with a page."""
    return lambda: Response(f"<!doctype html><title>{title}</title><h1>{title}</h1>", status, mimetype="text/html")


def says(body: Any, status: int = 200, *, mimetype: str = "application/json") -> Callable[[], Response]:
    """An endpoint that answers with this JSON."""
    return lambda: reply(body, status, mimetype=mimetype)
