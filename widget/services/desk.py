"""This application's clients of the providers, how many of its threads may wait for them at once, and for how long."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from widget import net, providers
from widget.core import addresses
from widget.core.errors import Problem
from widget.extensions import db
from widget.providers.client import Begun, Client
from widget.providers.visited import Home, VisitedClient
from widget.services.apps import Registrations
from widget.services.breaker import Breaker
from widget.services.logins import Errand, OwnErrand, Waiting

EXTENSION = "widget.signin"


@dataclass(frozen=True)
class _Desk:
    clients: Mapping[str, Client]
    visited: Mapping[str, VisitedClient]  # those for servers that visitors name
    trips: threading.BoundedSemaphore
    breakers: dict[str, Breaker] = field(default_factory=dict)


def check(errand: Errand | OwnErrand) -> None:
    """Raises Problem where the provider is not offered, or asks for what the visitor did not say."""
    asks = row(errand.provider).asks
    if asks and not errand.at:
        raise Problem("signin.bad_address")
    if errand.at and not asks:
        raise Problem("signin.bad_request", reason="at is not for this provider")


def row(provider: str) -> providers.Provider:
    """A provider that is on, as settings made it. Raises Problem("signin.unknown_provider")."""
    desk = _desk()
    client = desk.clients.get(provider) or desk.visited.get(provider)
    if client is None:
        raise Problem("signin.unknown_provider")
    return client.provider


def shown_name(provider: str) -> str:
    """How people see a provider called, also one that is not offered any more."""
    try:
        return row(provider).name
    except Problem:
        return provider


def begin(errand: Errand | OwnErrand, state: str) -> Begun:
    """Where the browser must go. Raises Problem."""
    desk, provider, redirect_uri = _desk(), row(errand.provider).id, _redirect_uri(errand.provider)
    with _trip():
        if provider in desk.visited:
            return desk.visited[provider].begin(redirect_uri, state, errand.at or "")
        with _unless_down(desk, provider):  # it may be asked for its discovery document
            return desk.clients[provider].begin(redirect_uri, state)


def finish(waiting: Waiting, given: Mapping[str, str]) -> providers.Profile:
    """Who the provider says it was. Raises Problem, and Again where the browser must go there once more."""
    desk, provider = _desk(), row(waiting.errand.provider).id
    redirect_uri, verifier = _redirect_uri(provider), waiting.verifier
    with _trip():
        if provider in desk.visited:
            client = desk.visited[provider]
            return client.finish(given, redirect_uri=redirect_uri, verifier=verifier or "", data=waiting.kept)
        with _unless_down(desk, provider) as breaker:
            found = desk.clients[provider].finish(
                given, redirect_uri=redirect_uri, nonce=waiting.nonce, verifier=verifier
            )
            breaker.answered()
            return found


def document(provider: str, name: str) -> Mapping[str, Any]:
    """What servers that visitors name may read of us. Raises Problem("not_found")."""
    client = _desk().visited.get(provider)
    documents = client.documents() if client else {}
    if name not in documents:
        raise Problem("not_found")
    return documents[name]


def _desk() -> _Desk:
    desk = current_app.extensions.get(EXTENSION)
    if desk is None:
        config = current_app.config
        agent = f"comment-widget (+{config['PUBLIC_URL']})"
        rows = providers.configured(config)
        desk = _Desk(
            {row.id: (row.client or Client)(row, user_agent=agent) for row in rows if row.visits is None},
            {row.id: row.visits(row, _home(row, agent)) for row in rows if row.visits is not None},
            threading.BoundedSemaphore(max(1, config["THREADS"] * 3 // 4)),
        )
        desk = current_app.extensions.setdefault(EXTENSION, desk)
    found: _Desk = desk
    return found


def _home(row: providers.Provider, agent: str) -> Home:
    config = current_app.config
    return Home(
        public_url=config["PUBLIC_URL"],
        user_agent=agent,
        secret_key=config["SECRET_KEY"],
        private=addresses.private_hosts(config["PRIVATE_HOSTS"]),
        dns_server=config["DNS_SERVER"],
        apps=Registrations(row.id, config["SECRET_KEY"]),
    )


def _redirect_uri(provider: str) -> str:
    """Built from the setting alone: whatever Host a request claims, providers send nobody there."""
    return f"{current_app.config['PUBLIC_URL']}/auth/callback/{provider}"


@contextmanager
def _unless_down(desk: _Desk, provider: str) -> Iterator[Breaker]:
    """Raises Problem("signin.provider_failed") at once while the provider does not answer.

    Only silence counts: an answer that refuses, even one of 500, can be had by anybody with a code that they made up,
    and must not switch the provider off for all. Servers that visitors name are many under one name, and have none.
    """
    breaker = desk.breakers.setdefault(provider, Breaker())
    if breaker.is_open():
        raise Problem("signin.provider_failed")
    try:
        yield breaker
    except Problem as problem:
        if isinstance(problem.__cause__, net.Silence):
            breaker.failed()
        raise


@contextmanager
def _trip() -> Iterator[None]:
    """Some threads are always left for readers, however slow the providers are."""
    db.session.rollback()  # no snapshot of the database is held while a provider is asked
    trips = _desk().trips
    if not trips.acquire(blocking=False):
        raise Problem("server.busy")
    try:
        yield
    finally:
        trips.release()
