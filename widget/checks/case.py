"""What the checks judge: a comment that is to be, and everything that was found out about it before."""

from dataclasses import dataclass, field
from datetime import datetime

from widget.core.policy import Policy

GOOD = "good"
GUEST, VERIFIED, KNOWN = "guest", "verified", "known"


@dataclass(frozen=True)
class Author:
    """Who writes. `approved` counts their published comments on the site, as far as anybody wants to know.

    `standing` is what moderators decided: "trusted", or "". `new`: here for less than a day. `mentions`: they wrote it
    on a page of their own, which says who they are.
    """

    name: str
    guest: bool
    verified: bool = False
    role: str | None = None
    standing: str = ""
    approved: int = 0
    new: bool = True
    website: str = ""
    mentions: bool = False


@dataclass(frozen=True)
class Form:
    """What came with a guest's text. `asked`: the site wants a token from where it came (an edit brings none).

    `token` is "" (none), "invalid", "again" or "good"; `seconds` since it was given out; `trap` is what the field says
    that people do not see; `bits` of work that were asked for, `done` that were done.
    """

    asked: bool = False
    token: str = ""
    seconds: float = 0.0
    trap: str = ""
    bits: int = 0
    done: int = 0


@dataclass(frozen=True)
class Similar:
    """A comment of these days that says almost the same."""

    id: str
    state: str


@dataclass(frozen=True)
class Case:
    """The comment and its circumstances; `links` are addresses outside of the site, each as often as it stands there.

    `since` is when the conversation began; `newcomers` counts comments of new people on the site within the hour;
    `score` is what the site's own decisions say (0 good … 1 spam), None where they say nothing; `akismet` likewise.
    """

    policy: Policy
    guests: bool
    text: str
    author: Author
    now: datetime
    links: tuple[str, ...] = ()
    since: datetime | None = None
    form: Form = field(default_factory=Form)
    newcomers: int = 0
    similar: tuple[Similar, ...] = ()
    score: float | None = None
    akismet: bool | None = None

    @property
    def rung(self) -> str:
        """Where the author stands on the ladder of trust, below those who run the site."""
        if self.author.approved >= self.policy.approve_after > 0:
            return KNOWN
        return GUEST if self.author.guest and not self.author.verified else VERIFIED
