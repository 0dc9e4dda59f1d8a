"""Yandex ID. https://yandex.com/dev/id/doc/en/"""

from typing import Any

from widget.providers.base import Data, Guide, Person, Provider, joined
from widget.providers.client import Client


def person(data: Data) -> Person:
    """`/info`. Nobody says whether the address is verified."""
    picture = data.get("default_avatar_id")
    shown = picture and not data.get("is_avatar_empty")
    return Person(
        subject=data.get("id"),
        name=data.get("real_name") or joined(data.get("first_name"), data.get("last_name")) or data.get("display_name"),
        username=data.get("login"),
        avatar=f"https://avatars.yandex.net/get-yapic/{picture}/islands-200" if shown else None,
        email=data.get("default_email"),
    )


class YandexClient(Client):
    """Calls the bearer scheme by another name."""

    def tune(self, session: Any) -> None:
        """`Authorization: OAuth <token>`."""

        def rename(url: str, headers: dict[str, str], body: Any) -> tuple[str, dict[str, str], Any]:
            headers["Authorization"] = headers["Authorization"].replace("Bearer ", "OAuth ", 1)
            return url, headers, body

        session.register_compliance_hook("protected_request", rename)


ROWS = (
    Provider(
        id="yandex",
        name="Yandex",
        names={"ru": "Яндекс", "uk": "Яндекс"},
        person=person,
        guide=Guide(
            console="https://oauth.yandex.com/client/new/",
            steps=(
                "Make an app for *Web services*, and enter `{callback}` as *Redirect URI*.",
                (
                    "Allow it the e-mail address, the picture, and the login with name and surname (`login:email`, "
                    "`login:avatar`, `login:info`)."
                ),
                "Copy the *ClientID* and the *Client secret*.",
            ),
            gives="name, picture, e-mail address (nobody says whether it is verified)",
        ),
        issuer="https://oauth.yandex.com",
        authorize_url="https://oauth.yandex.com/authorize",
        exchange_url="https://oauth.yandex.com/token",
        userinfo_url="https://login.yandex.ru/info",
        scope="login:info login:email login:avatar",
        auth="client_secret_basic",
        userinfo_params={"format": "json"},
        client=YandexClient,
        rank=140,
    ),
)
