"""Patreon. https://docs.patreon.com/#oauth"""

from widget.providers.base import Data, Guide, Person, Provider, mapping

_FIELDS = "full_name,vanity,url,image_url,thumb_url,email,is_email_verified"


def person(data: Data) -> Person:
    """`/v2/identity`, a JSON:API document."""
    user = mapping(data.get("data"))
    facts = mapping(user.get("attributes"))
    return Person(
        subject=user.get("id"),
        name=facts.get("full_name"),
        username=facts.get("vanity"),
        avatar=facts.get("image_url") or facts.get("thumb_url"),
        profile_url=facts.get("url"),
        email=facts.get("email"),
        email_verified=facts.get("is_email_verified"),
    )


_SITE = "https://www.patreon.com"
ROWS = (
    Provider(
        id="patreon",
        name="Patreon",
        person=person,
        guide=Guide(
            console="https://www.patreon.com/portal/registration/register-clients",
            steps=(
                "Choose *Create Client*, *API Version 2*, and enter `{callback}` under *Redirect URIs*.",
                "Copy the client id and the client secret.",
            ),
            gives="name, picture, profile page, e-mail address (Patreon says whether it is verified)",
        ),
        issuer=_SITE,
        authorize_url=f"{_SITE}/oauth2/authorize",
        exchange_url=f"{_SITE}/api/oauth2/token",
        userinfo_url=f"{_SITE}/api/oauth2/v2/identity",
        scope="identity identity[email]",
        pkce=False,
        userinfo_params={"fields[user]": _FIELDS},
        rank=200,
    ),
)
