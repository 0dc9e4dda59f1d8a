"""A provider that is silent: nobody waits for it any more, everybody else signs in, and it is asked again later."""

from datetime import timedelta

import pytest

from tests.support.idp.provider import html, says
from tests.support.idp.world import World, code
from tests.support.visitor import Page, Visitor
from tests.support.waiting import free_port
from widget.core import clock
from widget.services import reception
from widget.services.breaker import FAILURES, PAUSE


def dead(provider: str) -> dict[str, str]:
    """Settings of a provider whose token endpoint nobody listens at."""
    return {f"{provider.upper()}_TOKEN_URL": f"http://127.0.0.1:{free_port()}/token"}


def begins(here: World, provider: str) -> int:
    """What the window's first page answers."""
    return Visitor(here.app).get(Page().start(provider=provider)).status_code


def test_silence_is_answered_at_once(here: World) -> None:
    with here.settings(dead("github")):
        for _ in range(FAILURES):
            assert begins(here, "github") == 303
            assert here.sign_in("github").status_code == 502
        answer = Visitor(here.app).get(Page().start(provider="github"))
        assert (answer.status_code, code(answer)) == (502, "signin.provider_failed")
        assert here.sign_in("discord").status_code == 200
        with clock.freeze(clock.now() + PAUSE + timedelta(seconds=1)):
            assert begins(here, "github") == 303
            assert here.sign_in("github").status_code == 502
            assert begins(here, "github") == 502


def test_it_is_asked_again_and_all_is_well(here: World) -> None:
    with here.settings(dead("github")):
        for _ in range(FAILURES):
            here.sign_in("github")
        breaker = here.app.extensions[reception.EXTENSION].breakers["github"]
    here.session("discord")  # the reception is a new one
    here.app.extensions[reception.EXTENSION].breakers["github"] = breaker
    assert begins(here, "github") == 502
    with clock.freeze(clock.now() + PAUSE):
        here.session("github")
    assert not breaker.is_open()
    assert begins(here, "github") == 303


@pytest.mark.parametrize("end", [says({"error": "invalid_grant"}, 400), html(500, "Oops"), html(503), html(429)])
def test_no_answer_switches_it_off(here: World, end: object) -> None:
    """Anybody can bring codes that they made up; a provider that says so, in whatever way, is there."""
    for _ in range(2 * FAILURES):
        browser = Visitor(here.app)
        back = here.begin("github", browser)
        here.sim["github"].faults = {"instead": {"token": end}}
        assert here.bring(browser, back.with_(code="made-up")).status_code == 502
        here.sim["github"].faults = {}
    here.session("github")
    here.sim.clear()
