"""The pages of docs/providers/, made from the providers' rows."""

from collections.abc import Callable
from functools import partial

from widget import config
from widget.providers import icons
from widget.providers.base import Provider
from widget.providers.rows import all_rows
from widget.providers.settings import settings_of

SERVER = "https://comments.example"
_INDEX = """\
# Providers

One page for each place where people can sign in: where to register this server there, step by step, the address to
register, what people's profiles have, and every setting with its default. A provider without credentials does not
appear to visitors.

1. Do what the provider's page says, and set what it gave you, in the environment or in `widget.toml`.
2. Run `widget doctor`: it has a line for every provider, with the redirect URI to register and what is wrong.
3. Start the server anew. A setting that cannot work stops the start and is named.

A redirect URI is `WIDGET_PUBLIC_URL`, then `/auth/callback/` and the provider's id. Providers compare it letter for
letter. These pages write `https://comments.example` for your server. Keep secrets out of version control.

The pages say what the providers' own documentation said in 2025 and 2026. Consoles get rearranged, and none of it was
tried with a live account: what is doubtful stands under *Not tried*, and can be changed by a setting. Something that
does not work is worth telling us.

| provider | what people's profiles have | what it needs |
|---|---|---|
"""


def pages() -> dict[str, Callable[[], str]]:
    """What makes each page, by its name under docs/."""
    rows = [row for row in all_rows() if row.id == page_id(row)]
    made: dict[str, Callable[[], str]] = {f"providers/{row.id}.md": partial(page, row) for row in rows}
    return {"providers/index.md": partial(index, rows), **made}


def page_id(row: Provider) -> str:
    """Whose page a row is on: rows that are there several times (`oidc2`) share one."""
    return row.id.rstrip("0123456789")


def index(rows: list[Provider]) -> str:
    """The list of all providers."""
    lines = [f"| [{row.name}]({row.id}.md) | {row.guide.gives} | {_needs(row)} |\n" for row in rows]
    return _INDEX + "".join(lines)


def page(row: Provider) -> str:
    """One provider's page."""
    guide = row.guide
    to_set = _and([f"`{name}`" for name in _to_set(row)])
    steps = [*guide.steps, "Run `widget doctor`." if row.asks else f"Set {to_set}, and run `widget doctor`."]
    color = icons.icon(row.id)["color"]
    facts = [
        ("Redirect URI to register" if not row.asks else "Redirect URI", f"`{_callback(row)}`"),
        ("Where", f"<{guide.console}>" if guide.console else ""),
        ("Asked for", f"`{row.scope}`" if row.scope else ""),
        ("What profiles have", guide.gives),
        ("PKCE", "" if row.asks else ("sent" if row.pkce else "not sent")),
        ("The client proves itself by", _proof(row)),
        (
            "The button",
            f"its mark in `{color}`, its name{_names(row)}; `{_setting(row, 'NAME')}` sets another",
        ),
    ]
    parts = [
        f"# {row.name}\n\n",
        "".join(f"- {what}: {fact}\n" for what, fact in facts if fact),
        "\n## Steps\n\n",
        "".join(f"{number}. {_filled(step, row)}\n" for number, step in enumerate(steps, 1)),
        _list("Good to know", guide.notes, row),
        _list("Not tried", guide.unsure, row),
        "\n## Settings\n\n| variable | default | what it is |\n|---|---|---|\n",
        *(setting_line(setting, after=f"{row.name}: ") for setting in settings_of(row)),
        "\nAll providers: [index.md](index.md). How signing in works: [signin.md](../signin.md).\n",
    ]
    return "".join(parts)


def setting_line(row: config.Setting, *, after: str = "") -> str:
    """A setting's line of a table, its help without the words that it begins with."""
    default = f"`{str(row.default).lower() if row.type is bool else row.default}`" if row.default != "" else ""
    words = row.help.removeprefix(after).replace("|", "\\|")
    return f"| `{config.PREFIX}{row.name}` | {default} | {words} |\n"


def _list(title: str, items: tuple[str, ...], row: Provider) -> str:
    return f"\n## {title}\n\n" + "".join(f"- {_filled(item, row)}\n" for item in items) if items else ""


def _filled(text: str, row: Provider) -> str:
    document = f"{SERVER}/auth/{row.id}/client-metadata.json"
    return text.replace("{callback}", _callback(row)).replace("{document}", document)


def _callback(row: Provider) -> str:
    return f"{SERVER}/auth/callback/{row.id}"


def _setting(row: Provider, name: str) -> str:
    return f"{config.PREFIX}{row.id.upper()}_{name}"


def _to_set(row: Provider) -> list[str]:
    return [_setting(row, name) for name in (row.needs or (row.switch,))]


def _needs(row: Provider) -> str:
    return ", ".join(f"`{name}`" for name in _to_set(row))


def _proof(row: Provider) -> str:
    if row.asks:
        return ""
    return f"`{row.auth}`" if row.auth else "what the discovery document offers"


def _names(row: Provider) -> str:
    return f" ({', '.join(f'{name} in {lang}' for lang, name in row.names.items())})" if row.names else ""


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
