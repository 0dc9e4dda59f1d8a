"""Who may do what, as rules that read aloud."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from widget.core.errors import Problem

# What somebody can be on a site, from the least to the most; an administrator is that on every site of the server.
RANKS = ("visitor", "moderator", "owner", "administrator")

# act -> the least that one must be on the site for it
ACTS: dict[str, str] = {
    "comment.approve": "moderator",
    "comment.spam": "moderator",
    "comment.delete": "moderator",
    "comment.restore": "moderator",
    "comment.pin": "moderator",
    "person.ban": "moderator",
    "person.shadow": "moderator",
    "person.trust": "moderator",
    "person.pardon": "moderator",
    "person.anywhere": "administrator",  # the same four on all sites at once
    "queue.read": "moderator",
    "people.read": "moderator",
    "log.read": "moderator",
    "log.undo": "moderator",
    "figures.read": "moderator",
    "thread.change": "moderator",
    "site.change": "owner",
    "role.give": "owner",
    "site.add": "administrator",
    "server.read": "administrator",
}


def allows(rank: str, act: str) -> bool:
    """Whether somebody of this rank may do it."""
    return RANKS.index(rank) >= RANKS.index(ACTS[act])


def require(rank: str, act: str) -> None:
    """Raises Problem("role.missing")."""
    if not allows(rank, act):
        raise Problem("role.missing")


def require_above(rank: str, other: str) -> None:
    """Nobody judges their equals or those above them: that is for whoever gave the role. Raises person.protected."""
    if RANKS.index(other) >= max(RANKS.index(rank), 1):
        raise Problem("person.protected")


@dataclass(frozen=True)
class Subject:
    """What the rules need to know of a comment; `window` is the site's edit window in seconds."""

    author_id: int
    state: str
    created_at: datetime
    window: int

    @property
    def changeable_until(self) -> datetime:
        """The moment after which its author cannot change it any more."""
        return self.created_at + timedelta(seconds=self.window)


def require_change(subject: Subject, *, user_id: int, now: datetime) -> None:
    """Raise the Problem that stands between this person and editing or deleting the comment."""
    if subject.author_id != user_id:
        raise Problem("comment.not_yours")
    if subject.state in {"deleted", "spam"}:
        raise Problem("comment.gone")
    if now >= subject.changeable_until:
        raise Problem("comment.window_closed")
