"""Yandex, VK, LINE, Kakao and Telegram."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Request, Response, request
from joserfc import jwk
from werkzeug.datastructures import MultiDict

from tests.support.idp.checks import Grant
from tests.support.idp.openid import OpenId, signed
from tests.support.idp.provider import Provider, reply
from tests.support.idp.rules import Rules


class Yandex(Provider):
    """https://yandex.com/dev/id/doc/en/"""

    rules = Rules(
        id="yandex",
        authorize="/authorize",
        token="/token",
        info="/info",
        scope=("login:info login:email login:avatar",),
        auth=("basic", "post"),
        pkce="required",
        info_asks={"format": "json"},
        scheme="OAuth",
        client_id="yandex4760187d81bc4b7799476b42b5103713",
        secret="yandexb4760187d81bc4b7799476b42b51037",
    )
    ACCESS_TOKEN = "y0_"
    PERSON: ClassVar[dict[str, Any]] = {
        "id": "1000034426",
        "login": "ivan",
        "client_id": "4760187d81bc4b7799476b42b5103713",
        "psuid": "1.AAceCw.tbHgw5DtJ9_zeqPrk-Ba2w.qPWSRC5v2t2IaksPJgnge",
        "display_name": "ivan",
        "real_name": "Иван И.",
        "first_name": "Иван",
        "last_name": "И.",
        "sex": "male",
        "default_email": "t@yandex.example",
        "emails": ["t@yandex.example"],
        "is_avatar_empty": False,
        "default_avatar_id": "131652443",
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """A year, and a refresh token."""
        found = super().token_answer(access, grant)
        return {**found, "expires_in": 31536000, "refresh_token": self.new_secret("1:")}


class Vk(Provider):
    """https://id.vk.com/about/business/go/docs/en/vkid/latest/vk-id/connection/api-description"""

    rules = Rules(
        id="vk",
        authorize="/authorize",
        token="/oauth2/auth",
        info="/oauth2/user_info",
        scope=("vkid.personal_info email", "vkid.personal_info"),
        auth=("none",),
        pkce="required",
        token_asks={"device_id": lambda value: len(value) > 10, "state": lambda value: len(value) >= 32},
        info_asks={"client_id": "51234567", "access_token": lambda value: len(value) > 20},
        info_by_post=True,
        client_id="51234567",
        secret="",
    )
    ACCESS_TOKEN = "vk2.a."
    PERSON: ClassVar[dict[str, Any]] = {
        "user": {
            "user_id": "1234567890",
            "first_name": "Ivan",
            "last_name": "I.",
            "phone": "79991234567",
            "avatar": "https://sun1.userapi.com/s/v1/ig2/abc.jpg?size=50x50",
            "email": "i@vk.example",
            "sex": 2,
            "verified": False,
            "birthday": "01.01.2000",
        }
    }

    def beside(self, grant: Grant) -> dict[str, str]:
        """The device, which the exchange must name."""
        grant.device = self.new_secret("device-")
        return {"device_id": grant.device, "type": "code_v2", "ext_id": "x", "expires_in": "600"}

    def check_token(self, form: MultiDict[str, str], grant: Grant | None) -> list[str]:
        """Device and state are those of the answer."""
        if grant is None:
            return []
        wanted = {"device_id": grant.device, "state": grant.state}
        return [f"{name} is another" for name, value in wanted.items() if form.get(name) != value]

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """With tokens that nobody asked for."""
        return {
            **super().token_answer(access, grant),
            "refresh_token": self.new_secret("vk2.r."),
            "id_token": "eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
            "user_id": 1234567890,
            "state": grant.state,
        }

    def token_error(self, error: str) -> Response:
        """Errors have status 200."""
        return reply({"error": error, "error_description": "code is invalid or expired"}, 200)

    def info_error(self) -> Response:
        """Status 200."""
        return reply({"error": "invalid_token", "error_description": "access_token is expired or invalid"}, 200)

    def access_token(self, asked: Request) -> str:
        """In the form."""
        return asked.form.get("access_token", "")


class Line(OpenId):
    """https://developers.line.biz/en/docs/line-login/integrate-line-login/ : signs with the channel's secret."""

    rules = Rules(
        id="line",
        authorize="/oauth2/v2.1/authorize",
        token="/oauth2/v2.1/token",
        info="/oauth2/v2.1/userinfo",
        scope=("openid profile", "openid profile email"),
        auth=("post",),
        pkce="required",
        openid=True,
        client_id="1234567890",
        secret="11111222223333344444555556666677",
    )
    issuer = "https://access.line.me"
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "U4af4980629f4d1234567890abcdef12",
        "name": "Taro",
        "picture": "https://profile.line-scdn.net/0h8pWWElvzZ19qLk3y",
        "amr": ["linesso"],
    }

    def header(self) -> dict[str, Any]:
        """HS256 and no key id."""
        return {"alg": "HS256", "typ": "JWT"}

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """With the secret."""
        return signed(header, claims, jwk.OctKey.import_key(self.rules.secret))

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Thirty days, and a refresh token."""
        found = super().token_answer(access, grant)
        return {**found, "token_type": "Bearer", "expires_in": 2592000, "refresh_token": self.new_secret("rt-")}


class Kakao(Provider):
    """https://developers.kakao.com/docs/latest/en/kakaologin/rest-api"""

    rules = Rules(
        id="kakao",
        authorize="/oauth/authorize",
        token="/oauth/token",
        info="/v2/user/me",
        scope=("profile_nickname profile_image", "profile_nickname profile_image account_email"),
        auth=("post",),
        pkce="optional",
        client_id="kakao0123456789abcdef0123456789ab",
        secret="kakaoClientSecret0123456789abcdef",
    )
    PERSON: ClassVar[dict[str, Any]] = {
        "id": 123456789,
        "connected_at": "2022-04-11T01:45:28Z",
        "kakao_account": {
            "profile": {
                "nickname": "홍길동",
                "thumbnail_image_url": "http://k.kakaocdn.net/dn/abc/img_110x110.jpg",
                "profile_image_url": "http://k.kakaocdn.net/dn/abc/img_640x640.jpg",
                "is_default_image": False,
            },
            "is_email_valid": True,
            "is_email_verified": True,
            "email": "sample@sample.example",
        },
        "properties": {"nickname": "홍길동"},
    }

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Six hours, and a refresh token."""
        found = super().token_answer(access, grant)
        return {
            **found,
            "expires_in": 21599,
            "refresh_token": self.new_secret("rt-"),
            "refresh_token_expires_in": 5183999,
        }

    def token_error(self, error: str) -> Response:
        """With a code of Kakao's own."""
        body = {"error": error, "error_description": "authorization code not found", "error_code": "KOE320"}
        return reply(body, 401 if error == "invalid_client" else 400)

    def info_error(self) -> Response:
        """Kakao's words."""
        return reply({"msg": "this access token does not exist", "code": -401}, 401)


class Telegram(OpenId):
    """https://core.telegram.org/bots/telegram-login

    Faults: numbers (aud and sub are numbers), widget (the address to return to is not registered).
    """

    rules = Rules(
        id="telegram",
        authorize="/auth",
        token="/token",
        keys="/.well-known/jwks.json",
        scope=("openid profile",),
        auth=("basic",),
        pkce="required",
        openid=True,
        client_id="123456789",
        secret="telegram-web-login-secret",
    )
    issuer = "https://oauth.telegram.org"
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "987654321",
        "id": 987654321,
        "name": "Ann",
        "preferred_username": "ann",
        "picture": "https://cdn4.telesco.pe/file/p.jpg",
    }

    def arrive(self, given: Mapping[str, str], answer: Mapping[str, str]) -> Response:
        """In the old widget's way where the address is unknown: browsers keep fragments to themselves."""
        if self.faults.get("widget"):
            return self.to(f"{given['redirect_uri']}#tgAuthResult=eyJpZCI6OTg3NjU0MzIxfQ")
        return super().arrive(given, answer)

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """Perhaps with numbers."""
        found = super().claims(access, grant)
        numbers = {name: int(found[name]) for name in ("aud", "sub")} if self.faults.get("numbers") else {}
        return {**found, **numbers}

    def check_token(self, form: MultiDict[str, str], grant: Grant | None) -> list[str]:
        """Nothing in the address."""
        return ["parameters in the address"] if request.query_string else []


PROVIDERS: tuple[type[Provider], ...] = (Yandex, Vk, Line, Kakao, Telegram)
