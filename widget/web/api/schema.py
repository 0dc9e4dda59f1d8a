"""The forms of the API's answers, and the book in which each view writes what it takes and gives (OpenAPI)."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal, TypeVar

import msgspec
from spectree import Response as Answers
from spectree import SpecTree
from spectree.model_adapter import get_msgspec_model_adapter
from spectree.models import SecureType, SecurityScheme, SecuritySchemeData
from spectree.plugins.flask_plugin import FlaskPlugin

from widget import __version__

View = TypeVar("View", bound=Callable[..., Any])


class Error(msgspec.Struct):
    """`code` is stable, `message` is for people; details of some codes stand beside them."""

    code: str
    message: str
    field: str | msgspec.UnsetType = msgspec.UNSET


class ErrorEnvelope(msgspec.Struct):
    """Every refusal."""

    error: Error


class Author(msgspec.Struct):
    """A person as everyone sees them."""

    id: str
    name: str
    url: str | msgspec.UnsetType = msgspec.UNSET
    avatar: str | msgspec.UnsetType = msgspec.UNSET
    provider: str | msgspec.UnsetType = msgspec.UNSET
    role: Literal["owner", "moderator"] | msgspec.UnsetType = msgspec.UNSET


class Comment(msgspec.Struct):
    """A tombstone has no author and no body. `body` is a list of nodes: a text, or [tag, {attributes}?, node, …].

    `reactions` counts them by kind. On a root, `replies` counts all below it, and `more` is there when some of them are
    not in this answer: the cursor to read on from, with `root`. `waits` tells the author of one that is pending why.
    """

    id: str
    time: str
    parent: str | msgspec.UnsetType = msgspec.UNSET
    author: Author | msgspec.UnsetType = msgspec.UNSET
    edited: str | msgspec.UnsetType = msgspec.UNSET
    body: list[Any] | msgspec.UnsetType = msgspec.UNSET
    html: str | msgspec.UnsetType = msgspec.UNSET
    state: Literal["pending", "deleted"] | msgspec.UnsetType = msgspec.UNSET
    kind: Literal["pingback", "trackback"] | msgspec.UnsetType = msgspec.UNSET
    reactions: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    replies: int | msgspec.UnsetType = msgspec.UNSET
    more: str | msgspec.UnsetType = msgspec.UNSET
    new: bool | msgspec.UnsetType = msgspec.UNSET
    raw: str | msgspec.UnsetType = msgspec.UNSET
    until: str | msgspec.UnsetType = msgspec.UNSET
    waits: Literal["everyone", "first", "guest", "links", "check"] | msgspec.UnsetType = msgspec.UNSET


class Thread(msgspec.Struct):
    """`version` moves with every change a reader could see; `faces` are those who last reacted to the page itself."""

    url: str
    title: str | None
    count: int
    version: int
    open: bool
    reactions: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    faces: list[Author] | msgspec.UnsetType = msgspec.UNSET


class ThreadAnswer(msgspec.Struct):
    """A page of a conversation: roots in order (a pinned one first), each followed by its first replies.

    Asked with `since`: what changed after that version, in no order, `new` if it could not be seen at that version;
    `gone` are comments that are not to be seen any more, and `reset` says that too much has changed: read anew.
    """

    thread: Thread
    comments: list[Comment]
    next: str | None
    gone: list[str] | msgspec.UnsetType = msgspec.UNSET
    reset: bool | msgspec.UnsetType = msgspec.UNSET


class WrittenComment(msgspec.Struct):
    """A comment as just stored, with its source and the time until which its author may change it."""

    comment: Comment
    thread: Thread


class Counts(msgspec.Struct):
    """Published comments by address, as the address was asked for."""

    counts: dict[str, int]


class User(msgspec.Struct):
    """Who is signed in."""

    id: str
    name: str
    guest: bool
    url: str | msgspec.UnsetType = msgspec.UNSET
    avatar: str | msgspec.UnsetType = msgspec.UNSET
    provider: str | msgspec.UnsetType = msgspec.UNSET


class OpenedSession(msgspec.Struct):
    """`token` is shown this once; `token_type` is the scheme under which it must come (RFC 9449: bound to a key).

    `role` is what the user is on this site besides a visitor.
    """

    token: str
    token_type: Literal["Bearer", "DPoP"]
    expires: str
    user: User
    role: Literal["owner", "moderator"] | msgspec.UnsetType = msgspec.UNSET


class SessionAnswer(msgspec.Struct):
    """The session of the bearer; `role` is what they are on this site besides a visitor."""

    user: User
    site: str
    expires: str
    role: Literal["owner", "moderator"] | msgspec.UnsetType = msgspec.UNSET


class SiteView(msgspec.Struct):
    """A site's public rules; times in seconds, lengths in characters."""

    key: str
    name: str
    guests: bool
    guest_email: str
    edit_window: int
    max_length: int
    sort: str
    language: str
    theme: Literal["auto", "light", "dark"]
    reactions: list[str]
    page_reactions: bool
    images: bool
    live: Literal["events", "poll", "off"]


class IconView(msgspec.Struct):
    """A mark on 24 by 24: `paths` are [SVG path data, colour?], filled even-odd, in `color` where they have none.

    `dark` is the colour on dark pages, where it is another one. Colours are `#rrggbb`.
    """

    paths: list[list[str]]
    color: str
    dark: str | msgspec.UnsetType = msgspec.UNSET


class ProviderView(msgspec.Struct):
    """A place to sign in. `asks`: what /auth/start must be told of it as `at`, in the visitor's words.

    `names`: how readers of some languages call it otherwise.
    """

    id: str
    name: str
    icon: IconView
    names: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    asks: Literal["instance", "handle", "address"] | msgspec.UnsetType = msgspec.UNSET


class SiteAnswer(msgspec.Struct):
    """A site and the ways to sign in on it. `mail`: it sends some. `account`: people have a page at /account."""

    site: SiteView
    providers: list[ProviderView]
    mail: bool
    account: bool


class PageQuery(msgspec.Struct):
    """The page of a site; `site` may be left out where the page's origin belongs to one site alone."""

    url: str
    site: str | msgspec.UnsetType = msgspec.UNSET
    id: str | msgspec.UnsetType = msgspec.UNSET


class ThreadQuery(PageQuery):
    """`after` is the cursor of the answer before; `root` asks for the further replies of one root, `at` for the one
    conversation around a comment: its root, what leads from there to it, and what follows it. `since` is a version.
    """

    sort: Literal["oldest", "newest", "best", "replies"] | msgspec.UnsetType = msgspec.UNSET
    after: str | msgspec.UnsetType = msgspec.UNSET
    root: str | msgspec.UnsetType = msgspec.UNSET
    at: str | msgspec.UnsetType = msgspec.UNSET
    since: int | msgspec.UnsetType = msgspec.UNSET
    limit: int | msgspec.UnsetType = msgspec.UNSET
    body: Literal["tree", "html"] | msgspec.UnsetType = msgspec.UNSET


class LogOutQuery(msgspec.Struct):
    """`everywhere=1`: all of the viewer's sessions on this site."""

    everywhere: Literal["0", "1"] | msgspec.UnsetType = msgspec.UNSET


class CountsQuery(msgspec.Struct):
    """Up to 100 addresses; `id:` and a page's own id is one, too."""

    url: list[str]
    site: str | msgspec.UnsetType = msgspec.UNSET


class SiteQuery(msgspec.Struct):
    """A site by key, or by the address of one of its pages."""

    site: str | msgspec.UnsetType = msgspec.UNSET
    url: str | msgspec.UnsetType = msgspec.UNSET


class WriteHeaders(msgspec.Struct, rename={"idempotency_key": "Idempotency-Key", "origin": "Origin"}):
    """Every write names its page's origin and carries a key that the client made: the same key twice is one write."""

    idempotency_key: str
    origin: str


class _Written(FlaskPlugin):
    """Finds in the book what was written there of views that it does not wrap.

    The library's wrapper would take every answer apart and put it together again: a stream has no end.
    """

    notes: ClassVar[dict[Callable[..., Any], Callable[..., Any]]] = {}

    def parse_func(self, route: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
        """A route's methods and the functions that its notes were written for."""
        for method, view in super().parse_func(route):
            yield method, self.notes.get(view, view)


book = SpecTree(
    backend=_Written,
    model_adapter=get_msgspec_model_adapter(),
    mode="strict",
    title="comment-widget",
    version=__version__,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    validation_error_model=ErrorEnvelope,
    security_schemes=[
        SecurityScheme(name="session", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer")),
        SecurityScheme(
            name="bound",
            data=SecuritySchemeData(
                type=SecureType.HTTP,
                scheme="dpop",
                description="A session that was opened with a `jwk`: RFC 9449, a header `DPoP: <proof>` beside it.",
            ),
        ),
    ],
)


def describe(
    *,
    answer: tuple[int, type | None],
    query: type | None = None,
    json: type | None = None,
    errors: tuple[int, ...] = (),
    writes: bool = False,
    signed_in: bool = False,
) -> Callable[[View], View]:
    """Write a view into the book and leave it as it is: `inputs` and `guards` validate, and streams stay streams."""
    status, model = answer
    answers: dict[str, Any] = {f"HTTP_{status}": model}
    answers |= {f"HTTP_{code}": ErrorEnvelope for code in errors}
    write = book.validate(
        query=query,
        json=json,
        headers=WriteHeaders if writes else None,
        resp=Answers(**answers),
        security=[{"session": []}, {"bound": []}] if signed_in else None,
        skip_validation=True,
    )

    def described(view: View) -> View:
        _Written.notes[view] = write(view)
        return view

    return described
