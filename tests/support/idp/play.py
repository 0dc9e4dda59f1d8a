"""Discord, Twitch, Reddit, Spotify and Patreon."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import json
from typing import Any, ClassVar

from flask import Response, request

from tests.support.idp.checks import Grant
from tests.support.idp.openid import OpenId
from tests.support.idp.provider import Provider, reply
from tests.support.idp.rules import Rules


class Discord(Provider):
    """https://discord.com/developers/docs/topics/oauth2"""

    rules = Rules(
        id="discord",
        authorize="/oauth2/authorize",
        token="/api/oauth2/token",
        info="/api/v10/users/@me",
        scope=("identify email", "identify"),
        auth=("basic", "post"),
        pkce="optional",
        may_ask=frozenset({"prompt"}),
        client_id="157730590492196864",
        secret="discord-client-secret-937it3ow87i4ery69876wqire",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "id": "80351110224678912",
        "username": "nelly",
        "discriminator": "0",
        "global_name": "Nelly",
        "avatar": "8342729096ea3675442027381ff50dfe",
        "verified": True,
        "email": "nelly@discord.example",
        "locale": "en-US",
        "mfa_enabled": False,
        "flags": 0,
        "premium_type": 0,
        "public_flags": 0,
        "banner": None,
        "accent_color": None,
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """A week, and a refresh token."""
        found = super().token_answer(access, grant)
        return {**found, "token_type": "Bearer", "expires_in": 604800, "refresh_token": self.new_secret("rt-")}

    def info_error(self) -> Response:
        """Discord's words."""
        return reply({"message": "401: Unauthorized", "code": 0}, 401)


_CLAIMS = {"email", "email_verified", "picture", "preferred_username"}


def _wanted(value: str) -> bool:
    try:
        asked = json.loads(value)
    except ValueError:
        return False
    return isinstance(asked, dict) and set(asked) == {"id_token", "userinfo"} and all(map(_fits, asked.values()))


def _fits(asked: Any) -> bool:
    return isinstance(asked, dict) and set(asked) <= _CLAIMS


class Twitch(OpenId):
    """https://dev.twitch.tv/docs/authentication/getting-tokens-oidc

    Whoever does not ask for claims by name gets only `sub`.
    """

    rules = Rules(
        id="twitch",
        authorize="/oauth2/authorize",
        token="/oauth2/token",
        info="/oauth2/userinfo",
        keys="/oauth2/keys",
        scope=("openid user:read:email", "openid"),
        auth=("post",),
        pkce="forbidden",
        openid=True,
        asks={"claims": _wanted},
        may_ask=frozenset({"force_verify"}),
        client_id="twitch0hof5gwx0su6owfnys0nyan9c87zr6t",
        secret="twitch041vxjfx5sh3wbzwwxtqv0qzdyf4",
    )
    issuer = "https://id.twitch.tv/oauth2"
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "713936733",
        "preferred_username": "Scott",
        "picture": "https://static-cdn.jtvnw.net/jtv_user_pictures/scott.png",
        "email": "scott@twitch.example",
        "email_verified": True,
        "updated_at": "2020-04-22T23:20:13Z",
    }

    def reset(self) -> None:
        """Nobody asked for anything."""
        super().reset()
        self.asked: set[str] = set()

    def beside(self, grant: Grant) -> dict[str, str]:
        """The scope again."""
        self.asked = set(json.loads(request.args.get("claims", "{}")).get("id_token", {}))
        return {"scope": grant.scope}

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """Only what was asked for by name."""
        found = super().claims(access, grant)
        return {name: value for name, value in found.items() if name not in _CLAIMS or name in self.asked}

    def info_answer(self, grant: Grant) -> Any:
        """Likewise."""
        found = {name: value for name, value in self.person.items() if name not in _CLAIMS or name in self.asked}
        return {"iss": self.issuer, "aud": self.rules.client_id, **found}

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """The scope is a list."""
        found = super().token_answer(access, grant)
        return {**found, "scope": grant.scope.split(), "refresh_token": self.new_secret("rt-")}


class Reddit(Provider):
    """https://github.com/reddit-archive/reddit/wiki/oauth2"""

    rules = Rules(
        id="reddit",
        authorize="/api/v1/authorize",
        token="/api/v1/access_token",
        info="/api/v1/me",
        scope=("identity",),
        auth=("basic",),
        pkce="forbidden",
        asks={"duration": "temporary"},
        client_id="p-jcoLKBynTLew",
        secret="gko_LXELoV07ZBNUXrvWZfzE3aI",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "name": "spez",
        "id": "1w72",
        "icon_img": "https://styles.redditmedia.com/t5_3k30p/icon.jpg?width=256&amp;height=256&amp;s=7ffe",
        "snoovatar_img": "",
        "has_verified_email": True,
        "created_utc": 1118030400.0,
        "verified": True,
        "subreddit": {"display_name": "u_spez"},
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """An hour."""
        return {**super().token_answer(access, grant), "expires_in": 86400}

    def token_error(self, error: str) -> Response:
        """Bad codes have status 200, unknown clients 401, and strangers 429."""
        if "comment-widget" not in request.headers.get("User-Agent", ""):
            return reply({"message": "Too Many Requests", "error": 429}, 429)
        if error == "invalid_client":
            return reply({"message": "Unauthorized", "error": 401}, 401)
        return reply({"error": error}, 200)


class Spotify(Provider):
    """https://developer.spotify.com/documentation/web-api/tutorials/code-flow"""

    rules = Rules(
        id="spotify",
        authorize="/authorize",
        token="/api/token",
        info="/v1/me",
        scope=("user-read-email",),
        auth=("basic",),
        pkce="required",
        may_ask=frozenset({"show_dialog"}),
        client_id="spotify0123456789abcdef012345678",
        secret="spotifysecret0123456789abcdef012",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "id": "wizzler",
        "display_name": "JM Wizzler",
        "email": "e@example.com",
        "external_urls": {"spotify": "https://open.spotify.com/user/wizzler"},
        "images": [{"url": "https://i.scdn.co/image/abc", "height": 300, "width": 300}],
        "href": "https://api.spotify.com/v1/users/wizzler",
        "type": "user",
        "uri": "spotify:user:wizzler",
    }


_FIELDS = {"full_name", "vanity", "url", "image_url", "thumb_url", "email", "is_email_verified"}


class Patreon(Provider):
    """https://docs.patreon.com/#oauth"""

    rules = Rules(
        id="patreon",
        authorize="/oauth2/authorize",
        token="/api/oauth2/token",
        info="/api/oauth2/v2/identity",
        scope=("identity identity[email]", "identity"),
        auth=("post",),
        pkce="forbidden",
        info_asks={"fields[user]": lambda value: set(value.split(",")) <= _FIELDS},
        client_id="patreon-client-id",
        secret="patreon-client-secret",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "data": {
            "id": "12345",
            "type": "user",
            "attributes": {
                "full_name": "Jack Inkwell",
                "vanity": None,
                "url": "https://www.patreon.com/user?u=12345",
                "image_url": "https://c10.patreonusercontent.com/4/patreon-media/p/user/12345/abc/1.png",
                "thumb_url": "https://c10.patreonusercontent.com/4/patreon-media/p/user/12345/abc/1t.png",
                "email": "j@example.com",
                "is_email_verified": True,
            },
        },
        "links": {"self": "https://www.patreon.com/api/oauth2/v2/user/12345"},
    }

    def check_info(self, access: str, grant: Grant | None) -> list[str]:
        """Brackets are percent-encoded."""
        raw = request.query_string.decode()
        return ["brackets are not percent-encoded"] if "[" in raw or "]" in raw else []

    def info_answer(self, grant: Grant) -> Any:
        """Only the fields that were asked for."""
        wanted, data = request.args["fields[user]"].split(","), self.person["data"]
        facts = {name: value for name, value in data["attributes"].items() if name in wanted}
        return {**self.person, "data": {**data, "attributes": facts}}


PROVIDERS: tuple[type[Provider], ...] = (Discord, Twitch, Reddit, Spotify, Patreon)
