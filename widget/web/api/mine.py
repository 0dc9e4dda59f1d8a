"""The forms of answers about the viewer's own sessions and accounts."""

import msgspec


class SessionView(msgspec.Struct):
    """One of the viewer's sessions; `site` where it is on the site that asks. `used` moves with writes alone."""

    id: str
    created: str
    used: str
    expires: str
    current: bool
    site: str | msgspec.UnsetType = msgspec.UNSET
    provider: str | msgspec.UnsetType = msgspec.UNSET


class Sessions(msgspec.Struct):
    """The viewer's sessions, the last used first."""

    sessions: list[SessionView]


class IdentityView(msgspec.Struct):
    """One of the accounts with which the viewer signs in; `current` is that of this session."""

    id: str
    provider: str
    name: str
    since: str
    current: bool
    url: str | msgspec.UnsetType = msgspec.UNSET
    avatar: str | msgspec.UnsetType = msgspec.UNSET


class Identities(msgspec.Struct):
    """The viewer's accounts, the oldest first."""

    identities: list[IdentityView]


class Link(msgspec.Struct):
    """`link` goes to /auth/start as the parameter of that name, once, before it expires."""

    link: str
    expires: str
