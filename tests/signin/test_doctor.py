"""`widget doctor`: one line for each thing, true of good providers and of every way in which one can be broken."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Response
from sqlalchemy import create_engine, text

from tests.conftest import SECRET_KEY
from tests.support import stores
from tests.support.idp import NAMES
from tests.support.idp.provider import Provider, html, says
from tests.support.idp.world import CALLBACK, World
from tests.support.visitor import SERVER
from tests.support.waiting import free_port
from widget.__main__ import main
from widget.database import url as database_url
from widget.providers import probe
from widget.services import doctor
from widget.services.doctor import Finding, State

See = Callable[..., dict[str, Finding]]


@pytest.fixture
def see(here: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[See]:
    """What the doctor finds, by what it looked at, with these settings and a database that is as it should be."""
    for name in ("WIDGET_AVATARS", "WIDGET_TEST_CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def findings(settings: Mapping[str, object]) -> dict[str, Finding]:
        base = {"DATABASE_URL": here.app.config["DATABASE_URL"], "SECRET_KEY": SECRET_KEY}
        for name, value in {**base, "PUBLIC_URL": SERVER, **settings}.items():
            monkeypatch.setenv(f"WIDGET_{name}", str(value))
        return {one.what: one for one in doctor.examine()}

    yield findings
    here.sim.clear()


def wrong(found: Finding) -> str:
    """Why."""
    assert found.state is State.WRONG, found
    assert "\n" not in found.words
    return found.words


# -- providers


def test_every_provider_that_is_on_and_well(see: See, here: World) -> None:
    found = see(here.sim.settings())
    assert {name: found[name] for name in NAMES if found[name].state is not State.OK} == {}
    assert all(f"register {CALLBACK}{name}" in found[name].words for name in NAMES)
    # Nothing of the question itself was wrong: only the code (and VK's state), which is nobody's.
    complaints = here.sim.clear()
    assert {one.partition(" ")[0] for one in complaints} == set(NAMES)
    assert [one for one in complaints if "invalid_grant" not in one and not one.endswith("'widget-doctor'")] == []
    assert all("token" in here.sim[name].calls for name in NAMES)


def test_those_that_are_off_have_a_line_each_with_what_to_register(see: See) -> None:
    found = see({})
    off = {what: one.words for what, one in found.items() if one.state is State.OFF}
    named = {name for name in NAMES if not name[-1].isdigit()} | {"mastodon", "bluesky", "indieauth", "mail", "answers"}
    assert set(off) == named
    assert off["google"] == f"not configured; register {CALLBACK}google"
    assert {what for what, one in found.items() if one.state is State.WRONG} == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"vk", "apple"}])
def test_a_wrong_secret(see: See, here: World, name: str) -> None:
    settings = here.sim.settings(name) | {f"{name.upper()}_CLIENT_SECRET": "another-secret-than-it-gave"}
    words = wrong(see(settings)[name])
    assert "the client id or the secret is not right" in words
    assert "another-secret" not in words


def test_a_wrong_key_of_apples(see: See, here: World) -> None:
    words = wrong(see(here.sim.settings("apple") | {"APPLE_KEY_ID": "ANOTHER000"})["apple"])
    assert "the client id or the secret is not right" in words


SETTINGS = {
    "no secret": ({"OIDC_CLIENT_SECRET": ""}, "WIDGET_OIDC_CLIENT_SECRET is missing"),
    "no client id": ({"OIDC_CLIENT_ID": ""}, "WIDGET_OIDC_CLIENT_ID is missing, though WIDGET_OIDC_"),
    "no https": ({"OIDC_ISSUER": "http://id.example"}, "WIDGET_OIDC_ISSUER must start with https://"),
    "no address": ({"OIDC_ISSUER": "id.example"}, "WIDGET_OIDC_ISSUER must start with https://"),
    "no way to send the secret": ({"OIDC_AUTH": "tls"}, "WIDGET_OIDC_AUTH is none of"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting(see: See, here: World, name: str) -> None:
    changes, said = SETTINGS[name]
    found = see(here.sim.settings("oidc", "google") | changes)
    assert said in wrong(found["oidc"])
    assert f"register {CALLBACK}oidc" in found["oidc"].words
    assert found["google"].state is State.OK  # the others are looked at all the same


def _redirect(provider: Provider) -> Callable[[], Response]:
    return lambda: Response(status=302, headers={"Location": provider.base})


def _silent(provider: Provider) -> Callable[[], Response]:
    return lambda: Response(status=200 + 304 * provider.closing.wait(30))


Bad = tuple[str, Callable[[Provider], Callable[[], Response]], str]
BROKEN: dict[str, Bad] = {
    "the token endpoint answers 500": ("token", lambda _: html(500, "Sorry"), "the token endpoint: answers 500"),
    "the token endpoint is not there": ("token", lambda _: html(404, "What?"), "the token endpoint: answers 404"),
    "the token endpoint answers HTML": (
        "token",
        lambda _: html(200, "Hello"),
        "the token endpoint: answers 200 and no",
    ),
    "the token endpoint answers 10 MB": (
        "token",
        lambda _: lambda: Response(b" " * 10_000_000, mimetype="application/json"),
        "answered with more than 1000000 bytes",
    ),
    "the token endpoint redirects": ("token", _redirect, "answered with a redirect"),
    "the token endpoint is silent": ("token", _silent, "does not answer in time"),
    "the address is not registered": (
        "token",
        lambda _: says({"error": "redirect_uri_mismatch"}, 400),
        "the redirect URI is not registered there",
    ),
    "the keys are none": ("keys", lambda _: says({"keys": []}, 200), "the keys: no keys where the keys should be"),
    "the keys are HTML": ("keys", lambda _: html(200, "Hello"), "the keys: "),
    "the keys are not there": ("keys", lambda _: html(404, "What?"), "the keys: "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_provider(see: See, here: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    end, bad, said = BROKEN[name]
    monkeypatch.setattr(probe, "SECONDS", 1.0)
    here.sim["google"].faults = {"instead": {end: bad(here.sim["google"])}}
    found = see(here.sim.settings("google", "github"))
    assert said in wrong(found["google"])
    assert found["github"].state is State.OK


DISCOVERY: dict[str, tuple[dict[str, object], str]] = {
    "another issuer": ({"metadata": {"issuer": "https://evil.example"}}, "is of 'https://evil.example', not of"),
    "no issuer": ({"metadata": {"issuer": None}}, "is of None, not of"),
    "nobody there": ({"instead": {"discovery": html(404, "What?")}}, "the discovery document: "),
    "HTML": ({"instead": {"discovery": html(200, "Hello")}}, "something that is no JSON"),
}


@pytest.mark.parametrize("name", DISCOVERY)
def test_a_broken_discovery_document(see: See, here: World, name: str) -> None:
    faults, said = DISCOVERY[name]
    here.sim["oidc"].faults = faults
    words = wrong(see(here.sim.settings("oidc"))["oidc"])
    assert words.startswith("the discovery document: ")
    assert said in words


def test_nobody_there(see: See, here: World) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    found = see(here.sim.settings("oidc", "x") | {"OIDC_ISSUER": nowhere, "X_TOKEN_URL": f"{nowhere}/token"})
    assert f"the discovery document: {nowhere[7:]} cannot be reached" in wrong(found["oidc"])
    assert f"the token endpoint: {nowhere[7:]} cannot be reached" in wrong(found["x"])


def test_a_certificate_that_nobody_vouches_for(see: See, here: World) -> None:
    sim = here.sim["x"]
    address = f"{here.over_tls.base}/x{sim.rules.token}"
    words = wrong(see(here.sim.settings("x") | {"X_TOKEN_URL": address})["x"])
    assert "has a certificate that nobody vouches for" in words


def test_all_are_asked_at_once(see: See, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "SECONDS", 1.0)
    for name in NAMES:
        here.sim[name].faults = {"instead": {"token": _silent(here.sim[name])}}
    start = time.monotonic()
    found = see(here.sim.settings())
    took = time.monotonic() - start
    assert all("does not answer in time" in wrong(found[name]) for name in NAMES)
    assert took < len(NAMES) * probe.SECONDS / 2  # one after the other they would take twice that and more


def test_servers_that_visitors_name(see: See, here: World) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    on = {"MASTODON_ON": "on", "INDIEAUTH_ON": "on", "BLUESKY_ON": "on"}
    places = {"BLUESKY_PLC_URL": here.sim.base, "BLUESKY_APPVIEW_URL": here.sim.base}
    found = see({**on, **places})
    for name in ("mastodon", "indieauth", "bluesky"):
        assert found[name].state is State.OK, found[name]
        assert f"comes back to {CALLBACK}{name}" in found[name].words
    assert "cannot be reached" in wrong(see({**on, **places, "BLUESKY_PLC_URL": nowhere})["bluesky"])
    found = see({**on, **places, "PUBLIC_URL": "https://comments.test:8443"})
    assert "by https on port 443" in wrong(found["bluesky"])
    assert "WIDGET_SECRET_KEY is missing" in wrong(see({**on, **places, "SECRET_KEY": ""})["mastodon"])


# -- everything else


def test_settings(see: See, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no widget.toml" in see({})["settings"].words
    file = tmp_path / "widget.toml"
    file.write_text("port = 8081\n")
    file.chmod(0o600)
    assert str(file) in see({})["settings"].words
    file.chmod(0o644)
    assert f"chmod 600 {file.name}" in wrong(see({})["settings"])
    file.write_text("prot = 8081\n")
    assert "which no setting is called" in wrong(see({})["settings"])
    file.unlink()
    monkeypatch.setenv("WIDGET_PORT_8080_TCP_ADDR", "10.0.0.1")  # as Kubernetes puts it there
    assert see({})["settings"].state is State.OK
    monkeypatch.setenv("WIDGET_GOGLE_CLIENT_ID", "a")
    assert "did you mean WIDGET_GOOGLE_CLIENT_ID?" in wrong(see({})["settings"])


def test_secret_key_and_certificate(see: See, tmp_path: Path) -> None:
    assert "is missing" in wrong(see({"SECRET_KEY": ""})["secret key"])
    assert "less than 32" in wrong(see({"SECRET_KEY": "short"})["secret key"])
    assert SECRET_KEY not in see({})["secret key"].words
    assert "certificate" not in see({})
    (tmp_path / "cert.pem").write_text("")
    settings = {"TLS_CERT": tmp_path / "cert.pem"}
    assert "WIDGET_TLS_KEY is missing" in wrong(see(settings)["certificate"])
    assert "WIDGET_TLS_KEY names no file" in wrong(see({**settings, "TLS_KEY": tmp_path / "no.pem"})["certificate"])
    assert see({**settings, "TLS_KEY": tmp_path / "cert.pem"})["certificate"].state is State.OK


def test_public_url(see: See, here: World) -> None:
    assert "is not https" in wrong(see({"PUBLIC_URL": "http://comments.test"})["public URL"])
    nobody = see({"PUBLIC_URL": f"http://127.0.0.1:{free_port()}"})["public URL"]
    assert (nobody.state, "nobody answers" in nobody.words) == (State.OK, True)
    assert "somebody else" in wrong(see({"PUBLIC_URL": here.sim.base})["public URL"])
    assert "certificate" in wrong(see({"PUBLIC_URL": here.over_tls.base})["public URL"])


def test_a_server_that_runs(see: See, here: World) -> None:
    from tests.support.idp.server import served

    with served(here.app) as base:
        assert see({"PUBLIC_URL": base})["public URL"].words == f"{base} answers"


def test_the_database(see: See, store: stores.Store, tmp_path: Path) -> None:
    with store.fresh(tmp_path) as url:
        assert "is current, no sites" in see({"DATABASE_URL": url})["database"].words
        engine = create_engine(database_url(url))

        def stamp(version: str) -> None:
            with engine.begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})

        with engine.begin() as connection:
            before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        try:
            stamp("0001")
            assert "run `widget db upgrade`" in wrong(see({"DATABASE_URL": url})["database"])
            stamp("9999")
            assert "of a newer release" in wrong(see({"DATABASE_URL": url})["database"])
        finally:
            stamp(before)  # the next test may be given the same database
            engine.dispose()


def test_no_database(see: See, tmp_path: Path) -> None:
    missing = tmp_path / "no.db"
    assert f"there is no {missing}" in wrong(see({"DATABASE_URL": f"sqlite:///{missing}"})["database"])
    assert not missing.exists()
    (tmp_path / "odd.db").write_text("this is no database, it is a text\n" * 100)
    assert "cannot be had" in wrong(see({"DATABASE_URL": f"sqlite:///{tmp_path}/odd.db"})["database"])
    away = f"postgresql://ann:hidden@127.0.0.1:{free_port()}/comments"
    words = wrong(see({"DATABASE_URL": away})["database"])
    assert "cannot be had" in words
    assert "hidden" not in words
    assert "not a database's address" in wrong(see({"DATABASE_URL": "what is this"})["database"])


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """(exit code, lines) of the command."""
    monkeypatch.setattr(sys, "argv", ["widget", "doctor"])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().out.splitlines()


def test_the_command(
    see: See, here: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = see(here.sim.settings("google"))
    status, lines = run(capsys, monkeypatch)
    assert (status, len(lines)) == (0, len(found))
    assert f"ok     google      Google; register {CALLBACK}google" in lines
    monkeypatch.setenv("WIDGET_GOOGLE_CLIENT_SECRET", "")
    status, lines = run(capsys, monkeypatch)
    assert status == 1
    [line] = [one for one in lines if one.startswith("wrong")]
    assert "WIDGET_GOOGLE_CLIENT_SECRET is missing" in line


def test_a_setting_that_cannot_be_read_at_all(
    see: See, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "WIDGET_PORT must be int" in wrong(see({"PORT": "eighty"})["settings"])
    assert run(capsys, monkeypatch)[0] == 1
    monkeypatch.delenv("WIDGET_PORT")
