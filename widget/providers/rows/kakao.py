"""Kakao. https://developers.kakao.com/docs/latest/en/kakaologin/rest-api"""

from typing import Any

from widget.providers.base import Data, Person, Provider, flag, mapping


def person(data: Data) -> Person:
    """`/v2/user/me`. An address counts as verified when it is valid and verified."""
    account = mapping(data.get("kakao_account"))
    profile = mapping(account.get("profile"))
    return Person(
        subject=data.get("id"),
        name=profile.get("nickname") or mapping(data.get("properties")).get("nickname"),
        avatar=None if profile.get("is_default_image") else _https(profile.get("profile_image_url")),
        email=account.get("email"),
        email_verified=bool(flag(account.get("is_email_valid")) and flag(account.get("is_email_verified"))),
    )


def _https(url: Any) -> Any:
    """Kakao's addresses may say http; its servers speak https too."""
    return f"https{url[4:]}" if isinstance(url, str) and url.startswith("http:") else url


_AUTH = "https://kauth.kakao.com"
ROWS = (
    Provider(
        id="kakao",
        name="Kakao",
        person=person,
        setup="Make an application on developers.kakao.com and switch Kakao Login on; "
        "add account_email to the scope once it may ask for addresses.",
        issuer=_AUTH,
        authorize_url=f"{_AUTH}/oauth/authorize",
        exchange_url=f"{_AUTH}/oauth/token",
        userinfo_url="https://kapi.kakao.com/v2/user/me",
        scope="profile_nickname profile_image",
        rank=170,
    ),
)
