"""What an operator decides about who is let through at once, as plain values that the checks can read."""

from dataclasses import dataclass

MODERATION = ("off", "first", "guests", "all")
PROOF_OF_WORK = ("off", "flood", "always")


@dataclass(frozen=True)
class Policy:
    """A site's rules for judging a comment; words and names are taken letter by letter but for capitals."""

    moderation: str = "off"  # whose comments wait: nobody's by itself, a person's first, all guests', everybody's
    approve_after: int = 3  # so many approved comments, and a person's go live like those of a verified one
    guest_links: int = 0  # links in a guest's comment before it waits
    max_links: int = 4  # the same for everybody
    close_days: int = 0  # so long after its first comment a conversation takes no more; 0: for ever
    held_words: tuple[str, ...] = ()  # a comment that has one waits
    blocked_words: tuple[str, ...] = ()  # a comment that has one is spam
    held_names: tuple[str, ...] = ()  # a person under a name that has one waits
    flags_to_hold: int = 3  # so many people's flags send a comment back to the queue; 0: it is moderators' to say
    forms: bool = True  # whether guests' comments wait that bring no token of a form of this server
    least_seconds: int = 2  # a guest's form that comes back sooner was not filled in by a person
    similar: bool = True  # whether a comment waits that says almost the same as another one of these days
    flood: int = 40  # so many comments of new people within an hour, and further ones of theirs wait; 0: never
    proof_of_work: str = "flood"  # when guests' browsers must work for a comment: never, in a flood, always
    akismet_key: str = ""  # asks Akismet about people who are not known yet; empty: the server's key, if it has one
