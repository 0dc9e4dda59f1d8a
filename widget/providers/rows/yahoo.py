"""Yahoo. https://developer.yahoo.com/oauth2/guide/openid_connect/"""

from widget.providers.base import Data, Guide, Person, Provider, joined, mapping


def person(data: Data) -> Person:
    """Claims; any of the names may be missing."""
    return Person(
        subject=data.get("sub"),
        name=data.get("name") or joined(data.get("given_name"), data.get("family_name")) or data.get("nickname"),
        username=data.get("preferred_username"),
        avatar=data.get("picture") or mapping(data.get("profile_images")).get("image192"),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_API = "https://api.login.yahoo.com"
ROWS = (
    Provider(
        id="yahoo",
        name="Yahoo",
        person=person,
        guide=Guide(
            console="https://developer.yahoo.com/apps/create/",
            steps=(
                (
                    "Make an app with the *OAuth Client Type* *Confidential Client*, and enter `{callback}` under "
                    "*Redirect URI(s)*."
                ),
                "Under *API Permissions* choose *OpenID Connect Permissions* with *Email* and *Profile*.",
                "Copy the *Client ID (Consumer Key)* and the *Client Secret (Consumer Secret)*.",
            ),
            gives="name, picture, e-mail address (Yahoo says whether it is verified); any of them may be missing",
            unsure=(
                "The exact form of the profile, and whether Yahoo checks PKCE; `WIDGET_YAHOO_PKCE` switches it off.",
            ),
        ),
        issuer=_API,
        authorize_url=f"{_API}/oauth2/request_auth",
        exchange_url=f"{_API}/oauth2/get_token",
        userinfo_url=f"{_API}/openid/v1/userinfo",
        jwks_url=f"{_API}/openid/v1/certs",
        scope="openid profile email",
        auth="client_secret_basic",
        algorithms=("ES256", "RS256"),
        userinfo="nameless",
        rank=130,
    ),
)
