"""Writes the pages of docs/ that are made from the code: settings, providers, errors, … `--check` only compares."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import hooks_page
import moderation_page
import provider_pages

from widget import __main__ as commands
from widget import config, create_app
from widget.core import errors
from widget.web.api import schema

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made from the code by tools/docs.py; change it there. -->\n"


def settings() -> str:
    """docs/settings.md from the rows of config; those of providers are on the providers' pages."""
    lines = [
        "# Settings\n",
        "Each one is an environment variable, or a line in `widget.toml` (in the current folder, or where",
        "`WIDGET_CONFIG` points) under its name in lower case without `WIDGET_`. The environment goes first.",
        "`widget doctor` says whether they work. The settings of each provider of sign-in are on its page:",
        "[providers/index.md](providers/index.md).\n",
        "| variable | default | what it is |",
        "|---|---|---|",
        *(provider_pages.setting_line(row).rstrip() for row in config.SETTINGS),
    ]
    return _page(lines)


def error_codes() -> str:
    """docs/errors.md from the rows of core.errors."""
    lines = [
        "# Errors\n",
        'Every refusal is `{"error": {"code", "message", "field"?, …}}`. Switch on the code: it is stable. The message',
        "is English, for people; `…` stands for a detail, which the envelope carries by its name as well.\n",
        "| code | status | message |",
        "|---|---|---|",
    ]
    lines += [f"| `{code}` | {status} | {_cell(words)} |" for code, (status, words) in sorted(errors.ROWS.items())]
    return _page(lines)


def command_line() -> str:
    """docs/commands.md from the commands' own help."""
    lines = ["# Commands\n", "What each command says with `--help`.\n"]
    for names, command in _walk(commands.cli, ["widget"]):
        context = click.Context(command, info_name=" ".join(names), terminal_width=100, max_content_width=100)
        lines += [f"## {' '.join(names)}\n", "```", command.get_help(context).rstrip(), "```\n"]
    return _page(lines)


def api() -> str:
    """docs/api.md from the document that the server gives at /api/v1/openapi.json."""
    app = create_app({"DATABASE_URL": "sqlite:///unused.db", "SECRET_KEY": "x" * 32})
    with app.app_context():
        document = schema.book.spec
    lines = [
        "# API\n",
        "A server describes its API at `/api/v1/openapi.json` (OpenAPI 3.1); this page is made from that document.",
        "Refusals and their codes: [errors.md](errors.md).\n",
    ]
    for path, methods in sorted(document["paths"].items()):
        for method, what in methods.items():
            lines += [f"## {method.upper()} {path}\n", f"{what['summary']}\n", *_parameters(what)]
            lines += ["| status | answer |", "|---|---|"]
            lines += [f"| {status} | {_answer(answer)} |" for status, answer in sorted(what["responses"].items())]
            lines.append("")
    lines.append("# Forms\n")
    for name, form in sorted(document["components"]["schemas"].items()):
        if form.get("type") == "object":
            lines += [f"## {name}\n", f"{form.get('description', '')}\n", "| field | form | |", "|---|---|---|"]
            needed = form.get("required", [])
            for field, value in form.get("properties", {}).items():
                lines.append(f"| `{field}` | {_form(value)} | {'always' if field in needed else 'may be absent'} |")
            lines.append("")
    return _page(lines)


def _from_row(make: Callable[[], str]) -> Callable[[], str]:
    return lambda: MADE + make()


PAGES = {
    "settings.md": settings,
    "errors.md": error_codes,
    "commands.md": command_line,
    "api.md": api,
    "hooks.md": _from_row(hooks_page.page),
    "moderation.md": _from_row(moderation_page.page),
    **{name: _from_row(make) for name, make in provider_pages.pages().items()},
}


def _page(lines: list[str]) -> str:
    return MADE + "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _walk(command: click.Command, names: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found:
                yield from _walk(found, [*names, name])


def _parameters(what: dict[str, Any]) -> list[str]:
    rows = [
        f"| `{one['name']}` | {one['in']} | {_form(one['schema'])} | {'yes' if one.get('required') else ''} |"
        for one in what["parameters"]
    ]
    lines = ["| parameter | in | form | needed |", "|---|---|---|---|", *rows, ""] if rows else []
    bodies = what.get("requestBody", {}).get("content", {}).values()
    lines += [f"The body is a {_form(content['schema'])}.\n" for content in bodies]
    if what.get("security"):
        lines.append("Needs a session: `Authorization: Bearer …`, or `DPoP …` with a proof ([signin.md](signin.md)).\n")
    return lines


def _answer(answer: dict[str, Any]) -> str:
    forms = [_form(content["schema"]) for content in answer.get("content", {}).values()]
    return ", ".join(forms) or "nothing"


def _form(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join(_form(one) for one in value["anyOf"])
    if "enum" in value:
        return " or ".join(f"`{one}`" for one in value["enum"])
    if value.get("type") == "array":
        return f"list of {_form(value.get('items') or {})}"
    if value.get("type") == "object":
        return f"object of {_form(value.get('additionalProperties') or {})}"
    return str(value.get("type", "anything"))


def main() -> None:
    """Write the pages, or with `--check` exit 1 and name those that are not what the code gives."""
    stale = [name for name, make in PAGES.items() if _differs(DOCS / name, make())]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"run tools/docs.py: {', '.join(stale)} in docs/ would change")
        return
    for name in stale:
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    main()
