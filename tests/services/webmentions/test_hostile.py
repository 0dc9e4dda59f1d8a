"""Mentions as a weapon: against networks behind the server, its worker, its readers and other people's names.

Each attack has its control beside it: the same without what makes it one goes through.
"""

import gzip
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.services.webmentions.stage import PAGE, Stage, entry
from tests.support.elsewhere import Elsewhere
from tests.support.street import Street
from tests.test_net import listener, plain
from widget import net
from widget.extensions import db
from widget.models import Webmention
from widget.services.webmentions import fetching

LINK = f'<a href="{PAGE}">the post</a>'
TRUE = f"<!doctype html><title>x</title>{LINK}"


def put(stage: Stage, source: str) -> tuple[str, str]:
    """Tell of it and have it looked at: its state, and why."""
    stage.tell(source)
    stage.hand.work()
    row = stage.row()
    return row.state, row.answer


@pytest.mark.parametrize(
    "source",
    [
        *("http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/", "http://192.168.0.1/", "http://169.254.169.254/x"),
        *("http://[::ffff:127.0.0.1]/", "http://localhost/", "http://0.0.0.0/", "http://[fd00::1]/"),
    ],
)
def test_sources_within_the_servers_own_network_are_not_asked(stage: Stage, source: str) -> None:
    assert put(stage, source) == ("refused", "source_refused")


def test_nothing_is_dialled_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with listener(plain(TRUE.encode(), "Content-Type: text/html")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        source = f"http://localhost:{port}/"
        assert put(stage, source) == ("refused", "source_refused")
        assert seen == []
        monkeypatch.setattr(net, "is_public", lambda _address: True)  # the control: the guard is off
        stage.tell(source)
        stage.hand.work()
        assert len(seen) == 1
        assert stage.row().state == "shown"


@pytest.mark.parametrize("place", ["http://127.0.0.1/", "http://[::1]/", "file:///etc/passwd", "gopher://ada.test/"])
def test_nor_by_way_of_a_redirect(stage: Stage, place: str) -> None:
    stage.ada.says("/1", "", status=302, headers={"Location": place})
    assert put(stage, stage.ada.at("/1")) == ("refused", "source_refused")


@pytest.mark.parametrize(("hops", "state"), [(5, "shown"), (6, "refused")])
def test_five_redirects_are_followed(stage: Stage, hops: int, state: str) -> None:
    for at in range(hops):
        stage.ada.says(f"/{at}", "", status=301, headers={"Location": f"/{at + 1}"})
    stage.ada.says(f"/{hops}", TRUE)
    assert put(stage, stage.ada.at("/0"))[0] == state


def test_a_name_that_changes_its_address_is_dialled_where_it_was_checked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def flipping(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        address = "127.0.0.2" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with listener(plain(TRUE.encode(), "Content-Type: text/html")) as (port, seen):
        monkeypatch.setattr(net, "STRANGERS_PORTS", {port})
        monkeypatch.setattr(net, "getaddrinfo", flipping)
        monkeypatch.setattr(net, "is_public", lambda address: address == "127.0.0.2")
        stage.tell(f"http://rebinding.example:{port}/")
        stage.hand.work()
        assert (asked, seen) == (["rebinding.example"], [])
        assert stage.row().state == "waiting"  # nobody answered where it was checked


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (TRUE.encode() + b"x" * 2_000_000, {}),
        (gzip.compress(TRUE.encode() + b"\0" * 30_000_000), {"Content-Encoding": "gzip"}),
    ],
    ids=["huge", "bomb"],
)
def test_what_is_too_large_is_refused(stage: Stage, body: bytes, headers: dict[str, str]) -> None:
    assert put(stage, stage.ada.says("/1", body, headers=headers)) == ("refused", "source_refused")


def test_what_is_packed_is_read(stage: Stage) -> None:
    stage.ada.says("/1", gzip.compress(TRUE.encode()), headers={"Content-Encoding": "gzip"})
    assert put(stage, stage.ada.at("/1")) == ("shown", "")


@contextmanager
def dripping(street: Street, host: str) -> Iterator[threading.Event]:
    """A house that never ends its answer, until the event is set."""
    go_on = threading.Event()

    def house(_environ: object, start: Callable[..., object]) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/html")])
        yield TRUE.encode()
        while not go_on.wait(0.02):
            yield b" "

    street.houses[host] = house  # type: ignore[assignment]
    try:
        yield go_on
    finally:
        go_on.set()


def test_a_slow_drip_is_cut(stage: Stage, street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with dripping(street, "evil.test"):
        stage.tell("https://evil.test/")
        assert stage.hand.work() == 1
    [row] = stage.outbox("verify")
    assert (row.state, row.answer) == ("waiting", "Timeout")


def test_names_are_cleaned_and_links_are_links(stage: Stage) -> None:
    name = "\u202eadA\u200b " + "A" * 10_000
    author = f'<a class="p-author h-card" href="javascript:alert(1)">{name}<img src="javascript:alert(2)"></a>'
    text = (
        '<p onclick="alert(3)">Hi<script>alert(4)</script><a href="javascript:alert(5)">x</a><img src=x onerror=y></p>'
    )
    inside = f'<a class="u-in-reply-to" href="{PAGE}">re</a><div class="e-content">{text}<b class="at">@Olga</b></div>'
    assert stage.mention(stage.ada.says("/1", entry(inside, author))) == ("shown", "")
    [one] = stage.identities()
    assert re.fullmatch("adA A{10,76}", one.name)
    assert (one.profile_url, one.avatar, one.subject) == ("https://ada.test/", None, "https://ada.test")
    html = stage.rows()[0].html
    assert not re.search("script|alert|onclick|onerror|class=|<img", html)
    assert "Hi" in html


def test_an_author_of_another_site_is_not_believed(stage: Stage, street: Street) -> None:
    inside = f'<a class="u-in-reply-to" href="{PAGE}">re</a><p class="e-content">Mine</p>'
    stage.mention(stage.ada.says("/1", entry(inside)))
    stage.approve()
    evil = Elsewhere(street, "evil.test")
    card = (
        '<a class="p-author h-card" href="https://ada.test/">Ada</a>'
        '<link rel="author" href="https://ada.test/"><base href="https://ada.test/">'
    )
    stage.mention(evil.says("/1", entry(inside.replace("Mine", "Not hers at all"), card)))
    ada, other = stage.identities()
    assert (ada.issuer, ada.profile_url) == ("https://ada.test", "https://ada.test/")
    assert (other.issuer, other.profile_url) == ("https://evil.test", "https://evil.test/")
    assert [row.state for row in stage.rows()] == ["published", "pending"]


def test_a_redirect_to_somebody_trusted_is_not_them(stage: Stage, street: Street) -> None:
    inside = f'<a class="u-in-reply-to" href="{PAGE}">re</a><p class="e-content">Mine</p>'
    stage.mention(stage.ada.says("/1", entry(inside)))
    stage.approve()
    evil = Elsewhere(street, "evil.test")
    evil.says("/r", "", status=302, headers={"Location": stage.ada.at("/1")})
    stage.mention(evil.at("/r"))
    assert [row.state for row in stage.rows()] == ["published", "pending"]
    assert [one.issuer for one in stage.identities()] == ["https://ada.test", "https://evil.test"]


def test_the_names_of_those_who_run_the_site_are_theirs(stage: Stage) -> None:
    stage.mention(stage.ada.says("/1", entry(LINK)))
    stage.approve()  # Olga did
    stage.mention(stage.ada.says("/2", entry(LINK, '<a class="p-author h-card" href="/olga">OIga</a>')))
    assert [one.name for one in stage.identities()] == ["Ada", "ada.test"]


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "no-such", "rot13", "utf-16"])
def test_charsets_are_those_of_the_web(stage: Stage, charset: str) -> None:
    type_ = f"text/html; charset={charset}"
    body = TRUE.encode("utf-16" if charset == "utf-16" else "utf-8")
    assert put(stage, stage.ada.says("/1", body, type=type_)) == ("shown", "")


def test_a_flood_waits_for_its_turn_and_is_refused_by_host(stage: Stage) -> None:
    stage.app.config["LIMITS"] = 10
    found = [stage.tell(stage.ada.at(f"/{at}")) for at in range(20)]
    assert {answer.status_code for answer in found} == {201, 429}
    assert {answer.json["error"]["code"] for answer in found if answer.status_code == 429} == {"limit.source"}
    assert sum(answer.status_code == 201 for answer in found) == 6
    with stage.app.app_context():
        assert db.session.query(Webmention).count() == 6
    assert stage.street_calls() == []


def test_one_that_says_it_only_to_us_says_it(stage: Stage) -> None:
    """A page may be another one for every reader; moderators see what it said, and its text is a copy."""
    stage.mention(stage.ada.says("/1", entry(LINK)))
    stage.ada.says("/1", "nothing for you")
    assert "A page" in stage.rows()[0].html
