"""VK ID. https://id.vk.com/about/business/go/docs/en/vkid/latest/vk-id/connection/api-description"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from widget.providers.base import BadAnswer, Data, Guide, Person, Provider, joined, mapping
from widget.providers.client import Answer, Client


def person(data: Data) -> Person:
    """`user_info`. `verified` is about the account, not the address."""
    user = mapping(data.get("user"))
    number = user.get("user_id")
    return Person(
        subject=number,
        name=joined(user.get("first_name"), user.get("last_name")),
        avatar=user.get("avatar"),
        profile_url=f"https://vk.ru/id{number}" if number else None,
        email=user.get("email"),
    )


class VkClient(Client):
    """The answer's `device_id` goes to the token endpoint, and the token travels in a form."""

    def token_extras(self, answer: Answer) -> dict[str, Any]:
        """`device_id` and `state`; the latter as a part of the body, for Authlib keeps that name for itself."""
        return {"device_id": answer.get("device_id"), "body": urlencode({"state": answer.get("state", "")})}

    def user_info(self, token: Mapping[str, Any]) -> Data:
        """`user_info`, by POST."""
        form = {"client_id": self.provider.client_id, "access_token": token["access_token"]}
        answer = self.post(self.provider.userinfo_url, withhold_token=True, data=form)
        data = answer.json() if answer.status_code == HTTPStatus.OK else None
        if not isinstance(data, Mapping):
            raise BadAnswer(f"status {answer.status_code} and no JSON object from user_info")
        return data


_ID = "https://id.vk.ru"
ROWS = (
    Provider(
        id="vk",
        name="VK",
        names={"ru": "ВКонтакте"},
        person=person,
        guide=Guide(
            console="https://id.vk.com/about/business/go",
            steps=(
                (
                    "Make an app for the *Web*, and enter your domain under *Base domain* and `{callback}` under "
                    "*Trusted redirect URL*."
                ),
                "Allow it the e-mail address, if you want it.",
                "Copy the app's id: it is the client id. A secret is not needed: VK demands PKCE instead.",
            ),
            gives="name, picture, profile page, e-mail address (nobody says whether it is verified)",
            notes=("VK's answer carries a `device_id`, which goes back with the code; that is done for you.",),
            unsure=("VK moved from vk.com to vk.ru in 2025, and both seem to answer; the addresses are settings.",),
        ),
        issuer=_ID,
        authorize_url=f"{_ID}/authorize",
        exchange_url=f"{_ID}/oauth2/auth",
        userinfo_url=f"{_ID}/oauth2/user_info",
        scope="vkid.personal_info email",
        auth="none",  # the code is bound by PKCE, which VK demands
        client=VkClient,
        needs=("CLIENT_ID",),
        rank=150,
    ),
)
