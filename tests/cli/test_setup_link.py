"""`widget init`, `widget setup-link` and `widget user admin`: how a server gets its administrators."""

import re
from pathlib import Path

import pytest

from tests.support.live import command, settings
from widget import create_app
from widget.core import tokens
from widget.extensions import db
from widget.models import SetupLink
from widget.providers import Profile
from widget.services import accounts, transaction

LINK = re.compile(r"^http://127\.0\.0\.1:1/admin/setup#([\w-]{43})$", re.MULTILINE)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A server that is not set up yet."""
    return settings(tmp_path, database_url=f"sqlite:///{tmp_path / 'one.db'}", port=1)


def good(env: dict[str, str]) -> list[str]:
    """The hashes of the links that are good."""
    app = create_app({name.removeprefix("WIDGET_"): value for name, value in env.items() if name != "WIDGET_CONFIG"})
    with app.app_context():
        found = list(db.session.scalars(db.select(SetupLink.secret_hash)))
        db.engine.dispose()
    return found


def test_init_prints_it_once(env: dict[str, str]) -> None:
    arguments = ("init", "--public-url", "http://127.0.0.1:1")
    (secret,) = LINK.findall(command(env, *arguments))
    assert good(env) == [tokens.digest(secret)]
    again = command(env, *arguments)
    assert LINK.findall(again) == []
    assert "widget setup-link makes a new one" in again
    (newer,) = LINK.findall(command(env, "setup-link"))
    assert newer != secret
    assert good(env) == [tokens.digest(newer)]


def test_administrators_by_name(env: dict[str, str]) -> None:
    command(env, "db", "upgrade")
    app = create_app({name.removeprefix("WIDGET_"): value for name, value in env.items() if name != "WIDGET_CONFIG"})
    with app.app_context():
        profile = Profile(provider="oidc", issuer="https://idp.test", subject="ada", name="Ada")
        transaction.write(lambda session: accounts.of_profile(session, profile))
        db.engine.dispose()
    assert command(env, "user", "admin", "oidc:ada") == "oidc:ada: no administrator\n"
    for _ in range(2):
        assert command(env, "user", "admin", "Ada", "on") == "Ada: administrator\n"
    assert LINK.findall(command(env, "init", "--public-url", "http://127.0.0.1:1")) == []
    assert command(env, "user", "admin", "Ada", "off") == "Ada: no administrator\n"
