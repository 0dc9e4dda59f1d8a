"""The forms of answers about the viewer's own sessions."""

import msgspec


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
