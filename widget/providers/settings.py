"""Settings made from the rows, and the rows with what the operator set."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from widget.config import PREFIX, Setting
from widget.core.errors import Problem
from widget.providers.base import Provider
from widget.providers.rows import all_rows

_URLS = {  # setting -> (field of the row, help)
    "AUTHORIZE_URL": ("authorize_url", "where the browser is sent to sign in."),
    "TOKEN_URL": ("exchange_url", "where the code is exchanged."),
    "USERINFO_URL": ("userinfo_url", "where the profile is read."),
    "JWKS_URL": ("jwks_url", "where the keys of ID tokens are."),
}
AUTH_METHODS = ("", "client_secret_post", "client_secret_basic", "none")


def settings_rows() -> tuple[Setting, ...]:
    """The settings of all providers, for `config.load(extra_rows=…)`."""
    return tuple(setting for row in all_rows() for setting in _settings_of(row))


def configured(config: Mapping[str, Any]) -> list[Provider]:
    """The providers that the operator switched on, mostly by a client id, with their settings, in the visitors' order.

    Raises Problem("config.invalid") that names what is missing or wrong.
    """
    return [with_settings(row, config) for row in all_rows() if is_on(row, config)]


def is_on(row: Provider, config: Mapping[str, Any]) -> bool:
    """Whether the operator switched it on."""
    return bool(config.get(f"{row.id.upper()}_{row.switch}"))


def with_settings(row: Provider, config: Mapping[str, Any]) -> Provider:
    """The row as the operator wants it. Raises Problem("config.invalid") that names what is missing or wrong."""
    return (_asking_row_with if row.asks else _row_with)(row, config, str(config.get("PUBLIC_URL", "")))


def settings_of(row: Provider) -> tuple[Setting, ...]:
    """The settings of one provider, the one that switches it on first."""
    return tuple(_settings_of(row))


def _settings_of(row: Provider) -> list[Setting]:
    def setting(name: str, default: str, help_: str, *, secret: bool = False) -> Setting:
        return Setting(f"{row.id.upper()}_{name}", default, str, f"{row.name}: {help_}", secret=secret)

    own = [setting(own.name, own.default, own.help, secret=own.secret) for own in row.own]
    if row.asks:
        on = Setting(f"{row.id.upper()}_ON", False, bool, f"{row.name}: whether it is offered.")  # noqa: FBT003
        return [on, setting("NAME", row.name, "how visitors see it called."), *own]
    addresses = [setting(name, getattr(row, field), help_) for name, (field, help_) in _URLS.items()]
    pkce = f"{row.name}: whether the code is bound to this login (RFC 7636)."
    return [
        setting("CLIENT_ID", "", "the client id; switches sign-in with it on."),
        setting("CLIENT_SECRET", "", "the client secret.", secret=True),
        setting("NAME", row.name, "how visitors see it called."),
        setting("ISSUER", row.issuer, "the issuer: names the provider in identities and signs its ID tokens."),
        setting("SCOPE", row.scope, "what is asked for."),
        setting("AUTH", row.auth, "how the secret is sent: client_secret_post, client_secret_basic or none."),
        Setting(f"{row.id.upper()}_PKCE", row.pkce, bool, pkce),
        *addresses,
        *own,
    ]


def _row_with(row: Provider, config: Mapping[str, Any], public_url: str) -> Provider:
    prefix = f"{row.id.upper()}_"
    given = {setting.name: config.get(setting.name, setting.default) for setting in _settings_of(row)}
    for name in row.needs:
        if not given[prefix + name]:
            raise _invalid(f"{PREFIX}{prefix}{name} is missing, though {PREFIX}{prefix}CLIENT_ID is set")
    if given[prefix + "AUTH"] not in AUTH_METHODS:
        raise _invalid(f"{PREFIX}{prefix}AUTH is none of {', '.join(filter(None, AUTH_METHODS))}")
    options = {own.name.lower(): str(given[prefix + own.name]).rstrip("/") for own in row.own}
    for own in row.own:
        value = options[own.name.lower()]
        if value and own.form and not re.fullmatch(own.form, value):
            raise _invalid(f"{PREFIX}{prefix}{own.name} does not look right; it is {own.help.rstrip('.')}")
    addresses: dict[str, Any] = {}
    for name, (field, _) in {"ISSUER": ("issuer", ""), **_URLS}.items():
        addresses[field] = _filled(str(given[prefix + name]), options)
        _check_address(f"{PREFIX}{prefix}{name}", addresses[field], public_url)
    return replace(
        row,
        **_named(row, given[prefix + "NAME"]),
        scope=given[prefix + "SCOPE"],
        auth=given[prefix + "AUTH"],
        pkce=given[prefix + "PKCE"],
        client_id=given[prefix + "CLIENT_ID"],
        client_secret=given[prefix + "CLIENT_SECRET"],
        callback_iss=_filled(row.callback_iss, options),
        options=options,
        **addresses,
    )


def _asking_row_with(row: Provider, config: Mapping[str, Any], public_url: str) -> Provider:
    """A row whose servers visitors name: it has no client id, and keeps secrets of theirs under ours."""
    prefix = f"{row.id.upper()}_"
    if not config.get("SECRET_KEY"):
        raise _invalid(f"{PREFIX}SECRET_KEY is missing, though {PREFIX}{prefix}ON is set")
    options = {own.name.lower(): str(config.get(prefix + own.name, own.default)).rstrip("/") for own in row.own}
    for name in options:
        if name.endswith("_url"):
            _check_address(f"{PREFIX}{prefix}{name.upper()}", options[name], public_url)
    return replace(row, **_named(row, config.get(f"{prefix}NAME", row.name)), options=options)


def _named(row: Provider, name: str) -> dict[str, Any]:
    """A name of the operator's stands in every language."""
    return {"name": name, "names": row.names if name == row.name else {}}


def _filled(template: str, options: Mapping[str, str]) -> str:
    for name, value in options.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def _check_address(setting: str, address: str, public_url: str) -> None:
    """Providers speak https; plain http is for this machine and for a server that is itself plain (development)."""
    if not address:
        return
    parts = urlsplit(address)
    plain = parts.scheme == "http" and (public_url.startswith("http://") or _is_loopback(parts.hostname or ""))
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise _invalid(f"{setting} must start with https://, not {address!r}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _invalid(reason: str) -> Problem:
    return Problem("config.invalid", reason=reason)
