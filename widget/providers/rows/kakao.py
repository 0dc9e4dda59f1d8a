"""Kakao. https://developers.kakao.com/docs/latest/en/kakaologin/rest-api"""

from typing import Any

from widget.providers.base import Data, Guide, Person, Provider, flag, mapping


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
        names={"ko": "카카오"},
        person=person,
        guide=Guide(
            console="https://developers.kakao.com/console/app",
            steps=(
                (
                    "Choose *Add an application*. Under *Kakao Login* switch it *ON* and enter `{callback}` as "
                    "*Redirect URI*."
                ),
                "Under *Consent items* ask for the nickname and the profile image.",
                "Copy the *REST API key*: it is the client id. Under *Client secret* make one and switch it on.",
            ),
            gives="name, picture; an e-mail address for business apps",
            notes=(
                (
                    "For addresses the app must be a business app: then ask for the Kakao account's e-mail address, "
                    "and add `account_email` to `WIDGET_KAKAO_SCOPE`."
                ),
            ),
            unsure=("Whether Kakao checks PKCE; `WIDGET_KAKAO_PKCE` switches it off.",),
        ),
        issuer=_AUTH,
        authorize_url=f"{_AUTH}/oauth/authorize",
        exchange_url=f"{_AUTH}/oauth/token",
        userinfo_url="https://kapi.kakao.com/v2/user/me",
        scope="profile_nickname profile_image",
        rank=170,
    ),
)
