"""What a hook tells: the body of our own kind, and what the messages of the others are made of.

docs/hooks.md has these fields as a table, made from here.
"""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

TEST = "test"


class SiteRef(Struct, frozen=True):
    """The site on which it happened."""

    key: Annotated[str, Meta(description="Its key, as in `data-site`.")]
    name: Annotated[str, Meta(description="What people read.")]


class PageRef(Struct, frozen=True):
    """The page of the conversation."""

    url: Annotated[str, Meta(description="Its address.")]
    title: Annotated[str, Meta(description="Its title; where it has none, its address without the scheme.")]


class PersonRef(Struct, frozen=True):
    """Somebody; never with an e-mail address."""

    id: Annotated[str, Meta(description="Their public id, the same for all that they write on this server.")]
    name: Annotated[str, Meta(description="What readers see, on one line.")]
    provider: Annotated[
        str | None, Meta(description="With what they signed in (`github`, …); `null`: a guest, or not known.")
    ] = None


class CommentRef(Struct, frozen=True):
    """The comment that it is about."""

    id: Annotated[str, Meta(description="Its public id, as in the API.")]
    url: Annotated[str, Meta(description="Where readers find it.")]
    kind: Annotated[str, Meta(description="`comment`; or what came from another site: `pingback`, `trackback`, …")]
    state: Annotated[str, Meta(description="`published`, `pending`, `spam` or `deleted`, when this was sent.")]
    before: Annotated[
        str | None, Meta(description="The state in which it was before somebody decided; `null` where nobody did.")
    ]
    parent: Annotated[str | None, Meta(description="The id of the comment that it answers.")]
    author: PersonRef
    text: Annotated[
        str | None,
        Meta(
            description="Its words, without markup, the address of every link spelled out; `null` where this event "
            "tells none."
        ),
    ]
    time: Annotated[str, Meta(description="When it was written (RFC 3339, UTC).")]
    edited: Annotated[str | None, Meta(description="When it was last changed.")]


class Data(Struct, frozen=True):
    """What happened, and to what."""

    site: SiteRef | None
    desk: Annotated[str, Meta(description="Where at the desk it is seen to.")]
    page: PageRef | None = None
    comment: CommentRef | None = None
    person: Annotated[PersonRef | None, Meta(description="Who was banned; of that event alone.")] = None
    by: Annotated[
        PersonRef | None,
        Meta(description="Who did it: the author or a moderator; `null`: the server. Who reported is never told."),
    ] = None


class Body(Struct, frozen=True):
    """One event."""

    type: Annotated[str, Meta(description="Which one, of the table above; `test` when somebody tries the hook.")]
    timestamp: Annotated[str, Meta(description="When it happened (RFC 3339, UTC).")]
    data: Data


PARTS: tuple[type[Struct], ...] = (Body, Data, SiteRef, PageRef, CommentRef, PersonRef)


@dataclass(frozen=True)
class News:
    """One event on its way: `id` is the same on every repeat, `lang` is that of messages for people."""

    id: str
    body: Body
    lang: str = "en"
