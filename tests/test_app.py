"""The factory: what is wrong with a setting stops the start, and says so."""

from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from tests.support.idp import Simulator
from widget import create_app
from widget.core.errors import Problem

GOOD = {"SECRET_KEY": "s" * 40, "PUBLIC_URL": "https://comments.test"}
APPLE = {"APPLE_CLIENT_ID": "a", "APPLE_TEAM_ID": "t", "APPLE_KEY_ID": "k"}


def pem(curve: str) -> str:
    """The text of a key file."""
    return ECKey.generate_key(curve, private=True).as_pem(private=True).decode()


@pytest.fixture(autouse=True)
def _unused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", f"sqlite:///{tmp_path}/unused.db")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"GOOGLE_CLIENT_ID": "a"}, "WIDGET_GOOGLE_CLIENT_SECRET is missing"),
        ({"X_CLIENT_ID": "a", "X_CLIENT_SECRET": "b", "X_AUTH": "jwt"}, "WIDGET_X_AUTH is none of"),
        (
            {"OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b", "OIDC_ISSUER": "http://id.example"},
            "WIDGET_OIDC_ISSUER must start with https://",
        ),
        (
            {"GITLAB_CLIENT_ID": "a", "GITLAB_CLIENT_SECRET": "b", "GITLAB_BASE_URL": "gitlab.example"},
            "WIDGET_GITLAB_ISSUER must start with https://",
        ),
        ({"BLUESKY_ON": True, "BLUESKY_PLC_URL": "ftp://plc.example"}, "WIDGET_BLUESKY_PLC_URL must start with"),
        ({"MASTODON_ON": True, "SECRET_KEY": ""}, "WIDGET_SECRET_KEY is missing"),
        ({**APPLE, "APPLE_PRIVATE_KEY": "not a key"}, "WIDGET_APPLE_PRIVATE_KEY is not the text of a .p8 file"),
        ({**APPLE, "APPLE_PRIVATE_KEY": pem("P-384")}, "WIDGET_APPLE_PRIVATE_KEY is not the text of a .p8 file"),
    ],
)
def test_a_wrong_setting_of_a_provider_stops_the_start(settings: dict[str, object], named: str) -> None:
    with pytest.raises(Problem, match=named) as refused:
        create_app({**GOOD, **settings})
    assert refused.value.code == "config.invalid"


def test_right_ones_do_not(simulated: Simulator) -> None:
    create_app({**GOOD, **simulated.settings()})
    create_app({**GOOD, **APPLE, "APPLE_PRIVATE_KEY": pem("P-256").replace("\n", "\\n")})


@pytest.fixture
def simulated() -> Simulator:
    """The settings of a simulator that nobody started: no provider is asked when the application is made."""
    return Simulator("http://127.0.0.1:9", "https://comments.test/auth/callback/")
