"""From a handle to the server that may speak for it: the identity half of atproto.

https://atproto.com/specs/handle, https://atproto.com/specs/did and https://atproto.com/specs/oauth
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from widget import names, net
from widget.providers.base import BadAnswer, Data
from widget.providers.visited import https_of, json_of, named_host, origin_of, text_of

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HANDLE = re.compile(rf"(?=.{{3,253}}\Z)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_DID = re.compile(r"did:plc:[a-z2-7]{24}|did:web:[a-z0-9.-]{3,253}")
_LONGEST = 2_000


class Nowhere(Exception):  # noqa: N818 - it says where the way ended
    """A handle that nobody has, or that its supposed owner does not know of."""


@dataclass(frozen=True)
class Server:
    """The authorization server of an account (RFC 8414)."""

    issuer: str
    par_url: str
    authorize_url: str
    token_url: str


@dataclass(frozen=True)
class Account:
    """Whom the visitor claims to be, and who must confirm it. `handle` is verified both ways, or empty."""

    did: str
    handle: str
    server: Server


@dataclass(frozen=True)
class Resolver:
    """Walks from a handle or DID to an authorization server. Every step may raise `net.Error` and BadAnswer."""

    session: net.Session
    plc_url: str
    dns_server: str = ""

    def account(self, typed: str) -> Account:
        """The account of what was typed. Raises Nowhere."""
        text = typed.strip().removeprefix("@").removeprefix("at://").lower()
        if text.startswith("did:"):
            did, handle = _did(text), ""
        elif _HANDLE.fullmatch(text):
            did, handle = self._did_of(text), text
        else:
            raise Nowhere(f"{text!r} is no handle")
        document = self._document(did)
        # Anybody can let a name point to anybody's DID: only together with the way back it says something.
        if handle and f"at://{handle}" not in _texts(document.get("alsoKnownAs"), lower=True):
            raise Nowhere(f"{did} does not call itself {handle}")
        return Account(did, handle, self._server(_pds(did, document)))

    def _did_of(self, handle: str) -> str:
        records = names.texts(f"_atproto.{handle}", server=self.dns_server)
        found = {text.removeprefix("did=") for text in records if text.startswith("did=")}
        if len(found) > 1:
            raise Nowhere(f"_atproto.{handle} names several DIDs")
        if not found:
            with suppress(net.Refused, net.Unreachable):
                answer = self.session.get(f"https://{named_host(f'https://{handle}')}/.well-known/atproto-did")
                if answer.status_code == HTTPStatus.OK:
                    found = {answer.text[:_LONGEST].strip()}
        if not found:
            raise Nowhere(f"{handle} has no DID")
        return _did(found.pop())

    def _document(self, did: str) -> Data:
        if did.startswith("did:plc:"):
            answer = self.session.get(f"{self.plc_url}/{did}")
        else:
            answer = self.session.get(f"https://{did.removeprefix('did:web:')}/.well-known/did.json")
        if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise Nowhere(f"there is no {did}")
        document = json_of(answer)
        if document.get("id") != did:
            raise BadAnswer(f"the document of {did} is of {document.get('id')!r}")
        return document

    def _server(self, pds: str) -> Server:
        resource = json_of(self.session.get(f"{pds}/.well-known/oauth-protected-resource"))
        if resource.get("resource") != pds:
            raise BadAnswer(f"{pds} says that it is {resource.get('resource')!r}")
        issuers = _texts(resource.get("authorization_servers"))
        if not issuers or origin_of(issuers[0]) != issuers[0] or not issuers[0].startswith("https:"):
            raise BadAnswer(f"{pds} names no authorization server")
        issuer = issuers[0]
        found = json_of(self.session.get(f"{issuer}/.well-known/oauth-authorization-server"))
        if found.get("issuer") != issuer:
            raise BadAnswer(f"{issuer} says that it is {found.get('issuer')!r}")
        wanted = {
            "code_challenge_methods_supported": "S256",
            "scopes_supported": "atproto",
            "dpop_signing_alg_values_supported": "ES256",
        }
        for name, value in wanted.items():
            if value not in _texts(found.get(name)):
                raise BadAnswer(f"{issuer} does not speak atproto: {name}")
        if found.get("authorization_response_iss_parameter_supported") is not True:
            raise BadAnswer(f"{issuer} does not say who answers")
        return Server(
            issuer,
            https_of(found, "pushed_authorization_request_endpoint"),
            https_of(found, "authorization_endpoint"),
            https_of(found, "token_endpoint"),
        )


def _did(text: str) -> str:
    """A DID of the two methods that atproto blesses. Raises Nowhere."""
    if not _DID.fullmatch(text):
        raise Nowhere(f"{text[:300]!r} is no DID")
    if text.startswith("did:web:"):
        host = text.removeprefix("did:web:")
        try:
            if named_host(f"https://{host}") != host:
                raise ValueError(host)
        except ValueError as error:
            raise Nowhere(f"{text} is of no host") from error
    return text


def _pds(did: str, document: Data) -> str:
    services = document.get("service")
    for service in services if isinstance(services, list) else []:
        if (
            isinstance(service, Mapping)
            and service.get("id") in {"#atproto_pds", f"{did}#atproto_pds"}
            and service.get("type") == "AtprotoPersonalDataServer"
        ):
            endpoint = text_of(service, "serviceEndpoint").removesuffix("/")
            if origin_of(endpoint) != endpoint or not endpoint.startswith("https:"):
                raise BadAnswer(f"the data server of {did} is at no https origin")
            return endpoint
    raise BadAnswer(f"{did} has no data server")


def _texts(value: object, *, lower: bool = False) -> list[str]:
    texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return [one.lower() for one in texts] if lower else texts
