"""LINE Login. https://developers.line.biz/en/docs/line-login/integrate-line-login/"""

import base64
from collections.abc import Mapping
from typing import Any

from widget.providers.base import Data, Guide, Person, Provider
from widget.providers.client import Client


def person(data: Data) -> Person:
    """Claims. An address comes only after LINE approved it; nobody says whether it is verified."""
    return Person(
        subject=data.get("sub"),
        name=data.get("name"),
        avatar=data.get("picture"),
        email=data.get("email"),
    )


class LineClient(Client):
    """ID tokens of web channels are signed with the channel secret itself."""

    def _fixed_metadata(self, found: Mapping[str, Any] | None = None) -> dict[str, Any]:
        key = base64.urlsafe_b64encode(self.provider.client_secret.encode()).rstrip(b"=").decode()
        return {**super()._fixed_metadata(found), "jwks": {"keys": [{"kty": "oct", "k": key}]}}


_API = "https://api.line.me/oauth2/v2.1"
ROWS = (
    Provider(
        id="line",
        name="LINE",
        person=person,
        guide=Guide(
            console="https://developers.line.biz/console/",
            steps=(
                "Make a provider, and in it a channel of type *LINE Login* with the app type *Web app*.",
                "Under *LINE Login* enter `{callback}` as *Callback URL*.",
                "Copy the *Channel ID* (it is the client id) and the *Channel secret*, and publish the channel.",
            ),
            gives=(
                "name, picture; an e-mail address if LINE gave leave to ask for it (nobody says whether it is verified)"
            ),
            notes=(
                (
                    "For addresses apply for *Email address permission* on the channel's page, and add `email` to "
                    "`WIDGET_LINE_SCOPE`."
                ),
                "A person's id at LINE belongs to the provider in the console: all its channels know the same one.",
            ),
        ),
        issuer="https://access.line.me",
        authorize_url="https://access.line.me/oauth2/v2.1/authorize",
        exchange_url=f"{_API}/token",
        userinfo_url=f"{_API}/userinfo",
        scope="openid profile",
        algorithms=("HS256",),
        userinfo="nameless",
        client=LineClient,
        rank=160,
    ),
)
