"""Every setting is a row here; values come from WIDGET_… over an optional widget.toml. Shown in docs/settings.md."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from widget.core import addresses
from widget.core.errors import Problem

PREFIX = "WIDGET_"
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True)
class Setting:
    """One row: `type` is str, int or bool; a `secret` is never printed."""

    name: str
    default: str | int | bool
    type: type
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        "sqlite:///widget.db",
        str,
        "Where comments are kept: a SQLite file, or postgresql://user:password@host/name.",
    ),
    Setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8080",
        str,
        "The address at which browsers reach this server; sign-in and links are built from it.",
    ),
    Setting(
        "SECRET_KEY", "", str, "At least 32 characters that nobody else knows; `widget init` makes one.", secret=True
    ),
    Setting("HOST", "127.0.0.1", str, "The address `widget serve` listens on."),
    Setting("PORT", 8080, int, "The port `widget serve` listens on."),
    Setting("WORKERS", 1, int, "How many processes `widget serve` starts."),
    Setting("THREADS", 8, int, "How many threads each process answers with."),
    Setting(
        "READY_MB",
        64,
        int,
        "Megabytes of answers that each process keeps ready; 0: every answer is made anew.",
    ),
    Setting(
        "CDN_SECONDS",
        0,
        int,
        "How long a shared cache in front of this server may give an answer without asking again: readers behind it "
        "see a comment so much later.",
    ),
    Setting(
        "LIVE_PLACES",
        64,
        int,
        "How many open pages each process tells of news at once; each takes a thread besides THREADS, which sleeps. "
        "The others ask every few seconds.",
    ),
    Setting("TLS_CERT", "", str, "A certificate file in PEM, when `widget serve` itself speaks https."),
    Setting("TLS_KEY", "", str, "The key file of that certificate."),
    Setting("BUSY_TIMEOUT", 10, int, "Seconds a write waits for the database before it answers 503."),
    Setting("SESSION_HOURS", 12, int, "How long a session lasts that is not bound to a key of the browser."),
    Setting("BOUND_SESSION_DAYS", 90, int, "How long a session lasts that is bound to a key of the browser."),
    Setting(
        "SESSION_IDLE_DAYS",
        30,
        int,
        "How long a session lasts that nobody uses; 0: as long as it would anyway.",
    ),
    Setting(
        "AVATARS",
        True,  # noqa: FBT003 - a row's default
        bool,
        "Whether people's pictures are copied from their providers, after they sign in, and shown from this server.",
    ),
    Setting(
        "UNDO_SECONDS",
        300,
        int,
        "How long people can undo the deletion of a comment of theirs; its text is erased within two hours after.",
    ),
    Setting(
        "LIMITS",
        100,
        int,
        "How much anybody may do within which time, in percent of the limits in moderation.md; 0: no limits.",
    ),
    Setting(
        "PROXY_HOPS",
        0,
        int,
        "How many proxies of your own stand before this server, one behind the other, each of which adds to "
        "X-Forwarded-For: senders are told apart by what the first of them adds. 0: nobody's word counts but the "
        "connection's own.",
    ),
    Setting(
        "AKISMET_KEY",
        "",
        str,
        "A key of akismet.com, for the sites that have none of their own: it is then told about comments of people who "
        "are not known yet, with their address. Empty: nobody else is asked.",
        secret=True,
    ),
    Setting("AKISMET_URL", "https://rest.akismet.com", str, "Where Akismet is asked."),
    Setting(
        "MODERATED_DAYS",
        7,
        int,
        "How many days the text of a comment is kept that a moderator deleted, so that the decision can be undone.",
    ),
    Setting(
        "SMTP_URL",
        "",
        str,
        "The server that takes mail: smtp://user:password@host:587 (STARTTLS), smtps://… (TLS at once), or in a "
        "network that you trust smtp+plain://host:25. Without it no mail is sent and none is offered. docs/mail.md.",
        secret=True,
    ),
    Setting(
        "MAIL_FROM", "", str, "The address that mail comes from: comments@example.com; the sites' names go before."
    ),
    Setting("SMTP_CA", "", str, "A file with certificates of authorities that the mail servers are trusted by (PEM)."),
    Setting("SMTP_TIMEOUT", 20, int, "Seconds that a mail server may take for each answer."),
    Setting(
        "MAIL_HOURLY",
        5,
        int,
        "How many single messages about new comments anybody gets in an hour; what is more comes together in one.",
    ),
    Setting(
        "REPLY_ADDRESS",
        "",
        str,
        "The address to which mails about comments are answered: replies@example.com; each mail has one of its own, "
        "replies+…@example.com. Needs IMAP_URL or LMTP_LISTEN. Empty: nobody answers by mail. docs/mail.md.",
    ),
    Setting("REPLY_DAYS", 30, int, "How many days a mail can be answered."),
    Setting(
        "REPLY_STRICT",
        False,  # noqa: FBT003 - a row's default
        bool,
        "Whether an answer must come from the address that was written to, and the mail server must vouch for that.",
    ),
    Setting("REPLY_BYTES", 5_000_000, int, "The largest mail that is taken as an answer, in bytes."),
    Setting(
        "MAIL_AUTHSERV_ID",
        "",
        str,
        "The name by which your receiving mail server signs its Authentication-Results: an answer is refused if it "
        "found that SPF, DKIM or DMARC fails. Empty: nobody's word counts.",
    ),
    Setting(
        "IMAP_URL",
        "",
        str,
        "The mailbox that answers come to: imaps://user:password@host:993/INBOX, imap://… (STARTTLS), or "
        "on the machine itself imap+plain://….",
        secret=True,
    ),
    Setting("IMAP_SECONDS", 30, int, "How often that mailbox is looked at."),
    Setting(
        "IMAP_DONE", "", str, "The folder that answers are moved to once they are taken. Empty: they stay, as seen."
    ),
    Setting(
        "LMTP_LISTEN",
        "",
        str,
        "Where `widget work` takes answers from a mail server on the same machine, over LMTP: 127.0.0.1:8024.",
    ),
    Setting("DIGEST_HOUR", 6, int, "The hour of the day (UTC) at which daily and weekly messages are made."),
    Setting(
        "WORK",
        True,  # noqa: FBT003 - a row's default
        bool,
        "Whether `widget serve` sends what is to be sent, in a thread; false: `widget work` does, in its own process.",
    ),
    Setting(
        "OUTBOX_LEASE",
        300,
        int,
        "Seconds after which a message is taken up again whose worker died; more than a mail server may take in all.",
    ),
    Setting(
        "WEBSUB_HUB", "", str, "A WebSub hub that is named in feeds; it must learn of news by itself. Empty: none."
    ),
    Setting("MAX_BODY_BYTES", 65536, int, "The largest request body that is read."),
    Setting(
        "PRIVATE_HOSTS",
        "",
        str,
        "Hosts of your own network that visitors may name to sign in with, although their addresses are private: "
        "host[:port], or host[:port]=address[:port] to say where it is; several with commas between.",
    ),
    Setting(
        "HOOK_HOSTS",
        "",
        str,
        "Hosts of your own network that hooks may go to, although their addresses are private, over http too; written "
        "as those of WIDGET_PRIVATE_HOSTS. docs/hooks.md.",
    ),
    Setting(
        "DNS_SERVER", "", str, "The name server that is asked for Bluesky handles (address:port); empty: the system's."
    ),
)


def load(
    overrides: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
    extra_rows: Iterable[Setting] = (),
) -> dict[str, Any]:
    """All settings by name without the prefix: `overrides`, over the environment, over the file, over the defaults.

    Raises Problem("config.invalid") that names the setting and what is wrong with it.
    """
    environ = os.environ if environ is None else environ
    rows = {row.name: row for row in (*SETTINGS, *extra_rows)}
    written = _read_file(file or Path(environ.get("WIDGET_CONFIG", "widget.toml")), rows, required=bool(file))
    given = {name: environ[PREFIX + name] for name in rows if PREFIX + name in environ}
    values = {name: row.default for name, row in rows.items()} | written | given | dict(overrides or {})
    typed = {name: _typed(rows[name], value) if name in rows else value for name, value in values.items()}
    typed["PUBLIC_URL"] = _public_url(typed["PUBLIC_URL"])
    for name in ("PRIVATE_HOSTS", "HOOK_HOSTS"):
        _check_private_hosts(name, typed[name])
    return typed


def _read_file(path: Path, rows: Mapping[str, Setting], *, required: bool) -> dict[str, Any]:
    if not path.is_file():
        if required:
            raise Problem("config.invalid", reason=f"there is no file {path}")
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem("config.invalid", reason=f"{path} is not TOML: {error}") from error
    values = {name.upper(): value for name, value in table.items()}
    if unknown := sorted(values.keys() - rows.keys()):
        raise Problem("config.invalid", reason=f"{path} has {', '.join(unknown).lower()}, which no setting is called")
    return values


def _typed(row: Setting, value: Any) -> Any:
    if isinstance(value, row.type) and not (row.type is int and isinstance(value, bool)):
        return value
    text = str(value).strip()
    try:
        if row.type is int:
            return int(text)
        if row.type is bool:
            if text.lower() not in _TRUE | _FALSE:
                raise ValueError(text)
            return text.lower() in _TRUE
    except ValueError:
        raise Problem(
            "config.invalid", reason=f"{PREFIX}{row.name} must be {row.type.__name__}, not {text!r}"
        ) from None
    return text


def _check_private_hosts(name: str, value: str) -> None:
    try:
        addresses.private_hosts(value)
    except ValueError as error:
        raise Problem("config.invalid", reason=f"{PREFIX}{name} has {str(error)!r}, which is no host") from error


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Problem("config.invalid", reason=f"{PREFIX}PUBLIC_URL must be a web address, not {value!r}")
    return value.rstrip("/")
