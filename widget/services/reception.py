"""This application's clients of the providers, how many of its threads may wait for them at once, and for how long."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from widget import net, providers
from widget.core import addresses
from widget.core.errors import Problem
from widget.extensions import db
from widget.providers import icons
from widget.providers.client import Begun, Client
from widget.providers.visited import Home, VisitedClient
from widget.services.apps import Registrations
from widget.services.breaker import Breaker
from widget.services.logins import Errand, OwnErrand, Waiting

EXTENSION = "widget.signin"


@dataclass(frozen=True)
class _Reception:
    clients: Mapping[str, Client]
    visited: Mapping[str, VisitedClient]  # those for servers that visitors name
    trips: threading.BoundedSemaphore
    lanes: Mapping[str, threading.BoundedSemaphore]  # each provider's part of the trips
    breakers: dict[str, Breaker] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Make the clients of the providers that are on.

    Raises Problem("config.invalid"): what is wrong with a provider's settings stops the server, not its first visitor.
    """
    config = app.config
    made = [client_of(row, config) for row in providers.configured(config)]
    trips = max(1, config["THREADS"] * 3 // 4)
    app.extensions[EXTENSION] = _Reception(
        {client.provider.id: client for client in made if isinstance(client, Client)},
        {client.provider.id: client for client in made if isinstance(client, VisitedClient)},
        threading.BoundedSemaphore(trips),
        {client.provider.id: threading.BoundedSemaphore(max(1, trips // 2)) for client in made},
    )


def client_of(row: providers.Provider, config: Mapping[str, Any]) -> Client | VisitedClient:
    """The client of a row with its settings. Raises Problem("config.invalid")."""
    agent = f"comment-widget (+{config['PUBLIC_URL']})"
    if row.visits is None:
        return (row.client or Client)(row, user_agent=agent)
    home = Home(
        public_url=config["PUBLIC_URL"],
        user_agent=agent,
        secret_key=config["SECRET_KEY"],
        private=addresses.private_hosts(config["PRIVATE_HOSTS"]),
        dns_server=config["DNS_SERVER"],
        apps=Registrations(row.id, config["SECRET_KEY"]),
    )
    return row.visits(row, home)


def redirect_uri(provider: str, config: Mapping[str, Any]) -> str:
    """Built from the setting alone: whatever Host a request claims, providers send nobody there."""
    return f"{config['PUBLIC_URL']}/auth/callback/{provider}"


def check(errand: Errand | OwnErrand) -> None:
    """Raises Problem where the provider is not offered, or asks for what the visitor did not say."""
    asks = row(errand.provider).asks
    if asks and not errand.at:
        raise Problem("signin.bad_address")
    if errand.at and not asks:
        raise Problem("signin.bad_request", reason="at is not for this provider")


def row(provider: str) -> providers.Provider:
    """A provider that is on, as settings made it. Raises Problem("signin.unknown_provider")."""
    reception = _reception()
    client = reception.clients.get(provider) or reception.visited.get(provider)
    if client is None:
        raise Problem("signin.unknown_provider")
    return client.provider


def shown_name(provider: str, lang: str) -> str:
    """How people who read `lang` see a provider called, also one that is not offered any more."""
    try:
        return row(provider).called(lang)
    except Problem:
        return provider


def icon(provider: str) -> dict[str, Any]:
    """Its mark, likewise."""
    try:
        return icons.icon(provider, row(provider).options)
    except Problem:
        return icons.icon(provider)


def begin(errand: Errand | OwnErrand, state: str) -> Begun:
    """Where the browser must go. Raises Problem."""
    reception, provider = _reception(), row(errand.provider).id
    back = redirect_uri(provider, current_app.config)
    with _trip(provider):
        if provider in reception.visited:
            return reception.visited[provider].begin(back, state, errand.at or "")
        with _unless_down(reception, provider):  # it may be asked for its discovery document
            return reception.clients[provider].begin(back, state)


def finish(waiting: Waiting, given: Mapping[str, str]) -> providers.Profile:
    """Who the provider says it was. Raises Problem, and Again where the browser must go there once more."""
    reception, provider = _reception(), row(waiting.errand.provider).id
    back, verifier = redirect_uri(provider, current_app.config), waiting.verifier
    with _trip(provider):
        if provider in reception.visited:
            client = reception.visited[provider]
            return client.finish(given, redirect_uri=back, verifier=verifier or "", data=waiting.kept)
        with _unless_down(reception, provider) as breaker:
            found = reception.clients[provider].finish(given, redirect_uri=back, nonce=waiting.nonce, verifier=verifier)
            breaker.answered()
            return found


def document(provider: str, name: str) -> Mapping[str, Any]:
    """What servers that visitors name may read of us. Raises Problem("not_found")."""
    client = _reception().visited.get(provider)
    documents = client.documents() if client else {}
    if name not in documents:
        raise Problem("not_found")
    return documents[name]


def _reception() -> _Reception:
    reception: _Reception = current_app.extensions[EXTENSION]
    return reception


@contextmanager
def _unless_down(reception: _Reception, provider: str) -> Iterator[Breaker]:
    """Raises Problem("signin.provider_failed") at once while the provider does not answer.

    Only silence counts: an answer that refuses, even one of 500, can be had by anybody with a code that they made up,
    and must not switch the provider off for all. Servers that visitors name are many under one name, and have none.
    """
    breaker = reception.breakers.setdefault(provider, Breaker())
    if breaker.is_open():
        raise Problem("signin.provider_failed")
    try:
        yield breaker
    except Problem as problem:
        if isinstance(problem.__cause__, net.Silence):
            breaker.failed()
        raise


@contextmanager
def _trip(provider: str) -> Iterator[None]:
    """Some threads are always left for readers, however slow the providers are, and some for every other provider."""
    db.session.rollback()  # no snapshot of the database is held while a provider is asked
    reception = _reception()
    with _place(reception.lanes[provider]), _place(reception.trips):
        yield


@contextmanager
def _place(limit: threading.BoundedSemaphore) -> Iterator[None]:
    if not limit.acquire(blocking=False):
        raise Problem("server.busy")
    try:
        yield
    finally:
        limit.release()
