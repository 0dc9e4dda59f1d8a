"""Each provider: whether it is on, what to register there, and whether it answers as it must."""

from collections.abc import Iterator, Mapping
from typing import Any

from widget import config
from widget.core.errors import Problem
from widget.providers import settings
from widget.providers.base import Provider
from widget.providers.probe import probe
from widget.providers.rows import all_rows
from widget.services import reception
from widget.services.doctor.finding import Finding, Look, State


def check(found: Mapping[str, Any]) -> Iterator[Finding | Look]:
    """A line for each row; of those that are there several times, for the first and those that are used."""
    for row in all_rows():
        if settings.is_on(row, found):
            yield _on(row, found)
        elif forgotten := _set_although_off(row, found):
            switch = f"{config.PREFIX}{row.id.upper()}_{row.switch}"
            yield Finding(
                row.id, State.WRONG, f"{switch} is missing, though {forgotten} is set; {_to_register(row, found)}"
            )
        elif not row.id[-1].isdigit():
            yield Finding(row.id, State.OFF, f"not configured; {_to_register(row, found)}")


def _on(row: Provider, found: Mapping[str, Any]) -> Finding | Look:
    after = _to_register(row, found)
    try:
        client = reception.client_of(settings.with_settings(row, found), found)
    except Problem as problem:
        return Finding(row.id, State.WRONG, f"{problem.details['reason']}; {after}")
    name = client.provider.name

    def see() -> str:
        probe(client, reception.redirect_uri(row.id, found))
        return name

    return Look(row.id, see, after)


def _set_although_off(row: Provider, found: Mapping[str, Any]) -> str:
    """A credential that is set while what switches the row on is not."""
    if row.asks:
        return ""
    names = {*row.needs, "CLIENT_SECRET"} - {row.switch}
    given = sorted(name for name in names if found.get(f"{row.id.upper()}_{name}", "") != _default(row, name))
    return f"{config.PREFIX}{row.id.upper()}_{given[0]}" if given else ""


def _default(row: Provider, name: str) -> Any:
    return next((one.default for one in settings.settings_of(row) if one.name == f"{row.id.upper()}_{name}"), "")


def _to_register(row: Provider, found: Mapping[str, Any]) -> str:
    """The way back; nobody registers it where visitors name the server."""
    return f"{'comes back to' if row.asks else 'register'} {reception.redirect_uri(row.id, found)}"
