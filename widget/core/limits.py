"""How much of what anybody may do within which time: rows; docs/moderation.md is made from them."""

from dataclasses import dataclass
from math import ceil

ACTIONS = {
    "comment": "write or change comments",
    "session": "begin a session as a guest",
    "reaction": "react",
    "flag": "flag comments",
    "preview": "look at a preview",
    "people": "look for a name",
    "reply": "answer mails",
    "mention": "tell of a mention (Webmention)",
}
# Who is counted, in the order in which they are: everybody takes the rows of the database in the same order.
SCOPES = {
    "person": "one person",
    "address": "one address (of IPv6: one /64)",
    "page": "all on one page",
    "source": "all of one host that mentions",
    "site": "all on one site",
}


@dataclass(frozen=True)
class Limit:
    """At most `most` times within `seconds`; `code` is how the next one is refused."""

    action: str
    scope: str
    most: int
    seconds: int
    code: str


ROWS: tuple[Limit, ...] = (
    Limit("comment", "person", 20, 600, "limit.person"),
    Limit("comment", "address", 40, 600, "limit.address"),
    Limit("comment", "page", 200, 600, "limit.page"),
    Limit("comment", "site", 1_000, 600, "limit.site"),
    Limit("session", "address", 30, 600, "limit.address"),
    Limit("session", "site", 1_000, 600, "limit.site"),
    Limit("reaction", "person", 60, 60, "limit.person"),
    Limit("reaction", "address", 240, 60, "limit.address"),
    Limit("flag", "person", 20, 3_600, "limit.person"),
    Limit("flag", "address", 60, 3_600, "limit.address"),
    Limit("preview", "address", 120, 60, "limit.address"),
    Limit("people", "address", 240, 60, "limit.address"),
    Limit("reply", "person", 20, 3_600, "limit.person"),
    Limit("mention", "address", 120, 600, "limit.address"),
    Limit("mention", "page", 120, 600, "limit.page"),
    Limit("mention", "source", 60, 600, "limit.source"),
    Limit("mention", "site", 300, 600, "limit.site"),
)


def of(action: str, percent: int) -> tuple[Limit, ...]:
    """The limits of an action, each as many percent of its row as the operator allows; none at 0."""
    if not percent:
        return ()
    return tuple(
        Limit(row.action, row.scope, max(1, ceil(row.most * percent / 100)), row.seconds, row.code)
        for row in ROWS
        if row.action == action
    )
