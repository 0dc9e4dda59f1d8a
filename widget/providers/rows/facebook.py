"""Facebook Login. https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from widget.providers.base import Data, Guide, Own, Person, Provider, mapping
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
        guide=Guide(
            console="https://developers.facebook.com/apps/",
            steps=(
                (
                    "Make an app with the use case *Authenticate and request data from users with Facebook Login*, and "
                    "add the permission `email` to it."
                ),
                (
                    "Under *Facebook Login*, *Settings* add `{callback}` to *Valid OAuth Redirect URIs*; leave *Client "
                    "OAuth login*, *Web OAuth login* and *Enforce HTTPS* on."
                ),
                (
                    "Under *App settings*, *Basic* enter your domain, a privacy policy, and how people have their data "
                    "deleted (an address of instructions will do)."
                ),
                "Copy the app id (it is the client id) and the app secret from there, and switch the app to *Live*.",
            ),
            gives="name, picture; an e-mail address if the person has one and allows it (nobody says whether it is "
            "verified)",
            notes=(
                "A person's id at Facebook belongs to the app: with another app, the same person is somebody else.",
                "A version of the Graph API lives about two years; `WIDGET_FACEBOOK_VERSION` moves to the next.",
            ),
            unsure=(
                (
                    "Whether an app needs advanced access (a review of the business) before it is given addresses of "
                    "people who have no role in it."
                ),
            ),
        ),
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
