"""What happens on a site, in the words that notifications, feeds and hooks are built on."""

from dataclasses import dataclass

KINDS = (
    "comment.created",  # written, in whatever state
    "comment.published",  # shown to readers from now on, for the first time or again
    "comment.edited",
    "comment.deleted",  # by its author or a moderator: no reader sees it any more
    "comment.spam",
    "comment.held",  # back in the queue: its author edited it, readers flagged it, or a decision was taken back
    "comment.flagged",  # by a reader
    "person.banned",
)


@dataclass(frozen=True)
class Event:
    """One thing that happened, by row ids; `actor_id` is the user who did it, None: the server itself.

    `user_id` is whom it is about: a comment's author, or the person who was banned. `before` is the state in which the
    comment was, where a moderator decided.
    """

    kind: str
    site_id: int
    user_id: int
    actor_id: int | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    before: str | None = None
