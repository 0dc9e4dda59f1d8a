"""What can be asked of a provider without a person: are its documents there, and does it know us?

The code that is sent is nobody's. Providers look at the client before they look at the code, most of them, so that a
wrong secret shows; whatever else they say to such a code is as it should be.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError

from widget import net
from widget.core import tokens
from widget.core.errors import Problem
from widget.providers.base import BadAnswer, mapping
from widget.providers.client import Client
from widget.providers.visited import VisitedClient

SECONDS = 5.0  # for each provider
CODE = "widget-doctor"
# RFC 6749, section 5.2, and what Facebook, GitHub and Twitch say instead.
_STRANGERS = (
    "invalid_client",
    "unauthorized_client",
    "incorrect_client_credentials",
    "client secret",
    "invalid client",
    "error validating application",
)
_ADDRESS = ("redirect_uri_mismatch", "redirect uri mismatch")
_ABOUT_THE_CODE = ("invalid_grant", "bad_verification_code")


class Wrong(Exception):  # noqa: N818 - it is no error of ours: it says what is wrong with the provider or our settings
    """Sign-in with this provider cannot work now; the text is for the operator."""


def probe(client: Client | VisitedClient, redirect_uri: str) -> None:
    """Ask for `SECONDS` at most. Raises Wrong."""
    with net.within(SECONDS):
        if isinstance(client, VisitedClient):
            with _saying("its servers"):
                client.probe()
            return
        with _saying("the discovery document"):
            metadata = client.load_server_metadata()
        if client.provider.is_oidc and metadata.get("jwks_uri"):
            with _saying("the keys"):
                client.fetch_jwk_set(force=True)
        with _saying("the token endpoint"):
            _judge(_exchange(client, redirect_uri))


def _exchange(client: Client, redirect_uri: str) -> net.Response:
    """The answer to a code that is none."""
    heard: list[net.Response] = []

    def keep(answer: net.Response) -> net.Response:
        heard.append(answer)
        return answer

    def listen(session: Any) -> None:
        client.tune(session)
        session.register_compliance_hook("access_token_response", keep)

    client.compliance_fix = listen
    with suppress(AuthlibBaseError, ValueError, TypeError, AttributeError, net.BadStatus):  # what it made of the answer
        client.fetch_access_token(
            redirect_uri=redirect_uri,
            code=CODE,
            code_verifier=tokens.secret(),
            allow_redirects=False,
            **client.token_extras({"code": CODE, "state": CODE, "device_id": CODE}),
        )
    if not heard:
        raise BadAnswer("there is no address to ask")
    return heard[0]


def _judge(answer: net.Response) -> None:
    status = answer.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        raise BadAnswer(f"answers {status}")
    try:
        told = mapping(answer.json())
    except ValueError:
        raise BadAnswer(f"answers {status} and no JSON") from None
    words = json.dumps(told).lower()
    if any(word in words for word in _ABOUT_THE_CODE):
        return
    if any(word in words for word in _ADDRESS):
        raise Wrong("the redirect URI is not registered there")
    if status == HTTPStatus.UNAUTHORIZED or any(word in words for word in _STRANGERS):
        raise Wrong(f"the client id or the secret is not right, it says ({_short(told, status)})")


def _short(told: Any, status: int) -> str:
    error = told.get("error")
    return str(error) if isinstance(error, str) else f"status {status}"


@contextmanager
def _saying(what: str) -> Iterator[None]:
    """Whatever goes wrong is said of `what`."""
    try:
        yield
    except Problem as problem:
        raise Wrong(problem.message) from problem
    except Wrong:
        raise
    except BadAnswer as error:
        raise Wrong(f"{what}: {error}") from error
    except net.Error as error:
        raise Wrong(f"{what}: {_trouble(error)}") from error
    except Exception as error:  # as in `client.failing_as_problem`: what an answer makes of a library is its fault
        raise Wrong(f"{what}: no valid answer ({type(error).__name__})") from error


def _trouble(error: net.Error) -> str:
    """An error of the door, for people."""
    host = urlsplit(str(getattr(error.request, "url", ""))).netloc or "the server"
    if isinstance(error, net.Untrusted):
        return f"{host} has a certificate that nobody vouches for"
    if isinstance(error, net.Timeout):
        return f"{host} does not answer in time"
    if isinstance(error, net.BadStatus):
        return f"{host} answers {getattr(error.response, 'status_code', 'badly')}"
    if isinstance(error, net.Unreachable):
        return f"{host} cannot be reached"
    if isinstance(error, ValueError):
        return f"{host} answers with something that is no JSON"
    return str(error)
