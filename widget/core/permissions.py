"""Who may do what to a comment, as rules that read aloud."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from widget.core.errors import Problem


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
