"""X. https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code"""

from collections.abc import Mapping
from typing import Any

from widget.providers.base import Data, Person, Provider, link, mapping
from widget.providers.client import Client

_EMAIL_SCOPE = "users.email"


def person(data: Data) -> Person:
    """`/2/users/me`. The id is for ever; names change hands. A confirmed address is a verified one."""
    user = mapping(data.get("data"))
    username, picture = user.get("username"), user.get("profile_image_url")
    return Person(
        subject=user.get("id"),
        name=user.get("name"),
        username=username,
        avatar=picture.replace("_normal.", "_400x400.") if isinstance(picture, str) else None,
        profile_url=link("https://x.com/", username),
        email=user.get("confirmed_email"),
        email_verified=True,
    )


class XClient(Client):
    """Asks for the address only where the scope allows it: without the scope the whole call may fail."""

    def user_info(self, token: Mapping[str, Any]) -> Data:
        """`/2/users/me`."""
        fields = "profile_image_url"
        if _EMAIL_SCOPE in self.provider.scope.split():
            fields += ",confirmed_email"
        return self.json(self.provider.userinfo_url, token, params={"user.fields": fields})


ROWS = (
    Provider(
        id="x",
        name="X",
        person=person,
        setup="Make a web app (confidential client) on developer.x.com; each sign-in is charged to it. "
        f"For addresses add {_EMAIL_SCOPE} to the scope and switch on the app's request for them.",
        issuer="https://x.com",
        authorize_url="https://x.com/i/oauth2/authorize",
        exchange_url="https://api.x.com/2/oauth2/token",
        userinfo_url="https://api.x.com/2/users/me",
        scope="users.read tweet.read",  # users/me answers 403 without both
        auth="client_secret_basic",
        client=XClient,
        rank=30,
    ),
)
