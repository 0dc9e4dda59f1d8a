"""Settings made from rows, and rows made of settings."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from widget import config, providers
from widget.core.errors import Problem
from widget.providers.base import Own
from widget.providers.rows import all_rows

ROWS = [row for row in all_rows() if not row.asks]  # the others: tests/visited/test_start.py
OIDC = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}


def wrong(settings: dict[str, Any]) -> str:
    with pytest.raises(Problem) as caught:
        providers.configured(settings)
    assert caught.value.code == "config.invalid"
    return caught.value.message


def test_every_setting_is_one_row_that_explains_itself() -> None:
    rows = [*config.SETTINGS, *providers.settings_rows()]
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.help.endswith("."), row.name
        assert row.type in {str, bool, int}
        assert isinstance(row.default, row.type), row.name


def test_secrets_are_marked_and_not_printed() -> None:
    secret = {row.name for row in providers.settings_rows() if row.secret}
    assert secret == {f"{row.id.upper()}_CLIENT_SECRET" for row in ROWS} | {"APPLE_PRIVATE_KEY"}
    settings = {
        "APPLE_CLIENT_ID": "a",
        "APPLE_TEAM_ID": "t",
        "APPLE_KEY_ID": "k",
        "APPLE_PRIVATE_KEY": "hidden",
        **OIDC,
    }
    assert "hidden" not in repr(providers.configured({**settings, "OIDC_CLIENT_SECRET": "hidden"}))


def test_a_provider_is_on_when_it_has_a_client_id() -> None:
    assert providers.configured({}) == []
    [row] = providers.configured(OIDC)
    assert (row.id, row.name, row.issuer, row.client_secret) == ("oidc", "OpenID", "https://id.example", "b")


def test_the_order_is_the_rows_not_the_settings() -> None:
    settings = {f"{name}_{part}": "x" for name in ("GITHUB", "X", "GOOGLE") for part in ("CLIENT_ID", "CLIENT_SECRET")}
    assert [row.id for row in providers.configured({**OIDC, **settings})] == ["google", "x", "github", "oidc"]


def test_names_in_other_languages() -> None:
    [vk] = providers.configured({"VK_CLIENT_ID": "a"})
    assert [vk.called(lang) for lang in ("ru", "ru-RU", "RU", "en", "")] == ["ВКонтакте"] * 3 + ["VK", "VK"]
    [vk] = providers.configured({"VK_CLIENT_ID": "a", "VK_NAME": "Our VK"})
    assert vk.called("ru") == "Our VK"  # what the operator says stands everywhere


def test_several_openid_providers_at_once() -> None:
    second = {name.replace("OIDC", "OIDC2"): value for name, value in OIDC.items()}
    rows = providers.configured({**OIDC, **second, "OIDC_NAME": "One", "OIDC2_NAME": "Two"})
    assert [(row.id, row.name) for row in rows] == [("oidc", "One"), ("oidc2", "Two")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_missing_is_named(row: providers.Provider) -> None:
    name = row.id.upper()
    whole = {f"{name}_{need}": "https://id.example" if need == "ISSUER" else "x" for need in row.needs}
    assert [found.id for found in providers.configured(whole)] == [row.id]
    for need in set(row.needs) - {"CLIENT_ID"}:
        assert f"WIDGET_{name}_{need} is missing" in wrong({**whole, f"{name}_{need}": ""})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_fact_is_a_setting(row: providers.Provider) -> None:
    name = row.id.upper()
    changed = {
        "CLIENT_ID": "id",
        "CLIENT_SECRET": "secret",
        "NAME": "Another",
        "ISSUER": "https://other.example",
        "SCOPE": "openid x",
        "AUTH": "client_secret_basic",
        "PKCE": not row.pkce,
        "AUTHORIZE_URL": "https://other.example/a",
        "TOKEN_URL": "https://other.example/t",
        "USERINFO_URL": "https://other.example/u",
        "JWKS_URL": "https://other.example/j",
        **{own.name: _other(own) for own in row.own},
    }
    [found] = providers.configured({f"{name}_{key}": value for key, value in changed.items()})
    assert found.name == "Another"
    assert (found.issuer, found.scope, found.auth, found.pkce) == (
        "https://other.example",
        "openid x",
        "client_secret_basic",
        not row.pkce,
    )
    assert found.authorize_url.endswith("/a")
    assert found.exchange_url.endswith("/t")
    assert found.userinfo_url.endswith("/u")
    assert found.jwks_url.endswith("/j")
    assert all(found.options[own.name.lower()] == _other(own) for own in row.own)


def _other(own: Own) -> str:
    """Another value than the default that its form takes."""
    return {"ICON": "M0 0h24v24z", "COLOR": "#0a0b0c"}.get(own.name, "https://own.example")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_defaults_are_whole_https_addresses(row: providers.Provider) -> None:
    needed = {f"{row.id.upper()}_{need}": "https://id.example" for need in row.needs}
    [found] = providers.configured(needed)
    addresses = [found.authorize_url, found.exchange_url, found.userinfo_url, found.jwks_url, found.issuer]
    for address in filter(None, addresses):
        parts = urlsplit(address)
        assert parts.scheme == "https"
        assert "." in parts.netloc
        assert not set("{} ") & set(address)
    assert row.discovery or (found.authorize_url and found.exchange_url)
    assert not found.is_oidc or row.discovery or found.jwks_url or found.algorithms == ("HS256",)
    assert found.is_oidc or found.userinfo_url
    assert "none" not in {name.lower() for name in found.algorithms}


def test_addresses_with_a_blank_are_filled() -> None:
    settings = {"GITLAB_CLIENT_ID": "a", "GITLAB_CLIENT_SECRET": "b", "GITLAB_BASE_URL": "https://git.example/"}
    [row] = providers.configured(settings)
    assert row.issuer == "https://git.example"
    assert row.exchange_url == "https://git.example/oauth/token"
    [row] = providers.configured(
        {"FACEBOOK_CLIENT_ID": "a", "FACEBOOK_CLIENT_SECRET": "b", "FACEBOOK_VERSION": "v99.0"}
    )
    assert row.userinfo_url == "https://graph.facebook.com/v99.0/me"


@pytest.mark.parametrize(
    ("public", "issuer", "taken"),
    [
        ("https://comments.example", "https://id.example", True),
        ("https://comments.example", "http://127.0.0.1:9000", True),
        ("https://comments.example", "http://localhost:9000", True),
        ("https://comments.example", "http://[::1]:9000", True),
        ("https://comments.example", "http://id.example", False),
        ("https://comments.example", "http://localhost.evil.example", False),
        ("https://comments.example", "ftp://id.example", False),
        ("https://comments.example", "id.example", False),
        ("https://comments.example", "https://", False),
        ("http://127.0.0.1:8080", "http://id.test:9000", True),
    ],
)
def test_providers_speak_https(public: str, issuer: str, taken: object) -> None:
    settings = {**OIDC, "PUBLIC_URL": public, "OIDC_ISSUER": issuer}
    if taken:
        assert providers.configured(settings)[0].issuer == issuer
    else:
        assert "WIDGET_OIDC_ISSUER must start with https://" in wrong(settings)


def test_an_unknown_way_to_send_the_secret() -> None:
    assert "WIDGET_OIDC_AUTH" in wrong({**OIDC, "OIDC_AUTH": "private_key_jwt"})
