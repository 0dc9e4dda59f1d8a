"""Telegram (Log In With Telegram, OpenID Connect). https://core.telegram.org/bots/telegram-login"""

from typing import Any

from widget.providers.base import Data, Guide, Person, Provider, link
from widget.providers.client import Claims, Client


def person(data: Data) -> Person:
    """Claims. There is never an e-mail address."""
    username = data.get("preferred_username")
    return Person(
        subject=data.get("sub"),
        name=data.get("name"),
        username=username,
        avatar=data.get("picture"),
        profile_url=link("https://t.me/", username),
    )


class TelegramClaims(Claims):
    """Bot and user ids have been seen as numbers; a number there is the same name without its quotes."""

    def __init__(self, claims: Any, *args: Any) -> None:
        numbers = {name: str(claims[name]) for name in ("aud", "sub") if type(claims.get(name)) is int}
        super().__init__({**claims, **numbers}, *args)


class TelegramClient(Client):
    """Reads numeric ids."""

    claims_cls = TelegramClaims


_ISSUER = "https://oauth.telegram.org"
ROWS = (
    Provider(
        id="telegram",
        name="Telegram",
        person=person,
        guide=Guide(
            console="https://t.me/BotFather",
            steps=(
                "Make a bot with `/newbot`, or choose one of yours with `/mybots`.",
                "Under *Bot Settings*, *Web Login* register your server's origin and `{callback}`.",
                (
                    "Copy the client id (the bot's number) and the client secret from there. The secret is not the "
                    "bot's token."
                ),
            ),
            gives="name, picture, a link to the account; no e-mail address",
            notes=(
                (
                    "Where the address is not registered, Telegram answers for its older widget, in a way that no "
                    "server can read: the window then says that `{callback}` must be registered."
                ),
            ),
            unsure=("Whether ids come as text or as numbers; both are read.",),
        ),
        issuer=_ISSUER,
        authorize_url=f"{_ISSUER}/auth",
        exchange_url=f"{_ISSUER}/token",
        jwks_url=f"{_ISSUER}/.well-known/jwks.json",
        scope="openid profile",
        auth="client_secret_basic",
        algorithms=("RS256", "ES256", "EdDSA"),
        userinfo="never",
        client=TelegramClient,
        rank=100,
    ),
)
