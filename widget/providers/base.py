"""What a provider is: a row of facts, every one of them a setting with this default, and a pure profile function."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from widget.core import text, urls
from widget.core.errors import Problem

if TYPE_CHECKING:
    from widget.providers.client import Client
    from widget.providers.visited import VisitedClient

Data = Mapping[str, Any]
Asks = Literal["instance", "handle", "address"]
_MAX_SUBJECT = 300
_MAX_USERNAME = 200
_MAX_URL = 1000
_MAX_EMAIL = 254
_URL_CHARACTERS = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")
_EMAIL = re.compile(r"""[^\s@<>"',;:\\()\x00-\x1f\x7f-\x9f]+@[^\s@<>"',;:\\()\x00-\x1f\x7f-\x9f]+""")


class BadAnswer(Exception):  # noqa: N818 - it names what is bad, not that something is
    """The provider's answer cannot be used; the text is for the log."""


class Again(Exception):  # noqa: N818 - it is no error: it says what to do
    """The provider has forgotten us: register anew, and send the browser there once more."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a provider says of someone, as its profile function found it: unclean, of any type, None where absent."""

    subject: Any
    name: Any = None
    username: Any = None
    avatar: Any = None
    profile_url: Any = None
    email: Any = None
    email_verified: Any = None
    issuer: Any = None  # where it is not the row's: a tenant, an instance


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Someone as the rest of the code sees them: clean, and with a name to show (`nameless`: one that we made up)."""

    provider: str
    issuer: str
    subject: str
    name: str
    username: str | None = None
    avatar: str | None = None
    profile_url: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    nameless: bool = False


@dataclass(frozen=True, kw_only=True)
class Own:
    """A setting that this provider alone has; `{name}` (lower case) in the row's addresses stands for its value.

    `form` is what a value must look like, a regular expression.
    """

    name: str
    default: str = ""
    help: str
    secret: bool = False
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class Guide:
    """What the operator reads of a provider, in docs/providers/<id>.md; Markdown.

    `console` is where an account for the server is made, `steps` what to do there, in order; `gives` is what people's
    profiles have. `notes` are good to know; `unsure` is what nobody has tried with the real provider. `{callback}`
    stands for the redirect URI, `{document}` for the address at which such servers read who we are.
    """

    console: str = ""
    steps: tuple[str, ...]
    gives: str
    notes: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One row. `person` maps the provider's JSON to a `Person`, without any I/O.

    `issuer` names the provider in identities; with `openid` in the scope it is what ID tokens must carry too.
    `auth` is how the client proves itself at the token endpoint; empty: as the discovery document says.
    `callback_iss` is what `iss` in the provider's answer must be where it is sent (RFC 9207).
    `asks` is what visitors must say for it, where it is not one server but whichever they name: such a row has a client
    of its own, no client id, and is switched on by a setting.
    """

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)  # language -> how it is called there, if otherwise
    person: Callable[[Data], Person]
    guide: Guide
    issuer: str = ""
    callback_iss: str = ""
    discovery: bool = False
    authorize_url: str = ""
    exchange_url: str = ""  # the token endpoint
    userinfo_url: str = ""
    jwks_url: str = ""
    scope: str = ""
    auth: str = "client_secret_post"
    pkce: bool = True
    algorithms: tuple[str, ...] = ("RS256",)
    authorize_params: Mapping[str, str] = field(default_factory=dict)
    userinfo_params: Mapping[str, str] = field(default_factory=dict)
    userinfo: Literal["always", "nameless", "never"] = "always"
    client: "type[Client] | None" = None
    asks: Asks | None = None
    visits: "type[VisitedClient] | None" = None  # the client of a row that asks
    own: tuple[Own, ...] = ()
    needs: tuple[str, ...] = ("CLIENT_ID", "CLIENT_SECRET")
    rank: int = 100  # the order in which visitors see the providers
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)  # values of `own`

    def called(self, lang: str) -> str:
        """Its name for readers of a language (`ru`, `ru-RU`, …)."""
        return self.names.get(lang.lower().partition("-")[0], self.name)

    @property
    def switch(self) -> str:
        """The setting that switches it on, without the prefix."""
        return "ON" if self.asks else "CLIENT_ID"

    @property
    def is_oidc(self) -> bool:
        """Whether an ID token is asked for, and therefore demanded."""
        return "openid" in self.scope.split()


def profile(provider: Provider, person: Person) -> Profile:
    """Clean what a provider said. Raises BadAnswer without a subject: nobody is never somebody."""
    username = _line(person.username, _MAX_USERNAME)
    name = _name(person.name) or _name(username)
    email = _email(person.email)
    return Profile(
        provider=provider.id,
        issuer=_subject(person.issuer or provider.issuer),
        subject=_subject(person.subject),
        name=name or f"{provider.name} user",
        username=username,
        avatar=_https(person.avatar),
        profile_url=_https(person.profile_url),
        email=email,
        email_verified=flag(person.email_verified) if email else None,
        nameless=name is None,
    )


def flag(value: Any) -> bool | None:
    """True, False, or None for "nobody said": providers send booleans as words too."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def mapping(value: Any) -> Data:
    """`value` if it is a JSON object, else an empty one: for reaching into nested answers."""
    return value if isinstance(value, Mapping) else {}


def joined(*parts: Any) -> str | None:
    """The given words with a space between, or None: a name of its parts."""
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


def link(start: str, name: Any) -> str | None:
    """The address of a person's page: `start` and their username, or None."""
    return f"{start}{quote(name, safe='')}" if isinstance(name, str) and name else None


def _subject(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_SUBJECT or not value.isprintable():
        raise BadAnswer("a profile without a usable subject or issuer")
    return value


def _name(value: Any) -> str | None:
    return text.clean_name(value) or None if isinstance(value, str) else None


def _line(value: Any, limit: int) -> str | None:
    return value.strip()[:limit] if isinstance(value, str) and value.strip() and value.isprintable() else None


def _https(value: Any) -> str | None:
    """An https address that can stand anywhere as it is, else None."""
    if not isinstance(value, str) or len(value) > _MAX_URL or not _URL_CHARACTERS.fullmatch(value):
        return None
    try:
        urls.origin_of(value)
    except Problem:
        return None
    return value


def _email(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > _MAX_EMAIL or not _EMAIL.fullmatch(value):
        return None
    return value
