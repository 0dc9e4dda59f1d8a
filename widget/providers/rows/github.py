"""GitHub. https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from widget.providers.base import Data, Guide, Person, Provider, mapping
from widget.providers.client import Client


def person(data: Data) -> Person:
    """`/user` with `/user/emails` as `emails`. The id is for ever; a login is given to the next who wants it."""
    addresses = data.get("emails") if isinstance(data.get("emails"), list) else []
    primary = next((mapping(one) for one in addresses or [] if mapping(one).get("primary") is True), None)
    return Person(
        subject=data.get("id"),
        name=data.get("name"),
        username=data.get("login"),
        avatar=data.get("avatar_url"),
        profile_url=data.get("html_url"),
        email=primary.get("email") if primary else data.get("email"),
        email_verified=primary.get("verified") if primary else None,
    )


class GitHubClient(Client):
    """The addresses are a document of their own; without leave for it there are none."""

    def user_info(self, token: Mapping[str, Any]) -> Data:
        """`/user`, and `/user/emails` where the scope has it."""
        address = self.provider.userinfo_url
        found = {**self.json(address, token), "emails": []}
        if "user:email" in self.provider.scope.split():
            answer = self.get(f"{address}/emails", token=token)
            found["emails"] = answer.json() if answer.status_code == HTTPStatus.OK else []
        return found


ROWS = (
    Provider(
        id="github",
        name="GitHub",
        person=person,
        guide=Guide(
            console="https://github.com/settings/developers",
            steps=(
                (
                    "Under *OAuth Apps* choose *New OAuth app* (an organisation has the same page under its own "
                    "developer settings)."
                ),
                "Enter your site as *Homepage URL* and `{callback}` as *Authorization callback URL*.",
                "Copy the client id, and *Generate a new client secret*; it is shown once.",
            ),
            gives="name, picture, profile page, e-mail address (verified)",
            notes=(
                (
                    "An OAuth app has one callback address. A GitHub App works too: give it read access to e-mail "
                    "addresses under its account permissions."
                ),
                "With an empty `WIDGET_GITHUB_SCOPE` nothing but the public profile is read.",
            ),
        ),
        issuer="https://github.com",
        callback_iss="https://github.com/login/oauth",  # sent since April 2026
        authorize_url="https://github.com/login/oauth/authorize",
        exchange_url="https://github.com/login/oauth/access_token",
        userinfo_url="https://api.github.com/user",
        scope="read:user user:email",
        client=GitHubClient,
        rank=50,
    ),
)
