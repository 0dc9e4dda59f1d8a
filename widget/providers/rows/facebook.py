"""Facebook Login. https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from widget.providers.base import Data, Own, Person, Provider, mapping
from widget.providers.client import Client


def person(data: Data) -> Person:
    """`/me`. The id is this app's own; an address is absent as often as not, and nobody says whether it is verified."""
    picture = mapping(mapping(data.get("picture")).get("data"))
    return Person(
        subject=data.get("id"),
        name=data.get("name"),
        avatar=None if picture.get("is_silhouette") else picture.get("url"),
        email=data.get("email"),
    )


class FacebookClient(Client):
    """Proves with each call that the token is used by the app it was given to."""

    def user_info(self, token: Mapping[str, Any]) -> Data:
        """`/me`, signed: developers.facebook.com/docs/graph-api/guides/secure-requests."""
        key, message = self.provider.client_secret.encode(), str(token["access_token"]).encode()
        proof = hmac.new(key, message, hashlib.sha256).hexdigest()
        params = {**self.provider.userinfo_params, "appsecret_proof": proof}
        return self.json(self.provider.userinfo_url, token, params=params)


ROWS = (
    Provider(
        id="facebook",
        name="Facebook",
        person=person,
        setup="Make an app with Facebook Login on developers.facebook.com and switch it to live mode.",
        issuer="https://www.facebook.com",
        authorize_url="https://www.facebook.com/{version}/dialog/oauth",
        exchange_url="https://graph.facebook.com/{version}/oauth/access_token",
        userinfo_url="https://graph.facebook.com/{version}/me",
        scope="public_profile email",
        pkce=False,
        userinfo_params={"fields": "id,name,email,picture.width(200).height(200)"},
        client=FacebookClient,
        own=(Own(name="VERSION", default="v26.0", help="the version of the Graph API; one lives about two years."),),
        rank=20,
    ),
)
