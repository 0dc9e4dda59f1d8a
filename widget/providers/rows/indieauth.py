"""IndieAuth: people whose name is the address of their own page. https://indieauth.spec.indieweb.org/"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

from widget import net
from widget.core import tokens, urls
from widget.core.errors import Problem
from widget.providers.base import BadAnswer, Data, Guide, Person, Provider, mapping
from widget.providers.client import Answer, Begun
from widget.providers.visited import VisitedClient, https_of, json_of, named_host, text_of, with_query

_SCOPE = "profile email"
_MOST_REDIRECTS = 5
_MOST_MARKUP = 100_000  # characters of a page that are searched for links
_METADATA, _LEGACY = "indieauth-metadata", "authorization_endpoint"


def person(data: Data) -> Person:
    """The answer to the code: `me` is verified, everything else is what the person says of themselves."""
    told, me = mapping(data.get("profile")), data.get("me")
    return Person(
        subject=me,
        name=told.get("name"),
        username=me.partition("://")[2].removesuffix("/") if isinstance(me, str) else None,
        avatar=told.get("photo"),
        profile_url=me,
        email=told.get("email"),
    )


def canonical(url: str) -> str:
    """A person's address in its one form: https, a path, no fragment (IndieAuth, section 3.4). Raises ValueError."""
    url = url.strip()
    url = url if "://" in url else f"https://{url}"
    named_host(url)
    try:
        found = urls.canonical(url.partition("#")[0])
    except Problem as problem:
        raise ValueError(problem.message) from problem
    return "https://" + found.partition("://")[2]


@dataclass(frozen=True)
class Endpoints:
    """Who may speak for an address. `issuer` is empty where the address knows only the older way."""

    issuer: str
    authorize: str


class IndieAuthClient(VisitedClient):
    """Finds who speaks for an address, asks there, and looks again at the address that comes back."""

    def leave(self, redirect_uri: str, state: str, at: str) -> Begun:
        """To whatever page the address names for this."""
        try:
            entered = canonical(at)
        except ValueError as error:
            raise self.nowhere(error) from error
        with self.session() as session:
            try:
                endpoints = self._endpoints(session, entered)
            except net.Timeout:
                raise
            except net.Error as error:
                raise self.nowhere(error) from error
        if endpoints is None:
            raise self.nowhere(f"{entered} names no page to sign in at")
        verifier = tokens.secret()
        url = with_query(
            endpoints.authorize,
            response_type="code",
            client_id=self._client_id(),
            redirect_uri=redirect_uri,
            scope=_SCOPE,
            state=state,
            code_challenge=tokens.challenge(verifier),
            code_challenge_method="S256",
            me=entered,
        )
        kept = {"me": entered, "issuer": endpoints.issuer, "authorize": endpoints.authorize}
        return Begun(url=url, verifier=verifier, data=kept)

    def arrive(self, answer: Answer, redirect_uri: str, verifier: str, data: Data) -> Person:
        """The address that was confirmed, if the one who confirms it may."""
        asked = Endpoints(data["issuer"], data["authorize"])
        if answer.get("iss", "") != asked.issuer:
            raise Problem("signin.bad_request", reason="the answer comes from another issuer")
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "client_id": self._client_id(),
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        with self.session() as session:
            # At the authorization endpoint a code is worth a profile and no token (section 5.3.2).
            told = json_of(session.post(asked.authorize, data=form))
            me = canonical(text_of(told, "me"))
            # Anybody's endpoint can answer with anybody's address; the address must name that endpoint itself.
            if me != data["me"] and self._endpoints(session, me) != asked:
                raise BadAnswer(f"{asked.authorize} speaks for {data['me']}, not for {me}")
        return self.provider.person({**told, "me": me})

    def documents(self) -> Mapping[str, Data]:
        """The client's metadata, whose address is its id (section 4.2)."""
        return {
            "client-metadata": {
                "client_id": self._client_id(),
                "client_name": self.home.name,
                "client_uri": f"{self.home.public_url}/",
                "redirect_uris": [f"{self.home.public_url}/auth/callback/{self.provider.id}"],
            }
        }

    def _client_id(self) -> str:
        return self.document_url("client-metadata")

    def _endpoints(self, session: net.Session, address: str) -> Endpoints | None:
        """Discovery (section 4.1): the Link headers first, then the page's <link>s; None where there is nothing."""
        page = _followed(session, address)
        links: dict[str, str] = {}
        for rel, url in (*_header_links(page), *_page_links(page)):
            links.setdefault(rel, urljoin(page.url, url))
        if _METADATA in links:
            found = json_of(session.get(https_of(links, _METADATA)))
            issuer = https_of(found, "issuer")
            if not links[_METADATA].startswith(issuer) or "?" in issuer:
                raise BadAnswer(f"{links[_METADATA]} is not for {issuer} to write")
            return Endpoints(issuer, https_of(found, _LEGACY))
        return Endpoints("", https_of(links, _LEGACY)) if _LEGACY in links else None


def _followed(session: net.Session, url: str) -> net.Response:
    """The page, over a few redirects that stay on https."""
    for _ in range(_MOST_REDIRECTS):
        try:
            page = session.get(url, headers={"Accept": "text/html, */*;q=0.5"})
        except net.Redirected as redirect:
            url = https_of({"location": redirect.location.partition("#")[0]}, "location")
        else:
            if page.status_code != HTTPStatus.OK:
                raise net.Error(f"{url} answers {page.status_code}")
            return page
    raise net.Refused(f"{url} redirects too often")


def _header_links(page: net.Response) -> Iterator[tuple[str, str]]:
    for link in net.links(page):
        for rel in link.get("rel", "").lower().split():
            yield rel, link["url"]


def _page_links(page: net.Response) -> Iterator[tuple[str, str]]:
    if "html" not in page.headers.get("Content-Type", ""):
        return
    reader = _Links()
    reader.feed(page.content[:_MOST_MARKUP].decode("utf-8", "replace"))  # the links themselves are ASCII
    yield from reader.found


class _Links(HTMLParser):
    """Every <link rel href> of a page, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a <link>."""
        given: dict[str, Any] = dict(attrs)
        if tag == "link" and given.get("href") is not None:
            self.found += [(rel, given["href"]) for rel in (given.get("rel") or "").lower().split()]


ROWS = (
    Provider(
        id="indieauth",
        name="IndieAuth",
        person=person,
        guide=Guide(
            steps=(
                (
                    "There is nothing to register. Set `WIDGET_INDIEAUTH_ON=true`, and see that this server may reach "
                    "port 443 of any host."
                ),
                "People's own servers read who we are at `{document}`, with the address `{callback}` in it.",
            ),
            gives="the address of their page; name, picture and e-mail address as they say themselves",
            notes=(
                (
                    "Visitors type the address of their own page, which names where they sign in "
                    "(`rel=indieauth-metadata`)."
                ),
            ),
        ),
        issuer="indieauth",
        asks="address",
        visits=IndieAuthClient,
        needs=(),
        rank=67,
    ),
)
