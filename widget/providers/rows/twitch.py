"""Twitch. https://dev.twitch.tv/docs/authentication/getting-tokens-oidc"""

import json

from widget.providers.base import Data, Guide, Person, Provider, link

_WANTED = dict.fromkeys(("email", "email_verified", "picture", "preferred_username"))


def person(data: Data) -> Person:
    """Claims; the shown name is the username with its capitals."""
    name = data.get("preferred_username")
    return Person(
        subject=data.get("sub"),
        name=name,
        username=name,
        avatar=data.get("picture"),
        profile_url=link("https://www.twitch.tv/", str(name).lower() if name else None),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_ID = "https://id.twitch.tv/oauth2"
ROWS = (
    Provider(
        id="twitch",
        name="Twitch",
        person=person,
        guide=Guide(
            console="https://dev.twitch.tv/console/apps",
            steps=(
                (
                    "Switch on two-factor authentication for your account, or the console lets you make nothing. "
                    "Choose *Register Your Application*."
                ),
                (
                    "Enter `{callback}` under *OAuth Redirect URLs*, the category *Website Integration*, and the "
                    "client type *Confidential*."
                ),
                "Under *Manage* copy the client id, and make a *New Secret*.",
            ),
            gives="name, picture, profile page, e-mail address (Twitch says whether it is verified)",
        ),
        issuer=_ID,
        authorize_url=f"{_ID}/authorize",
        exchange_url=f"{_ID}/token",
        userinfo_url=f"{_ID}/userinfo",
        jwks_url=f"{_ID}/keys",
        scope="openid user:read:email",
        pkce=False,
        # Whatever is not asked for by name is left out.
        authorize_params={"claims": json.dumps({"id_token": _WANTED, "userinfo": _WANTED}, separators=(",", ":"))},
        rank=110,
    ),
)
