"""X. https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code"""

from collections.abc import Mapping
from typing import Any

from widget.providers.base import Data, Guide, Person, Provider, link, mapping
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
        guide=Guide(
            console="https://developer.x.com/en/portal/projects-and-apps",
            steps=(
                (
                    "Make an app in a project. Under *User authentication settings* choose *Read*, and the type *Web "
                    "App, Automated App or Bot*: that is the confidential client."
                ),
                "Add `{callback}` as *Callback URI*, and your site as *Website URL*.",
                "Copy the OAuth 2.0 client id and client secret, not the API key.",
                (
                    "If you want e-mail addresses: switch on *Request email from users* there (it asks for a privacy "
                    "policy and terms), and add `users.email` to `WIDGET_X_SCOPE`."
                ),
            ),
            gives="name, picture, profile page; a verified e-mail address if you ask for it",
            notes=(
                (
                    "X charges for use: each sign-in reads one user, about a cent, once a day for each person. Without "
                    "credit people see that sign-in is not available."
                ),
                "Both `users.read` and `tweet.read` are needed to read who somebody is.",
            ),
            unsure=(
                (
                    "Whether to ask for addresses without leave for them fails the whole request; so nothing is asked "
                    "for unless the scope has it."
                ),
            ),
        ),
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
