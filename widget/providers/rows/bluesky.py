"""Bluesky, and every other server of the AT Protocol. https://atproto.com/specs/oauth"""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from widget import net
from widget.core import tokens
from widget.core.errors import Problem
from widget.providers import atproto, dpop
from widget.providers.base import BadAnswer, Data, Guide, Own, Person, Provider
from widget.providers.client import Answer, Begun
from widget.providers.visited import VisitedClient, json_of, text_of, with_query

_SCOPE = "atproto"  # who it is, and nothing that they have
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NOT_A_HANDLE = "handle.invalid"  # what the AppView shows where a handle does not point back


def person(data: Data) -> Person:
    """`app.bsky.actor.getProfile`. Handles are moved and given up; the DID stays."""
    did, handle = data.get("did"), data.get("handle")
    handle = None if handle == _NOT_A_HANDLE else handle
    return Person(
        subject=did,
        name=data.get("displayName") or handle,
        username=handle,
        avatar=data.get("avatar"),
        profile_url=f"https://bsky.app/profile/{did}" if did else None,
    )


class BlueskyClient(VisitedClient):
    """Speaks atproto's OAuth: pushed requests, a key for each sign-in, and a signed word of who we are."""

    def leave(self, redirect_uri: str, state: str, at: str) -> Begun:
        """To the authorization server of the account that was typed."""
        options = self.provider.options
        with self.session(options["plc_url"]) as session:
            try:
                account = atproto.Resolver(session, options["plc_url"], self.home.dns_server).account(at)
            except atproto.Nowhere as error:
                raise self.nowhere(error) from error
            server, prover, verifier = account.server, dpop.Prover.fresh(), tokens.secret()
            form = {
                "client_id": self.client_id(redirect_uri),
                "response_type": "code",
                "redirect_uri": redirect_uri,
                "scope": _SCOPE,
                "state": state,
                "code_challenge": tokens.challenge(verifier),
                "code_challenge_method": "S256",
                "login_hint": account.handle or account.did,
            }
            pushed = json_of(prover.post(session, server.par_url, lambda: form | self._assertion(server.issuer)))
        url = with_query(server.authorize_url, client_id=form["client_id"], request_uri=text_of(pushed, "request_uri"))
        return Begun(
            url=url,
            verifier=verifier,
            data={
                "did": account.did,
                "handle": account.handle,
                "issuer": server.issuer,
                "token": server.token_url,
                "nonce": prover.nonce,
                "key": self.seal({"key": prover.key_text()}),
            },
        )

    def arrive(self, answer: Answer, redirect_uri: str, verifier: str, data: Data) -> Person:
        """The account, if the server that its DID leads to says that it was this one."""
        if answer.get("iss") != data["issuer"]:
            raise Problem("signin.bad_request", reason="the answer comes from another issuer")
        prover = dpop.Prover.from_text(self.unseal(data["key"])["key"], data["nonce"])
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id(redirect_uri),
            "redirect_uri": redirect_uri,
            "code": answer["code"],
            "code_verifier": verifier,
        }
        with self.session() as session:
            given = json_of(prover.post(session, data["token"], lambda: form | self._assertion(data["issuer"])))
        if _SCOPE not in text_of(given, "scope").split() or str(given.get("token_type")).lower() != "dpop":
            raise BadAnswer("a token that is not of atproto")
        # Any server can answer with any DID; it may speak only for the one whose DID document led to it.
        if given.get("sub") != data["did"]:
            raise BadAnswer(f"{data['issuer']} speaks for {given.get('sub')!r}, asked was {data['did']}")
        return self.provider.person(self._profile(data))

    def probe(self) -> None:
        """The directory and the AppView; and whether the address of our metadata can be an id."""
        home = urlsplit(self.home.public_url)
        if not self._is_local() and (home.scheme != "https" or home.port not in {None, 443}):
            raise BadAnswer(f"want {self.document_url('client-metadata')} by https on port 443")
        addresses = [self.provider.options[name] for name in ("plc_url", "appview_url")]
        with self.session(*addresses) as session:
            for address in addresses:
                if session.get(address).status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise BadAnswer(f"{address} is not well")

    def documents(self) -> Mapping[str, Data]:
        """The client's metadata, whose address is its id, and its public key."""
        return {
            "client-metadata": {
                "client_id": self.document_url("client-metadata"),
                "client_name": self.home.name,
                "client_uri": self.home.public_url,
                "application_type": "web",
                "grant_types": ["authorization_code"],
                "response_types": ["code"],
                "redirect_uris": [f"{self.home.public_url}/auth/callback/{self.provider.id}"],
                "scope": _SCOPE,
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": dpop.ALGORITHM,
                "dpop_bound_access_tokens": True,
                "jwks_uri": self.document_url("jwks"),
            },
            "jwks": {"keys": [dict(dpop.client_key(self.home.secret_key).as_dict(private=False))]},
        }

    def client_id(self, redirect_uri: str) -> str:
        """The address of our metadata; on a developer's own machine, which nobody can reach, the id made for that."""
        if not self._is_local():
            return self.document_url("client-metadata")
        return f"http://localhost?{urlencode({'redirect_uri': redirect_uri, 'scope': _SCOPE})}"

    def _is_local(self) -> bool:
        parts = urlsplit(self.home.public_url)
        return parts.scheme == "http" and parts.hostname in _LOOPBACK

    def _assertion(self, issuer: str) -> dict[str, str]:
        if self._is_local():
            return {}
        return dpop.assertion(dpop.client_key(self.home.secret_key), self.document_url("client-metadata"), issuer)

    def _profile(self, data: Data) -> dict[str, Any]:
        """What everybody can read of the account. Not everyone on atproto has it: a DID alone is somebody too."""
        known: dict[str, Any] = {"did": data["did"], "handle": data["handle"] or None}
        address = self.provider.options["appview_url"]
        with suppress(net.Error, BadAnswer), self.session(address) as session:
            found = json_of(session.get(f"{address}/xrpc/app.bsky.actor.getProfile", params={"actor": data["did"]}))
            if found.get("did") == data["did"]:
                return found
        return known


ROWS = (
    Provider(
        id="bluesky",
        name="Bluesky",
        person=person,
        guide=Guide(
            steps=(
                "There is nothing to register. Set `WIDGET_BLUESKY_ON=true`.",
                (
                    "People's servers read who we are at `{document}`: it must be reachable by https on port 443, with "
                    "a certificate that they trust. On a developer's own machine `http://127.0.0.1` will do."
                ),
                (
                    "This server must be allowed to reach port 443 of any host, and a name server. The address to come "
                    "back to, `{callback}`, stands in that document."
                ),
            ),
            gives="name, picture, profile page; no e-mail address",
            notes=(
                "A new `WIDGET_SECRET_KEY` is a new key in that document: sign-ins under way end.",
                "Handles come and go; a person is their DID.",
            ),
        ),
        issuer="atproto",
        asks="handle",
        visits=BlueskyClient,
        own=(
            Own(name="PLC_URL", default="https://plc.directory", help="the directory of did:plc identifiers."),
            Own(name="APPVIEW_URL", default="https://public.api.bsky.app", help="where public profiles are read."),
        ),
        needs=(),
        rank=66,
    ),
)
