"""What comes in: bytes and query strings to frozen values, or a Problem that says which field is wrong."""

import re
from typing import Any, Literal, TypeVar

import msgspec
from flask import request

from widget.core.errors import Problem

T = TypeVar("T", bound=msgspec.Struct)
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Guest(msgspec.Struct, frozen=True):
    """Who a guest says they are."""

    name: str
    email: str | None = None
    website: str | None = None


class NewSession(msgspec.Struct, frozen=True):
    """Either `guest`, or the ticket of a sign-in: `tx` and `code` with the page's own `verifier`.

    `jwk` is the public half of a P-256 key of the browser: the session is then bound to it (DPoP, RFC 9449).
    """

    site: str
    guest: Guest | None = None
    tx: str | None = None
    code: str | None = None
    verifier: str | None = None
    jwk: dict[str, Any] | None = None


class PageInput(msgspec.Struct, frozen=True):
    """The page that is commented on: its address, its explicit id if it has one, its title."""

    url: str
    id: str | None = None
    title: str | None = None


class FormInput(msgspec.Struct, frozen=True):
    """What a guest's form brings: the token that GET /form gave, the answer to the work that it asked for, and what
    stands in the field that people do not see."""

    token: str = ""
    work: str = ""
    trap: str = ""


class NewComment(msgspec.Struct, frozen=True):
    """A comment in Markdown; `parent` is the id of the comment it answers."""

    site: str
    page: PageInput
    text: str
    parent: str | None = None
    form: FormInput | None = None


class Preview(msgspec.Struct, frozen=True):
    """A text in Markdown that is not posted yet; with the page, the people of its conversation are known."""

    site: str
    text: str
    page: PageInput | None = None


class NewFlag(msgspec.Struct, frozen=True):
    """Why a comment should not stand there, and up to 1000 characters in the reader's own words."""

    reason: Literal["spam", "abuse", "off_topic", "illegal", "other"]
    note: str | None = None


class PageReaction(msgspec.Struct, frozen=True):
    """The page that is reacted to."""

    site: str
    page: PageInput


class NewSubscription(msgspec.Struct, frozen=True):
    """Which mail to send: of replies, mentions, word of publication, or of the thread of `page`.

    `email` where it is not known from the account or the guest's details; `lang` is the reader's language.
    """

    site: str
    kinds: list[Literal["replies", "thread", "mentions", "published"]]
    how: Literal["instantly", "daily", "weekly"] = "instantly"
    email: str | None = None
    lang: str | None = None
    page: PageInput | None = None


class EditedComment(msgspec.Struct, frozen=True):
    """The comment's new text in Markdown. `was`: the time of the version that was edited (its `edited`, or `time`)."""

    text: str
    was: str | None = None


def body(model: type[T]) -> T:
    """The request's JSON as `model`. Raises Problem("request.…") and never anything else."""
    if request.mimetype != "application/json":
        raise Problem("request.not_json")
    try:
        value = msgspec.json.decode(request.get_data(cache=False), type=model)
    except msgspec.ValidationError as error:
        where = _PATH.search(str(error))
        reason = _PATH.sub("", str(error))
        missing = _MISSING.search(reason)
        field = ".".join(part[1] for part in (where and ("", where["path"]), missing) if part and part[1])
        raise Problem("request.bad_field", field=field or "body", reason=reason) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem("request.invalid", reason="it is not JSON") from None
    require_text(msgspec.to_builtins(value))
    return value


def query(name: str, default: str = "") -> str:
    """One parameter of the query string. Raises Problem("request.bad_field") for control characters or repetition."""
    values = request.args.getlist(name)
    if len(values) > 1:
        raise Problem("request.bad_field", field=name, reason="it is given more than once")
    return _one(name, values[0]) if values else default


def query_all(name: str, *, most: int) -> list[str]:
    """All values of a repeated parameter. Raises Problem("request.bad_field")."""
    values = request.args.getlist(name)
    if not 1 <= len(values) <= most:
        raise Problem("request.bad_field", field=name, reason=f"give 1 to {most} of them")
    return [_one(name, value) for value in values]


def query_int(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number of the query string within its bounds. Raises Problem("request.bad_field")."""
    value = query(name)
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and low <= int(value) <= high):
        raise Problem("request.bad_field", field=name, reason=f"a whole number from {low} to {high}")
    return int(value)


def query_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """A word of the query string that is one of `choices`. Raises Problem("request.bad_field")."""
    value = query(name) or default
    if value not in choices:
        raise Problem("request.bad_field", field=name, reason=f"one of {', '.join(choices)}")
    return value


def _one(name: str, value: str) -> str:
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise Problem("request.bad_field", field=name, reason="it has control characters")
    return value


def require_text(value: Any, path: str = "") -> None:
    """No NUL (PostgreSQL keeps none), no lone surrogate (UTF-8 has none), no other control characters but line ends."""
    if isinstance(value, dict):
        for name, inner in value.items():
            require_text(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, str) and _NO_TEXT.search(value):
        raise Problem("request.bad_field", field=path, reason="it has characters that text cannot hold")
