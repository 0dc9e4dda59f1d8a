"""The forms of answers about what is the viewer's own."""

import msgspec

from widget.web.api import schema


class Editable(msgspec.Struct):
    """One of the viewer's own comments that they may still change."""

    id: str
    until: str
    raw: str


class Mine(msgspec.Struct):
    """What of a page is the viewer's own.

    `reactions` are by comment, `page` is the one to the page itself, `flagged` are ids of comments.
    """

    comments: list[Editable]
    pending: list[schema.Comment]
    reactions: dict[str, str]
    page: str | None
    flagged: list[str]


class SubscriptionView(msgspec.Struct):
    """Mail that the viewer asked for; nothing is sent before it is confirmed at the address."""

    id: str
    kind: str
    how: str
    confirmed: bool


class Asked(msgspec.Struct):
    """What was asked for; `confirm` is the address that was asked whether it wants that, if it had to be."""

    subscriptions: list[SubscriptionView]
    confirm: str | None


class Subscriptions(msgspec.Struct):
    """The viewer's mail from this site; `address`: whether one is known ("verified", "given" by a guest, or null)."""

    subscriptions: list[SubscriptionView]
    address: str | None


class SessionView(msgspec.Struct):
    """One of the viewer's sessions on this site. `used` moves with writes alone."""

    id: str
    created: str
    used: str
    expires: str
    current: bool
    provider: str | msgspec.UnsetType = msgspec.UNSET


class Sessions(msgspec.Struct):
    """The viewer's sessions, the last used first."""

    sessions: list[SessionView]


class Feeds(msgspec.Struct):
    """Addresses of feeds that are the viewer's alone, by form: atom, rss, json."""

    replies: dict[str, str]
