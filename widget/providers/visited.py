"""Signing in at a server that the visitor names: what all such providers share.

Nobody vouches for such a server. Every fetch goes to the public internet or nowhere (`net`), every address in an answer
is checked before it is used, and whom a server may speak for is decided by its own name alone.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from widget import net
from widget.core import urls
from widget.core.addresses import PrivateHost
from widget.core.errors import Problem
from widget.core.seal import Broken, Seal
from widget.providers.base import BadAnswer, Data, Person, Profile, Provider, profile
from widget.providers.client import Answer, Begun, failing_as_problem

_LONGEST = 2_000  # a stranger's text goes into rows and addresses
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class App:
    """How one server knows us: what it gave us when we registered, and for what."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scope: str
    proven_at: datetime  # when the server last showed that it still knows us


class Apps(Protocol):
    """Where registrations are kept, by the host of the server."""

    def find(self, host: str) -> App | None:
        """The registration at `host`."""

    def keep(self, host: str, app: App) -> App:
        """Store one; returns the one that is stored, which may be that of another sign-in that was faster."""

    def prove(self, host: str, client_id: str, *, used: bool) -> None:
        """Note that the server knows us still; `used`: somebody signed in with it."""

    def drop(self, host: str, client_id: str) -> None:
        """The server does not know this one any more."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """What such a client must know of our own server."""

    public_url: str
    user_agent: str
    secret_key: str = field(repr=False)
    private: tuple[PrivateHost, ...] = ()
    dns_server: str = ""
    apps: Apps

    @property
    def name(self) -> str:
        """How we introduce ourselves."""
        return f"Comments on {urlsplit(self.public_url).netloc}"


class VisitedClient:
    """Signs people in with one such provider; `leave` and `arrive` are what each has of its own."""

    def __init__(self, provider: Provider, home: Home) -> None:
        self.provider = provider
        self.home = home
        self._seal = Seal(home.secret_key, "sign-in", provider.id)

    def begin(self, redirect_uri: str, state: str, at: str) -> Begun:
        """The address to send the browser to, for what the visitor typed.

        Raises Problem("signin.bad_address") when that leads nowhere, and Problem("signin.provider_failed").
        """
        with failing_as_problem(self.provider.id):
            return self.leave(redirect_uri, state, at)

    def finish(self, answer: Answer, *, redirect_uri: str, verifier: str, data: Data) -> Profile:
        """Exchange the code of the server's `answer` and read who it is; `data` is what `begin` gave.

        Raises Problem("signin.bad_request"), Problem("signin.provider_failed") and Again.
        """
        with failing_as_problem(self.provider.id):
            return profile(self.provider, self.arrive(answer, redirect_uri, verifier, data))

    def documents(self) -> Mapping[str, Data]:
        """What we serve to these servers under /auth/<provider>/<name>.json: who we are."""
        return {}

    # -- what each provider has of its own

    def probe(self) -> None:
        """Look at what can be looked at before a visitor named a server. Raises `net.Error` and BadAnswer."""

    def leave(self, redirect_uri: str, state: str, at: str) -> Begun:
        """See `begin`."""
        raise NotImplementedError

    def arrive(self, answer: Answer, redirect_uri: str, verifier: str, data: Data) -> Person:
        """See `finish`."""
        raise NotImplementedError

    # -- tools

    def session(self, *named: str) -> net.Session:
        """A way out; `named` are URLs of the settings."""
        session = net.session(named=named, private=self.home.private)
        session.headers["User-Agent"] = self.home.user_agent
        session.headers["Accept"] = "application/json"
        return session

    def document_url(self, name: str) -> str:
        """Where the document `name` of `documents` is."""
        return f"{self.home.public_url}/auth/{self.provider.id}/{name}.json"

    def seal(self, secret: Mapping[str, str]) -> str:
        """Secrets, as they may lie in the database."""
        return self._seal.close(json.dumps(secret))

    def unseal(self, sealed: Any) -> dict[str, str]:
        """What `seal` was given. Raises BadAnswer when the server's secret changed meanwhile."""
        try:
            found: dict[str, str] = json.loads(self._seal.open(str(sealed)))
        except Broken as error:
            raise BadAnswer("begun under another secret key") from error
        return found

    def nowhere(self, reason: object) -> Problem:
        """What the visitor typed leads nowhere; `reason` is for the log."""
        log.info("sign-in with %s: %s", self.provider.id, str(reason)[:300])
        return Problem("signin.bad_address")


def json_of(answer: net.Response) -> dict[str, Any]:
    """The JSON object of an answer with status 200 or 201. Raises BadAnswer."""
    try:
        data = answer.json() if answer.status_code in {HTTPStatus.OK, HTTPStatus.CREATED} else None
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise BadAnswer(f"status {answer.status_code} and no JSON object from {answer.url}")
    return data


def error_of(answer: net.Response) -> str:
    """`error` of an OAuth error answer (RFC 6749, section 5.2), or "" where there is none."""
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        return ""
    try:
        data = answer.json()
    except ValueError:
        return ""
    error = data.get("error") if isinstance(data, dict) else None
    return error if isinstance(error, str) else ""


def text_of(data: Data, name: str) -> str:
    """A text of an answer that must be there, at most 2,000 characters. Raises BadAnswer."""
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
        raise BadAnswer(f"{name} is missing or not a text")
    return value


def origin_of(url: Any) -> str:
    """`https://host[:port]` of an address in an answer. Raises BadAnswer."""
    try:
        return urls.origin_of(str(url))
    except Problem as problem:
        raise BadAnswer(problem.message) from problem


def https_of(data: Data, name: str) -> str:
    """An https address of an answer. Raises BadAnswer."""
    url = text_of(data, name)
    if not origin_of(url).startswith("https:") or "#" in url:
        raise BadAnswer(f"{name} is not an https address")
    return url


def named_host(url: str) -> str:
    """The host of an address that a stranger named: a name with a dot, in lower case and ASCII.

    Raises ValueError for user names, ports, IP addresses and bare words.
    """
    try:
        host = urls.origin_of(url).partition("://")[2]
    except Problem as problem:
        raise ValueError(problem.message) from problem
    labels = host.split(".")
    if len(labels) < 2 or ":" in host or host.endswith(".") or labels[-1].isdigit():
        raise ValueError(f"{host} is not a host of the web")
    return host


def with_query(url: str, **parameters: str) -> str:
    """`url` with more parameters."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
