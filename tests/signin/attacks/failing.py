"""G10: providers that are down, slow, broken or hostile: one error page in time, and nobody else notices.
G12: keys that were taken away."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from flask import Response

from tests.signin.attacks.table import OPENID, SIX, Attack
from tests.signin.attacks.tokens import OLD
from tests.support.idp.provider import Provider, html, says
from tests.support.idp.world import World
from tests.support.visitor import BLOG, SERVER, Page, Visitor
from tests.support.waiting import free_port, until
from widget import net
from widget.providers import client
from widget.services import reception

SLOW = 30.0
PATIENCE = 6.0  # seconds until a visitor must see the error page
Bad = Callable[[Provider], Callable[[], Response]]


def _loop(provider: Provider) -> Callable[[], Response]:
    return lambda: Response(status=307, headers={"Location": provider.base + provider.rules.token})


def _dripping(provider: Provider) -> Callable[[], Response]:
    def parts() -> Any:
        while not provider.closing.wait(0.5):
            yield b" "

    return lambda: Response(parts(), mimetype="application/json")


BAD: dict[str, Bad] = {
    "500": lambda _: html(500, "Internal Server Error"),
    "HTML": lambda _: html(200, "Welcome"),
    "10 MB of JSON": lambda _: lambda: Response("{}" + " " * 10_000_000, mimetype="application/json"),
    "JSON 100,000 deep": lambda _: lambda: Response('{"a":' * 100_000, mimetype="application/json"),
    "a redirect to itself": _loop,
    "the code is revoked": lambda _: says({"error": "invalid_grant"}, 400),
    "an error that is an object": lambda _: says({"error": {"code": 100}}, 400),
}


def broken(here: World, provider: str, bad: Bad) -> bool:
    """Anything else than our own page that says so, in time."""
    sim = here.sim[provider]
    sim.faults = {"instead": {"token": bad(sim)}}
    start = time.monotonic()
    answer = here.sign_in(provider)
    return answer.status_code != 502 or "data-tx=" not in answer.text or time.monotonic() - start > PATIENCE


def unguarded(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """What goes wrong is not caught."""
    patch.setattr(client, "failing_as_problem", lambda _provider_id: nullcontext())


def inward(here: World, provider: str, shape: str) -> bool:
    """A provider's answer redirects our server into the private network."""
    sim, inner = here.sim[provider], f"{here.sim.base}/inner/secrets"
    here.forget()
    end = "info" if provider in {"facebook", "x", "wordpress"} else "keys"
    sim.faults = {"instead": {end: lambda: Response(status=int(shape), headers={"Location": inner})}}
    here.sign_in(provider)
    return "asked for /inner/secrets" in here.sim.violations


def open_door(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Requests go out as the library sends them."""
    patch.setattr(net, "guard", lambda *_, **__: None)


def starved(here: World, provider: str, _shape: str) -> bool:
    """Slow sign-ins take all threads of the server: more than three quarters wait for the provider at once."""
    sim = here.sim[provider]
    ways = []
    for _ in range(here.app.config["THREADS"]):
        browser = Visitor(here.app)
        ways.append((browser, here.begin(provider, browser)))
    sim.faults = {"instead": {"token": lambda: Response(status=200 + 304 * sim.closing.wait(0.5))}}
    sim.busiest = 0
    with ThreadPoolExecutor(len(ways)) as pool:
        answers = list(pool.map(lambda way: here.bring(*way), ways))
    assert all(answer.status_code in {502, 503} for answer in answers)
    return bool(sim.busiest > here.app.config["THREADS"] * 3 // 4)


def no_limit(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reception, "_trip", lambda _provider: nullcontext())


def alone(here: World, provider: str, _shape: str) -> bool:
    """A provider is silent for as many visitors as the server has threads, and another one does not work meanwhile."""
    sim, threads = here.sim[provider], here.app.config["THREADS"]
    ways = []
    for _ in range(threads):
        browser = Visitor(here.app)
        ways.append((browser, here.begin(provider, browser)))
    over = threading.Event()
    sim.faults = {"instead": {"token": lambda: Response(status=200 + 304 * over.wait(SLOW))}}
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(here.bring, *way) for way in ways]
        until(lambda: sim.busy + sum(one.done() for one in waiting) == threads)
        browser = Visitor(here.app)
        begun = browser.get(Page().start(provider="github"))
        works = begun.status_code == 303 and _arrives(here, browser, begun.headers["Location"])
        over.set()
        assert all(one.result().status_code in {502, 503} for one in waiting)
    return not works


def _arrives(here: World, browser: Visitor, address: str) -> bool:
    return here.bring(browser, here.at_provider(address)).status_code == 200


def one_lane(here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """No provider has a part of its own in what may wait."""
    real = here.app.extensions[reception.EXTENSION]
    wide = dict.fromkeys(real.lanes, threading.BoundedSemaphore(1000))
    patch.setitem(here.app.extensions, reception.EXTENSION, replace(real, lanes=wide))


def slow(here: World, _providers: str, shape: str) -> bool:
    """All providers at once do not answer; a reader looks at the thread meanwhile."""
    ways = []
    for name in SIX:
        browser = Visitor(here.app)
        ways.append((browser, here.begin(name, browser)))
        sim = here.sim[name]
        wait = SLOW if shape == "30 s without a byte" else None
        sim.faults = {"instead": {"token": _silent(sim, wait) if wait else _dripping(sim)}}
    took: list[float] = []
    over = threading.Event()

    def read() -> None:
        while not over.wait(0.1):
            start = time.monotonic()
            answer = Visitor(here.app).http.get(
                "/api/v1/threads", query_string={"url": f"{BLOG}/post"}, base_url=SERVER
            )
            assert answer.status_code == 200
            took.append(time.monotonic() - start)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    start = time.monotonic()
    with ThreadPoolExecutor(len(ways)) as pool:
        answers = list(pool.map(lambda way: here.bring(*way), ways))
    waited = time.monotonic() - start
    over.set()
    reader.join(10)
    assert len(took) > 10
    return waited > PATIENCE or max(took) > 2 or any(answer.status_code != 502 for answer in answers)


def _silent(sim: Provider, seconds: float) -> Callable[[], Response]:
    def answer() -> Response:
        sim.closing.wait(seconds)
        return Response(status=504)

    return answer


def patient(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Wait as long as it takes (here: a little more than the visitor's patience)."""
    patch.setattr(net, "SECONDS", PATIENCE + 0.3)
    patch.setattr(client, "SECONDS", PATIENCE + 0.3)


def unreachable(here: World, provider: str, _shape: str) -> bool:
    """Nobody listens: anything else than our own page."""
    with here.settings({f"{provider.upper()}_TOKEN_URL": f"http://127.0.0.1:{free_port()}/token"}):
        return here.sign_in(provider).status_code != 502


def impersonated(here: World, provider: str, _shape: str) -> bool:
    """Somebody sits at the provider's address, with a certificate that nobody vouches for, and is shown the code."""
    sim = here.sim[provider]
    with here.settings({f"{provider.upper()}_TOKEN_URL": f"{here.over_tls.base}/{provider}{sim.rules.token}"}):
        return here.sign_in(provider).status_code < 400 or "token" in sim.calls


def vouched(here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """The operator trusts that authority."""
    patch.setenv("REQUESTS_CA_BUNDLE", str(here.over_tls.authority))


def outdated(here: World, provider: str, _shape: str) -> bool:
    """An ID token signed with a key that the provider took away an hour ago (it was lost, perhaps)."""
    here.forget()
    assert here.sign_in(provider).status_code == 200
    here.sim[provider].faults = {"keys": [OLD.as_dict(private=False)]}
    here.app.extensions[reception.EXTENSION].clients[provider]._keys_read_at -= 3600
    return here.sign_in(provider).status_code < 400


def for_ever(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(client, "KEYS_LIVE", float("inf"))


ATTACKS = (
    Attack(
        id="G10.1",
        what="a provider's token endpoint answers with something else",
        without="what goes wrong is not caught",
        attempt=broken,
        off=unguarded,
        shapes=BAD,
    ),
    Attack(
        id="G10.2",
        what=f"{len(SIX)} providers at once, 30 s slow: error page in 6 s, a reader meanwhile in 2 s",
        without="the deadline is longer",
        attempt=slow,
        off=patient,
        shapes=("30 s without a byte",),
        providers=("all",),
    ),
    Attack(
        id="G10.3",
        what="a provider sends our server into the private network",
        without="requests go out without our door",
        attempt=inward,
        off=open_door,
        shapes=("302", "307"),
    ),
    Attack(
        id="G10.4",
        what="slow sign-ins take all threads of the server",
        without="any number may wait",
        attempt=starved,
        off=no_limit,
    ),
    Attack(
        id="G10.7",
        what="a provider is silent for as many visitors as the server has threads, and another (github) does not work",
        without="one provider may take all the places",
        attempt=alone,
        off=one_lane,
    ),
    Attack(
        id="G10.5",
        what="nobody listens at a provider's address",
        without="what goes wrong is not caught",
        attempt=unreachable,
        off=unguarded,
    ),
    Attack(
        id="G10.6",
        what="somebody else at a provider's address, with a certificate that nobody vouches for",
        without="their authority is trusted",
        attempt=impersonated,
        off=vouched,
    ),
    Attack(
        id="G12.2",
        what="an ID token signed with a key that was taken away an hour ago",
        without="keys are kept for ever",
        attempt=outdated,
        off=for_ever,
        providers=OPENID,
        others="the others have no ID tokens",
    ),
)
