"""Those who write in a measure: people of a provider, each with a session of their own."""

import json
from collections.abc import Sequence
from pathlib import Path

import requests
from sqlalchemy.orm import Session

from bench import fill
from bench.load import Crowd, Request, Sample, get, send
from bench.plan import Plan
from bench.servers import GZIP, Server, threads
from tests.support.api import BLOG
from widget.core import tokens
from widget.providers import Profile
from widget.services import accounts, sessions, sites, transaction

TEXT = "A comment of some words, with a [link](https://example.org/) and *one* word that matters."
READS = 19  # to one post in the mix


def welcome(path: Path, number: int) -> list[str]:
    """The bearers of so many people, who are made in the database at `path`."""
    bearers = [tokens.secret() for _ in range(number)]

    def work(session: Session) -> None:
        site = sites.by_key("blog")
        for at, bearer in enumerate(bearers):
            person = Profile(provider="oidc", issuer="https://id.test", subject=bearer, name=f"Writer {at}")
            sessions.open_session(session, site, accounts.of_profile(session, person), bearer, thumbprint=None)

    with fill.application(path):
        transaction.write(work)
    return bearers


def post(bearer: str, address: str) -> Request:
    """A comment on the page at this address."""
    body = json.dumps({"site": "blog", "page": {"url": address}, "text": f"@@@@@@@@@@@@ {TEXT}"})
    return send("POST", "/api/v1/comments", body, *_headers(bearer), kind="posts", status=201)


def likes(bearer: str, comment: str) -> tuple[Request, Request]:
    """A like, and the same taken back."""
    path = f"/api/v1/comments/{comment}/reactions/like"
    return tuple(send(how, path, "", *_headers(bearer), kind="likes", status=200) for how in ("PUT", "DELETE"))  # type: ignore[return-value]  # two


class Posting:
    """All of these people post on one page, each as soon as their last comment is answered."""

    def __init__(
        self, plan: Plan, server: Server, bearers: Sequence[str], address: str, *, seconds: float | None = None
    ) -> None:
        self._server, self._address = server, address
        self._before = stored(server, address)
        requests_ = [post(bearer, address) for bearer in bearers]
        self._crowd = Crowd(plan, server, requests_, [[at] for at in range(len(bearers))], seconds=seconds)

    def result(self) -> Sample:
        """What came of it. Raises RuntimeError when a comment that was answered is not stored."""
        found = self._crowd.result()["posts"]
        now = stored(self._server, self._address)
        if now - self._before < found.answers or (not found.refused and now - self._before != found.answers):
            raise RuntimeError(f"{found.answers} comments were answered and {now - self._before} are there")
        return found


def liking(plan: Plan, server: Server, bearers: Sequence[str]) -> Sample:
    """Each likes a comment of a long thread and takes it back, again and again."""
    page = requests.get(server.url(threads(plan.largest)), timeout=60).json()["comments"]
    requests_ = [one for at, bearer in enumerate(bearers) for one in likes(bearer, page[at % len(page)]["id"])]
    turns = [[2 * at, 2 * at + 1] for at in range(len(bearers))]
    return Crowd(plan, server, requests_, turns).result()["likes"]


def mixing(plan: Plan, server: Server, bearers: Sequence[str], pages: int) -> dict[str, Sample]:
    """Each reads 19 of these pages of 50 comments and posts on one, in turns that are not the others'."""
    addresses = [fill.page(50, number) for number in range(pages)]
    paths = [threads(50).replace("page-50", address.rpartition("/")[2]) for address in addresses]
    requests_ = [get(path, GZIP) for path in paths]
    requests_ += [post(bearer, addresses[at % pages]) for at, bearer in enumerate(bearers)]
    turns = []
    for at in range(len(bearers)):
        mine = [(at + step) % pages for step in range(READS)] + [pages + at]
        turns.append(mine[at % len(mine) :] + mine[: at % len(mine)])
    return Crowd(plan, server, requests_, turns).result()


def stored(server: Server, address: str) -> int:
    """How many comments a page has."""
    counted = requests.get(server.url("/api/v1/counts"), params={"site": "blog", "url": address}, timeout=60).json()
    return int(counted["counts"][address])


def _headers(bearer: str) -> tuple[str, ...]:
    return f"Origin: {BLOG}", f"Authorization: Bearer {bearer}", "Idempotency-Key: bench@@@@@@@@@@@@"
