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
