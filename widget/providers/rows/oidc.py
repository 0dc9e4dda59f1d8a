"""Any OpenID provider, by settings alone: its endpoints come from the issuer's discovery document.

Five can be on at once, each with its own settings and name (`OIDC_…`, `OIDC2_…` to `OIDC5_…`).
"""

from dataclasses import replace

from widget.providers import icons
from widget.providers.base import Data, Guide, Own, Person, Provider


def person(data: Data) -> Person:
    """The standard claims (OpenID Connect Core 1.0, section 5.1)."""
    return Person(
        subject=data.get("sub"),
        name=data.get("name") or data.get("nickname"),
        username=data.get("preferred_username"),
        avatar=data.get("picture"),
        profile_url=data.get("profile") or data.get("website"),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_ROW = Provider(
    id="oidc",
    name="OpenID",
    person=person,
    guide=Guide(
        steps=(
            (
                "Register a client at your provider (Keycloak, Authentik, Auth0, Okta, Zitadel, …): confidential, with "
                "the code flow."
            ),
            "Register `{callback}` as its redirect URI, letter for letter.",
            (
                "Set the issuer exactly as the provider writes it in `<issuer>/.well-known/openid-configuration`, with "
                "the client id and the client secret, and a name for the button."
            ),
        ),
        gives=(
            "what the provider's claims have: name, picture, profile page, e-mail address (verified where it says so)"
        ),
        notes=(
            (
                "Five can be on at once: `WIDGET_OIDC_…`, `WIDGET_OIDC2_…` to `WIDGET_OIDC5_…`, each with its own "
                "redirect URI."
            ),
            (
                "The addresses come from the discovery document, whose issuer must be the one you set; ID tokens must "
                "be signed with RS256, PS256, ES256 or EdDSA."
            ),
            "A provider in your private network may be asked, because you named it.",
        ),
    ),
    discovery=True,
    scope="openid profile email",
    auth="",
    algorithms=("RS256", "PS256", "ES256", "EdDSA"),
    userinfo="nameless",
    needs=("ISSUER", "CLIENT_ID", "CLIENT_SECRET"),
    own=(
        Own(
            name="ICON",
            help="its mark: the path of an SVG on a grid of 24 by 24, in one colour; empty: a key.",
            form=icons.PATH,
        ),
        Own(name="COLOR", default="#5b6673", help="the colour of that mark, #rrggbb.", form=icons.COLOR),
    ),
    rank=900,
)

ROWS = (_ROW, *(replace(_ROW, id=f"oidc{number}", rank=_ROW.rank + number) for number in range(2, 6)))
